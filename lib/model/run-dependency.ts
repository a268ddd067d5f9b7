/** One run, or the newest run of a job, that another is to start after. */
export type RunDependency = (
  | { readonly runId: string }
  /** The job's newest run when the dependent run is made; when it has none, its first to come. */
  | { readonly location: string; readonly jobName: string }
) & {
  /** `success`: it must succeed, by an automatic retry too. `end`: however it ends. */
  readonly requires: 'success' | 'end';
};

/** What a run is to start after, in the words of a request. */
export interface AfterRequest {
  /** Ids, or unambiguous beginnings of ids. */
  readonly runs?: readonly string[] | undefined;
  /** Names, with their code location in front (`shop/ingest`) where a name is not unique. */
  readonly jobs?: readonly string[] | undefined;
  /** Default `success`. */
  readonly requires?: 'success' | 'end' | undefined;
  /** Default `all`. */
  readonly mode?: 'all' | 'any' | undefined;
}

/** What a run waits for before it may leave the queue. */
export interface RunDependencies {
  readonly mode: 'all' | 'any';
  /** At least one. */
  readonly on: readonly RunDependency[];
}
