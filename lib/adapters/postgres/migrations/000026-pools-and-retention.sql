-- Pools that whole runs hold, and what stays of an asset's history when its runs are pruned.

-- Pools of all steps; null = none.
alter table headrace.runs add column pools text[];
-- Whether the run, while it is starting, started or canceling, holds a slot of each of them.
alter table headrace.runs add column holds_pools boolean not null default false;
create index runs_holding_pools on headrace.runs (status) where holds_pools and status in ('STARTING', 'STARTED', 'CANCELING');

-- Slots of pools with a limit, and how many are taken: by steps, by runs that are about to start one, by whole runs.
create or replace view headrace.pool_usage as
  select p.pool, p.slots,
    (select count(*) from headrace.live_pool_leases l join headrace.runs r on r.run_id = l.run_id
        where l.pool = p.pool and not r.holds_pools)
      + (select count(*) from headrace.runs r where r.status = 'STARTING' and not r.holds_pools and p.pool = any (r.root_pools))
      + (select count(*) from headrace.runs r
        where r.holds_pools and r.status in ('STARTING', 'STARTED', 'CANCELING') and p.pool = any (r.pools)) as used
  from headrace.pools p;

-- Runs that hold slots.
create view headrace.pool_holders as
  select distinct l.pool, l.run_id from headrace.live_pool_leases l
  union
  select unnest(r.pools), r.run_id from headrace.runs r where r.holds_pools and r.status in ('STARTING', 'STARTED', 'CANCELING');
grant select on headrace.pool_holders to headrace_app;

-- As before, with the pools of all steps.
create or replace function headrace.enqueue_runs(p_plans json, p_shared json, p_runs json)
returns table (run_id uuid, created boolean, run_key text)
language plpgsql
set search_path = headrace, pg_temp
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
  v_now bigint;
  v_created uuid[];
  -- What the runs are known by, in the order given.
  v_ids uuid[];
  v_locations text[];
  v_kinds text[];
  v_names text[];
  v_run_keys text[];
  v_idempotency_keys text[];
  v_run record;
begin
  perform announce_events();
  v_now := now_ms();
  with shared as materialized (
    select (s.ord - 1)::integer as shared, r.*
      from json_array_elements(p_shared) with ordinality s (value, ord)
      cross join json_to_record(s.value) as r (
        location text, "jobName" text, "bundleHash" text, config json, "assetSelection" jsonb, "assetCheckSelection" jsonb,
        "stepKeys" jsonb, plan integer, "parentRunId" uuid, "rootRunId" uuid, "originKind" text, "originName" text,
        priority bigint, "maxRuntime" double precision, "rootPools" jsonb, pools jsonb)
  ), input as materialized (
    select i.run_id, s.location, s."jobName" as job_name, s."bundleHash" as bundle_hash, s.config, i.tags,
        s."assetSelection" as asset_selection, s."assetCheckSelection" as asset_check_selection, s."stepKeys" as step_keys, s.plan,
        i.partition_keys, s."parentRunId" as parent_run_id, s."rootRunId" as root_run_id, s."originKind" as origin_kind,
        s."originName" as origin_name, i.run_key, i.idempotency_key, s.priority, s."maxRuntime" as max_runtime,
        case when s."rootPools" is not null then array(select jsonb_array_elements_text(s."rootPools")) end as root_pools,
        case when s.pools is not null then array(select jsonb_array_elements_text(s.pools)) end as pools,
        i.dependencies is not null as waits, i.ord
      from rows from (json_to_recordset(p_runs) as (
        shared integer, "runId" uuid, tags jsonb, "partitionKeys" json, "runKey" text, "idempotencyKey" text, dependencies json))
        with ordinality as i (shared, run_id, tags, partition_keys, run_key, idempotency_key, dependencies, ord)
      join shared s on s.shared = i.shared
  ), input_plans as materialized (
    select (p.ord - 1)::integer as plan, sha256(convert_to(p.value::text, 'UTF8')) as hash, p.value
      from json_array_elements(p_plans) with ordinality p (value, ord)
  ), new_plans as (
    insert into plans (hash, plan) select hash, value from input_plans order by hash on conflict do nothing
  ), inserted as (
    insert into runs (
        run_id, location, job_name, bundle_hash, priority, tags, parent_run_id, root_run_id, origin_kind, origin_name,
        run_key, idempotency_key, max_runtime, created_at, updated_at, root_pools, pools, waits)
      select run_id, location, job_name, bundle_hash, priority, tags, parent_run_id, root_run_id, origin_kind,
        origin_name, run_key, idempotency_key, max_runtime, v_now, v_now, root_pools, pools, waits
      from input order by ord
      on conflict do nothing
      returning run_id, seq
  ), fresh as materialized (
    select distinct on (i.run_id) i.*, n.seq from input i join inserted n on n.run_id = i.run_id order by i.run_id, i.ord
  ), asked as (
    insert into run_plans (run_id, config, asset_selection, asset_check_selection, step_keys, plan_hash, partition_keys)
      select f.run_id, f.config, f.asset_selection, f.asset_check_selection, f.step_keys, p.hash, f.partition_keys
      from fresh f join input_plans p on p.plan = f.plan
  ), tags as (
    insert into run_tags (key, value, seq) select t.key, t.value, f.seq from fresh f, jsonb_each_text(f.tags) t
  ), steps as materialized (
    select p.plan, s.ord, s.step from input_plans p, json_array_elements(p.value -> 'steps') with ordinality s (step, ord)
  ), plan_assets as materialized (
    select distinct on (s.plan, a.key) s.plan, a.key as asset_key, s.step ->> 'key' as step_key, s.ord
      from steps s, json_array_elements_text(s.step -> 'assets') a (key)
      order by s.plan, a.key, s.ord
  ), plan_checks as materialized (
    select distinct on (s.plan, c.key ->> 'asset', c.key ->> 'name')
        s.plan, c.key ->> 'asset' as asset_key, c.key ->> 'name' as check_name, s.step ->> 'key' as step_key, s.ord,
        exists (select from steps b where b.plan = s.plan and (b.step -> 'blockedBy')::jsonb @> jsonb_build_array(c.key)) as blocking
      from steps s, json_array_elements(s.step -> 'checks') c (key)
      order by s.plan, c.key ->> 'asset', c.key ->> 'name', s.ord
  ), planned_assets as materialized (
    select f.run_id, f.seq, a.asset_key, a.step_key, a.ord, coalesce(k.partition, '') as partition, k.ord as partition_ord
      from fresh f join plan_assets a on a.plan = f.plan
      left join lateral json_array_elements_text(f.partition_keys) with ordinality k (partition, ord) on true
  ), assets as (
    insert into run_assets (run_id, asset_key, partition, step_key, seq)
      select run_id, asset_key, partition, step_key, seq from planned_assets
      on conflict do nothing
  ), new_events as materialized (
    select nextval('event_ids') as storage_id, o.* from (
      select run_id, seq, 0 as kind, 0 as ord, 0 as ord2, 'RUN_ENQUEUED' as type, 'Run was enqueued.' as message,
          null::text as step_key, null::text as asset_key, null::text as check_name, null::text as partition, '{}'::json as data
        from fresh
      union all
      select run_id, seq, 1, ord, partition_ord, 'ASSET_MATERIALIZATION_PLANNED', 'Plans to materialize ' || asset_key || '.',
          step_key, asset_key, null, nullif(partition, ''), '{}'
        from planned_assets
      union all
      select f.run_id, f.seq, 2, c.ord, 0, 'ASSET_CHECK_EVALUATION_PLANNED', 'Plans to evaluate the check ' || c.check_name || ' of ' || c.asset_key || '.',
          c.step_key, c.asset_key, c.check_name, null, json_build_object('asset', c.asset_key, 'name', c.check_name, 'blocking', c.blocking)
        from fresh f join plan_checks c on c.plan = f.plan
      order by seq, kind, ord, ord2
    ) o
  ), logged as (
    insert into events (storage_id, recorded_at, run_id, type, timestamp, level, message, step_key, asset_key, partition, data)
      select storage_id, v_now, run_id, type, v_now, case kind when 0 then 'INFO' else 'DEBUG' end, message, step_key, asset_key, partition, data
      from new_events
  ), checks as (
    insert into asset_checks (asset_key, check_name, run_id, step_key, status, storage_id, timestamp)
      select asset_key, check_name, run_id, step_key, 'IN_PROGRESS', storage_id, v_now from new_events where kind = 2
  )
  select (select coalesce(array_agg(run_id), '{}') from fresh), array_agg(run_id order by ord), array_agg(location order by ord),
      array_agg(origin_kind order by ord), array_agg(origin_name order by ord), array_agg(run_key order by ord),
      array_agg(idempotency_key order by ord)
    into v_created, v_ids, v_locations, v_kinds, v_names, v_run_keys, v_idempotency_keys
    from input;

  if cardinality(v_created) > 0 then
    insert into outbox (kind, created_at) values ('dequeue', v_now);
  end if;
  if exists (select from runs r where r.run_id = any (v_created) and r.waits) then
    insert into run_dependencies (run_id, ord, upstream_run_id, location, job_name, requires, mode)
      select r.run_id, d.ord, coalesce((d.item ->> 'runId')::uuid, (
            select n.run_id from runs n
              where n.location = d.item ->> 'location' and n.job_name = d.item ->> 'jobName' and n.seq < r.seq
              order by n.seq desc limit 1)),
            d.item ->> 'location', d.item ->> 'jobName', d.item ->> 'requires', i -> 'dependencies' ->> 'mode'
          from json_array_elements(p_runs) i
          join runs r on r.run_id = (i ->> 'runId')::uuid and r.waits and r.run_id = any (v_created)
          cross join json_array_elements(i -> 'dependencies' -> 'on') with ordinality d (item, ord)
        on conflict do nothing;
    for v_run in
      select r.run_id, r.location, r.job_name from json_array_elements(p_runs) i
        join runs r on r.run_id = (i ->> 'runId')::uuid and r.waits
        where r.run_id = any (v_created)
    loop
      if exists (
        with recursive upstream as (
          select d.upstream_run_id, d.location, d.job_name from run_dependencies d where d.run_id = v_run.run_id
          union
          select d.upstream_run_id, d.location, d.job_name
            from upstream u join runs r on r.run_id = u.upstream_run_id and r.waits and r.status = 'QUEUED'
            join run_dependencies d on d.run_id = r.run_id
        )
        select from upstream u
          where u.upstream_run_id = v_run.run_id
            or (u.upstream_run_id is null and u.location = v_run.location and u.job_name = v_run.job_name)
      ) then
        raise exception 'run % of job % and what it is to start after would wait for each other', v_run.run_id, v_run.job_name using errcode = 'HR003';
      end if;
    end loop;
  end if;

  if cardinality(v_created) = cardinality(v_ids) then
    return query select i.run_id, true, i.run_key from unnest(v_ids, v_run_keys) i (run_id, run_key);
    return;
  end if;

  return query
    with answered as (
      select i.*,
          -- Of several entries with one id the first made it.
          n.run_id is not null and row_number() over (partition by i.run_id order by i.ord) = 1 as created
        from unnest(v_ids, v_locations, v_kinds, v_names, v_run_keys, v_idempotency_keys) with ordinality
          i (run_id, location, origin_kind, origin_name, run_key, idempotency_key, ord)
        left join unnest(v_created) n (run_id) on n.run_id = i.run_id
    )
    select coalesce(same.run_id, by_key.run_id, by_idempotency.run_id), a.created, a.run_key
      from answered a
      left join runs same on same.run_id = a.run_id
      left join runs by_key on same.run_id is null and by_key.location = a.location and by_key.run_key = a.run_key
        and by_key.origin_kind = a.origin_kind and by_key.origin_name = a.origin_name
      left join runs by_idempotency on same.run_id is null and by_idempotency.idempotency_key = a.idempotency_key
      order by a.ord;
end $$;

-- As before; with poolGranularity 'run' a run starts when each of its pools has a slot, and holds these.
create or replace function headrace.claim_runs(p_count integer, p_settings jsonb)
returns table (run_id uuid, attempt integer)
language plpgsql
set search_path = headrace, pg_temp
set lock_timeout = '5s'
as $$
#variable_conflict use_column
declare
  v_now bigint;
  v_max integer := (p_settings ->> 'maxConcurrentRuns')::integer;
  v_left integer := p_count;
  -- Whether a run holds a slot of each of its pools from the claim to its end, instead of each step for itself.
  v_by_run boolean := coalesce(p_settings ->> 'poolGranularity' = 'run', false);
  v_limits jsonb;
  -- Runs that count, by limit: "<index of the limit>:<tag value>", the value empty for limits over all values.
  v_used jsonb;
  -- Free slots by pool, of those with a limit.
  v_free jsonb;
  v_full text[];
  v_held text[];
  v_blocked text;
  -- The last run looked at.
  v_rank bigint;
  v_seq bigint;
  v_run record;
  v_cell record;
  v_pool text;
  v_fetched integer;
  v_is_blocked boolean;
  v_claimed uuid[] := '{}';
  v_attempts integer[] := '{}';
begin
  perform pg_advisory_xact_lock(hashtextextended('headrace.claim_runs', 0));
  if v_max >= 0 then
    v_left := least(v_left, v_max - (select count(*)::integer from runs where status in ('STARTING', 'STARTED', 'CANCELING')));
  end if;
  if v_left <= 0 then return; end if;

  select coalesce(jsonb_agg(jsonb_build_object(
      'index', l.ord, 'key', l.item ->> 'key', 'limit', (l.item ->> 'limit')::integer,
      'value', case when jsonb_typeof(l.item -> 'value') = 'string' then l.item ->> 'value' end,
      'each', coalesce((l.item -> 'value' ->> 'applyLimitPerUniqueValue')::boolean, false)) order by l.ord), '[]')
    into v_limits
    from jsonb_array_elements(coalesce(p_settings -> 'tagConcurrencyLimits', '[]')) with ordinality l (item, ord);
  select coalesce(jsonb_object_agg(u.cell, u.used), '{}') into v_used from (
    select c.cell, count(*) as used
      from runs r cross join lateral limit_cells(v_limits, r.tags) c
      where r.status in ('STARTING', 'STARTED', 'CANCELING')
      group by c.cell
  ) u;
  select coalesce(jsonb_object_agg(pool, slots - used), '{}') into v_free from pool_usage;
  select array_agg(backfill_id) into v_held from held_backfills;

  v_now := now_ms();
  loop
    select array_agg(f.key) into v_full from jsonb_each_text(v_free) f where f.value::bigint <= 0;
    v_blocked := blocked_condition(v_limits, v_used)
      || case when v_held is null then '' else format(' and (tags ->> ''dagster/backfill'' = any (%L)) is not true', v_held) end
      || case when v_full is null then '' else format(case when v_by_run then ' and (pools && %L) is not true' else ' and (root_pools <@ %L) is not true' end, v_full) end;
    v_fetched := 0;
    for v_run in execute format(
      'select run_id, seq, -priority as rank, tags, root_pools, pools from runs where status = ''QUEUED'' and not waits %s %s order by -priority, seq limit %s',
      case when v_seq is null then '' else format('and (-priority, seq) > (%s, %s)', v_rank, v_seq) end,
      v_blocked, v_left)
    loop
      v_fetched := v_fetched + 1;
      v_rank := v_run.rank;
      v_seq := v_run.seq;
      -- Those claimed since the rows were fetched may have filled a limit or a pool.
      select coalesce(bool_or(coalesce((v_used ->> c.cell)::integer, 0) >= c.maximum), false) into v_is_blocked
        from limit_cells(v_limits, v_run.tags) c;
      continue when v_is_blocked;
      if v_by_run then
        continue when exists (select from unnest(v_run.pools) p where (v_free ->> p)::bigint <= 0);
      else
        continue when v_run.root_pools is not null
          and not exists (select from unnest(v_run.root_pools) p where coalesce((v_free ->> p)::bigint, 1) > 0);
      end if;
      update runs set status = 'STARTING', attempt = attempt + 1, claimed_at = v_now, updated_at = v_now,
          holds_pools = v_by_run
        where run_id = v_run.run_id and status = 'QUEUED' and not waits
        returning attempt into attempt;
      continue when not found;
      run_id := v_run.run_id;
      v_claimed := v_claimed || run_id;
      v_attempts := v_attempts || attempt;
      v_left := v_left - 1;
      for v_cell in select c.cell from limit_cells(v_limits, v_run.tags) c loop
        v_used := v_used || jsonb_build_object(v_cell.cell, coalesce((v_used ->> v_cell.cell)::integer, 0) + 1);
      end loop;
      foreach v_pool in array coalesce(case when v_by_run then v_run.pools else v_run.root_pools end, '{}') loop
        if v_free ? v_pool then v_free := v_free || jsonb_build_object(v_pool, (v_free ->> v_pool)::bigint - 1); end if;
      end loop;
      return next;
    end loop;
    exit when v_left <= 0 or v_fetched = 0;
  end loop;
  if cardinality(v_claimed) = 0 then return; end if;

  perform announce_events();
  insert into attempts (run_id, attempt, claimed_at)
    select c.run_id, c.attempt, v_now from unnest(v_claimed, v_attempts) c (run_id, attempt);
  insert into outbox (kind, run_id, attempt, created_at)
    select 'start-execution', c.run_id, c.attempt, v_now from unnest(v_claimed, v_attempts) with ordinality c (run_id, attempt, ord)
    order by c.ord;
  insert into events (recorded_at, run_id, attempt, type, timestamp, level, message, data)
    select v_now, c.run_id, c.attempt, e.type, v_now, 'INFO', e.message,
        case e.type when 'RUN_STARTING' then json_build_object('attempt', c.attempt) else '{}' end
      from unnest(v_claimed, v_attempts) with ordinality c (run_id, attempt, ord)
      cross join (values (1, 'RUN_DEQUEUED', 'Run was dequeued.'), (2, 'RUN_STARTING', 'Run is starting.')) e (ord, type, message)
      order by c.ord, e.ord;
end $$;

-- As before, but for runs that hold their pools as a whole.
create or replace function headrace.claim_pool_slot(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text, p_priority integer default 0)
returns jsonb
language plpgsql
security definer
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_limit integer;
  v_priority bigint := p_priority;
  v_since bigint;
  v_holders jsonb;
  v_ahead integer;
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  perform pg_advisory_xact_lock(hashtextextended('headrace.pool:' || p_pool, 0));
  if exists (select from live_pool_leases where pool = p_pool and run_id = p_run_id and step_key = p_step_key) then
    return jsonb_build_object('held', true);
  end if;
  -- A run that holds its pools as a whole has its slot already.
  select slots into v_limit from pools where pool = p_pool and not (select holds_pools from runs where run_id = p_run_id);
  if v_limit is not null then
    v_priority := p_priority + (select priority from runs where run_id = p_run_id);
    insert into pool_waiters as w (pool, run_id, attempt, step_key, priority, since, asked_at)
      values (p_pool, p_run_id, p_attempt, p_step_key, v_priority, v_now, v_now)
      on conflict (pool, run_id, step_key) do update set asked_at = excluded.asked_at, priority = excluded.priority, attempt = excluded.attempt,
        since = case when w.attempt = excluded.attempt then w.since else excluded.since end
      returning since into v_since;
    select coalesce(jsonb_agg(l.run_id || ':' || l.step_key order by l.since, l.run_id, l.step_key), '[]') into v_holders
      from live_pool_leases l where l.pool = p_pool;
    select count(*) into v_ahead
      from pool_waiters w join runs r on r.run_id = w.run_id and r.attempt = w.attempt and r.status = 'STARTED'
      where w.pool = p_pool and w.asked_at > v_now - 20000
        and (-w.priority, w.since, w.run_id, w.step_key) < (-v_priority, v_since, p_run_id, p_step_key);
    if jsonb_array_length(v_holders) + v_ahead >= v_limit then
      return jsonb_build_object('held', false, 'limit', v_limit, 'holders', v_holders);
    end if;
  end if;
  delete from pool_waiters where pool = p_pool and run_id = p_run_id and step_key = p_step_key;
  insert into pool_leases (pool, run_id, attempt, step_key, since) values (p_pool, p_run_id, p_attempt, p_step_key, v_now)
    on conflict (pool, run_id, step_key) do update set attempt = excluded.attempt, since = excluded.since;
  return jsonb_build_object('held', true);
end $$;

-- As before, by the granularity of pools.
create function headrace.run_waits(p_run_ids jsonb, p_max_retries integer, p_pool_granularity text)
returns setof json
language sql
stable
set search_path = headrace, pg_temp
as $$
  select json_build_object(
      'runId', r.run_id,
      'dependencies', coalesce((
        select json_agg(json_build_object('mode', s.mode, 'requires', s.requires, 'runId', s.upstream_run_id, 'jobName', s.job_name,
            'state', s.state) order by s.ord)
          from dependency_states(array[r.run_id], p_max_retries) s where r.waits), '[]'),
      'pools', coalesce((
        select json_agg(json_build_object('pool', u.pool, 'limit', u.slots, 'used', u.used, 'holders', coalesce((
            select json_agg(h.run_id) from pool_holders h where h.pool = u.pool), '[]')) order by u.pool)
          from pool_usage u
          where u.pool = any (case p_pool_granularity when 'run' then r.pools else r.root_pools end) and u.used >= u.slots
        -- Or another of its first steps could start.
        having p_pool_granularity = 'run' or count(*) = cardinality(r.root_pools)), '[]'),
      'backfill', (select h.reason from held_backfills h where h.backfill_id = r.tags ->> 'dagster/backfill'))
    from runs r
    where r.status = 'QUEUED' and r.run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids))
$$;

-- What happened to an asset in a day (UTC), of events that are gone.
create table headrace.asset_history (
  asset_key text not null,
  -- Its first instant, epoch ms.
  day bigint not null,
  materializations integer not null default 0,
  observations integer not null default 0,
  failures integer not null default 0,
  primary key (asset_key, day)
);

-- Removes finished runs as retention wants it: an asset's latest state stays, the latest execution of each check too, and
-- what is left of its history is counted by day. At most p_limit events go at a time, so that no call holds its locks for
-- long; a run goes with its last event. Returns how many events and runs went.
create function headrace.prune_runs(p_run_ids jsonb, p_limit integer) returns json
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_ids uuid[];
  v_gone uuid[];
  v_events integer;
begin
  select array_agg(d.run_id) into v_ids from (
    select run_id from runs
      where run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids)) and status in ('SUCCESS', 'FAILURE', 'CANCELED')
      order by run_id for update skip locked
  ) d;
  if v_ids is null then return json_build_object('events', 0, 'runs', 0); end if;
  with doomed as (
    select run_id, storage_id, recorded_at from events where run_id = any (v_ids) limit p_limit
  ), gone as (
    delete from events e using doomed d 
      where e.run_id = d.run_id and e.storage_id = d.storage_id and e.recorded_at = d.recorded_at
      returning e.storage_id, e.asset_key, e.type, e.timestamp
  ), counted as (
    insert into asset_history as h (asset_key, day, materializations, observations, failures)
      select g.asset_key, g.timestamp / 86400000 * 86400000,
          count(*) filter (where g.type = 'ASSET_MATERIALIZATION'), count(*) filter (where g.type = 'ASSET_OBSERVATION'),
          count(*) filter (where g.type = 'ASSET_FAILED_TO_MATERIALIZE')
        from gone g
        where g.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
          and g.storage_id > coalesce((select wiped_through from asset_records a where a.asset_key = g.asset_key), 0)
        group by 1, 2 order by 1, 2
      on conflict (asset_key, day) do update set materializations = h.materializations + excluded.materializations,
        observations = h.observations + excluded.observations, failures = h.failures + excluded.failures
  )
  select count(*) into v_events from gone;
  select array_agg(i) into v_gone from unnest(v_ids) i where not exists (select from events e where e.run_id = i);
  if v_gone is null then return json_build_object('events', v_events, 'runs', 0); end if;
  delete from run_tags t using runs r, jsonb_each_text(r.tags) e
    where r.run_id = any (v_gone) and t.key = e.key and t.value = e.value and t.seq = r.seq;
  delete from run_plans where run_id = any (v_gone);
  delete from run_assets where run_id = any (v_gone);
  -- With those that an earlier call left because they were the latest then.
  delete from asset_checks c
    using (select distinct asset_key, check_name, partition from asset_checks where run_id = any (v_gone)) k
    where c.asset_key = k.asset_key and c.check_name = k.check_name and c.partition = k.partition
      and (c.run_id = any (v_gone) or c.run_id is not null and not exists (select from runs r where r.run_id = c.run_id))
      and exists (select from asset_checks n where n.asset_key = c.asset_key and n.check_name = c.check_name
        and n.partition = c.partition and n.storage_id > c.storage_id);
  delete from outbox where run_id = any (v_gone);
  delete from runs where run_id = any (v_gone);
  return json_build_object('events', v_events, 'runs', cardinality(v_gone));
end $$;

-- As before, with what is counted of its history.
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
      failure_id = 0, failure_run_id = null, failed_at = null, wiped_through = excluded.wiped_through;
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

revoke execute on function headrace.run_waits(jsonb, integer, text), headrace.prune_runs(jsonb, integer) from public;
grant execute on function headrace.run_waits(jsonb, integer, text), headrace.prune_runs(jsonb, integer) to headrace_app;
