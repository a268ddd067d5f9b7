import { causesAmong, staleStatusOf } from '../../../engine/asset-staleness';
import { isMaterializable, isObservable } from '../../../model/asset-execution';
import type { AssetManifest } from '../../../model/manifest';
import { mayActAt } from '../../access';
import { builder } from '../../builder';
import { type Located, REPOSITORY } from '../../workspace-index';
import { DefinitionTag, tagPairs } from '../common';
import { PartitionStats, partitionStatsOf } from './partition-statuses';
import { StaleStatus } from './staleness';

type Assets = readonly Located<AssetManifest>[];

/**
 * Columns, because 10,000 assets as 10,000 objects cost the server fifteen times as much (docs/benchmarks.md): each object,
 * each of its fields and each promise is work of its own, where a list of strings is one.
 */
export const AssetCatalog = builder.objectRef<Assets>('AssetCatalog');
AssetCatalog.implement({
  description:
    'All assets, by columns: each field is what `AssetNode`, or its repository, has by that name, one entry for each asset, in the order of `key`. Not in Dagster.',
  fields: (t) => ({
    key: t.stringList({
      description: "The parts of the asset's key, joined by `/`.",
      resolve: (assets) => assets.map(({ definition }) => definition.key),
    }),
    groupName: t.stringList({ resolve: (assets) => assets.map(({ definition }) => definition.group) }),
    description: t.stringList({
      nullable: { list: false, items: true },
      resolve: (assets) => assets.map(({ definition }) => definition.description),
    }),
    kinds: t.field({
      type: t.listRef(t.listRef('String')),
      resolve: (assets) => assets.map(({ definition }) => [...definition.kinds]),
    }),
    owners: t.field({
      type: t.listRef(t.listRef('String')),
      description: 'Emails, and teams as `team:` and their name.',
      resolve: (assets) => assets.map(({ definition }) => [...definition.owners]),
    }),
    tags: t.field({
      type: t.listRef(t.listRef(DefinitionTag)),
      resolve: (assets) => assets.map(({ definition }) => tagPairs(definition.tags)),
    }),
    jobNames: t.field({
      type: t.listRef(t.listRef('String')),
      resolve: (assets, _args, { workspace }) =>
        assets.map(({ location, definition }) => [...workspace.jobsOfAsset(location, definition.key)]),
    }),
    dependencyKeys: t.field({
      type: t.listRef(t.listRef('String')),
      description: 'Keys as in `key`.',
      resolve: (assets) => assets.map(({ definition }) => definition.dependencies.map(({ key }) => key)),
    }),
    repositoryName: t.stringList({ resolve: (assets) => assets.map(() => REPOSITORY) }),
    repositoryLocationName: t.stringList({ resolve: (assets) => assets.map(({ location }) => location) }),
    isPartitioned: t.booleanList({
      resolve: (assets) => assets.map(({ definition }) => definition.partitions !== null),
    }),
    isMaterializable: t.booleanList({
      resolve: (assets) => assets.map(({ definition }) => isMaterializable(definition)),
    }),
    isObservable: t.booleanList({
      resolve: (assets) => assets.map(({ definition }) => isObservable(definition)),
    }),
    hasMaterializePermission: t.booleanList({
      resolve: (assets, _args, { identity }) => {
        const locations = new Set(assets.map(({ location }) => location));
        const allowed = new Set([...locations].filter((name) => mayActAt(identity, name, 'launcher')));
        return assets.map(({ location, definition }) => definition.op !== null && allowed.has(location));
      },
    }),
    hasWipePermission: t.booleanList({
      description: 'To wipe it and to report events of it.',
      resolve: (assets, _args, { identity }) => {
        const locations = new Set(assets.map(({ location }) => location));
        const allowed = new Set([...locations].filter((name) => mayActAt(identity, name, 'editor')));
        return assets.map(({ location }) => allowed.has(location));
      },
    }),
    staleStatus: t.field({
      type: [StaleStatus],
      resolve: async (assets, _args, { instance }) => {
        const versions = new Map((await instance.storage.assetVersions()).map((each) => [each.key, each]));
        return assets.map(({ definition }) => staleStatusOf(definition, causesAmong(definition, versions)));
      },
    }),
    partitionStats: t.field({
      type: [PartitionStats],
      nullable: { list: false, items: true },
      resolve: (assets, _args, context) =>
        assets.map((asset) =>
          asset.definition.partitions === null ? null : partitionStatsOf(asset, context),
        ),
    }),
  }),
});

builder.queryField('assetCatalog', (t) =>
  t.field({
    type: AssetCatalog,
    description: 'What the catalog and the lineage draw. Not in Dagster.',
    resolve: (_root, _args, { workspace }) => workspace.assets(),
  }),
);
