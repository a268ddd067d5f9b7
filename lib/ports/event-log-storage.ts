import type { AssetKey } from '../model/asset-key';
import type { AssetUpdate, RunStatusChange } from '../model/code-location';
import type { EventType, NewEvent, StoredEvent } from '../model/event';
import type { RunStatus } from '../model/run-status';

/** The event log, and those who follow it. */
export interface EventLogStorage {
  /** Events of one run in order, after a storage id. */
  runEvents(query: RunEventsQuery): Promise<readonly StoredEvent[]>;
  /** Reported asset events and the system's own words about a run. */
  appendSystemEvents(runId: string | null, events: readonly NewEvent[]): Promise<void>;
  /** Highest storage id such that no smaller one can still be committed: what followers may read up to. */
  safeStorageId(): Promise<number>;
  /** Run ends after `after`, oldest first, never past an uncommitted one. */
  runStatusChanges(query: {
    readonly after: number;
    readonly statuses: readonly RunStatus[];
    readonly jobs: readonly { readonly location: string; readonly jobName: string | null }[];
    readonly limit: number;
  }): Promise<readonly RunStatusChange[]>;
  /** Materializations after `after`, oldest first, never past an uncommitted one. */
  assetUpdates(query: {
    readonly after: number;
    readonly keys: readonly AssetKey[];
    readonly limit: number;
  }): Promise<readonly AssetUpdate[]>;
  /** Per-step summary of a run (status, times, tries), computed in the database. */
  stepStats(runId: string): Promise<readonly StepStats[]>;
  /** The same of several runs, each run's in its order. */
  stepStatsOfRuns(runIds: readonly string[]): Promise<readonly (StepStats & { readonly runId: string })[]>;
}

export interface RunEventsQuery {
  readonly runId: string;
  readonly after?: number | undefined;
  readonly limit: number;
  readonly types?: readonly EventType[] | undefined;
}

export interface StepStats {
  readonly stepKey: string;
  readonly status: 'IN_PROGRESS' | 'SUCCESS' | 'FAILURE' | 'SKIPPED' | 'UP_FOR_RETRY';
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Tries in order, over all attempts. */
  readonly tries: readonly { readonly startedAt: number; readonly endedAt: number | null }[];
}
