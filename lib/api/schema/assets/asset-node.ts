import { staleStatusOf } from '../../../engine/asset-staleness';
import { isMaterializable, isObservable } from '../../../model/asset-execution';
import type { AssetManifest } from '../../../model/manifest';
import { mayActAt } from '../../access';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import type { Located } from '../../workspace-index';
import { AssetKeyType, assetKey, DefinitionTag, tagPairs } from '../common';
import { MaterializationEvent, ObservationEvent } from '../events/asset-events';
import { MetadataEntry, metadataEntries } from '../metadata';
import { Repository } from '../repositories/repository-value';
import { eventsOf } from './asset-events';
import { PartitionDefinition } from './partition-definition';
import {
  AssetPartitionStatuses,
  PartitionStats,
  partitionKeysOf,
  partitionStatsOf,
  partitionStatusesOf,
} from './partition-statuses';
import { causesOf, StaleCauseType, StaleStatus } from './staleness';

export type AssetNodeValue = Tagged<'AssetNode', Located<AssetManifest>>;
export const assetNodeValue = (located: Located<AssetManifest>): AssetNodeValue => tag('AssetNode', located);

const UserAssetOwner = builder.objectRef<Tagged<'UserAssetOwner', { email: string }>>('UserAssetOwner');
UserAssetOwner.implement({ fields: (t) => ({ email: t.exposeString('email') }) });
const TeamAssetOwner = builder.objectRef<Tagged<'TeamAssetOwner', { team: string }>>('TeamAssetOwner');
TeamAssetOwner.implement({ fields: (t) => ({ team: t.exposeString('team') }) });
const AssetOwner = builder.unionType('AssetOwner', {
  types: [UserAssetOwner, TeamAssetOwner],
  resolveType: byTypename,
});

const TEAM = 'team:';
const ownerValue = (owner: string) =>
  owner.startsWith(TEAM)
    ? tag('TeamAssetOwner', { team: owner.slice(TEAM.length) })
    : tag('UserAssetOwner', { email: owner });

export const AssetNode = builder.objectRef<AssetNodeValue>('AssetNode');
AssetNode.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ definition }) => definition.key }),
    assetKey: t.field({ type: AssetKeyType, resolve: ({ definition }) => assetKey(definition.key) }),
    description: t.string({
      nullable: true,
      args: { characterLimit: t.arg.int() },
      resolve: ({ definition }, { characterLimit }) =>
        definition.description?.slice(0, characterLimit ?? undefined) ?? null,
    }),
    groupName: t.string({ resolve: ({ definition }) => definition.group }),
    kinds: t.stringList({ resolve: ({ definition }) => [...definition.kinds] }),
    computeKind: t.string({ nullable: true, resolve: ({ definition }) => definition.kinds[0] ?? null }),
    owners: t.field({ type: [AssetOwner], resolve: ({ definition }) => definition.owners.map(ownerValue) }),
    tags: t.field({ type: [DefinitionTag], resolve: ({ definition }) => tagPairs(definition.tags) }),
    metadataEntries: t.field({
      type: [MetadataEntry],
      resolve: ({ definition }) => metadataEntries(definition.metadata),
    }),
    definitionSource: t.string({
      description: 'Where it is defined: `file:line`.',
      resolve: ({ definition: { source } }) => `${source.file}:${source.line}`,
    }),
    isExecutable: t.boolean({ resolve: ({ definition }) => definition.op !== null }),
    isMaterializable: t.boolean({ resolve: ({ definition }) => isMaterializable(definition) }),
    isObservable: t.boolean({
      description: 'Runs of it look at what was made elsewhere.',
      resolve: ({ definition }) => isObservable(definition),
    }),
    isPartitioned: t.boolean({ resolve: ({ definition }) => definition.partitions !== null }),
    isVirtual: t.boolean({ resolve: () => false }),
    isAutoCreatedStub: t.boolean({ resolve: () => false }),
    opName: t.string({ nullable: true, resolve: ({ definition }) => definition.op }),
    opNames: t.stringList({ resolve: ({ definition }) => (definition.op === null ? [] : [definition.op]) }),
    opVersion: t.string({ nullable: true, resolve: ({ definition }) => definition.codeVersion }),
    pools: t.stringList({
      resolve: ({ location, definition }, _args, { workspace }) => {
        const pool = definition.op === null ? null : workspace.op(location, definition.op)?.pool;
        return pool ? [pool] : [];
      },
    }),
    jobNames: t.stringList({
      resolve: ({ location, definition }, _args, { workspace }) => [
        ...workspace.jobsOfAsset(location, definition.key),
      ],
    }),
    dependencyKeys: t.field({
      type: [AssetKeyType],
      resolve: ({ definition }) => definition.dependencies.map(({ key }) => assetKey(key)),
    }),
    dependedByKeys: t.field({
      type: [AssetKeyType],
      resolve: ({ definition }, _args, { workspace }) => workspace.dependents(definition.key).map(assetKey),
    }),
    partitionDefinition: t.field({
      type: PartitionDefinition,
      nullable: true,
      resolve: ({ definition }) => definition.partitions,
    }),
    partitionKeys: t.stringList({ resolve: (node, _args, context) => partitionKeysOf(node, context) }),
    partitionStats: t.field({
      type: PartitionStats,
      nullable: true,
      resolve: (node, _args, context) => partitionStatsOf(node, context),
    }),
    assetPartitionStatuses: t.field({
      type: AssetPartitionStatuses,
      resolve: (node, _args, context) => partitionStatusesOf(node, context),
    }),
    staleStatus: t.field({
      type: StaleStatus,
      nullable: true,
      args: { partition: t.arg.string() },
      resolve: async (node, _args, context) => staleStatusOf(node.definition, await causesOf(node, context)),
    }),
    staleCauses: t.field({
      type: [StaleCauseType],
      args: { partition: t.arg.string() },
      resolve: async (node, _args, context) => [...((await causesOf(node, context)) ?? [])],
    }),
    assetMaterializations: t.field({
      type: [MaterializationEvent],
      args: { partitions: t.arg.stringList(), beforeTimestampMillis: t.arg.string(), limit: t.arg.int() },
      resolve: ({ definition }, args, context) =>
        eventsOf(definition.key, ['ASSET_MATERIALIZATION'], args, context),
    }),
    assetObservations: t.field({
      type: [ObservationEvent],
      args: { partitions: t.arg.stringList(), beforeTimestampMillis: t.arg.string(), limit: t.arg.int() },
      resolve: ({ definition }, args, context) =>
        eventsOf(definition.key, ['ASSET_OBSERVATION'], args, context),
    }),
    hasAssetChecks: t.boolean({
      resolve: ({ definition }, _args, { workspace }) => workspace.checks(definition.key).length > 0,
    }),
    repository: t.field({
      type: Repository,
      resolve: ({ location }, _args, { workspace }) => {
        const manifest = workspace.location(location)?.manifest;
        if (!manifest)
          throw new Error(`Code location '${location}' has no definitions any more. Reload the page.`);
        return tag('Repository', { location, manifest });
      },
    }),
    hasMaterializePermission: t.boolean({
      resolve: ({ location, definition }, _args, { identity }) =>
        definition.op !== null && mayActAt(identity, location, 'launcher'),
    }),
    hasWipePermission: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'editor'),
    }),
    hasReportRunlessAssetEventPermission: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'editor'),
    }),
  }),
});
