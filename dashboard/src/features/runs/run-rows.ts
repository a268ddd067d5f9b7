import { median } from '../../components/format/number';
import { finishedRunStatuses } from '../../components/status';
import type { RunsResult } from '../../graphql/generated';

export type RunRow = Extract<RunsResult['runsOrError'], { readonly __typename: 'Runs' }>['results'][number];

/**
 * What the list shows: rows keep their place; those seen again are replaced by their latest state, and newer
 * ones wait aside until the reader asks for them.
 */
export interface MergedRows<Row> {
  readonly rows: readonly Row[];
  readonly waiting: readonly Row[];
}

/** Merges the polled head of a list into the rows on screen. */
export function mergeRows<Row extends { readonly id: string; readonly creationTime: number }>(
  shown: readonly Row[],
  latest: readonly Row[],
): MergedRows<Row> {
  const known = new Map(latest.map((row) => [row.id, row]));
  const ids = new Set(shown.map((row) => row.id));
  const newest = shown[0]?.creationTime ?? 0;
  return {
    rows: shown.map((row) => known.get(row.id) ?? row),
    waiting: latest.filter((row) => !ids.has(row.id) && row.creationTime >= newest),
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
