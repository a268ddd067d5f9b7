import { type GraphQLResolveInfo, Kind } from 'graphql';
import type { Run } from '../../../model/run';
import type { RunStatus } from '../../../model/run-status';
import type { AssetRecord } from '../../../ports/asset-storage';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, tag } from '../../builder';
import { AssetKeyInput, AssetKeyType, assetKey, fromKeyInput } from '../common';
import { AssetNotFoundError, orError, PythonError } from '../errors';
import { MaterializationEvent } from '../events/asset-events';
import { pageSize } from '../paging';
import { PipelineSelector } from '../repositories/job';
import { Repository } from '../repositories/repository-value';
import { RunType, runValue } from '../runs/run';
import { Asset, AssetConnection, AssetRecordConnection } from './asset';
import { AssetCheckExecution } from './asset-checks';
import { AssetNode, assetNodeValue } from './asset-node';

const AssetLatestInfo = builder.objectRef<{ readonly key: string; readonly record: AssetRecord | undefined }>(
  'AssetLatestInfo',
);
AssetLatestInfo.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ key }) => key }),
    assetKey: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
    latestMaterialization: t.field({
      type: MaterializationEvent,
      nullable: true,
      resolve: ({ record }) => record?.lastMaterialization ?? null,
    }),
    unstartedRunIds: t.stringList({
      description: 'Runs that are starting, and the latest one if it is still queued.',
      resolve: ({ record }, _args, { loaders }) =>
        record?.lastRunId && record.lastRunStatus === 'QUEUED'
          ? runIdsWhere(record, loaders, (status) => status === 'STARTING', [record.lastRunId])
          : runIdsWhere(record, loaders, (status) => status === 'STARTING'),
    }),
    inProgressRunIds: t.stringList({
      resolve: ({ record }, _args, { loaders }) =>
        runIdsWhere(record, loaders, (status) => status === 'STARTED' || status === 'CANCELING'),
    }),
    latestRun: t.field({
      type: RunType,
      nullable: true,
      resolve: ({ record }, _args, { loaders }, info) => {
        if (!record?.lastRunId) return null;
        if (asksForSummary(info)) return runSummary(record, record.lastRunId);
        return loaders.run.load(record.lastRunId).then((run) => (run === undefined ? null : runValue(run)));
      },
    }),
  }),
});

/** What an asset's record says about its latest run. */
const SUMMARY_FIELDS = new Set(['__typename', 'id', 'runId', 'status', 'startTime', 'endTime']);

function asksForSummary({ fieldNodes }: GraphQLResolveInfo): boolean {
  return fieldNodes.every(({ selectionSet }) =>
    selectionSet?.selections.every((each) => each.kind === Kind.FIELD && SUMMARY_FIELDS.has(each.name.value)),
  );
}

/** The latest runs of 10,000 assets are 10,000 runs: read whole, for five fields of each, they cost more than all else. */
function runSummary(record: AssetRecord, runId: string) {
  const { lastRunStatus: status, lastRunStartedAt: startedAt, lastRunEndedAt: endedAt } = record;
  // Only by resolvers of the fields above, which read nothing else.
  return runValue({ runId, status, startedAt, endedAt } as Run);
}

/** Without waiting where nothing is in progress: of many assets, that is most of them. */
function runIdsWhere(
  record: AssetRecord | undefined,
  { run }: ApiContext['loaders'],
  matches: (status: RunStatus) => boolean,
  also: readonly string[] = [],
): readonly string[] | Promise<readonly string[]> {
  if (record === undefined || record.inProgressRunIds.length === 0) return also;
  return Promise.all(record.inProgressRunIds.map(run.load)).then((runs) => [
    ...also,
    ...runs.flatMap((found) => (found !== undefined && matches(found.status) ? [found.runId] : [])),
  ]);
}

const AssetGroupSelector = builder.inputType('AssetGroupSelector', {
  fields: (t) => ({
    groupName: t.string({ required: true }),
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
  }),
});

const Collision = builder.objectRef<{ readonly key: string; readonly locations: readonly string[] }>(
  'AssetNodeDefinitionCollision',
);
Collision.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
    repositories: t.field({
      type: [Repository],
      resolve: ({ locations }, _args, { workspace }) =>
        locations.flatMap((location) => {
          const manifest = workspace.location(location)?.manifest;
          return manifest ? [tag('Repository', { location, manifest })] : [];
        }),
    }),
  }),
});

const AssetNodeOrError = builder.unionType('AssetNodeOrError', {
  types: [AssetNode, AssetNotFoundError],
  resolveType: byTypename,
});
const AssetOrError = builder.unionType('AssetOrError', {
  types: [Asset, AssetNotFoundError],
  resolveType: byTypename,
});
export const AssetsOrError = builder.unionType('AssetsOrError', {
  types: [AssetConnection, PythonError],
  resolveType: byTypename,
});
const AssetRecordsOrError = builder.unionType('AssetRecordsOrError', {
  types: [AssetRecordConnection, PythonError],
  resolveType: byTypename,
});

export const assetNotFound = (key: string) =>
  tag('AssetNotFoundError', { message: `There is no asset '${key}', and nothing was ever reported for it.` });

/** Every key that is defined or has events, in order, after a cursor. */
async function knownKeys(
  { workspace, instance }: ApiContext,
  {
    prefix,
    cursor,
    limit,
    wanted,
  }: {
    prefix?: readonly string[] | null | undefined;
    cursor?: string | null | undefined;
    limit?: number | null | undefined;
    wanted?: ReadonlySet<string> | null;
  },
): Promise<string[]> {
  const recorded = (await instance.storage.assetRecords()).map(({ key }) => key);
  const keys = [
    ...new Set([...workspace.assets().map(({ definition }) => definition.key), ...recorded]),
  ].sort();
  const start = prefix && prefix.length > 0 ? `${prefix.join('/')}` : null;
  const matching = keys.filter(
    (key) =>
      (wanted == null || wanted.has(key)) &&
      (start === null || key === start || key.startsWith(`${start}/`)) &&
      (!cursor || key > cursor),
  );
  return limit === null || limit === undefined ? matching : matching.slice(0, pageSize(limit, 100));
}

builder.queryFields((t) => ({
  assetNodes: t.field({
    type: [AssetNode],
    args: {
      group: t.arg({ type: AssetGroupSelector }),
      pipeline: t.arg({ type: PipelineSelector }),
      assetKeys: t.arg({ type: [AssetKeyInput] }),
      loadMaterializations: t.arg.boolean(),
    },
    resolve: (_root, { group, pipeline, assetKeys }, { workspace }) => {
      const found = assetKeys
        ? assetKeys.flatMap((input) => workspace.asset(fromKeyInput(input)) ?? [])
        : workspace.assets();
      const job = pipeline && workspace.job(pipeline.repositoryLocationName, pipeline.pipelineName);
      const inJob = new Set(job?.assets ?? []);
      return found
        .filter(
          ({ location, definition }) =>
            (!group || (definition.group === group.groupName && location === group.repositoryLocationName)) &&
            (!pipeline || (inJob.has(definition.key) && location === pipeline.repositoryLocationName)),
        )
        .map(assetNodeValue);
    },
  }),
  assetNodeOrError: t.field({
    type: AssetNodeOrError,
    args: { assetKey: t.arg({ type: AssetKeyInput, required: true }) },
    resolve: (_root, { assetKey: input }, { workspace }) => {
      const found = workspace.asset(fromKeyInput(input));
      return found === undefined ? assetNotFound(fromKeyInput(input)) : assetNodeValue(found);
    },
  }),
  assetOrError: t.field({
    type: AssetOrError,
    args: { assetKey: t.arg({ type: AssetKeyInput, required: true }) },
    resolve: async (_root, { assetKey: input }, { workspace, loaders }) => {
      const key = fromKeyInput(input);
      const isKnown =
        workspace.asset(key) !== undefined || (await loaders.assetRecord.load(key)) !== undefined;
      return isKnown ? tag('Asset', { key }) : assetNotFound(key);
    },
  }),
  assetsOrError: t.field({
    type: AssetsOrError,
    args: {
      prefix: t.arg.stringList(),
      assetKeys: t.arg({ type: [AssetKeyInput] }),
      cursor: t.arg.string(),
      limit: t.arg.int(),
    },
    resolve: (_root, { assetKeys, ...args }, context) =>
      orError(async () => {
        const wanted = assetKeys ? new Set(assetKeys.map(fromKeyInput)) : null;
        return tag('AssetConnection', { keys: await knownKeys(context, { ...args, wanted }) });
      }),
  }),
  assetRecordsOrError: t.field({
    type: AssetRecordsOrError,
    args: { prefix: t.arg.stringList(), cursor: t.arg.string(), limit: t.arg.int() },
    resolve: (_root, args, context) =>
      orError(async () => tag('AssetRecordConnection', { keys: await knownKeys(context, args) })),
  }),
  assetsLatestInfo: t.field({
    type: [AssetLatestInfo],
    args: { assetKeys: t.arg({ type: [AssetKeyInput], required: true }) },
    resolve: async (_root, { assetKeys }, { instance }) => {
      const keys = assetKeys.map(fromKeyInput);
      const records = await instance.storage.assetRecords(keys);
      const byKey = new Map(records.map((record) => [record.key, record]));
      return keys.map((key) => ({ key, record: byKey.get(key) }));
    },
  }),
  assetNodeDefinitionCollisions: t.field({
    type: [Collision],
    args: { assetKeys: t.arg({ type: [AssetKeyInput] }) },
    resolve: (_root, { assetKeys }, { workspace }) => {
      const wanted = assetKeys ? new Set(assetKeys.map(fromKeyInput)) : null;
      return [...workspace.collisions()].flatMap(([key, locations]) =>
        wanted === null || wanted.has(key) ? [{ key, locations }] : [],
      );
    },
  }),
  assetNodeAdditionalRequiredKeys: t.field({
    type: [AssetKeyType],
    args: { assetKeys: t.arg({ type: [AssetKeyInput], required: true }) },
    resolve: (_root, { assetKeys }, { workspace }) => {
      const wanted = new Set(assetKeys.map(fromKeyInput));
      const required = [...wanted].flatMap((key) => {
        const found = workspace.asset(key);
        const op = found?.definition.op ? workspace.op(found.location, found.definition.op) : undefined;
        return op === undefined || op.canSubset ? [] : op.assets;
      });
      return [...new Set(required)].filter((key) => !wanted.has(key)).map(assetKey);
    },
  }),
  assetCheckExecutions: t.field({
    type: [AssetCheckExecution],
    args: {
      assetKey: t.arg({ type: AssetKeyInput, required: true }),
      checkName: t.arg.string({ required: true }),
      partition: t.arg.string(),
      limit: t.arg.int({ required: true }),
      cursor: t.arg.string(),
    },
    resolve: async (_root, { assetKey: input, checkName, partition, limit, cursor }, { instance }) => [
      ...(await instance.storage.checkHistory(
        { asset: fromKeyInput(input), name: checkName },
        pageSize(limit, 25),
        cursor ? Number(cursor) : undefined,
        partition ?? undefined,
      )),
    ],
  }),
}));

builder.objectField(Repository, 'assetNodes', (t) =>
  t.field({
    type: [AssetNode],
    resolve: ({ location, manifest }) =>
      manifest.assets.map((definition) => assetNodeValue({ location, definition })),
  }),
);
