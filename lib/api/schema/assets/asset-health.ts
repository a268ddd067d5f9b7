import { dynamicKeysOf } from '../../../engine/dynamic-keys';
import { isObservable } from '../../../model/asset-execution';
import type { AssetManifest } from '../../../model/manifest';
import { partitionKeySet } from '../../../model/partitions';
import type { AssetRecord } from '../../../ports/asset-storage';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import type { Located } from '../../workspace-index';
import {
  AssetHealthFreshnessMeta,
  AssetHealthStatus,
  type FreshnessValue,
  freshnessOf,
  STATUS_OF_STATE,
} from '../freshness';
import { Asset } from './asset';
import { AssetNode } from './asset-node';

export type HealthStatus = 'HEALTHY' | 'WARNING' | 'DEGRADED' | 'UNKNOWN' | 'NOT_APPLICABLE';

interface Partitions {
  readonly failed: number;
  readonly missing: number;
  readonly total: number;
  readonly latestRunId: string | null;
  readonly latestFailedRunId: string | null;
}
const DegradedPartitioned = builder.objectRef<
  Tagged<'AssetHealthMaterializationDegradedPartitionedMeta', Partitions>
>('AssetHealthMaterializationDegradedPartitionedMeta');
DegradedPartitioned.implement({
  fields: (t) => ({
    numFailedPartitions: t.exposeInt('failed'),
    numMissingPartitions: t.exposeInt('missing'),
    totalNumPartitions: t.exposeInt('total'),
    latestRunId: t.exposeString('latestRunId', { nullable: true }),
    latestFailedRunId: t.exposeString('latestFailedRunId', { nullable: true }),
  }),
});
const HealthyPartitioned = builder.objectRef<
  Tagged<'AssetHealthMaterializationHealthyPartitionedMeta', Partitions>
>('AssetHealthMaterializationHealthyPartitionedMeta');
HealthyPartitioned.implement({
  fields: (t) => ({
    numMissingPartitions: t.exposeInt('missing'),
    totalNumPartitions: t.exposeInt('total'),
    latestRunId: t.exposeString('latestRunId', { nullable: true }),
  }),
});
const DegradedNotPartitioned = builder.objectRef<
  Tagged<'AssetHealthMaterializationDegradedNotPartitionedMeta', { readonly failedRunId: string | null }>
>('AssetHealthMaterializationDegradedNotPartitionedMeta');
DegradedNotPartitioned.implement({
  fields: (t) => ({ failedRunId: t.exposeString('failedRunId', { nullable: true }) }),
});
const MaterializationMeta = builder.unionType('AssetHealthMaterializationMeta', {
  types: [DegradedPartitioned, HealthyPartitioned, DegradedNotPartitioned],
  resolveType: byTypename,
});

interface Checks {
  readonly failed: number;
  readonly warned: number;
  readonly notExecuted: number;
  readonly total: number;
}
const CheckDegraded = builder.objectRef<Tagged<'AssetHealthCheckDegradedMeta', Checks>>(
  'AssetHealthCheckDegradedMeta',
);
CheckDegraded.implement({
  fields: (t) => ({
    numFailedChecks: t.exposeInt('failed'),
    numWarningChecks: t.exposeInt('warned'),
    totalNumChecks: t.exposeInt('total'),
  }),
});
const CheckWarning = builder.objectRef<Tagged<'AssetHealthCheckWarningMeta', Checks>>(
  'AssetHealthCheckWarningMeta',
);
CheckWarning.implement({
  fields: (t) => ({ numWarningChecks: t.exposeInt('warned'), totalNumChecks: t.exposeInt('total') }),
});
const CheckUnknown = builder.objectRef<Tagged<'AssetHealthCheckUnknownMeta', Checks>>(
  'AssetHealthCheckUnknownMeta',
);
CheckUnknown.implement({
  fields: (t) => ({ numNotExecutedChecks: t.exposeInt('notExecuted'), totalNumChecks: t.exposeInt('total') }),
});
const CheckMeta = builder.unionType('AssetHealthCheckMeta', {
  types: [CheckDegraded, CheckWarning, CheckUnknown],
  resolveType: byTypename,
});

/** One aspect of health with what there is to say about it. */
interface Aspect<Meta> {
  readonly status: HealthStatus;
  readonly meta: Meta | null;
}
interface HealthValue {
  readonly materialization: Aspect<typeof MaterializationMeta.$inferType>;
  readonly checks: Aspect<typeof CheckMeta.$inferType>;
  readonly freshness: FreshnessValue;
}

const freshnessStatus = ({ state }: FreshnessValue): HealthStatus =>
  state === null ? 'NOT_APPLICABLE' : STATUS_OF_STATE[state];

/** The worst of an asset's aspects; what does not apply, or is not known beside others that are, says nothing. */
export function overallHealth(aspects: readonly HealthStatus[]): HealthStatus {
  return (['DEGRADED', 'WARNING', 'HEALTHY'] as const).find((each) => aspects.includes(each)) ?? 'UNKNOWN';
}

const AssetHealth = builder.objectRef<HealthValue>('AssetHealth');
AssetHealth.implement({
  fields: (t) => ({
    assetHealth: t.field({
      type: AssetHealthStatus,
      resolve: ({ materialization, checks, freshness }) =>
        overallHealth([materialization.status, checks.status, freshnessStatus(freshness)]),
    }),
    materializationStatus: t.field({
      type: AssetHealthStatus,
      resolve: ({ materialization }) => materialization.status,
    }),
    materializationStatusMetadata: t.field({
      type: MaterializationMeta,
      nullable: true,
      resolve: ({ materialization }) => materialization.meta,
    }),
    assetChecksStatus: t.field({ type: AssetHealthStatus, resolve: ({ checks }) => checks.status }),
    assetChecksStatusMetadata: t.field({
      type: CheckMeta,
      nullable: true,
      resolve: ({ checks }) => checks.meta,
    }),
    freshnessStatus: t.field({
      type: AssetHealthStatus,
      resolve: ({ freshness }) => freshnessStatus(freshness),
    }),
    freshnessStatusMetadata: t.field({
      type: AssetHealthFreshnessMeta,
      nullable: true,
      resolve: ({ freshness }) => (freshness.state === null ? null : freshness),
    }),
  }),
});

async function healthOf(asset: Located<AssetManifest>, context: ApiContext): Promise<HealthValue> {
  const [materialization, checks, freshness] = await Promise.all([
    materializationHealth(asset, context),
    checkHealth(asset.definition.key, context),
    freshnessOf(asset, context),
  ]);
  return { materialization, checks, freshness };
}

/** Whether the latest attempt to make an asset failed. */
function hasFailed(record: AssetRecord | undefined): boolean {
  const madeAt = record?.lastMaterialization?.timestamp ?? 0;
  return (record?.lastFailureAt ?? 0) > madeAt;
}

async function materializationHealth(
  { location, definition }: Located<AssetManifest>,
  { loaders, now }: ApiContext,
): Promise<HealthValue['materialization']> {
  const { key, partitions } = definition;
  const record = await loaders.assetRecord.load(key);
  if (isObservable(definition))
    return { status: record?.lastObservation ? 'HEALTHY' : 'UNKNOWN', meta: null };
  const latestRunId = record?.lastRunId ?? null;
  if (partitions === null) {
    if (hasFailed(record)) {
      const meta = tag('AssetHealthMaterializationDegradedNotPartitionedMeta', { failedRunId: latestRunId });
      return { status: 'DEGRADED', meta };
    }
    return { status: record?.lastMaterialization ? 'HEALTHY' : 'UNKNOWN', meta: null };
  }
  const states = await loaders.partitionStates.load(key);
  const keys = partitionKeySet(partitions, now, await dynamicKeysOf(partitions, location, loaders));
  const made = states.filter(({ status }) => status === 'MATERIALIZED').length;
  const failed = states.filter(({ status }) => status === 'FAILED');
  const latest = failed.toSorted((a, b) => b.timestamp - a.timestamp)[0];
  const meta: Partitions = {
    failed: failed.length,
    missing: Math.max(0, keys.count - made - failed.length),
    total: keys.count,
    latestRunId,
    latestFailedRunId: latest?.runId ?? null,
  };
  if (failed.length > 0)
    return { status: 'DEGRADED', meta: tag('AssetHealthMaterializationDegradedPartitionedMeta', meta) };
  return made > 0
    ? { status: 'HEALTHY', meta: tag('AssetHealthMaterializationHealthyPartitionedMeta', meta) }
    : { status: 'UNKNOWN', meta: null };
}

async function checkHealth(key: string, { workspace, loaders }: ApiContext): Promise<HealthValue['checks']> {
  const defined = workspace.checks(key);
  if (defined.length === 0) return { status: 'NOT_APPLICABLE', meta: null };
  const records = await loaders.checks.load(key);
  const latest = defined.map(({ definition }) => records.find(({ check }) => check.name === definition.name));
  const isWarning = (record: (typeof records)[number] | undefined): boolean =>
    record?.status === 'FAILED' && record.evaluation?.severity === 'WARN';
  const warned = latest.filter(isWarning).length;
  const counts: Checks = {
    failed:
      latest.filter((record) => record?.status === 'FAILED' || record?.status === 'EXECUTION_FAILED').length -
      warned,
    warned,
    notExecuted: latest.filter((record) => record === undefined || record.status === 'SKIPPED').length,
    total: defined.length,
  };
  if (counts.failed > 0) return { status: 'DEGRADED', meta: tag('AssetHealthCheckDegradedMeta', counts) };
  if (counts.warned > 0) return { status: 'WARNING', meta: tag('AssetHealthCheckWarningMeta', counts) };
  if (counts.notExecuted > 0) return { status: 'UNKNOWN', meta: tag('AssetHealthCheckUnknownMeta', counts) };
  return { status: 'HEALTHY', meta: null };
}

builder.objectField(AssetNode, 'assetHealth', (t) =>
  t.field({
    type: AssetHealth,
    description: 'The same as of its Asset, so that lists of definitions can show it.',
    resolve: (asset, _args, context) => healthOf(asset, context),
  }),
);
builder.objectField(Asset, 'assetHealth', (t) =>
  t.field({
    type: AssetHealth,
    nullable: true,
    description:
      'How it stands by its latest materialization, checks and freshness; null without a definition.',
    resolve: ({ key }, _args, context) => {
      const found = context.workspace.asset(key);
      return found === undefined ? null : healthOf(found, context);
    },
  }),
);
