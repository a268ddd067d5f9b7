-- Materializations of one batch are mostly of few assets: only the latest event of each is made into what is kept, and
-- what an event holds is read once.
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
      asset_key, partition, materialization_id, materialization_run_id, materialized_at, failure_id, failure_run_id, failed_at)
    select e.asset_key, e.partition,
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_MATERIALIZATION'), 0),
        case when bool_or(e.type = 'ASSET_MATERIALIZATION') then p_run_id end,
        max(e.timestamp) filter (where e.type = 'ASSET_MATERIALIZATION'),
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_FAILED_TO_MATERIALIZE'), 0),
        case when bool_or(e.type = 'ASSET_FAILED_TO_MATERIALIZE') then p_run_id end,
        max(e.timestamp) filter (where e.type = 'ASSET_FAILED_TO_MATERIALIZE')
      from unnest(p_events) e
      where e.asset_key is not null and e.partition is not null
        and e.type in ('ASSET_MATERIALIZATION', 'ASSET_FAILED_TO_MATERIALIZE')
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
      failure_id = greatest(p.failure_id, excluded.failure_id);

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
