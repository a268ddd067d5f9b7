-- Large batches of runs: what they have in common is sent once, and nothing is read twice. A function that takes one
-- document reads all of it again for every field that it wants.

-- What create_runs did, from a batch in parts. p_plans: plans; p_shared: what runs have in common; p_runs: each run with the
-- index of what it shares. See lib/adapters/postgres/to-run-batch.ts.
create function headrace.enqueue_runs(p_plans json, p_shared json, p_runs json)
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
        priority bigint, "maxRuntime" double precision, "rootPools" jsonb)
  ), input as materialized (
    select i.run_id, s.location, s."jobName" as job_name, s."bundleHash" as bundle_hash, s.config, i.tags,
        s."assetSelection" as asset_selection, s."assetCheckSelection" as asset_check_selection, s."stepKeys" as step_keys, s.plan,
        i.partition_keys, s."parentRunId" as parent_run_id, s."rootRunId" as root_run_id, s."originKind" as origin_kind,
        s."originName" as origin_name, i.run_key, i.idempotency_key, s.priority, s."maxRuntime" as max_runtime,
        case when s."rootPools" is not null then array(select jsonb_array_elements_text(s."rootPools")) end as root_pools,
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
        run_key, idempotency_key, max_runtime, created_at, updated_at, root_pools, waits)
      select run_id, location, job_name, bundle_hash, priority, tags, parent_run_id, root_run_id, origin_kind,
        origin_name, run_key, idempotency_key, max_runtime, v_now, v_now, root_pools, waits
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

-- A batch as one document, also in the shape of the version before, whose runs repeat what they share.
create or replace function headrace.create_runs(p_batch json)
returns table (run_id uuid, created boolean, run_key text)
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  if p_batch -> 'shared' is not null then
    return query select * from enqueue_runs(p_batch -> 'plans', p_batch -> 'shared', p_batch -> 'runs');
    return;
  end if;
  return query select * from enqueue_runs(
    p_batch -> 'plans',
    (select json_agg((r.run::jsonb || jsonb_build_object(
        'originKind', r.run -> 'origin' ->> 'kind', 'originName', r.run -> 'origin' ->> 'name'))::json order by r.ord)
      from json_array_elements(p_batch -> 'runs') with ordinality r (run, ord)),
    (select json_agg((r.run::jsonb || jsonb_build_object('shared', r.ord - 1, 'runKey', r.run -> 'origin' ->> 'runKey'))::json order by r.ord)
      from json_array_elements(p_batch -> 'runs') with ordinality r (run, ord)));
end $$;

drop function headrace.insert_runs(json);

-- As advance_backfill of one document, which the version before calls: the large parts apart from the small one.
create function headrace.advance_backfill(
  p_backfill_id text, p_version integer, p_advance json, p_requested json, p_plans json, p_shared json, p_runs json) returns boolean
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_backfill backfills;
  v_status text := p_advance ->> 'status';
  v_is_end boolean := coalesce(p_advance ->> 'status' in ('COMPLETED_SUCCESS', 'COMPLETED_FAILED', 'CANCELED', 'FAILED'), false);
begin
  select * into v_backfill from backfills where backfill_id = p_backfill_id for update;
  if not found or v_backfill.version <> p_version or v_backfill.ended_at is not null then return false; end if;

  perform count(*) from enqueue_runs(p_plans, p_shared, p_runs);
  perform request_backfill_targets(p_backfill_id, p_requested);
  if v_is_end then
    update backfill_targets set status = 'BLOCKED' where backfill_id = p_backfill_id and status = 'PENDING';
  end if;
  update backfills set version = version + 1, status = coalesce(v_status, status), updated_at = v_now,
      ended_at = case when v_is_end then v_now end,
      error = coalesce(p_advance -> 'error', error), cause = coalesce(p_advance ->> 'cause', cause),
      failure_count = coalesce((p_advance ->> 'failureCount')::integer, 0),
      next_iteration_at = coalesce((p_advance ->> 'nextIterationAt')::bigint, 0)
    where backfill_id = p_backfill_id;
  return true;
end $$;

revoke execute on function
  headrace.enqueue_runs(json, json, json), headrace.advance_backfill(text, integer, json, json, json, json, json)
from public;
grant execute on function
  headrace.enqueue_runs(json, json, json), headrace.advance_backfill(text, integer, json, json, json, json, json)
to headrace_app;
