import type { AssetKey } from '../../../model/asset-key';
import type { AssetManifest } from '../../../model/manifest';
import { METADATA } from '../../../model/metadata';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import type { Located, Workspace } from '../../workspace-index';
import { AssetNode, type AssetNodeValue, assetNodeValue } from '../assets/asset-node';
import { AssetKeyType, assetKey } from '../common';
import { ConfigTypeField, configField } from '../config-types';
import { pageSize } from '../paging';
import { SolidHandle, type SolidValue, solidsOf } from './graph';
import { Pipeline, pipelineValue } from './job';
import { ISolidDefinition, type OpValue, SolidDefinition } from './op-definitions';
import { Repository, RepositoryLocation, type RepositoryValue } from './repository-value';

interface GroupValue {
  readonly location: string;
  readonly name: string;
  readonly keys: readonly AssetKey[];
}
const AssetGroup = builder.objectRef<GroupValue>('AssetGroup');
AssetGroup.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ location, name }) => `${location}:${name}` }),
    groupName: t.exposeString('name'),
    assetKeys: t.field({ type: [AssetKeyType], resolve: ({ keys }) => keys.map(assetKey) }),
  }),
});

const AssetNodeConnection = builder.objectRef<{
  readonly nodes: readonly AssetNodeValue[];
  readonly hasMore: boolean;
}>('AssetNodeConnection');
AssetNodeConnection.implement({
  fields: (t) => ({
    nodes: t.field({ type: [AssetNode], resolve: ({ nodes }) => [...nodes] }),
    cursor: t.string({ nullable: true, resolve: ({ nodes }) => nodes.at(-1)?.definition.key ?? null }),
    hasMore: t.exposeBoolean('hasMore'),
  }),
});

interface Invocation {
  readonly jobName: string;
  readonly solid: SolidValue;
}
const NodeInvocationSite = builder.objectRef<Invocation>('NodeInvocationSite');
NodeInvocationSite.implement({
  fields: (t) => ({
    pipeline: t.field({
      type: Pipeline,
      resolve: ({ jobName, solid: { location } }, _args, { workspace }) => {
        const job = pipelineValue(location, workspace.job(location, jobName));
        if (job === undefined) throw new Error(`Job '${jobName}' was unloaded meanwhile. Reload the page.`);
        return job;
      },
    }),
    solidHandle: t.expose('solid', { type: SolidHandle }),
  }),
});
interface UsedValue {
  readonly op: OpValue;
  readonly invocations: readonly Invocation[];
}
const UsedSolid = builder.objectRef<UsedValue>('UsedSolid');
UsedSolid.implement({
  fields: (t) => ({
    definition: t.expose('op', { type: ISolidDefinition }),
    invocations: t.field({ type: [NodeInvocationSite], resolve: ({ invocations }) => [...invocations] }),
  }),
});

/** Ops of a repository with the nodes of jobs that use them. */
function usedSolids({ location, manifest }: RepositoryValue, context: ApiContext): UsedValue[] {
  const all = manifest.jobs.flatMap((job) =>
    solidsOf({ location, job }, context).map((solid) => ({ jobName: job.name, solid })),
  );
  const byOp = Map.groupBy(all, ({ solid }) => solid.op);
  return [...byOp].map(([op, invocations]) => ({ op: { location, op }, invocations }));
}

builder.objectFields(Repository, (t) => ({
  assetGroups: t.field({
    type: [AssetGroup],
    resolve: ({ location, manifest }) =>
      [...Map.groupBy(manifest.assets, ({ group }) => group)]
        .map(([name, assets]) => ({ location, name, keys: assets.map(({ key }) => key) }))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
  }),
  assetNodesConnection: t.field({
    type: AssetNodeConnection,
    description: 'Its assets in pages, in the order of their keys.',
    args: { cursor: t.arg.string(), limit: t.arg.int({ required: true }) },
    resolve: ({ location, manifest }, { cursor, limit }) => {
      const after = manifest.assets
        .filter(({ key }) => !cursor || key > cursor)
        .toSorted((a, b) => (a.key < b.key ? -1 : 1));
      const page = after.slice(0, pageSize(limit, 100));
      return {
        nodes: page.map((definition) => assetNodeValue({ location, definition })),
        hasMore: after.length > page.length,
      };
    },
  }),
  usedSolids: t.field({
    type: [UsedSolid],
    resolve: (repository, _args, context) => usedSolids(repository, context),
  }),
  usedSolid: t.field({
    type: UsedSolid,
    nullable: true,
    args: { name: t.arg.string({ required: true }) },
    resolve: (repository, { name }, context) =>
      usedSolids(repository, context).find(({ op }) => op.op.name === name) ?? null,
  }),
}));

const DagsterLibraryVersion = builder.objectRef<{ readonly name: string; readonly version: string }>(
  'DagsterLibraryVersion',
);
DagsterLibraryVersion.implement({
  fields: (t) => ({ name: t.exposeString('name'), version: t.exposeString('version') }),
});
builder.objectFields(RepositoryLocation, (t) => ({
  environmentPath: t.string({
    nullable: true,
    description: 'Null: code runs from its bundle, whose hash is `serverId`.',
    resolve: () => null,
  }),
  dagsterLibraryVersions: t.field({
    type: [DagsterLibraryVersion],
    nullable: true,
    description: 'The version of this package.',
    resolve: (_location, _args, { options }) => [{ name: 'headrace', version: options.version }],
  }),
}));

builder.interfaceField(ISolidDefinition, 'assetNodes', (t) =>
  t.field({
    type: [AssetNode],
    resolve: ({ op }, _args, { workspace }) =>
      op.assets.flatMap((key) => {
        const found = workspace.asset(key);
        return found === undefined ? [] : [assetNodeValue(found)];
      }),
  }),
);
builder.objectField(SolidDefinition, 'configField', (t) =>
  t.field({
    type: ConfigTypeField,
    nullable: true,
    resolve: ({ op }) => (op.configSchema === null ? null : configField('config', op.configSchema)),
  }),
);

const StorageAddress = builder.objectRef<{ readonly table: string; readonly kind: string | null }>(
  'StorageAddress',
);
StorageAddress.implement({
  fields: (t) => ({
    storageKind: t.exposeString('kind', { nullable: true }),
    tableName: t.exposeString('table'),
  }),
});
const STORAGE_KIND = 'dagster/storage_kind';

function tableOf({ metadata }: AssetManifest): string | null {
  const table = metadata[METADATA.relationIdentifier];
  return table?.kind === 'text' ? table.value : null;
}

/** Assets by the table that they are in, in any case. Kept as long as the workspace, which many nodes ask. */
const byTable = new WeakMap<Workspace, ReadonlyMap<string, readonly Located<AssetManifest>[]>>();
function assetsInTable(table: string, workspace: Workspace): readonly Located<AssetManifest>[] {
  const known =
    byTable.get(workspace) ??
    Map.groupBy(workspace.assets(), ({ definition }) => tableOf(definition)?.toLowerCase() ?? '');
  byTable.set(workspace, known);
  return known.get(table.toLowerCase()) ?? [];
}

builder.objectFields(AssetNode, (t) => ({
  configField: t.field({
    type: ConfigTypeField,
    nullable: true,
    resolve: ({ location, definition }, _args, { workspace }) => {
      const schema = definition.op === null ? null : workspace.op(location, definition.op)?.configSchema;
      return schema ? configField('config', schema) : null;
    },
  }),
  storageAddress: t.field({
    type: StorageAddress,
    nullable: true,
    description: `What its metadata says by '${METADATA.relationIdentifier}'.`,
    resolve: ({ definition }) => {
      const table = tableOf(definition);
      return table === null ? null : { table, kind: definition.tags[STORAGE_KIND] ?? null };
    },
  }),
  assetsForSameStorageAddress: t.field({
    type: [AssetNode],
    description: 'Others in the same table.',
    resolve: ({ definition }, _args, { workspace }) => {
      const table = tableOf(definition);
      return (table === null ? [] : assetsInTable(table, workspace))
        .filter((other) => other.definition.key !== definition.key)
        .map(assetNodeValue);
    },
  }),
}));
