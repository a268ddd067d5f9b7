import { keyText } from '../../components/format/asset-key';
import type { BackfillTargetStatus, BackfillTargetsResult } from '../../graphql/generated';
import { targetStatusOrder } from './backfill-progress';

type Targets = Extract<
  BackfillTargetsResult['partitionBackfillOrError'],
  { readonly __typename: 'PartitionBackfill' }
>['targets'];

export interface TargetCell {
  readonly partition: string;
  readonly status: BackfillTargetStatus;
}

/** A line of the map: an asset, or a stretch of the partitions of the only one. */
export interface TargetLine {
  readonly label: string;
  /** The label names an asset, not the first partition. */
  readonly isAsset: boolean;
  /** By column; undefined where this asset is not asked for that partition. */
  readonly cells: readonly (TargetCell | undefined)[];
}

/** Partitions on one line where there is only one asset, or job. */
const lineLength = 60;

/**
 * Assets over partitions, in the order of the partitions' keys. One asset alone gets several lines of its
 * partitions; an asset without partitions has one cell in the first column.
 */
export function targetLines(targets: Targets): TargetLine[] {
  const byAsset = new Map<string, Map<string, BackfillTargetStatus>>();
  for (const { assetKey, status, partitionNames } of targets) {
    const label = assetKey === null ? '' : keyText(assetKey);
    const statuses = byAsset.get(label) ?? new Map<string, BackfillTargetStatus>();
    for (const partition of partitionNames) statuses.set(partition, status);
    byAsset.set(label, statuses);
  }
  const [only, ...others] = byAsset.values();
  if (only === undefined) return [];
  if (others.length === 0) return stretches(only);
  const columns = [...new Set([...byAsset.values()].flatMap((statuses) => [...statuses.keys()]))]
    .filter((partition) => partition !== '')
    .sort();
  return [...byAsset].map(([label, statuses]) => ({
    label,
    isAsset: true,
    cells: statuses.has('')
      ? [cellOf(statuses, '')]
      : columns.map((partition) => cellOf(statuses, partition)),
  }));
}

function stretches(statuses: ReadonlyMap<string, BackfillTargetStatus>): TargetLine[] {
  const cells = [...statuses.keys()].sort().map((partition) => cellOf(statuses, partition));
  const lines: TargetLine[] = [];
  for (let at = 0; at < cells.length; at += lineLength) {
    const line = cells.slice(at, at + lineLength);
    lines.push({ label: line[0]?.partition ?? '', isAsset: false, cells: line });
  }
  return lines;
}

function cellOf(
  statuses: ReadonlyMap<string, BackfillTargetStatus>,
  partition: string,
): TargetCell | undefined {
  const status = statuses.get(partition);
  return status && { partition, status };
}

/** The statuses that a reader looks for first. */
const worstFirst: readonly BackfillTargetStatus[] = [
  'FAILED',
  'BLOCKED',
  'CANCELED',
  'REQUESTED',
  'SKIPPED',
  'PENDING',
  'SUCCESS',
];

/** What several cells in the room of one show: the worst of them. */
export function worstTarget(cells: readonly (TargetCell | undefined)[]): BackfillTargetStatus | undefined {
  const present = new Set(cells.map((cell) => cell?.status));
  return worstFirst.find((status) => present.has(status));
}

/** Statuses that the map shows, in the order of the tables. */
export function shownStatuses(lines: readonly TargetLine[]): readonly BackfillTargetStatus[] {
  const present = new Set(lines.flatMap(({ cells }) => cells.map((cell) => cell?.status)));
  return targetStatusOrder.filter((status) => present.has(status));
}
