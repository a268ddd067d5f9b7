import type { Run } from '../model/run';
import type { RunStatus } from '../model/run-status';

/** What ran in a window of time, at any scale: the work is that of the window's runs, the answer that of what can be drawn. */
export interface RunTimelineStorage {
  /** A window's runs by job, or by asset where a run was of assets only, and by slots of time; in one statement. */
  runTimeline(query: RunTimelineQuery): Promise<RunTimeline>;
  /** The runs of a window themselves, newest first. */
  windowRuns(query: WindowRunsQuery): Promise<readonly Run[]>;
}

/** Runs that were queued, under way or ended within it; without a start a run begins when it was created. */
export interface RunWindow {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly filter: RunWindowFilter;
}

export interface RunWindowFilter {
  /** Names of rows, any of them: a part of the name, or with `*` for anything a pattern of all of it. Case says nothing. */
  readonly names?: readonly string[] | undefined;
  readonly excludedNames?: readonly string[] | undefined;
  /** Any of them; none of an empty list. */
  readonly locations?: readonly string[] | undefined;
  readonly excludedLocations?: readonly string[] | undefined;
  readonly statuses?: readonly RunStatus[] | undefined;
  /** All must match; several values of one key = any of them. */
  readonly tags?: readonly { readonly key: string; readonly values: readonly string[] }[] | undefined;
}

export interface RunTimelineQuery extends RunWindow {
  /** Where the bars of runs that have not ended end, epoch ms. */
  readonly now: number;
  /** Rows whose marks are wanted: those where something failed, then those where something runs, then the latest. */
  readonly rows: number;
  /** In how many parts of the window runs are told apart; fewer where rows are many. */
  readonly slots: number;
}

export interface RunTimeline {
  /** Of the window, with those that `rows` leaves out. */
  readonly rowCount: number;
  readonly counts: RunStatusCounts;
  /** By rank, at most 1,000; those beyond the `rows` asked for without marks. */
  readonly rows: readonly RunTimelineRow[];
}

export type RunStatusCounts = Partial<Readonly<Record<RunStatus, number>>>;

export interface RunTimelineRow {
  readonly location: string;
  /** The job's, or the first asset's of a run that no job describes. */
  readonly name: string;
  readonly jobName: string;
  readonly counts: RunStatusCounts;
  readonly marks: readonly RunTimelineMark[];
}

/** One run, or several of one status that began in the same slot. */
export interface RunTimelineMark {
  /** Epoch ms: the earliest start, the latest end. */
  readonly from: number;
  readonly to: number;
  readonly status: RunStatus;
  readonly count: number;
  /** Of the only one; null of several. */
  readonly runId: string | null;
  /** Epoch ms: the first and the last of them was created. */
  readonly createdFrom: number;
  readonly createdTo: number;
}

export interface WindowRunsQuery extends RunWindow {
  readonly limit: number;
  /**
   * Of each job and partition only the latest that failed, if none succeeded after it in the window. Default false.
   * Statuses of the filter that leave out FAILURE leave nothing.
   */
  readonly onlyUnrecovered?: boolean;
}
