/** One run, or the newest run of a job, that another is to start after. */
export type RunDependency = (
  | { readonly runId: string }
  /** The job's newest run when the dependent run is made; when it has none, its first to come. */
  | { readonly location: string; readonly jobName: string }
) & {
  /** `success`: it must succeed, by an automatic retry too. `end`: however it ends. */
  readonly requires: 'success' | 'end';
};

/** What a run waits for before it may leave the queue. */
export interface RunDependencies {
  readonly mode: 'all' | 'any';
  /** At least one. */
  readonly on: readonly RunDependency[];
}
