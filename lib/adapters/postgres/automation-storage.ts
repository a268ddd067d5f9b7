import {
  type AutomationEvaluation,
  type EvaluationShape,
  type PackedEvaluation,
  unpackEvaluation,
} from '../../model/automation-evaluation';
import type {
  AutomationAsset,
  AutomationJobPartition,
  AutomationRun,
  AutomationStorage,
  AutomationUpdate,
  FreshnessRecord,
  StoredAutomationState,
} from '../../ports/automation-storage';
import type { Driver } from './driver';
import { toJsonText } from './to-json-text';

/** Automation conditions and freshness policies. */
export function createAutomationStorage(driver: Driver): AutomationStorage {
  return {
    automationStates: (location) =>
      driver.query<StoredAutomationState>(
        `select json_build_object('key', asset_key, 'state', state) from headrace.automation_states
         where location = $1 order by asset_key`,
        [location],
      ),
    automationAssets: ({ keys, partitioned, failures, observable = [] }) =>
      driver.query<AutomationAsset>(ASSETS, [
        toJsonText(keys),
        toJsonText(partitioned),
        toJsonText(failures),
        toJsonText(observable),
      ]),
    automationUpdates: ({ keys, after, through, limit, observable = [] }) =>
      driver.query<AutomationUpdate>(UPDATES, [
        toJsonText(keys),
        after,
        through,
        limit,
        toJsonText(observable),
      ]),
    automationJobPartitions: async (jobs) =>
      jobs.length === 0 ? [] : driver.query<AutomationJobPartition>(JOB_PARTITIONS, [toJsonText(jobs)]),
    automationRuns: async (runIds) =>
      runIds.length === 0 ? [] : driver.query<AutomationRun>(RUNS, [toJsonText(runIds)]),
    async automationEvaluations({ key, evaluationId, before, limit }) {
      const rows = await driver.query<EvaluationRow>(EVALUATIONS, [
        key ?? null,
        evaluationId ?? null,
        before ?? null,
        limit,
      ]);
      return rows.map(({ packed, shape, ...row }) => ({ ...row, root: unpackEvaluation(packed, shape) }));
    },
    async purgeAutomationEvaluations(before, limit) {
      const [count] = await driver.query<number>(
        'select to_json(headrace.purge_automation_evaluations($1::bigint, $2::integer))',
        [before, limit],
      );
      return count ?? 0;
    },
    freshnessRecords: (keys) => driver.query<FreshnessRecord>(FRESHNESS, [toJsonText(keys)]),
    async recordFreshness(changes) {
      if (changes.length === 0) return 0;
      const [count] = await driver.query<number>('select to_json(headrace.record_freshness($1::json))', [
        toJsonText(changes),
      ]);
      return count ?? 0;
    },
  };
}

type EvaluationRow = Omit<AutomationEvaluation, 'root'> & {
  readonly packed: PackedEvaluation;
  readonly shape: EvaluationShape;
};

/** Live runs and backfills lead, not the assets' history. Of a run that went wrong the latest plan of each asset. */
const ASSETS = `
  with keys as materialized (
    select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)
  ), partitioned as materialized (
    select distinct value as asset_key from jsonb_array_elements_text($2::jsonb)
  ), observable as materialized (
    select distinct value as asset_key from jsonb_array_elements_text($4::jsonb)
  ), in_runs as (
    select a.asset_key, bool_or(a.partition = '') as whole,
        coalesce(json_agg(distinct a.partition) filter (where a.partition <> ''), '[]') as partitions
      from headrace.runs r join headrace.run_assets a on a.run_id = r.run_id join keys using (asset_key)
      where r.status in ('QUEUED', 'NOT_STARTED', 'STARTING', 'STARTED', 'CANCELING', 'SUSPENDED') and not a.done
      group by a.asset_key
  ), in_backfills as (
    select t.asset_key, bool_or(t.partition = '') as whole,
        coalesce(json_agg(distinct t.partition) filter (where t.partition <> ''), '[]') as partitions
      from headrace.backfills b join headrace.backfill_targets t on t.backfill_id = b.backfill_id join keys using (asset_key)
      where b.ended_at is null and t.status in ('PENDING', 'REQUESTED')
      group by t.asset_key
  ), failed as (
    select k.asset_key
      from (select distinct value as asset_key from jsonb_array_elements_text($3::jsonb)) k
      cross join lateral (
        select a.run_id, r.status from headrace.run_assets a join headrace.runs r on r.run_id = a.run_id
          where a.asset_key = k.asset_key order by a.seq desc limit 1) l
      where l.status = 'FAILURE' and not exists (
        select from headrace.events e
          where e.run_id = l.run_id and e.asset_key = k.asset_key and e.type = 'ASSET_MATERIALIZATION')
  ), settled as (
    select p.asset_key,
        coalesce(json_agg(p.partition) filter (
          where p.materialization_id > 0 or o.asset_key is not null and p.observation_id > 0), '[]') as materialized,
        coalesce(json_agg(p.partition) filter (where p.failure_id > p.materialization_id), '[]') as failed
      from headrace.asset_partitions p join partitioned using (asset_key) left join observable o using (asset_key)
      group by p.asset_key
  )
  select json_build_object(
    'key', k.asset_key,
    'lastMaterialization', case when s.last_materialization_id > 0 then json_build_object(
      'storageId', s.last_materialization_id, 'timestamp', (s.last_materialization ->> 'timestamp')::bigint,
      'partition', s.last_materialization ->> 'partition', 'runId', s.last_materialization ->> 'runId') end,
    'lastObservation', case when o.asset_key is not null and s.last_observation_id > 0 then json_build_object(
      'storageId', s.last_observation_id, 'timestamp', (s.last_observation ->> 'timestamp')::bigint,
      'partition', s.last_observation ->> 'partition', 'runId', s.last_observation ->> 'runId') end,
    'runInProgress', coalesce(r.whole, false), 'backfillInProgress', coalesce(b.whole, false),
    'executionFailed', f.asset_key is not null,
    'materialized', coalesce(p.materialized, '[]'), 'partitionsInRuns', coalesce(r.partitions, '[]'),
    'partitionsInBackfills', coalesce(b.partitions, '[]'), 'partitionsFailed', coalesce(p.failed, '[]'))
  from keys k
  left join headrace.asset_records s on s.asset_key = k.asset_key
  left join observable o on o.asset_key = k.asset_key
  left join in_runs r on r.asset_key = k.asset_key
  left join in_backfills b on b.asset_key = k.asset_key
  left join failed f on f.asset_key = k.asset_key
  left join settled p on p.asset_key = k.asset_key
  where s.asset_key is not null or r.asset_key is not null or b.asset_key is not null or f.asset_key is not null
    or p.asset_key is not null`;

/** A run that materializes makes new data, whatever it says of it; one that observes makes none. */
const versionOf = (event: string): string =>
  `coalesce(${event}.data ->> 'dataVersion', case ${event}.type when 'ASSET_MATERIALIZATION' then ${event}.run_id::text end)`;

/** What was wiped meanwhile did not happen. */
const UPDATES = `
  with observable as materialized (
    select distinct value as asset_key from jsonb_array_elements_text($5::jsonb)
  ), keys as materialized (
    select k.asset_key, o.asset_key is not null as observed
      from (select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)) k left join observable o using (asset_key)
  ), page as materialized (
    select e.storage_id, e.asset_key, e.timestamp, e.partition, e.run_id, e.type, e.data, k.observed
      from headrace.events e join keys k using (asset_key)
      left join headrace.asset_records s on s.asset_key = e.asset_key
      left join headrace.asset_partitions p on p.asset_key = e.asset_key and p.partition = e.partition
      where (e.type = 'ASSET_MATERIALIZATION' or k.observed and e.type = 'ASSET_OBSERVATION')
        and e.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION') and e.storage_id > $2::bigint and e.storage_id <= $3::bigint
        and e.storage_id > coalesce(s.wiped_through, 0) and e.storage_id > coalesce(p.wiped_through, 0)
      order by e.storage_id limit $4::integer
  )
  select json_build_object(
    'key', u.asset_key, 'storageId', u.storage_id, 'timestamp', u.timestamp, 'partition', u.partition, 'runId', u.run_id,
    'version', ${versionOf('u')}, 'previousVersion', (
      select ${versionOf('e')} from headrace.events e
        where e.asset_key = u.asset_key and e.partition is not distinct from u.partition and e.storage_id < u.storage_id
          and (e.type = 'ASSET_MATERIALIZATION' or u.observed and e.type = 'ASSET_OBSERVATION')
          and e.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION')
        order by e.storage_id desc limit 1))
  from page u order by u.storage_id`;

const JOB_PARTITIONS = `
  select json_build_object(
    'location', p.location, 'jobName', p.job_name, 'partition', p.partition, 'status', p.status, 'endedAt', p.ended_at,
    'lastSuccessAt', p.last_success_at)
  from (
    select distinct on (r.location, r.job_name, k.partition) r.location, r.job_name, k.partition, r.status, r.ended_at,
        max(r.ended_at) filter (where r.status = 'SUCCESS') over (partition by r.location, r.job_name, k.partition) as last_success_at
      from jsonb_to_recordset($1::jsonb) j (location text, "jobName" text)
      join headrace.runs r on r.location = j.location and r.job_name = j."jobName"
      join headrace.run_plans a on a.run_id = r.run_id
      cross join lateral json_array_elements_text(a.partition_keys) k (partition)
      order by r.location, r.job_name, k.partition, r.seq desc) p
  order by p.location, p.job_name, p.partition`;

const RUNS = `
  select json_build_object('runId', r.run_id, 'tags', r.tags, 'assets', coalesce((
    select json_agg(distinct a.asset_key) from headrace.run_assets a where a.run_id = r.run_id), '[]'))
  from headrace.runs r where r.run_id in (select value::uuid from jsonb_array_elements_text($1::jsonb))`;

const EVALUATIONS = `
  select json_build_object(
    'location', e.location, 'sensor', e.sensor, 'key', e.asset_key, 'evaluationId', e.evaluation_id, 'timestamp', e.timestamp,
    'numRequested', e.num_requested, 'runIds', e.run_ids, 'packed', e.packed, 'shape', h.shape)
  from headrace.automation_evaluations e join headrace.automation_shapes h on h.name = e.packed ->> 'shape'
  where ($1::text is null or e.asset_key = $1::text) and ($2::bigint is null or e.evaluation_id = $2::bigint)
    and ($3::bigint is null or e.evaluation_id < $3::bigint)
  order by e.evaluation_id desc, e.asset_key limit $4::integer`;

const FRESHNESS = `
  select json_build_object(
    'key', k.asset_key, 'materializedAt', (r.last_materialization ->> 'timestamp')::bigint,
    'state', coalesce(s.state, 'UNKNOWN'), 'changedAt', s.changed_at)
  from (select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)) k
  left join headrace.asset_records r on r.asset_key = k.asset_key
  left join headrace.freshness_states s on s.asset_key = k.asset_key`;
