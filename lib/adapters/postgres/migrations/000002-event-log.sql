-- The append-only log of everything that happened, partitioned by month of recording.
create sequence headrace.event_ids;

create table headrace.events (
  storage_id bigint not null default nextval('headrace.event_ids'),
  recorded_at bigint not null,
  run_id uuid,
  attempt integer not null default 0,
  type text not null,
  -- The producer's clock.
  timestamp bigint not null,
  level text not null,
  message text not null,
  step_key text,
  try_number integer,
  asset_key text,
  partition text,
  data json not null
) partition by range (recorded_at);

create table headrace.events_default partition of headrace.events default;

create index events_by_run on headrace.events (run_id, storage_id);
create index events_of_steps on headrace.events (run_id, storage_id)
  where type in ('STEP_START', 'STEP_RESTARTED', 'STEP_UP_FOR_RETRY', 'STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED', 'STEP_OUTPUT');
create index events_of_run_status on headrace.events (type, storage_id)
  where type in ('RUN_ENQUEUED', 'RUN_STARTING', 'RUN_START', 'RUN_SUCCESS', 'RUN_FAILURE', 'RUN_CANCELING', 'RUN_CANCELED');
create index events_by_asset on headrace.events (asset_key, storage_id)
  where type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE');
create index events_by_asset_partition on headrace.events (asset_key, partition, storage_id)
  where partition is not null and type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE');

-- Makes the partitions of this month and the following ones, moving rows that the default partition took meanwhile.
create function headrace.create_event_partitions(p_months_ahead integer) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_start timestamptz;
  v_from bigint;
  v_to bigint;
  v_name text;
  v_made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('headrace.create_event_partitions', 0));
  for i in 0..p_months_ahead loop
    v_start := date_trunc('month', to_timestamp(now_ms() / 1000.0), 'UTC') + make_interval(months => i);
    v_name := 'events_' || to_char(v_start at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass('headrace.' || v_name) is not null;
    v_from := extract(epoch from v_start) * 1000;
    v_to := extract(epoch from date_trunc('month', v_start + interval '32 days', 'UTC')) * 1000;
    execute format('create table %I (like events including defaults including constraints)', v_name);
    execute format(
      'with moved as (delete from events_default where recorded_at >= %s and recorded_at < %s returning *) insert into %I select * from moved',
      v_from, v_to, v_name);
    execute format('alter table events attach partition %I for values from (%s) to (%s)', v_name, v_from, v_to);
    v_made := v_made + 1;
  end loop;
  return v_made;
end $$;

-- Retention: drops the partitions that end before the instant; returns how many.
create function headrace.drop_event_partitions(p_before bigint) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_name text;
  v_dropped integer := 0;
begin
  for v_name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass and c.relname ~ '^events_\d{4}_\d{2}$'
      and extract(epoch from (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC') * 1000 <= p_before
  loop
    execute format('drop table %I', v_name);
    v_dropped := v_dropped + 1;
  end loop;
  return v_dropped;
end $$;

-- Must come before the first event id that a transaction takes. It announces, visibly for everyone, that all ids
-- this transaction will take are above the sequence's present value, until the transaction has ended. (Comparing
-- transaction ids with the oldest one in progress is not enough: an older transaction may take a higher event id,
-- commit, and so hide a lower id of a younger one that is still open.)
create function headrace.announce_events() returns void
language sql volatile
as $$
  select pg_advisory_xact_lock_shared((18514::bigint << 48) | (select case when is_called then last_value else 0 end from headrace.event_ids))
$$;

-- Highest storage id below which nothing can appear any more. Call it in a statement before the one that reads.
create function headrace.safe_storage_id() returns bigint
language plpgsql volatile
set search_path = headrace, pg_temp
as $$
declare
  v_last bigint;
  v_open bigint;
begin
  -- The order matters: whoever announces after the locks were read takes ids above v_last.
  select case when is_called then last_value else 0 end into v_last from event_ids;
  select min(((l.classid::bigint & 65535) << 32) | l.objid::bigint) into v_open
    from pg_locks l
    where l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint >> 16 = 18514
      and l.database = (select oid from pg_database where datname = current_database());
  return least(v_last, v_open);
end $$;

-- An event in the shape of lib/model/event.ts, but for null where a field is absent there.
create function headrace.event_json(e headrace.events) returns json
language sql stable
as $$
  select json_build_object(
    'storageId', e.storage_id, 'runId', e.run_id, 'attempt', e.attempt, 'type', e.type, 'timestamp', e.timestamp,
    'level', e.level, 'message', e.message, 'stepKey', e.step_key, 'tryNumber', e.try_number, 'assetKey', e.asset_key,
    'partition', e.partition, 'data', e.data)
$$;

-- One event that the system itself writes. The caller has announced and holds the run's row.
create function headrace.write_event(
  p_run_id uuid, p_attempt integer, p_type text, p_level text, p_message text, p_data json
) returns bigint
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_id bigint;
begin
  insert into events (recorded_at, run_id, attempt, type, timestamp, level, message, data)
    values (v_now, p_run_id, p_attempt, p_type, v_now, p_level, p_message, p_data)
    returning storage_id into v_id;
  return v_id;
end $$;

-- Events of a batch in its order, and what they say about assets and checks.
create function headrace.write_events(p_run_id uuid, p_attempt integer, p_events json) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_asset_events events[];
begin
  with written as (
    insert into events (recorded_at, run_id, attempt, type, timestamp, level, message, step_key, try_number, asset_key, partition, data)
      select v_now, p_run_id, p_attempt, e.type, e.timestamp, e.level, e.message, e.step_key, e.try_number, e.asset_key, e.partition, e.data
      from rows from (json_to_recordset(p_events) as (
        type text, timestamp bigint, level text, message text, "stepKey" text, "tryNumber" integer, "assetKey" text,
        partition text, data json)) with ordinality as e (
        type, timestamp, level, message, step_key, try_number, asset_key, partition, data, ord)
      order by e.ord
      returning *
  )
  select array_agg(row(w.*)::events order by w.storage_id) into v_asset_events
    from written w
    where w.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE', 'ASSET_CHECK_EVALUATION');
  if v_asset_events is not null then perform apply_asset_events(p_run_id, v_asset_events); end if;
end $$;

-- Brings asset_records, asset_partitions, run_assets and asset_checks up to these events of one writer.
create function headrace.apply_asset_events(p_run_id uuid, p_events headrace.events[]) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  -- Rows are locked in key order, so that two batches never wait for each other.
  insert into asset_records as r (
      asset_key, last_materialization, last_materialization_id, last_observation, last_observation_id, last_failure_at,
      data_version, data_version_id)
    select e.asset_key,
        (array_agg(event_json(e) order by e.storage_id desc) filter (where e.type = 'ASSET_MATERIALIZATION'))[1],
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_MATERIALIZATION'), 0),
        (array_agg(event_json(e) order by e.storage_id desc) filter (where e.type = 'ASSET_OBSERVATION'))[1],
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_OBSERVATION'), 0),
        max(e.timestamp) filter (where e.type = 'ASSET_FAILED_TO_MATERIALIZE'),
        (array_agg(e.data ->> 'dataVersion' order by e.storage_id desc) filter (where e.data ->> 'dataVersion' is not null))[1],
        coalesce(max(e.storage_id) filter (where e.data ->> 'dataVersion' is not null), 0)
      from unnest(p_events) e
      where e.asset_key is not null and e.type <> 'ASSET_CHECK_EVALUATION'
      group by e.asset_key
      order by e.asset_key
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

-- Readers that follow the log. The bound is taken in a statement before the one that reads, so that whatever lies
-- below it is visible to the latter.
create function headrace.run_status_changes(p_after bigint, p_types jsonb, p_jobs jsonb, p_limit integer) returns setof json
language plpgsql volatile
set search_path = headrace, pg_temp
as $$
declare
  v_safe bigint := safe_storage_id();
begin
  return query
    select json_build_object(
        'storageId', c.storage_id, 'runId', c.run_id, 'location', c.location, 'jobName', c.job_name, 'status', s.status,
        'tags', c.tags, 'timestamp', c.timestamp,
        'cause', case when s.status in ('FAILURE', 'CANCELED') then c.cause end)
      from jsonb_array_elements_text(p_types) t (type)
      join (values ('RUN_ENQUEUED', 'QUEUED'), ('RUN_STARTING', 'STARTING'), ('RUN_START', 'STARTED'), ('RUN_SUCCESS', 'SUCCESS'),
        ('RUN_FAILURE', 'FAILURE'), ('RUN_CANCELING', 'CANCELING'), ('RUN_CANCELED', 'CANCELED')) s (type, status) on s.type = t.type
      cross join lateral (
        select e.storage_id, e.run_id, e.timestamp, r.location, r.job_name, r.tags, r.cause
          from events e join runs r on r.run_id = e.run_id
          where e.type = t.type and e.storage_id > p_after and e.storage_id <= v_safe
            and e.type in ('RUN_ENQUEUED', 'RUN_STARTING', 'RUN_START', 'RUN_SUCCESS', 'RUN_FAILURE', 'RUN_CANCELING', 'RUN_CANCELED')
            and exists (select from jsonb_array_elements(p_jobs) j
              where j ->> 'location' = r.location and (j ->> 'jobName' is null or j ->> 'jobName' = r.job_name))
          order by e.storage_id limit p_limit
      ) c
      order by c.storage_id limit p_limit;
end $$;

create function headrace.asset_updates(p_after bigint, p_keys jsonb, p_limit integer) returns setof json
language plpgsql volatile
set search_path = headrace, pg_temp
as $$
declare
  v_safe bigint := safe_storage_id();
begin
  return query
    select json_build_object(
        'storageId', u.storage_id, 'assetKey', u.asset_key, 'runId', u.run_id, 'partition', u.partition,
        'timestamp', u.timestamp, 'metadata', coalesce(u.data -> 'metadata', '{}'))
      from (select distinct value as asset_key from jsonb_array_elements_text(p_keys)) k
      cross join lateral (
        select e.* from events e
          where e.asset_key = k.asset_key and e.type = 'ASSET_MATERIALIZATION' and e.storage_id > p_after and e.storage_id <= v_safe
          order by e.storage_id limit p_limit
      ) u
      order by u.storage_id limit p_limit;
end $$;

-- A page of a run's events. The planner takes a run for small and would sort all of a large one for every page, so it
-- is told to walk along the index.
create function headrace.run_events(p_run_id uuid, p_after bigint, p_limit integer, p_types jsonb) returns setof json
language plpgsql stable
set search_path = headrace, pg_temp
set enable_bitmapscan = off
set enable_seqscan = off
set enable_sort = off
as $$
begin
  return query
    select event_json(page.e) from (
      select e from events e
        where e.run_id = p_run_id and e.storage_id > p_after
          and (p_types is null or e.type in (select jsonb_array_elements_text(p_types)))
        order by e.storage_id limit p_limit
    ) page;
end $$;
