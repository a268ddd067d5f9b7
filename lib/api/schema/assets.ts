import type { StoredEvent } from '../../model/event';
import type { AssetCheckManifest, AssetManifest } from '../../model/manifest';
import { type PartitionsSpec, partitionKeySet } from '../../model/partitions';
import type { RunStatus } from '../../model/run-status';
import { type AssetVersion, type StaleCause, staleCauses } from '../../model/staleness';
import type { AssetRecord, CheckRecord, PartitionState } from '../../ports/storage';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { dynamicKeysOf } from '../dynamic-keys';
import { mayAct } from '../identity';
import type { Located } from '../workspace-index';
import { AssetKeyInput, AssetKeyType, assetKey, DefinitionTag, fromKeyInput, tagPairs } from './common';
import { AssetNotFoundError, orError, PythonError } from './errors';
import { AssetCheckEvaluationType, MaterializationEvent, ObservationEvent } from './events';
import { MetadataEntry, metadataEntries } from './metadata';
import { Repository } from './repositories';
import { pageSize, RunType, runValue } from './runs';

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

const PartitionDefinitionType = builder.enumType('PartitionDefinitionType', {
  values: ['TIME_WINDOW', 'STATIC', 'MULTIPARTITIONED', 'DYNAMIC'] as const,
});
const TYPE_OF_SPEC = {
  time_window: 'TIME_WINDOW',
  static: 'STATIC',
  multi: 'MULTIPARTITIONED',
  dynamic: 'DYNAMIC',
} as const;

const PartitionDefinition = builder.objectRef<PartitionsSpec>('PartitionDefinition');
PartitionDefinition.implement({
  fields: (t) => ({
    type: t.field({ type: PartitionDefinitionType, resolve: (spec) => TYPE_OF_SPEC[spec.type] }),
    description: t.string({ resolve: describePartitions }),
    name: t.string({ nullable: true, resolve: (spec) => (spec.type === 'dynamic' ? spec.name : null) }),
    fmt: t.string({ nullable: true, resolve: (spec) => (spec.type === 'time_window' ? spec.format : null) }),
  }),
});

function describePartitions(spec: PartitionsSpec): string {
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

const PartitionStats = builder.objectRef<{ total: number; states: readonly PartitionState[] }>(
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
const DefaultPartitionStatuses = builder.objectRef<StatusesValue>('DefaultPartitionStatuses');
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
const TimePartitionRangeStatus = builder.objectRef<RangeValue>('TimePartitionRangeStatus');
TimePartitionRangeStatus.implement({
  fields: (t) => ({
    startKey: t.exposeString('startKey'),
    endKey: t.exposeString('endKey'),
    status: t.field({ type: PartitionRangeStatus, resolve: ({ status }) => RANGE_STATUS[status] }),
  }),
});
type TimeStatusesValue = Tagged<'TimePartitionStatuses', { ranges: readonly RangeValue[] }>;
const TimePartitionStatuses = builder.objectRef<TimeStatusesValue>('TimePartitionStatuses');
TimePartitionStatuses.implement({
  fields: (t) => ({
    ranges: t.field({ type: [TimePartitionRangeStatus], resolve: ({ ranges }) => [...ranges] }),
  }),
});

const AssetPartitionStatuses = builder.unionType('AssetPartitionStatuses', {
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

async function partitionKeysOf(
  { location, definition }: Located<AssetManifest>,
  context: ApiContext,
): Promise<string[]> {
  if (definition.partitions === null) return [];
  const set = partitionKeySet(
    definition.partitions,
    context.now,
    await dynamicKeysOf(definition.partitions, location, context.instance.storage),
  );
  return Array.from({ length: set.count }, (_, i) => set.keyAt(i));
}

const StaleStatus = builder.enumType('StaleStatus', { values: ['MISSING', 'STALE', 'FRESH'] as const });
const StaleCauseCategory = builder.enumType('StaleCauseCategory', {
  values: ['CODE', 'DATA', 'DEPENDENCIES'] as const,
});
const StaleCauseType = builder.objectRef<StaleCause>('StaleCause');
StaleCauseType.implement({
  fields: (t) => ({
    key: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
    category: t.field({ type: StaleCauseCategory, resolve: ({ category }) => category }),
    reason: t.exposeString('reason'),
    dependency: t.field({
      type: AssetKeyType,
      nullable: true,
      resolve: ({ dependency }) => (dependency === null ? null : assetKey(dependency)),
    }),
  }),
});

/** Why an asset is stale; of one that is partitioned, or made elsewhere, nothing is said. Null when it was never made. */
async function causesOf(
  { definition }: Located<AssetManifest>,
  { loaders }: ApiContext,
): Promise<readonly StaleCause[] | null> {
  const { key, codeVersion, partitions, op } = definition;
  const last = (await loaders.assetRecord.load(key))?.lastMaterialization;
  if (last?.type !== 'ASSET_MATERIALIZATION') return null;
  if (partitions !== null || op === null) return [];
  const inputs = definition.dependencies.map((dependency) => dependency.key);
  const records = await Promise.all(inputs.map((input) => loaders.assetRecord.load(input)));
  const latest = new Map<string, AssetVersion>();
  for (const record of records) {
    const version = record === undefined ? null : newestVersion(record);
    if (record !== undefined && version !== null) latest.set(record.key, version);
  }
  return staleCauses({ key, codeVersion, inputs }, versionOf(last), latest);
}

/** An observation counts when it says a data version. */
function newestVersion({ lastMaterialization, lastObservation }: AssetRecord): AssetVersion | null {
  const made = lastMaterialization === null ? null : versionOf(lastMaterialization);
  const seen = lastObservation === null ? null : versionOf(lastObservation);
  if (seen === null || seen.dataVersion === null) return made;
  return made === null || seen.storageId > made.storageId ? seen : made;
}

function versionOf(event: StoredEvent): AssetVersion {
  const isMade = event.type === 'ASSET_MATERIALIZATION';
  return {
    storageId: event.storageId,
    dataVersion: (isMade || event.type === 'ASSET_OBSERVATION' ? event.data.dataVersion : undefined) ?? null,
    codeVersion: (isMade ? event.data.codeVersion : undefined) ?? null,
    inputDataVersions: isMade ? event.data.inputDataVersions : {},
  };
}

const CheckStatus = builder.enumType('AssetCheckExecutionResolvedStatus', {
  values: ['IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'EXECUTION_FAILED', 'SKIPPED'] as const,
});
const AssetCheckExecution = builder.objectRef<CheckRecord>('AssetCheckExecution');
AssetCheckExecution.implement({
  fields: (t) => ({
    id: t.string({ resolve: (record) => String(record.storageId) }),
    runId: t.exposeString('runId'),
    status: t.field({ type: CheckStatus, resolve: ({ status }) => status }),
    timestamp: t.float({ resolve: ({ timestamp }) => timestamp / 1000 }),
    evaluation: t.field({
      type: AssetCheckEvaluationType,
      nullable: true,
      resolve: ({ evaluation, timestamp }) => (evaluation === null ? null : { evaluation, timestamp }),
    }),
    partition: t.string({ nullable: true, resolve: ({ evaluation }) => evaluation?.partition ?? null }),
    run: t.field({
      type: RunType,
      nullable: true,
      resolve: async ({ runId }, _args, { loaders }) => {
        const run = await loaders.run.load(runId);
        return run === undefined ? null : runValue(run);
      },
    }),
  }),
});

const CanExecuteIndividually = builder.enumType('AssetCheckCanExecuteIndividually', {
  values: ['CAN_EXECUTE', 'REQUIRES_MATERIALIZATION', 'NEEDS_USER_CODE_UPGRADE'] as const,
});
export const AssetCheck = builder.objectRef<Located<AssetCheckManifest>>('AssetCheck');
AssetCheck.implement({
  fields: (t) => ({
    name: t.string({ resolve: ({ definition }) => definition.name }),
    assetKey: t.field({ type: AssetKeyType, resolve: ({ definition }) => assetKey(definition.asset) }),
    description: t.string({ nullable: true, resolve: ({ definition }) => definition.description }),
    blocking: t.boolean({ resolve: ({ definition }) => definition.blocking }),
    jobNames: t.stringList({
      resolve: ({ location, definition }, _args, { workspace }) => [
        ...workspace.jobsOfAsset(location, definition.asset),
      ],
    }),
    canExecuteIndividually: t.field({
      type: CanExecuteIndividually,
      resolve: ({ location, definition }, _args, { workspace }) =>
        (workspace.op(location, definition.op)?.assets.length ?? 0) === 0
          ? 'CAN_EXECUTE'
          : 'REQUIRES_MATERIALIZATION',
    }),
    executionForLatestMaterialization: t.field({
      type: AssetCheckExecution,
      nullable: true,
      resolve: async ({ definition }, _args, { loaders }) =>
        (await loaders.checks.load(definition.asset)).find(
          (record) => record.check.name === definition.name,
        ) ?? null,
    }),
  }),
});
const AssetChecks =
  builder.objectRef<Tagged<'AssetChecks', { checks: readonly Located<AssetCheckManifest>[] }>>('AssetChecks');
AssetChecks.implement({
  fields: (t) => ({ checks: t.field({ type: [AssetCheck], resolve: ({ checks }) => [...checks] }) }),
});
const AssetChecksOrError = builder.unionType('AssetChecksOrError', {
  types: [AssetChecks],
  resolveType: byTypename,
});

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
    isMaterializable: t.boolean({ resolve: ({ definition }) => definition.op !== null }),
    isObservable: t.boolean({ resolve: () => false }),
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
      resolve: async ({ location, definition }, _args, context) => {
        if (definition.partitions === null) return null;
        const dynamic = await dynamicKeysOf(definition.partitions, location, context.instance.storage);
        const total = partitionKeySet(definition.partitions, context.now, dynamic).count;
        return { total, states: await context.loaders.partitionStates.load(definition.key) };
      },
    }),
    assetPartitionStatuses: t.field({
      type: AssetPartitionStatuses,
      resolve: async (node, _args, context) => {
        const [keys, states] = await Promise.all([
          partitionKeysOf(node, context),
          context.loaders.partitionStates.load(node.definition.key),
        ]);
        return node.definition.partitions?.type === 'time_window'
          ? tag('TimePartitionStatuses', { ranges: statusRanges(keys, states) })
          : tag('DefaultPartitionStatuses', { keys, states });
      },
    }),
    staleStatus: t.field({
      type: StaleStatus,
      nullable: true,
      args: { partition: t.arg.string() },
      resolve: async (node, _args, context) => {
        const causes = await causesOf(node, context);
        if (causes === null) return node.definition.op === null ? 'FRESH' : 'MISSING';
        return causes.length > 0 ? 'STALE' : 'FRESH';
      },
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
        eventsOf(definition.key, 'ASSET_MATERIALIZATION', args, context),
    }),
    assetObservations: t.field({
      type: [ObservationEvent],
      args: { partitions: t.arg.stringList(), beforeTimestampMillis: t.arg.string(), limit: t.arg.int() },
      resolve: ({ definition }, args, context) =>
        eventsOf(definition.key, 'ASSET_OBSERVATION', args, context),
    }),
    hasAssetChecks: t.boolean({
      resolve: ({ definition }, _args, { workspace }) => workspace.checks(definition.key).length > 0,
    }),
    assetChecksOrError: t.field({
      type: AssetChecksOrError,
      args: { limit: t.arg.int() },
      resolve: ({ definition }, { limit }, { workspace }) =>
        tag('AssetChecks', { checks: workspace.checks(definition.key).slice(0, limit ?? undefined) }),
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
      resolve: ({ definition }, _args, { identity }) =>
        definition.op !== null && mayAct(identity.role, 'launcher'),
    }),
    hasWipePermission: t.boolean({
      resolve: (_node, _args, { identity }) => mayAct(identity.role, 'editor'),
    }),
    hasReportRunlessAssetEventPermission: t.boolean({
      resolve: (_node, _args, { identity }) => mayAct(identity.role, 'editor'),
    }),
  }),
});

interface EventArguments {
  readonly partitions?: readonly string[] | null | undefined;
  readonly beforeTimestampMillis?: string | null | undefined;
  readonly afterTimestampMillis?: string | null | undefined;
  readonly limit?: number | null | undefined;
}

/** Events read at once while the stretch of time that is asked for is looked for. */
const EVENTS_READ = 1_000;

/** An asset's events of one type between two instants, newest first. */
async function eventsOf(
  key: string,
  type: 'ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION',
  { partitions, beforeTimestampMillis, afterTimestampMillis, limit }: EventArguments,
  { instance }: ApiContext,
): Promise<StoredEvent[]> {
  const size = pageSize(limit, 100);
  const until = beforeTimestampMillis ? Number(beforeTimestampMillis) : Number.POSITIVE_INFINITY;
  const from = afterTimestampMillis ? Number(afterTimestampMillis) : Number.NEGATIVE_INFINITY;
  // Events are kept in the order of being recorded, which is that of their time but for the clocks of workers.
  const isBounded = until !== Number.POSITIVE_INFINITY;
  const read = async (partition?: string): Promise<StoredEvent[]> => {
    const found: StoredEvent[] = [];
    for (let before: number | undefined; ; ) {
      const page = await instance.storage.assetEvents({
        key,
        types: [type],
        limit: isBounded ? EVENTS_READ : size,
        ...(partition === undefined ? {} : { partition }),
        ...(before === undefined ? {} : { before }),
      });
      found.push(...page.filter(({ timestamp }) => timestamp < until && timestamp > from));
      before = page.at(-1)?.storageId;
      if (!isBounded || page.length < EVENTS_READ || found.length >= size) return found;
    }
  };
  const pages = await Promise.all(partitions ? partitions.map(read) : [read()]);
  return pages
    .flat()
    .sort((a, b) => b.storageId - a.storageId)
    .slice(0, size);
}

type AssetValue = Tagged<'Asset', { readonly key: string }>;
const Asset = builder.objectRef<AssetValue>('Asset');
Asset.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ key }) => key }),
    key: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
    definition: t.field({
      type: AssetNode,
      nullable: true,
      resolve: ({ key }, _args, { workspace }) => {
        const found = workspace.asset(key);
        return found === undefined ? null : assetNodeValue(found);
      },
    }),
    hasDefinitionOrRecord: t.boolean({ resolve: () => true }),
    latestMaterializationTimestamp: t.float({
      nullable: true,
      resolve: async ({ key }, _args, { loaders }) =>
        (await loaders.assetRecord.load(key))?.lastMaterialization?.timestamp ?? null,
    }),
    latestFailedToMaterializeTimestamp: t.float({
      nullable: true,
      resolve: async ({ key }, _args, { loaders }) =>
        (await loaders.assetRecord.load(key))?.lastFailureAt ?? null,
    }),
    assetMaterializations: t.field({
      type: [MaterializationEvent],
      args: {
        partitions: t.arg.stringList(),
        beforeTimestampMillis: t.arg.string(),
        afterTimestampMillis: t.arg.string(),
        limit: t.arg.int(),
      },
      resolve: ({ key }, args, context) => eventsOf(key, 'ASSET_MATERIALIZATION', args, context),
    }),
    assetObservations: t.field({
      type: [ObservationEvent],
      args: {
        partitions: t.arg.stringList(),
        beforeTimestampMillis: t.arg.string(),
        afterTimestampMillis: t.arg.string(),
        limit: t.arg.int(),
      },
      resolve: ({ key }, args, context) => eventsOf(key, 'ASSET_OBSERVATION', args, context),
    }),
  }),
});

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
      resolve: async ({ record }, _args, { loaders }) => [
        ...(record?.lastRunId && record.lastRunStatus === 'QUEUED' ? [record.lastRunId] : []),
        ...(await runIdsWhere(record, loaders, (status) => status === 'STARTING')),
      ],
    }),
    inProgressRunIds: t.stringList({
      resolve: async ({ record }, _args, { loaders }) =>
        runIdsWhere(record, loaders, (status) => status === 'STARTED' || status === 'CANCELING'),
    }),
    latestRun: t.field({
      type: RunType,
      nullable: true,
      resolve: async ({ record }, _args, { loaders }) => {
        const run = record?.lastRunId ? await loaders.run.load(record.lastRunId) : undefined;
        return run === undefined ? null : runValue(run);
      },
    }),
  }),
});

async function runIdsWhere(
  record: AssetRecord | undefined,
  { run }: ApiContext['loaders'],
  matches: (status: RunStatus) => boolean,
): Promise<string[]> {
  const runs = await Promise.all((record?.inProgressRunIds ?? []).map(run.load));
  return runs.flatMap((found) => (found !== undefined && matches(found.status) ? [found.runId] : []));
}

const AssetRecordType = builder.objectRef<{ readonly key: string }>('AssetRecord');
AssetRecordType.implement({
  fields: (t) => ({
    id: t.exposeString('key'),
    key: t.field({ type: AssetKeyType, resolve: ({ key }) => assetKey(key) }),
  }),
});
const AssetRecordConnection =
  builder.objectRef<Tagged<'AssetRecordConnection', { readonly keys: readonly string[] }>>(
    'AssetRecordConnection',
  );
AssetRecordConnection.implement({
  fields: (t) => ({
    assets: t.field({ type: [AssetRecordType], resolve: ({ keys }) => keys.map((key) => ({ key })) }),
    cursor: t.string({ nullable: true, resolve: ({ keys }) => keys.at(-1) ?? null }),
  }),
});
const AssetConnection =
  builder.objectRef<Tagged<'AssetConnection', { readonly keys: readonly string[] }>>('AssetConnection');
AssetConnection.implement({
  fields: (t) => ({
    nodes: t.field({ type: [Asset], resolve: ({ keys }) => keys.map((key) => tag('Asset', { key })) }),
    cursor: t.string({ nullable: true, resolve: ({ keys }) => keys.at(-1) ?? null }),
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
const AssetsOrError = builder.unionType('AssetsOrError', {
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
  }: {
    prefix?: readonly string[] | null | undefined;
    cursor?: string | null | undefined;
    limit?: number | null | undefined;
  },
): Promise<string[]> {
  const recorded = (await instance.storage.assetRecords()).map(({ key }) => key);
  const keys = [
    ...new Set([...workspace.assets().map(({ definition }) => definition.key), ...recorded]),
  ].sort();
  const start = prefix && prefix.length > 0 ? `${prefix.join('/')}` : null;
  const matching = keys.filter(
    (key) => (start === null || key === start || key.startsWith(`${start}/`)) && (!cursor || key > cursor),
  );
  return limit === null || limit === undefined ? matching : matching.slice(0, pageSize(limit, 100));
}

builder.queryFields((t) => ({
  assetNodes: t.field({
    type: [AssetNode],
    args: { assetKeys: t.arg({ type: [AssetKeyInput] }), loadMaterializations: t.arg.boolean() },
    resolve: (_root, { assetKeys }, { workspace }) => {
      const found = assetKeys
        ? assetKeys.flatMap((input) => workspace.asset(fromKeyInput(input)) ?? [])
        : workspace.assets();
      return found.map(assetNodeValue);
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
    args: { prefix: t.arg.stringList(), cursor: t.arg.string(), limit: t.arg.int() },
    resolve: (_root, args, context) =>
      orError(async () => tag('AssetConnection', { keys: await knownKeys(context, args) })),
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
    resolve: (_root, { assetKeys }, { loaders }) =>
      Promise.all(
        assetKeys
          .map(fromKeyInput)
          .map(async (key) => ({ key, record: await loaders.assetRecord.load(key) })),
      ),
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
      limit: t.arg.int({ required: true }),
      cursor: t.arg.string(),
    },
    resolve: async (_root, { assetKey: input, checkName, limit, cursor }, { instance }) => [
      ...(await instance.storage.checkHistory(
        { asset: fromKeyInput(input), name: checkName },
        pageSize(limit, 25),
        cursor ? Number(cursor) : undefined,
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
