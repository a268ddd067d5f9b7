import type { StatusKind } from '../../components/status';
import type { BackfillsResult, BackfillTargetStatus } from '../../graphql/generated';

export type BackfillRow = Extract<
  BackfillsResult['partitionBackfillsOrError'],
  { readonly __typename: 'PartitionBackfills' }
>['results'][number];
export type TargetCounts = BackfillRow['targetCounts'];

/** How a partition of a backfill reads; the order is that of the tables. */
export const targetStatuses: Readonly<
  Record<BackfillTargetStatus, { readonly kind: StatusKind; readonly word: string }>
> = {
  SUCCESS: { kind: 'success', word: 'Made' },
  FAILED: { kind: 'failure', word: 'Failed' },
  REQUESTED: { kind: 'running', word: 'Requested' },
  PENDING: { kind: 'missing', word: 'To come' },
  BLOCKED: { kind: 'waiting', word: 'Blocked' },
  CANCELED: { kind: 'canceled', word: 'Canceled' },
  SKIPPED: { kind: 'skipped', word: 'Left out' },
};
export const targetStatusOrder = Object.keys(targetStatuses) as readonly BackfillTargetStatus[];

export type Counts = Readonly<Record<BackfillTargetStatus, number>> & { readonly total: number };

/** Partitions by status, of all or of one asset. */
export function countTargets(counts: TargetCounts): Counts {
  const sums = { ...noTargets };
  for (const { status, count } of counts) {
    sums[status] += count;
    sums.total += count;
  }
  return sums;
}

const noTargets = {
  SUCCESS: 0,
  FAILED: 0,
  REQUESTED: 0,
  PENDING: 0,
  BLOCKED: 0,
  CANCELED: 0,
  SKIPPED: 0,
  total: 0,
};

/** What a backfill that ended did not make. */
export const notMade = (counts: Counts): number => counts.total - counts.SUCCESS;

/** Partitions about which nothing more will happen. */
export const settled = (counts: Counts): number => counts.total - counts.PENDING - counts.REQUESTED;

/** Parts of the progress bar. */
export function progressParts(counts: Counts): { kind: StatusKind; value: number }[] {
  return targetStatusOrder
    .filter((status) => status !== 'PENDING')
    .map((status) => ({ kind: targetStatuses[status].kind, value: counts[status] }));
}

/** `412 of 500 · 3 failed` */
export function progressText(counts: Counts, count: (value: number) => string): string {
  const words = [`${count(counts.SUCCESS)} of ${count(counts.total)}`];
  if (counts.FAILED > 0) words.push(`${count(counts.FAILED)} failed`);
  else if (counts.BLOCKED > 0) words.push(`${count(counts.BLOCKED)} blocked`);
  else if (counts.CANCELED > 0) words.push(`${count(counts.CANCELED)} canceled`);
  return words.join(' · ');
}
