import { median } from '../../components/format/number';
import { finishedRunStatuses } from '../../components/status';
import type { RunsResult } from '../../graphql/generated';

export type RunRow = Extract<RunsResult['runsOrError'], { readonly __typename: 'Runs' }>['results'][number];

/**
 * What the list shows: rows keep their place; those seen again are replaced by their latest state, and newer
 * ones wait aside until the reader asks for them.
 */
export interface MergedRows {
  readonly rows: readonly RunRow[];
  readonly waiting: readonly RunRow[];
}

/** Merges the polled head of the list into the rows on screen. */
export function mergeRows(shown: readonly RunRow[], latest: readonly RunRow[]): MergedRows {
  const known = new Map(latest.map((run) => [run.runId, run]));
  const ids = new Set(shown.map((run) => run.runId));
  const newest = shown[0]?.creationTime ?? 0;
  return {
    rows: shown.map((run) => known.get(run.runId) ?? run),
    waiting: latest.filter((run) => !ids.has(run.runId) && run.creationTime >= newest),
  };
}

/** Median duration (ms) of each job's finished runs among those loaded; needs three. */
export function jobMedians(runs: readonly RunRow[]): ReadonlyMap<string, number> {
  const lengths = new Map<string, number[]>();
  for (const run of runs) {
    if (run.status !== 'SUCCESS' || run.startTime === null || run.endTime === null) continue;
    const list = lengths.get(run.jobName) ?? [];
    list.push((run.endTime - run.startTime) * 1_000);
    lengths.set(run.jobName, list);
  }
  const medians = new Map<string, number>();
  for (const [job, list] of lengths) {
    const middle = list.length >= 3 ? median(list) : undefined;
    if (middle !== undefined) medians.set(job, middle);
  }
  return medians;
}

export function isFinished(run: Pick<RunRow, 'status'>): boolean {
  return finishedRunStatuses.has(run.status);
}
