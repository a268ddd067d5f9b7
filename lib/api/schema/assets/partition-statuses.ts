import { dynamicKeysOf } from '../../../engine/dynamic-keys';
import type { AssetManifest } from '../../../model/manifest';
import { dimensionsOf, keysByDimension } from '../../../model/multi-partitions';
import {
  type MultiPartitionsSpec,
  type PartitionsSpec,
  type PartitionWindow,
  partitionKeySet,
  partitionKeys,
  partitionWindow,
} from '../../../model/partitions';
import type { PartitionState } from '../../../ports/asset-storage';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import type { Located } from '../../workspace-index';
import { toSeconds } from '../common';
import { nameOfPrimary } from './partition-definition';

interface PartitionStatsValue {
  readonly total: number;
  readonly states: readonly PartitionState[];
}
export const PartitionStats = builder.objectRef<PartitionStatsValue>('PartitionStats');
const countOf = (states: readonly PartitionState[], status: PartitionState['status']): number =>
  states.filter((s) => s.status === status).length;
PartitionStats.implement({
  fields: (t) => ({
    numPartitions: t.exposeInt('total'),
    numMaterialized: t.int({ resolve: ({ states }) => countOf(states, 'MATERIALIZED') }),
    numFailed: t.int({ resolve: ({ states }) => countOf(states, 'FAILED') }),
    numMaterializing: t.int({ resolve: ({ states }) => countOf(states, 'IN_PROGRESS') }),
  }),
});

/** How many of an asset's partitions stand how; null of one that has none. */
export async function partitionStatsOf(
  { location, definition: { key, partitions } }: Located<AssetManifest>,
  { now, loaders }: ApiContext,
): Promise<PartitionStatsValue | null> {
  if (partitions === null) return null;
  const [dynamic, states] = await Promise.all([
    dynamicKeysOf(partitions, location, loaders),
    loaders.partitionStates.load(key),
  ]);
  return { total: partitionKeySet(partitions, now, dynamic).count, states };
}

type StatusesValue = Tagged<
  'DefaultPartitionStatuses',
  { keys: readonly string[]; states: readonly PartitionState[] }
>;
export const DefaultPartitionStatuses = builder.objectRef<StatusesValue>('DefaultPartitionStatuses');
const keysWith = (states: readonly PartitionState[], status: PartitionState['status']): string[] =>
  states.filter((s) => s.status === status).map((s) => s.partition);
DefaultPartitionStatuses.implement({
  fields: (t) => ({
    materializedPartitions: t.stringList({ resolve: ({ states }) => keysWith(states, 'MATERIALIZED') }),
    failedPartitions: t.stringList({ resolve: ({ states }) => keysWith(states, 'FAILED') }),
    materializingPartitions: t.stringList({ resolve: ({ states }) => keysWith(states, 'IN_PROGRESS') }),
    unmaterializedPartitions: t.stringList({
      resolve: ({ keys, states }) => {
        const known = new Set(states.filter((s) => s.status === 'MATERIALIZED').map((s) => s.partition));
        return keys.filter((key) => !known.has(key));
      },
    }),
  }),
});

const PartitionRangeStatus = builder.enumType('PartitionRangeStatus', {
  values: ['MATERIALIZING', 'MATERIALIZED', 'FAILED'] as const,
});
const RANGE_STATUS = {
  MATERIALIZED: 'MATERIALIZED',
  FAILED: 'FAILED',
  IN_PROGRESS: 'MATERIALIZING',
} as const;
interface RangeValue {
  readonly startKey: string;
  readonly endKey: string;
  readonly status: PartitionState['status'];
}
interface TimeRangeValue extends RangeValue {
  readonly spec: PartitionsSpec;
}
export const TimePartitionRangeStatus = builder.objectRef<TimeRangeValue>('TimePartitionRangeStatus');
TimePartitionRangeStatus.implement({
  fields: (t) => ({
    startKey: t.exposeString('startKey'),
    endKey: t.exposeString('endKey'),
    startTime: t.float({ resolve: ({ spec, startKey }) => windowOf(spec, startKey).start / 1000 }),
    endTime: t.float({ resolve: ({ spec, endKey }) => windowOf(spec, endKey).end / 1000 }),
    status: t.field({ type: PartitionRangeStatus, resolve: ({ status }) => RANGE_STATUS[status] }),
  }),
});
function windowOf(spec: PartitionsSpec, key: string): PartitionWindow {
  const window = partitionWindow(spec, key);
  if (window === null) throw new Error(`Partition '${key}' stands for no stretch of time.`);
  return window;
}

type TimeStatusesValue = Tagged<'TimePartitionStatuses', { ranges: readonly TimeRangeValue[] }>;
export const TimePartitionStatuses = builder.objectRef<TimeStatusesValue>('TimePartitionStatuses');
TimePartitionStatuses.implement({
  fields: (t) => ({
    ranges: t.field({ type: [TimePartitionRangeStatus], resolve: ({ ranges }) => [...ranges] }),
  }),
});

const PartitionStatus1D = builder.unionType('PartitionStatus1D', {
  types: [TimePartitionStatuses, DefaultPartitionStatuses],
  resolveType: byTypename,
});
interface Range2DValue {
  readonly startKey: string;
  readonly endKey: string;
  readonly spec: PartitionsSpec;
  readonly secondary: TimeStatusesValue | StatusesValue;
}
const MaterializedPartitionRangeStatuses2D = builder.objectRef<Range2DValue>(
  'MaterializedPartitionRangeStatuses2D',
);
MaterializedPartitionRangeStatuses2D.implement({
  fields: (t) => ({
    primaryDimStartKey: t.exposeString('startKey'),
    primaryDimEndKey: t.exposeString('endKey'),
    primaryDimStartTime: t.float({
      nullable: true,
      resolve: ({ spec, startKey }) => toSeconds(partitionWindow(spec, startKey)?.start ?? null),
    }),
    primaryDimEndTime: t.float({
      nullable: true,
      resolve: ({ spec, endKey }) => toSeconds(partitionWindow(spec, endKey)?.end ?? null),
    }),
    secondaryDim: t.expose('secondary', { type: PartitionStatus1D }),
  }),
});
type MultiStatusesValue = Tagged<
  'MultiPartitionStatuses',
  { readonly ranges: readonly Range2DValue[]; readonly primaryDimension: string }
>;
const MultiPartitionStatuses = builder.objectRef<MultiStatusesValue>('MultiPartitionStatuses');
MultiPartitionStatuses.implement({
  fields: (t) => ({
    ranges: t.field({
      type: [MaterializedPartitionRangeStatuses2D],
      resolve: ({ ranges }) => [...ranges],
    }),
    primaryDimensionName: t.exposeString('primaryDimension'),
  }),
});

export const AssetPartitionStatuses = builder.unionType('AssetPartitionStatuses', {
  types: [DefaultPartitionStatuses, MultiPartitionStatuses, TimePartitionStatuses],
  resolveType: byTypename,
});

/** How the partitions of one dimension stand: stretches of time as ranges, others by their keys. */
function statuses1D(
  spec: PartitionsSpec,
  keys: readonly string[],
  states: readonly PartitionState[],
): TimeStatusesValue | StatusesValue {
  return spec.type === 'time_window'
    ? tag('TimePartitionStatuses', { ranges: statusRanges(keys, states).map((each) => ({ ...each, spec })) })
    : tag('DefaultPartitionStatuses', { keys, states });
}

/** How an asset's partitions stand, in the shape that its definition has. */
export async function partitionStatusesOf(
  { location, definition: { key, partitions } }: Located<AssetManifest>,
  { now, loaders }: ApiContext,
): Promise<MultiStatusesValue | TimeStatusesValue | StatusesValue> {
  if (partitions === null) return tag('DefaultPartitionStatuses', { keys: [], states: [] });
  const [dynamic, states] = await Promise.all([
    dynamicKeysOf(partitions, location, loaders),
    loaders.partitionStates.load(key),
  ]);
  return partitions.type === 'multi'
    ? statuses2D(partitions, states, (spec) => partitionKeys(spec, now, dynamic))
    : statuses1D(partitions, partitionKeys(partitions, now, dynamic), states);
}

/** Neighbours along the primary dimension whose other dimension stands the same are one range. */
function statuses2D(
  spec: MultiPartitionsSpec,
  states: readonly PartitionState[],
  keysOf: (dimension: PartitionsSpec) => readonly string[],
): MultiStatusesValue {
  const primaryDimension = nameOfPrimary(spec);
  const [primary, secondary] = dimensionsOf(spec).toSorted(([name]) => (name === primaryDimension ? -1 : 1));
  if (primary === undefined || secondary === undefined) throw new Error('A definition has two dimensions.');
  const byPrimary = Map.groupBy(
    states.map((state) => ({ ...state, keys: keysByDimension(spec, state.partition) })),
    ({ keys }) => keys[primary[0]] ?? '',
  );
  const secondaryKeys = keysOf(secondary[1]);
  const ranges: (Range2DValue & { readonly signature: string })[] = [];
  let isOpen = false;
  for (const key of keysOf(primary[1])) {
    const found = byPrimary.get(key);
    if (found === undefined) {
      isOpen = false;
      continue;
    }
    const own = found.map((state) => ({ ...state, partition: state.keys[secondary[0]] ?? '' }));
    const signature = own
      .map(({ partition, status }) => `${partition}=${status}`)
      .sort()
      .join();
    const last = ranges.at(-1);
    if (isOpen && last?.signature === signature) ranges[ranges.length - 1] = { ...last, endKey: key };
    else {
      const statuses = statuses1D(secondary[1], secondaryKeys, own);
      ranges.push({ startKey: key, endKey: key, spec: primary[1], secondary: statuses, signature });
    }
    isOpen = true;
  }
  return tag('MultiPartitionStatuses', { ranges, primaryDimension });
}

/** Neighbouring partitions of one status, as ranges: what a heat map of 100,000 partitions can carry. */
export function statusRanges(keys: readonly string[], states: readonly PartitionState[]): RangeValue[] {
  const byKey = new Map(states.map((state) => [state.partition, state.status]));
  const ranges: { startKey: string; endKey: string; status: PartitionState['status'] }[] = [];
  let open: (typeof ranges)[number] | undefined;
  for (const key of keys) {
    const status = byKey.get(key);
    if (status === undefined) open = undefined;
    else if (open?.status === status) open.endKey = key;
    else {
      open = { startKey: key, endKey: key, status };
      ranges.push(open);
    }
  }
  return ranges;
}

/** All keys of an asset's partitions, in order. */
export async function partitionKeysOf(
  { location, definition: { partitions } }: Located<AssetManifest>,
  { now, loaders }: ApiContext,
): Promise<readonly string[]> {
  if (partitions === null) return [];
  return partitionKeys(partitions, now, await dynamicKeysOf(partitions, location, loaders));
}
