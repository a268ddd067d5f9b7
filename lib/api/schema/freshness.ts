import { type FreshnessState, freshnessHeldSince, freshnessState } from '../../model/freshness';
import type { AssetManifest, FreshnessPolicySpec } from '../../model/manifest';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import type { Located } from '../workspace-index';
import { AssetCatalog } from './assets/asset-catalog';
import { AssetNode } from './assets/asset-node';
import { toSeconds } from './common';

type TimeWindowValue = Tagged<
  'TimeWindowFreshnessPolicy',
  Extract<FreshnessPolicySpec, { kind: 'time_window' }>
>;
type CronValue = Tagged<'CronFreshnessPolicy', Extract<FreshnessPolicySpec, { kind: 'cron' }>>;

const TimeWindowFreshnessPolicy = builder.objectRef<TimeWindowValue>('TimeWindowFreshnessPolicy');
TimeWindowFreshnessPolicy.implement({
  fields: (t) => ({
    failWindowSeconds: t.int({ resolve: ({ failWindow }) => Math.round(failWindow) }),
    warnWindowSeconds: t.int({
      nullable: true,
      resolve: ({ warnWindow }) => (warnWindow === null ? null : Math.round(warnWindow)),
    }),
  }),
});
const CronFreshnessPolicy = builder.objectRef<CronValue>('CronFreshnessPolicy');
CronFreshnessPolicy.implement({
  fields: (t) => ({
    deadlineCron: t.exposeString('deadlineCron'),
    lowerBoundDeltaSeconds: t.int({ resolve: ({ lowerBoundDelta }) => Math.round(lowerBoundDelta) }),
    timezone: t.exposeString('timezone'),
  }),
});
const InternalFreshnessPolicy = builder.unionType('InternalFreshnessPolicy', {
  types: [TimeWindowFreshnessPolicy, CronFreshnessPolicy],
  resolveType: byTypename,
});

function policyValue(policy: FreshnessPolicySpec): TimeWindowValue | CronValue {
  return policy.kind === 'time_window'
    ? tag('TimeWindowFreshnessPolicy', policy)
    : tag('CronFreshnessPolicy', policy);
}

export const AssetHealthStatus = builder.enumType('AssetHealthStatus', {
  values: ['HEALTHY', 'WARNING', 'DEGRADED', 'UNKNOWN', 'NOT_APPLICABLE'] as const,
});
export const STATUS_OF_STATE = {
  PASS: 'HEALTHY',
  WARN: 'WARNING',
  FAIL: 'DEGRADED',
  UNKNOWN: 'UNKNOWN',
} as const;

export interface FreshnessValue {
  readonly state: FreshnessState | null;
  readonly materializedAt: number | null;
  /** Since when the state holds, epoch ms; null = nobody can tell. */
  readonly since: number | null;
}

export const AssetHealthFreshnessMeta = builder.objectRef<FreshnessValue>('AssetHealthFreshnessMeta');
AssetHealthFreshnessMeta.implement({
  fields: (t) => ({
    lastMaterializedTimestamp: t.float({
      nullable: true,
      resolve: ({ materializedAt }) => toSeconds(materializedAt),
    }),
  }),
});
type KnownFreshness = FreshnessValue & { readonly state: FreshnessState };
const FreshnessStatusInfo = builder.objectRef<KnownFreshness>('FreshnessStatusInfo');
FreshnessStatusInfo.implement({
  fields: (t) => ({
    freshnessStatus: t.field({
      type: AssetHealthStatus,
      resolve: ({ state }) => STATUS_OF_STATE[state],
    }),
    freshnessStatusMetadata: t.field({
      type: AssetHealthFreshnessMeta,
      nullable: true,
      resolve: (value) => value,
    }),
    since: t.float({
      nullable: true,
      description: 'Since when the state holds, in seconds. Not in Dagster.',
      resolve: ({ since }) => toSeconds(since),
    }),
  }),
});

export const AssetFreshnessInfo = builder.objectRef<{
  readonly minutesLate: number | null;
  readonly materializedAt: number | null;
}>('AssetFreshnessInfo');
AssetFreshnessInfo.implement({
  fields: (t) => ({
    currentMinutesLate: t.exposeFloat('minutesLate', { nullable: true }),
    currentLagMinutes: t.float({
      nullable: true,
      description: 'Since the latest materialization.',
      resolve: ({ materializedAt }, _args, { now }) =>
        materializedAt === null ? null : (now - materializedAt) / MINUTE_MS,
    }),
  }),
});

/** As it is now, whether or not it has been announced yet. */
export async function freshnessOf(
  { definition: { key, freshnessPolicy } }: Located<AssetManifest>,
  { loaders, now }: ApiContext,
): Promise<FreshnessValue> {
  if (freshnessPolicy === null) return { state: null, materializedAt: null, since: null };
  const materializedAt = (await loaders.assetRecord.load(key))?.lastMaterialization?.timestamp ?? null;
  return {
    state: freshnessState(freshnessPolicy, materializedAt, now),
    materializedAt,
    since: freshnessHeldSince(freshnessPolicy, materializedAt, now),
  };
}

builder.objectFields(AssetCatalog, (t) => ({
  freshnessStatus: t.field({
    type: [AssetHealthStatus],
    resolve: async (assets, _args, context) => {
      const values = await Promise.all(assets.map((asset) => freshnessOf(asset, context)));
      return values.map(({ state }) => (state === null ? 'NOT_APPLICABLE' : STATUS_OF_STATE[state]));
    },
  }),
  freshnessSince: t.floatList({
    nullable: { list: false, items: true },
    description: 'Since when the state of freshness holds, in seconds.',
    resolve: async (assets, _args, context) => {
      const values = await Promise.all(assets.map((asset) => freshnessOf(asset, context)));
      return values.map(({ since }) => toSeconds(since));
    },
  }),
}));

const MINUTE_MS = 60_000;

builder.objectFields(AssetNode, (t) => ({
  internalFreshnessPolicy: t.field({
    type: InternalFreshnessPolicy,
    nullable: true,
    resolve: ({ definition: { freshnessPolicy } }) =>
      freshnessPolicy === null ? null : policyValue(freshnessPolicy),
  }),
  freshnessStatusInfo: t.field({
    type: FreshnessStatusInfo,
    nullable: true,
    description: 'Null without a policy.',
    resolve: async (asset, _args, context) => {
      const { state, ...value } = await freshnessOf(asset, context);
      return state === null ? null : { state, ...value };
    },
  }),
  freshnessInfo: t.field({
    type: AssetFreshnessInfo,
    nullable: true,
    resolve: async (asset, _args, context) => {
      const { state, since, materializedAt } = await freshnessOf(asset, context);
      if (state === null) return null;
      if (state === 'UNKNOWN') return { minutesLate: null, materializedAt };
      const minutesLate = state === 'FAIL' && since !== null ? (context.now - since) / MINUTE_MS : 0;
      return { minutesLate, materializedAt };
    },
  }),
}));
