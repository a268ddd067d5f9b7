import type { AssetVersion } from '../../model/staleness';
import type { AssetRecord, AssetState, AssetStorage, AssetVersions } from '../../ports/asset-storage';
import type { Driver } from './driver';
import { type StoredEventRow, toStoredEvent } from './stored-event-row';
import { toJsonText } from './to-json-text';

/** Plans of live runs lead from the few live runs, not from the assets' history. */
export const LIVE_PLANS = `
  live_plans as materialized (
    select a.asset_key, a.partition, a.run_id, r.seq, r.claimed_at, r.status
    from headrace.runs r join headrace.run_assets a on a.run_id = r.run_id
    where r.status in ('STARTING', 'STARTED', 'CANCELING', 'SUSPENDED') and not a.done
  )`;

/** How assets stand, of all or of some: each in one statement. */
export function createAssetRecords(
  driver: Driver,
): Pick<AssetStorage, 'assetRecords' | 'assetStates' | 'assetVersions'> {
  return {
    async assetRecords(keys) {
      const rows = await driver.query<AssetRecordRow>(ASSET_RECORDS, [toKeys(keys)]);
      return rows.map((row) => ({
        ...row,
        lastMaterialization: row.lastMaterialization && toStoredEvent(row.lastMaterialization),
        lastObservation: row.lastObservation && toStoredEvent(row.lastObservation),
      }));
    },
    async assetStates(keys) {
      const rows = await driver.query<AssetStateRow>(ASSET_STATES, [toKeys(keys)]);
      return rows.map(toAssetState);
    },
    async assetVersions(keys) {
      const rows = await driver.query<AssetVersionsRow>(ASSET_VERSIONS, [toKeys(keys)]);
      return rows.map(toAssetVersions);
    },
  };
}

const toKeys = (keys: readonly string[] | undefined): string | null =>
  keys === undefined ? null : toJsonText(keys);

/**
 * An asset is known from its first plan or its first event on. The latest plans are found along the index alone, whose
 * `seq` is that of the run; of all assets from one to the next.
 */
const knownAssets = (row: string, ofLivePlan: string): string => `
  with recursive ${LIVE_PLANS}, latest_plans as (
    (select asset_key, seq from headrace.run_assets where $1::jsonb is null order by asset_key, seq desc limit 1)
    union all
    select n.asset_key, n.seq from latest_plans k cross join lateral (
      select a.asset_key, a.seq from headrace.run_assets a where a.asset_key > k.asset_key order by a.asset_key, a.seq desc limit 1) n
  ), keys as (
    select asset_key, max(seq) as seq from (
      select asset_key, seq from latest_plans
      union all select asset_key, null from headrace.asset_records where $1::jsonb is null
      union all
      select k.asset_key, (select a.seq from headrace.run_assets a where a.asset_key = k.asset_key order by a.seq desc limit 1)
        from jsonb_array_elements_text($1::jsonb) k (asset_key)
    ) known group by asset_key
  )
  select ${row}
  from keys k
  left join headrace.asset_records s on s.asset_key = k.asset_key
  left join headrace.runs r on r.seq = k.seq
  left join (
    select asset_key, json_agg(${ofLivePlan} order by seq) as live
    from (select distinct asset_key, run_id, seq, status from live_plans) d group by asset_key) p on p.asset_key = k.asset_key
  where s.asset_key is not null or r.run_id is not null
  order by k.asset_key`;

type AssetRecordRow = Omit<AssetRecord, 'lastMaterialization' | 'lastObservation'> & {
  readonly lastMaterialization: StoredEventRow | null;
  readonly lastObservation: StoredEventRow | null;
};

const ASSET_RECORDS = knownAssets(
  `json_build_object(
    'key', k.asset_key, 'lastMaterialization', s.last_materialization, 'lastObservation', s.last_observation,
    'lastRunId', r.run_id, 'lastRunStatus', r.status, 'lastRunStartedAt', r.started_at, 'lastRunEndedAt', r.ended_at,
    'inProgressRunIds', coalesce(p.live, '[]'), 'lastFailureAt', s.last_failure_at)`,
  'run_id',
);

/** By position: of 10,000 rows the names of their fields are most. */
type AssetStateRow = readonly [
  key: string,
  materializedAt: number | null,
  materializationRunId: string | null,
  lastRunId: string | null,
  lastRunStatus: AssetState['lastRunStatus'],
  lastRunStartedAt: number | null,
  lastRunEndedAt: number | null,
  liveRuns:
    | readonly (readonly [
        AssetState['liveRuns'][number]['runId'],
        AssetState['liveRuns'][number]['status'],
      ])[]
    | null,
];

const ASSET_STATES = knownAssets(
  `json_build_array(
    k.asset_key, s.materialized_at, s.materialization_run_id, r.run_id, r.status, r.started_at, r.ended_at, p.live)`,
  'json_build_array(run_id, status)',
);

function toAssetState(row: AssetStateRow): AssetState {
  const [key, materializedAt, materializationRunId, lastRunId, lastRunStatus, started, ended, live] = row;
  return {
    key,
    materializedAt,
    materializationRunId,
    lastRunId,
    lastRunStatus,
    lastRunStartedAt: started,
    lastRunEndedAt: ended,
    liveRuns: (live ?? []).map(([runId, status]) => ({ runId, status })),
  };
}

type AssetVersionsRow = readonly [
  key: string,
  materializationId: number | null,
  dataVersion: string | null,
  codeVersion: string | null,
  inputDataVersions: Readonly<Record<string, string>> | null,
  observationId: number | null,
  observedDataVersion: string | null,
];

const ASSET_VERSIONS = `
  select json_build_array(s.asset_key,
    case when s.last_materialization is not null then s.last_materialization_id end,
    s.materialized_data_version, s.materialized_code_version, s.input_data_versions,
    case when s.last_observation is not null then s.last_observation_id end, s.observed_data_version)
  from headrace.asset_records s
  where $1::jsonb is null or s.asset_key in (select jsonb_array_elements_text($1::jsonb))
  order by s.asset_key`;

function toAssetVersions(row: AssetVersionsRow): AssetVersions {
  const [key, materializationId, dataVersion, codeVersion, inputs, observationId, observedVersion] = row;
  const version = (
    storageId: number | null,
    said: Pick<AssetVersion, 'dataVersion' | 'codeVersion' | 'inputDataVersions'>,
  ): AssetVersion | null => (storageId === null ? null : { storageId, ...said });
  return {
    key,
    made: version(materializationId, { dataVersion, codeVersion, inputDataVersions: inputs ?? {} }),
    observed: version(observationId, {
      dataVersion: observedVersion,
      codeVersion: null,
      inputDataVersions: {},
    }),
  };
}
