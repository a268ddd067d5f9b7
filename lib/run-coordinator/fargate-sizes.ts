const GB = 1024;

/** Every size from `least` to `most`, in GB, as MB. */
const gigabytes = (least: number, most: number, step = 1): readonly number[] =>
  Array.from({ length: (most - least) / step + 1 }, (_, index) => (least + index * step) * GB);

/**
 * MB of memory that a Fargate task may have, by its CPU units (1024 = one vCPU):
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
const MEMORY_OF_CPU: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, GB, 2 * GB]],
  [512, gigabytes(1, 4)],
  [1024, gigabytes(2, 8)],
  [2048, gigabytes(4, 16)],
  [4096, gigabytes(8, 30)],
  [8192, gigabytes(16, 60, 4)],
  [16384, gigabytes(32, 120, 8)],
]);

/** What is wrong with the size of a task. */
export interface FargateSizeProblem {
  readonly of: 'cpu' | 'memory';
  /** What Fargate offers. */
  readonly offer: string;
}

/**
 * Checks a task's size against what Fargate offers.
 *
 * @param size CPU units and MB
 * @example fargateSizeProblem({ cpu: 1024, memory: 512 }) // { of: 'memory', offer: 'with 1024 CPU units Fargate takes …' }
 */
export function fargateSizeProblem(size: {
  readonly cpu: number;
  readonly memory: number;
}): FargateSizeProblem | undefined {
  const offered = MEMORY_OF_CPU.get(size.cpu);
  if (offered === undefined) {
    return { of: 'cpu', offer: `Fargate has ${[...MEMORY_OF_CPU.keys()].join(', ')} CPU units` };
  }
  if (offered.includes(size.memory)) return undefined;
  const [least = 0, second = 0] = offered;
  const range =
    offered.length <= 4 ? offered.join(', ') : `${least} to ${offered.at(-1)} in steps of ${second - least}`;
  return { of: 'memory', offer: `with ${size.cpu} CPU units Fargate takes ${range} MB` };
}
