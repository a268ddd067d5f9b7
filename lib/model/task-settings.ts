/** Where ECS places a task: Fargate, Fargate's spare capacity, or a server of your own (ECS Anywhere). */
export const TASK_CAPACITIES = ['fargate', 'fargate_spot', 'external'] as const;
export type TaskCapacity = (typeof TASK_CAPACITIES)[number];

/** What the tasks of a code location are like on AWS, and what a run's tags may choose from. */
export interface TaskSettings {
  readonly capacity: TaskCapacity;
  /** Units: 1024 = one vCPU. */
  readonly cpu: number;
  /** MB. */
  readonly memory: number;
  /** Names of images beside the location's own. */
  readonly images: readonly string[];
  /** Names of task roles beside the location's own. */
  readonly roles: readonly string[];
}
