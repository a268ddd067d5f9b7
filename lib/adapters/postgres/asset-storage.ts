import type { AssetHistoryDay, AssetStorage, CheckRecord, PartitionState } from '../../ports/asset-storage';
import { createAssetRecords, LIVE_PLANS } from './asset-records';
import type { Driver } from './driver';
import { toArrayText } from './run-filter';
import { queryEvents } from './stored-event-row';
import { toJsonText } from './to-json-text';

/** Assets, their partitions and checks. */
export function createAssetStorage(driver: Driver): AssetStorage {
  return {
    ...createAssetRecords(driver),
    assetHistory: (key, limit) =>
      driver.query<AssetHistoryDay>(
        `select json_build_object('day', day, 'materializations', materializations, 'observations', observations, 'failures', failures)
         from headrace.asset_history where asset_key = $1 order by day desc limit $2::integer`,
        [key, limit],
      ),
    assetEvents: ({ key, types, partition, before, limit }) =>
      queryEvents(driver, partition === undefined ? ASSET_EVENTS : ASSET_PARTITION_EVENTS, [
        key,
        toArrayText(types),
        before ?? null,
        limit,
        ...(partition === undefined ? [] : [partition]),
      ]),
    newestAssetEvents: ({ keys, types, limit }) =>
      queryEvents(driver, NEWEST_ASSET_EVENTS, [toJsonText([...new Set(keys)]), toArrayText(types), limit]),
    latestMaterializations: (key, partitions) =>
      queryEvents(driver, LATEST_MATERIALIZATIONS, [key, partitions && toJsonText(partitions)]),
    partitionStates: (keys) => driver.query<PartitionState>(PARTITION_STATES, [toJsonText(keys)]),
    checkRecords: (keys) => driver.query<CheckRecord>(CHECK_RECORDS, [toJsonText(keys)]),
    checkHistory: ({ asset, name }, limit, before, partition) =>
      driver.query<CheckRecord>(
        `select ${CHECK_JSON} from headrace.asset_checks c
         where c.asset_key = $1 and c.check_name = $2 and ($4::bigint is null or c.storage_id < $4::bigint)
           and ($5::text is null or c.partition = $5)
         order by c.storage_id desc limit $3::integer`,
        [asset, name, limit, before ?? null, partition ?? null],
      ),
    dynamicPartitionKeys: (location, name) =>
      driver.query<string>(
        'select to_json(key) from headrace.dynamic_partitions where location = $1 and name = $2 order by seq',
        [location, name],
      ),
    dynamicPartitions: (definitions) =>
      driver.query(
        `select json_build_object('location', location, 'name', name, 'keys', json_agg(key order by seq))
         from headrace.dynamic_partitions
         join (select distinct location, name from json_to_recordset($1::json) as d(location text, name text)) d using (location, name)
         group by location, name`,
        [toJsonText(definitions.map(({ location, name }) => ({ location, name })))],
      ),
    async changeDynamicPartitions(location, kind, name, keys) {
      await driver.query('select to_json(headrace.change_dynamic_partitions($1, $2, $3, $4::jsonb)::text)', [
        location,
        kind,
        name,
        toJsonText(keys),
      ]);
    },
    async wipeAsset(key, partitions) {
      await driver.query('select to_json(headrace.wipe_asset($1, $2::jsonb)::text)', [
        key,
        partitions === null ? null : toJsonText(partitions),
      ]);
    },
  };
}

const ASSET_EVENT_TYPES = `('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')`;
/**
 * The literal list lets the planner take the partial index. It is kept from seeing the limit: it expects fewer events of
 * an asset than there are, and would read them all to sort them instead of following the index to the end of the page.
 */
const assetEvents = (extra: string) => `
  select headrace.event_json(page.e) from (
    select e from headrace.events e
    where e.asset_key = $1 and e.type in ${ASSET_EVENT_TYPES} and e.type = any ($2::text[])
      and ($3::bigint is null or e.storage_id < $3::bigint) ${extra}
      and e.storage_id > coalesce((select wiped_through from headrace.asset_records where asset_key = $1), 0)
    order by e.storage_id desc limit (select $4::integer)
  ) page order by (page.e).storage_id desc`;
const ASSET_EVENTS = assetEvents('');
const ASSET_PARTITION_EVENTS = assetEvents(`and e.partition = $5
    and e.storage_id > coalesce((select wiped_through from headrace.asset_partitions where asset_key = $1 and partition = $5), 0)`);

const NEWEST_ASSET_EVENTS = `
  select headrace.event_json(page.e) from jsonb_array_elements_text($1::jsonb) as wanted(key) cross join lateral (
    select e from headrace.events e
    where e.asset_key = wanted.key and e.type in ${ASSET_EVENT_TYPES} and e.type = any ($2::text[])
      and e.storage_id > coalesce((select wiped_through from headrace.asset_records where asset_key = wanted.key), 0)
    order by e.storage_id desc limit (select $3::integer)
  ) page order by wanted.key, (page.e).storage_id desc`;

const LATEST_MATERIALIZATIONS = `
  select headrace.event_json(e) from headrace.asset_partitions p
  join headrace.events e on e.storage_id = p.materialization_id and e.type = 'ASSET_MATERIALIZATION'
  where p.asset_key = $1 and p.materialization_id > 0
    and ($2::jsonb is null or p.partition in (select jsonb_array_elements_text($2::jsonb)))
  order by p.partition`;

const PARTITION_STATES = `
  with ${LIVE_PLANS}, keys as (
    select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)
  ), live as (
    select distinct on (asset_key, partition) asset_key, partition, run_id, claimed_at
    from live_plans join keys using (asset_key)
    where partition <> '' order by asset_key, partition, seq desc
  ), settled as (
    select p.* from headrace.asset_partitions p join keys using (asset_key) where p.materialization_id > 0 or p.failure_id > 0
  )
  select json_build_object(
    'key', coalesce(l.asset_key, s.asset_key),
    'partition', coalesce(l.partition, s.partition),
    'status', case when l.partition is not null then 'IN_PROGRESS' when s.failure_id > s.materialization_id then 'FAILED' else 'MATERIALIZED' end,
    'runId', case when l.partition is not null then l.run_id when s.failure_id > s.materialization_id then s.failure_run_id else s.materialization_run_id end,
    'timestamp', case when l.partition is not null then l.claimed_at when s.failure_id > s.materialization_id then s.failed_at else s.materialized_at end)
  from settled s full join live l on l.asset_key = s.asset_key and l.partition = s.partition
  order by coalesce(l.asset_key, s.asset_key), coalesce(l.partition, s.partition)`;

const CHECK_JSON = `json_build_object(
  'check', json_build_object('asset', c.asset_key, 'name', c.check_name), 'status', c.status, 'evaluation', c.evaluation,
  'runId', coalesce(c.run_id::text, ''), 'stepKey', c.step_key, 'storageId', c.storage_id, 'timestamp', c.timestamp)`;

/** Latest of each check of the assets, from check to check along the index. */
const CHECK_RECORDS = `
  with recursive checks as (
    select k.asset_key, (select c.check_name from headrace.asset_checks c where c.asset_key = k.asset_key order by c.check_name limit 1) as check_name
      from (select distinct value as asset_key from jsonb_array_elements_text($1::jsonb)) k
    union all
    select k.asset_key, (select c.check_name from headrace.asset_checks c
        where c.asset_key = k.asset_key and c.check_name > k.check_name order by c.check_name limit 1)
      from checks k where k.check_name is not null
  )
  select latest.record from checks k cross join lateral (
    select ${CHECK_JSON} from headrace.asset_checks c
    where c.asset_key = k.asset_key and c.check_name = k.check_name order by c.storage_id desc limit 1
  ) latest (record)
  where k.check_name is not null
  order by k.asset_key, k.check_name`;
