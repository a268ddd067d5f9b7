import type { AssetManifest } from '../../../model/manifest';
import { type PartitionsSpec, partitionKeySet } from '../../../model/partitions';
import type { PartitionState } from '../../../ports/storage';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged } from '../../builder';
import { dynamicKeysOf } from '../../dynamic-keys';
import type { Located } from '../../workspace-index';

export const PartitionDefinitionType = builder.enumType('PartitionDefinitionType', {
  values: ['TIME_WINDOW', 'STATIC', 'MULTIPARTITIONED', 'DYNAMIC'] as const,
});
export const TYPE_OF_SPEC = {
  time_window: 'TIME_WINDOW',
  static: 'STATIC',
  multi: 'MULTIPARTITIONED',
  dynamic: 'DYNAMIC',
} as const;

export const PartitionDefinition = builder.objectRef<PartitionsSpec>('PartitionDefinition');
PartitionDefinition.implement({
  fields: (t) => ({
    type: t.field({ type: PartitionDefinitionType, resolve: (spec) => TYPE_OF_SPEC[spec.type] }),
    description: t.string({ resolve: describePartitions }),
    name: t.string({ nullable: true, resolve: (spec) => (spec.type === 'dynamic' ? spec.name : null) }),
    fmt: t.string({ nullable: true, resolve: (spec) => (spec.type === 'time_window' ? spec.format : null) }),
  }),
});

export function describePartitions(spec: PartitionsSpec): string {
  switch (spec.type) {
    case 'time_window':
      return `${spec.cron} ${spec.timezone}, from ${spec.start}`;
    case 'static':
      return `${spec.keys.length} fixed keys`;
    case 'dynamic':
      return `keys of "${spec.name}"`;
    case 'multi':
      return Object.keys(spec.dimensions).sort().join(' × ');
  }
}

export const PartitionStats = builder.objectRef<{ total: number; states: readonly PartitionState[] }>(
  'PartitionStats',
);
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
export const TimePartitionRangeStatus = builder.objectRef<RangeValue>('TimePartitionRangeStatus');
TimePartitionRangeStatus.implement({
  fields: (t) => ({
    startKey: t.exposeString('startKey'),
    endKey: t.exposeString('endKey'),
    status: t.field({ type: PartitionRangeStatus, resolve: ({ status }) => RANGE_STATUS[status] }),
  }),
});
type TimeStatusesValue = Tagged<'TimePartitionStatuses', { ranges: readonly RangeValue[] }>;
export const TimePartitionStatuses = builder.objectRef<TimeStatusesValue>('TimePartitionStatuses');
TimePartitionStatuses.implement({
  fields: (t) => ({
    ranges: t.field({ type: [TimePartitionRangeStatus], resolve: ({ ranges }) => [...ranges] }),
  }),
});

export const AssetPartitionStatuses = builder.unionType('AssetPartitionStatuses', {
  types: [DefaultPartitionStatuses, TimePartitionStatuses],
  resolveType: byTypename,
});

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

export async function partitionKeysOf(
  { location, definition }: Located<AssetManifest>,
  context: ApiContext,
): Promise<string[]> {
  if (definition.partitions === null) return [];
  const set = partitionKeySet(
    definition.partitions,
    context.now,
    await dynamicKeysOf(definition.partitions, location, context.loaders),
  );
  return Array.from({ length: set.count }, (_, i) => set.keyAt(i));
}
