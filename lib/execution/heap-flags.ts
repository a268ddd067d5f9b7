/** A run's memory in MB where no container limits it: what `run_launcher.fargate.memory` gives it on AWS by default. */
const DEFAULT_TASK_MEMORY = 2_048;

/** The rest is for buffers outside of the heap, compiled code and the supervisor beside it. */
const SHARE_OF_OLD_SPACE = 0.75;

/**
 * A quarter of V8's default. Young objects are moved out of the way sooner, which keeps a load of 10 million rows at
 * 290 MB at the peak (307 with 8), for the same 3.4 s of CPU a million: docs/benchmarks.md.
 */
const SEMI_SPACE = 4;

/**
 * Node's flags for a process with user code in it, so that a step that leaks meets an error of its own rather than
 * the machine's end of memory. What `NODE_OPTIONS` says about the heap stands.
 *
 * @param taskBytes the limit of the container that holds this run alone; undefined where there is none
 */
export function heapFlags(taskBytes: number | undefined, nodeOptions = ''): readonly string[] {
  const task = taskBytes === undefined ? DEFAULT_TASK_MEMORY : taskBytes / (1_024 * 1_024);
  const flags = {
    '--max-old-space-size': Math.floor(task * SHARE_OF_OLD_SPACE),
    '--max-semi-space-size': SEMI_SPACE,
  };
  const said = nodeOptions.replaceAll('_', '-');
  return Object.entries(flags).flatMap(([flag, value]) => (said.includes(flag) ? [] : [`${flag}=${value}`]));
}
