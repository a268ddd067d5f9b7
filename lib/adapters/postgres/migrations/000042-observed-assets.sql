-- Assets that are observed: which of their partitions were, for automation conditions.
alter table headrace.asset_partitions add column observation_id bigint not null default 0;

-- As before, with observations of partitions.
create or replace function headrace.apply_asset_events(p_run_id uuid, p_events headrace.events[]) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  -- Rows are locked in key order, so that two batches never wait for each other.
  with said as materialized (
    select e.storage_id, e.asset_key, e.type, e.timestamp, e.data ->> 'dataVersion' as data_version, e as event
      from unnest(p_events) e
      where e.asset_key is not null and e.type <> 'ASSET_CHECK_EVALUATION'
  ), latest as materialized (
    select asset_key,
        max(storage_id) filter (where type = 'ASSET_MATERIALIZATION') as materialization_id,
        max(storage_id) filter (where type = 'ASSET_OBSERVATION') as observation_id,
        max(timestamp) filter (where type = 'ASSET_FAILED_TO_MATERIALIZE') as failure_at,
        max(storage_id) filter (where data_version is not null) as data_version_id
      from said group by asset_key
  )
  insert into asset_records as r (
      asset_key, last_materialization, last_materialization_id, last_observation, last_observation_id, last_failure_at,
      data_version, data_version_id)
    select l.asset_key, case when l.materialization_id is not null then event_json(m.event) end, coalesce(l.materialization_id, 0),
        case when l.observation_id is not null then event_json(o.event) end, coalesce(l.observation_id, 0),
        l.failure_at, v.data_version, coalesce(l.data_version_id, 0)
      from latest l
      left join said m on m.storage_id = l.materialization_id
      left join said o on o.storage_id = l.observation_id
      left join said v on v.storage_id = l.data_version_id
      order by l.asset_key
    on conflict (asset_key) do update set
      last_materialization = case when excluded.last_materialization_id > r.last_materialization_id
        then excluded.last_materialization else r.last_materialization end,
      last_materialization_id = greatest(r.last_materialization_id, excluded.last_materialization_id),
      last_observation = case when excluded.last_observation_id > r.last_observation_id
        then excluded.last_observation else r.last_observation end,
      last_observation_id = greatest(r.last_observation_id, excluded.last_observation_id),
      last_failure_at = greatest(r.last_failure_at, excluded.last_failure_at),
      data_version = case when excluded.data_version_id > r.data_version_id then excluded.data_version else r.data_version end,
      data_version_id = greatest(r.data_version_id, excluded.data_version_id);

  insert into asset_partitions as p (
      asset_key, partition, materialization_id, materialization_run_id, materialized_at, failure_id, failure_run_id, failed_at,
      observation_id)
    select e.asset_key, e.partition,
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_MATERIALIZATION'), 0),
        case when bool_or(e.type = 'ASSET_MATERIALIZATION') then p_run_id end,
        max(e.timestamp) filter (where e.type = 'ASSET_MATERIALIZATION'),
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_FAILED_TO_MATERIALIZE'), 0),
        case when bool_or(e.type = 'ASSET_FAILED_TO_MATERIALIZE') then p_run_id end,
        max(e.timestamp) filter (where e.type = 'ASSET_FAILED_TO_MATERIALIZE'),
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_OBSERVATION'), 0)
      from unnest(p_events) e
      where e.asset_key is not null and e.partition is not null
        and e.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
      group by e.asset_key, e.partition
      order by e.asset_key, e.partition
    on conflict (asset_key, partition) do update set
      materialization_run_id = case when excluded.materialization_id > p.materialization_id
        then excluded.materialization_run_id else p.materialization_run_id end,
      materialized_at = case when excluded.materialization_id > p.materialization_id
        then excluded.materialized_at else p.materialized_at end,
      materialization_id = greatest(p.materialization_id, excluded.materialization_id),
      failure_run_id = case when excluded.failure_id > p.failure_id then excluded.failure_run_id else p.failure_run_id end,
      failed_at = case when excluded.failure_id > p.failure_id then excluded.failed_at else p.failed_at end,
      failure_id = greatest(p.failure_id, excluded.failure_id),
      observation_id = greatest(p.observation_id, excluded.observation_id);

  if p_run_id is not null then
    -- A materialization without a partition stands for all that the run planned of the asset.
    update run_assets a set done = true
      from unnest(p_events) e
      where a.run_id = p_run_id and a.asset_key = e.asset_key and not a.done
        and e.type in ('ASSET_MATERIALIZATION', 'ASSET_FAILED_TO_MATERIALIZE')
        and (e.partition is null or a.partition in ('', e.partition));
    -- The plan names a check once; its evaluations may be by partition.
    delete from asset_checks c
      using unnest(p_events) e
      where e.type = 'ASSET_CHECK_EVALUATION' and e.data ->> 'partition' is not null
        and c.run_id = p_run_id and c.asset_key = e.data ->> 'asset' and c.check_name = e.data ->> 'name'
        and c.partition = '' and c.evaluation is null;
  end if;

  insert into asset_checks (asset_key, check_name, run_id, partition, status, evaluation, storage_id, timestamp)
    select distinct on (e.data ->> 'asset', e.data ->> 'name', coalesce(e.data ->> 'partition', ''))
        e.data ->> 'asset', e.data ->> 'name', p_run_id, coalesce(e.data ->> 'partition', ''),
        case when (e.data ->> 'passed')::boolean then 'SUCCEEDED' else 'FAILED' end,
        e.data, e.storage_id, e.timestamp
      from unnest(p_events) e
      where e.type = 'ASSET_CHECK_EVALUATION'
      order by e.data ->> 'asset', e.data ->> 'name', coalesce(e.data ->> 'partition', ''), e.storage_id desc
    on conflict (run_id, asset_key, check_name, partition) do update set
      status = excluded.status, evaluation = excluded.evaluation, storage_id = excluded.storage_id, timestamp = excluded.timestamp;
end $$;

-- As before, with them.
create or replace function headrace.wipe_asset(p_asset_key text, p_partitions jsonb)
returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_through bigint;
  v_latest events;
begin
  perform from asset_records where asset_key = p_asset_key for update;
  select case when is_called then last_value else 0 end into v_through from event_ids;
  if p_partitions is null then
    insert into asset_records (asset_key, wiped_through) values (p_asset_key, v_through)
      on conflict (asset_key) do update set last_materialization = null, last_materialization_id = 0, last_observation = null,
        last_observation_id = 0, last_failure_at = null, data_version = null, data_version_id = 0, wiped_through = excluded.wiped_through;
    delete from asset_partitions where asset_key = p_asset_key;
    delete from asset_history where asset_key = p_asset_key;
    return;
  end if;
  insert into asset_partitions (asset_key, partition, wiped_through)
    select p_asset_key, k.key, v_through from jsonb_array_elements_text(p_partitions) k (key) order by k.key
    on conflict (asset_key, partition) do update set materialization_id = 0, materialization_run_id = null, materialized_at = null,
      failure_id = 0, failure_run_id = null, failed_at = null, observation_id = 0, wiped_through = excluded.wiped_through;
  -- When the latest materialization was one of them, the latest of the others takes its place.
  if exists (select from asset_records where asset_key = p_asset_key and p_partitions ? (last_materialization ->> 'partition')) then
    select e.* into v_latest from events e
      where e.asset_key = p_asset_key and e.type = 'ASSET_MATERIALIZATION'
        and e.storage_id > (select wiped_through from asset_records where asset_key = p_asset_key)
        and not exists (select from asset_partitions p
          where p.asset_key = e.asset_key and p.partition = e.partition and p.wiped_through >= e.storage_id)
      order by e.storage_id desc limit 1;
    update asset_records set last_materialization = case when v_latest.storage_id is null then null else event_json(v_latest) end,
        last_materialization_id = coalesce(v_latest.storage_id, 0)
      where asset_key = p_asset_key;
  end if;
end $$;

-- As before, with the versions of assets that come before without giving a value.
create or replace function headrace.run_assignment(p_run_id uuid, p_attempt integer) returns json
language sql stable
set search_path = headrace, pg_temp
as $$
  with recursive lineage as (
    select r.run_id, r.parent_run_id, r.tags, 0 as depth from runs r where r.run_id = p_run_id
    union all
    -- A run that resumes from failure keeps what its parent finished, and what that one kept.
    select p.run_id, p.parent_run_id, p.tags, l.depth + 1
      from lineage l join runs p on p.run_id = l.parent_run_id
      where l.tags ->> 'dagster/is_resume_retry' = 'true' and l.depth < 100
  ), step_events as (
    select l.depth, l.run_id, e.storage_id, e.type, e.step_key, e.data
      from lineage l join events e on e.run_id = l.run_id
      where e.type in ('STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED', 'STEP_OUTPUT') and e.step_key is not null
  ), last_word as (
    select distinct on (step_key) step_key, type, depth, run_id from step_events where type <> 'STEP_OUTPUT'
      order by step_key, depth, storage_id desc
  )
  select json_build_object(
    'runId', r.run_id, 'location', r.location, 'jobName', r.job_name, 'bundleHash', r.bundle_hash, 'tags', r.tags,
    'config', p.config, 'plan', f.plan, 'partitionKeys', p.partition_keys, 'lastSeq', a.last_seq,
    'stepResults', coalesce((
      select json_agg(json_build_object('stepKey', w.step_key, 'status', substr(w.type, 6), 'runId', nullif(w.run_id, p_run_id), 'outputs', coalesce((
          select json_agg(json_build_object('output', o.data ->> 'output', 'mappingKey', o.data ->> 'mappingKey') order by o.storage_id)
          from step_events o where o.type = 'STEP_OUTPUT' and o.step_key = w.step_key and o.depth = w.depth), '[]')))
      from last_word w where w.type in ('STEP_SUCCESS', 'STEP_SKIPPED')), '[]'),
    'triesByStep', coalesce((
      select json_object_agg(t.step_key, t.tries) from (
        select e.step_key, greatest(max(e.try_number), count(*))::integer as tries from events e
          where e.run_id = p_run_id and e.type in ('STEP_START', 'STEP_RESTARTED') and e.attempt < p_attempt and e.step_key is not null
          group by e.step_key) t), '{}'),
    'inputDataVersions', coalesce((
      select json_object_agg(d.asset_key, d.data_version) from asset_records d
        where d.data_version is not null
          and d.asset_key in (
            select s ->> 'asset' from jsonb_path_query(f.plan::jsonb, '$.steps[*].inputs[*].sources[*] ? (@.kind == "asset")') s
            union all select s #>> '{}' from jsonb_path_query(f.plan::jsonb, '$.steps[*].upstreamAssets[*]') s)
          and not exists (select from run_assets m where m.run_id = p_run_id and m.asset_key = d.asset_key)), '{}'))
  from runs r join run_plans p on p.run_id = r.run_id join plans f on f.hash = p.plan_hash
  join attempts a on a.run_id = r.run_id and a.attempt = p_attempt
  where r.run_id = p_run_id
$$;

-- The latest materializations or observations of an asset that the run checks, newest first.
create function headrace.worker_asset_events(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_asset text, p_type text, p_partition text, p_limit integer
) returns setof jsonb
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if p_type not in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION') then
    raise exception '% is no event that a check may see', p_type using errcode = 'HR003';
  end if;
  if not exists (select from asset_checks where run_id = p_run_id and asset_key = p_asset) then
    raise exception 'run % checks nothing of %', p_run_id, p_asset using errcode = 'HR003';
  end if;
  return query select jsonb_build_object(
      'timestamp', m.timestamp, 'runId', m.run_id, 'partition', m.partition, 'dataVersion', m.data -> 'dataVersion',
      'metadata', m.data -> 'metadata', 'overflow', m.data -> 'overflow')
    from (
      select e.* from events e
      where e.asset_key = p_asset and e.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
        and e.type = p_type and (p_partition is null or e.partition = p_partition)
        and e.storage_id > coalesce((select wiped_through from asset_records where asset_key = p_asset), 0)
        and (e.partition is null or e.storage_id > coalesce(
          (select wiped_through from asset_partitions p where p.asset_key = p_asset and p.partition = e.partition), 0))
      order by e.storage_id desc limit p_limit
    ) m order by m.storage_id desc;
end $$;

revoke execute on function headrace.worker_asset_events(uuid, integer, text, text, text, text, text, integer) from public;
grant execute on function headrace.worker_asset_events(uuid, integer, text, text, text, text, text, integer)
  to headrace_app, headrace_worker;
