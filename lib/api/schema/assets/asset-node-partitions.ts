import { dynamicKeysOf } from '../../../engine/dynamic-keys';
import type { AssetKey } from '../../../model/asset-key';
import { dimensionsOf } from '../../../model/multi-partitions';
import { type PartitionsSpec, partitionKeys } from '../../../model/partitions';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import { MaterializationEvent } from '../events/asset-events';
import { pageSize } from '../paging';
import { RunType, runValue } from '../runs/run';
import { AssetCheck } from './asset-checks';
import { AssetNode } from './asset-node';
import {
  DimensionDefinitionType,
  dimensionDefinitions,
  PartitionDefinition,
  PartitionDefinitionType,
  TYPE_OF_SPEC,
} from './partition-definition';
import { partitionKeysOf } from './partition-statuses';

const PartitionKeyConnection = builder.objectRef<{
  readonly results: readonly string[];
  readonly cursor: string;
  readonly hasMore: boolean;
}>('PartitionKeyConnection');
PartitionKeyConnection.implement({
  fields: (t) => ({
    results: t.stringList({ resolve: ({ results }) => [...results] }),
    cursor: t.exposeString('cursor'),
    hasMore: t.exposeBoolean('hasMore'),
  }),
});

interface Dimension {
  readonly name: string;
  readonly type: PartitionsSpec['type'];
  readonly keys: readonly string[];
}
const DimensionPartitionKeys = builder.objectRef<Dimension>('DimensionPartitionKeys');
DimensionPartitionKeys.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    type: t.field({ type: PartitionDefinitionType, resolve: ({ type }) => TYPE_OF_SPEC[type] }),
    partitionKeys: t.stringList({ resolve: ({ keys }) => [...keys] }),
  }),
});

/** Keys of each dimension; of one dimension, under Dagster's name for the only one. */
async function keysOfDimensions(
  location: string,
  spec: PartitionsSpec | null,
  { now, loaders }: ApiContext,
): Promise<Dimension[]> {
  if (spec === null) return [];
  const dynamicKeys = await dynamicKeysOf(spec, location, loaders);
  const dimensions = spec.type === 'multi' ? dimensionsOf(spec) : ([['default', spec]] as const);
  return dimensions.map(([name, each]) => ({
    name,
    type: each.type,
    keys: partitionKeys(each, now, dynamicKeys),
  }));
}

/** The run that makes or last made a partition. */
async function runOfPartition(key: AssetKey, partition: string, { loaders }: ApiContext) {
  const state = (await loaders.partitionStates.load(key)).find((each) => each.partition === partition);
  const run = state?.runId ? await loaders.run.load(state.runId) : undefined;
  return run === undefined ? null : runValue(run);
}

builder.objectFields(AssetNode, (t) => {
  const partitions = t.arg.stringList();
  return {
    partitionKeyConnection: t.field({
      type: PartitionKeyConnection,
      nullable: true,
      description: 'A page of partition keys; null of an asset without partitions.',
      args: {
        limit: t.arg.int({ required: true }),
        ascending: t.arg.boolean({ required: true }),
        cursor: t.arg.string(),
      },
      resolve: async (node, { limit, ascending, cursor }, context) => {
        if (node.definition.partitions === null) return null;
        const all = await partitionKeysOf(node, context);
        const keys = ascending ? all : all.toReversed();
        const from = cursor ? keys.indexOf(cursor) + 1 : 0;
        const results = keys.slice(from, from + pageSize(limit, 100));
        return {
          results,
          cursor: results.at(-1) ?? cursor ?? '',
          hasMore: from + results.length < keys.length,
        };
      },
    }),
    partitionKeysByDimension: t.field({
      type: [DimensionPartitionKeys],
      description: 'Keys of each dimension; the indexes choose a stretch of each.',
      args: { startIdx: t.arg.int(), endIdx: t.arg.int() },
      resolve: async ({ location, definition }, { startIdx, endIdx }, context) =>
        (await keysOfDimensions(location, definition.partitions, context)).map((dimension) => ({
          ...dimension,
          keys: dimension.keys.slice(startIdx ?? 0, endIdx ?? undefined),
        })),
    }),
    latestMaterializationByPartition: t.field({
      type: [MaterializationEvent],
      nullable: { list: false, items: true },
      args: { partitions },
      resolve: async (node, { partitions: asked }, context) => {
        const events = await context.instance.storage.latestMaterializations(
          node.definition.key,
          asked ?? null,
        );
        const byPartition = new Map(events.map((event) => [event.partition, event]));
        const keys = asked ?? (await partitionKeysOf(node, context));
        return keys.map((key) => byPartition.get(key) ?? null);
      },
    }),
    latestRunForPartition: t.field({
      type: RunType,
      nullable: true,
      args: { partition: t.arg.string({ required: true }) },
      resolve: ({ definition }, { partition }, context) => runOfPartition(definition.key, partition, context),
    }),
    dataVersion: t.string({
      nullable: true,
      description: 'Of the latest materialization, of a partition if one is named; null when it has none.',
      args: { partition: t.arg.string() },
      resolve: async ({ definition: { key } }, { partition }, { instance, loaders }) => {
        const event = partition
          ? (await instance.storage.latestMaterializations(key, [partition]))[0]
          : (await loaders.assetRecord.load(key))?.lastMaterialization;
        return event?.type === 'ASSET_MATERIALIZATION' ? (event.data.dataVersion ?? null) : null;
      },
    }),
    dataVersionByPartition: t.stringList({
      nullable: { list: false, items: true },
      args: { partitions },
      resolve: async (node, { partitions: asked }, context) => {
        const { storage } = context.instance;
        const events = await storage.latestMaterializations(node.definition.key, asked ?? null);
        const versions = new Map(
          events.map((event) => [
            event.partition,
            event.type === 'ASSET_MATERIALIZATION' ? event.data.dataVersion : undefined,
          ]),
        );
        const keys = asked ?? (await partitionKeysOf(node, context));
        return keys.map((key) => versions.get(key) ?? null);
      },
    }),
  };
});

builder.objectField(PartitionDefinition, 'dimensionTypes', (t) =>
  t.field({ type: [DimensionDefinitionType], resolve: dimensionDefinitions }),
);

/** A check is evaluated with a partition of its asset, and has no partitions of its own. */
builder.objectFields(AssetCheck, (t) => ({
  partitionDefinition: t.field({
    type: PartitionDefinition,
    nullable: true,
    description: 'Null: a check has no partitions of its own; an evaluation says of which one it is.',
    resolve: () => null,
  }),
  partitionKeysByDimension: t.field({
    type: [DimensionPartitionKeys],
    args: { startIdx: t.arg.int(), endIdx: t.arg.int() },
    resolve: (): Dimension[] => [],
  }),
}));
