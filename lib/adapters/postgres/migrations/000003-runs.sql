-- Creating and ending runs. Lock order everywhere: the run's row, then its attempt's, then assets by key.

-- p_batch: RunBatch of to-run-batch.ts. Runs whose id, idempotency key or run key exists are left alone. Answers one row
-- per given run, in order.
create function headrace.create_runs(p_batch json)
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
  v_origins jsonb[];
  v_idempotency_keys text[];
begin
  perform announce_events();
  v_now := now_ms();
  with input as materialized (
    select * from rows from (json_to_recordset(p_batch -> 'runs') as (
        "runId" uuid, location text, "jobName" text, "bundleHash" text, config json, tags jsonb, "assetSelection" jsonb,
        "assetCheckSelection" jsonb, "stepKeys" jsonb, plan integer, "partitionKeys" json, "parentRunId" uuid, "rootRunId" uuid,
        origin jsonb, "idempotencyKey" text, priority bigint, "maxRuntime" double precision)) with ordinality as i (
        run_id, location, job_name, bundle_hash, config, tags, asset_selection, asset_check_selection, step_keys, plan,
        partition_keys, parent_run_id, root_run_id, origin, idempotency_key, priority, max_runtime, ord)
  ), input_plans as materialized (
    select (p.ord - 1)::integer as plan, sha256(convert_to(p.value::text, 'UTF8')) as hash, p.value
      from json_array_elements(p_batch -> 'plans') with ordinality p (value, ord)
  ), new_plans as (
    insert into plans (hash, plan) select hash, value from input_plans order by hash on conflict do nothing
  ), inserted as (
    insert into runs (
        run_id, location, job_name, bundle_hash, priority, tags, parent_run_id, root_run_id, origin_kind, origin_name,
        run_key, idempotency_key, max_runtime, created_at, updated_at)
      select run_id, location, job_name, bundle_hash, priority, tags, parent_run_id, root_run_id, origin ->> 'kind',
        origin ->> 'name', origin ->> 'runKey', idempotency_key, max_runtime, v_now, v_now
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
      array_agg(origin order by ord), array_agg(idempotency_key order by ord)
    into v_created, v_ids, v_locations, v_origins, v_idempotency_keys
    from input;

  if cardinality(v_created) > 0 then
    insert into outbox (kind, created_at) values ('dequeue', v_now);
  end if;
  if cardinality(v_created) = cardinality(v_ids) then
    return query select i.run_id, true, i.origin ->> 'runKey' from unnest(v_ids, v_origins) i (run_id, origin);
    return;
  end if;

  return query
    with answered as (
      select i.*, i.origin ->> 'runKey' as run_key,
          -- Of several entries with one id the first made it.
          n.run_id is not null and row_number() over (partition by i.run_id order by i.ord) = 1 as created
        from unnest(v_ids, v_locations, v_origins, v_idempotency_keys) with ordinality i (run_id, location, origin, idempotency_key, ord)
        left join unnest(v_created) n (run_id) on n.run_id = i.run_id
    )
    select coalesce(same.run_id, by_key.run_id, by_idempotency.run_id), a.created, a.run_key
      from answered a
      left join runs same on same.run_id = a.run_id
      left join runs by_key on same.run_id is null and by_key.location = a.location and by_key.run_key = a.run_key
        and by_key.origin_kind = a.origin ->> 'kind' and by_key.origin_name = a.origin ->> 'name'
      left join runs by_idempotency on same.run_id is null and by_idempotency.idempotency_key = a.idempotency_key
      order by a.ord;
end $$;

-- Puts a tag on a run whose row the caller holds.
create function headrace.set_run_tag(p_run_id uuid, p_key text, p_value text) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  delete from run_tags t using runs r
    where r.run_id = p_run_id and t.key = p_key and t.value = r.tags ->> p_key and t.seq = r.seq;
  update runs set tags = tags || jsonb_build_object(p_key, p_value) where run_id = p_run_id;
  insert into run_tags (key, value, seq) select p_key, p_value, seq from runs where run_id = p_run_id;
end $$;

-- The only way to a finished status. The caller holds the run's row, has seen that it is not finished and has announced.
create function headrace.end_run(
  p_run_id uuid, p_status text, p_reason text, p_cause text, p_error json, p_by_worker boolean
) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_run runs;
  v_missing json;
begin
  select * into strict v_run from runs where run_id = p_run_id;
  update runs set status = p_status, ended_at = v_now, updated_at = v_now, cause = p_cause where run_id = p_run_id;
  update attempts set ended_at = v_now, outcome = p_status, ended_by_worker = p_by_worker
    where run_id = p_run_id and attempt = v_run.attempt and ended_at is null;
  delete from pool_leases where run_id = p_run_id;

  if p_status = 'FAILURE' then
    perform set_run_tag(p_run_id, 'dagster/failure_reason', coalesce(p_reason, 'UNKNOWN'));
    -- What was planned and neither made nor reported as failed has failed with the run.
    select json_agg(json_build_object(
        'type', 'ASSET_FAILED_TO_MATERIALIZE', 'timestamp', v_now, 'level', 'ERROR', 'stepKey', step_key, 'assetKey', asset_key,
        'partition', nullif(partition, ''), 'message', 'Did not materialize ' || asset_key || ': the run failed.',
        'data', json_build_object('reason', 'RUN_FAILURE')) order by asset_key, partition)
      into v_missing from run_assets where run_id = p_run_id and not done;
    if v_missing is not null then perform write_events(p_run_id, v_run.attempt, v_missing); end if;
  end if;

  update asset_checks c set timestamp = v_now, status = case
      when exists (select from events e where e.run_id = p_run_id and e.type = 'STEP_FAILURE' and e.step_key = c.step_key)
      then 'EXECUTION_FAILED' else 'SKIPPED' end
    where c.run_id = p_run_id and c.status = 'IN_PROGRESS';

  perform write_event(p_run_id, v_run.attempt,
    case p_status when 'SUCCESS' then 'RUN_SUCCESS' when 'FAILURE' then 'RUN_FAILURE' else 'RUN_CANCELED' end,
    case p_status when 'FAILURE' then 'ERROR' else 'INFO' end,
    coalesce(p_cause, case p_status when 'SUCCESS' then 'Run succeeded.' when 'FAILURE' then 'Run failed.' else 'Run was canceled.' end),
    case p_status when 'FAILURE'
      then json_strip_nulls(json_build_object('reason', coalesce(p_reason, 'UNKNOWN'), 'error', p_error))
      else '{}' end);

  -- A slot may have become free.
  if v_run.status in ('STARTING', 'STARTED', 'CANCELING') then
    insert into outbox (kind, created_at) values ('dequeue', v_now);
  end if;
end $$;

create function headrace.cancel_run(p_run_id uuid, p_force boolean, p_cause text) returns text
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if not found then return 'not-found'; end if;
  if v_run.status in ('SUCCESS', 'FAILURE', 'CANCELED') then return 'finished'; end if;
  perform announce_events();
  if p_force or v_run.status not in ('STARTING', 'STARTED', 'CANCELING') then
    perform end_run(p_run_id, 'CANCELED', null, p_cause, null, false);
    if v_run.status in ('STARTING', 'STARTED', 'CANCELING') then
      insert into outbox (kind, run_id, attempt, created_at) values ('stop-attempt', p_run_id, v_run.attempt, now_ms());
    end if;
    return 'canceled';
  end if;
  if v_run.status <> 'CANCELING' then
    update runs set status = 'CANCELING', canceling_at = now_ms(), updated_at = now_ms() where run_id = p_run_id;
    perform write_event(p_run_id, v_run.attempt, 'RUN_CANCELING', 'INFO', p_cause, '{}');
    insert into outbox (kind, run_id, attempt, created_at) values ('stop-attempt', p_run_id, v_run.attempt, now_ms());
  end if;
  return 'canceling';
end $$;

-- p_decision: FinalizeDecision of lib/ports/storage.ts.
create function headrace.finalize_attempt(p_run_id uuid, p_attempt integer, p_decision json) returns text
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_run runs;
  v_kind text := p_decision ->> 'kind';
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if not found or v_run.attempt < p_attempt then return 'not-found'; end if;
  if v_run.status in ('SUCCESS', 'FAILURE', 'CANCELED') then return 'already-finished'; end if;
  if v_run.attempt > p_attempt then return 'newer-attempt'; end if;
  -- Back in the queue already: an earlier call's work.
  if exists (select from attempts where run_id = p_run_id and attempt = p_attempt and ended_at is not null) then
    return case v_kind when 'resume' then 'applied' else 'newer-attempt' end;
  end if;
  perform announce_events();
  -- A cancellation that came while the engine decided is not lost.
  if v_kind = 'cancel' or (v_kind = 'resume' and v_run.status = 'CANCELING') then
    perform end_run(p_run_id, 'CANCELED', null, p_decision ->> 'cause', null, false);
  elsif v_kind = 'fail' then
    perform end_run(p_run_id, 'FAILURE', p_decision ->> 'reason', p_decision ->> 'cause', p_decision -> 'error', false);
  elsif v_kind = 'resume' then
    update runs set status = 'QUEUED', updated_at = now_ms() where run_id = p_run_id;
    update attempts set ended_at = now_ms(), outcome = 'RESUMED' where run_id = p_run_id and attempt = p_attempt;
    delete from pool_leases where run_id = p_run_id;
    perform write_event(p_run_id, p_attempt, 'ENGINE_EVENT', 'WARNING', p_decision ->> 'cause', '{}');
    perform write_event(p_run_id, p_attempt, 'RUN_ENQUEUED', 'INFO', 'Run was enqueued again, keeping its finished steps.', '{}');
    insert into outbox (kind, created_at) values ('dequeue', now_ms());
  else
    raise exception 'unknown decision %', v_kind using errcode = 'HR003';
  end if;
  return 'applied';
end $$;

-- p_limits: LatenessLimits of lib/ports/storage.ts, in seconds.
create function headrace.find_late_attempts(p_limits jsonb)
returns table (run_id uuid, attempt integer, status text, why text)
language sql volatile
as $$
  select * from (
    select r.run_id, r.attempt, r.status, case
        when r.status = 'CANCELING' and r.canceling_at + (p_limits ->> 'cancelTimeout')::float8 * 1000 < n.now then 'cancel-timeout'
        when r.status = 'STARTING' and a.claimed_at + (p_limits ->> 'startTimeout')::float8 * 1000 < n.now then 'start-timeout'
        when r.status = 'STARTED' and a.heartbeat_at + (p_limits ->> 'heartbeatTimeout')::float8 * 1000 < n.now then 'heartbeat-lost'
        when r.status = 'STARTED' and a.started_at + r.max_runtime * 1000 < n.now then 'max-runtime'
      end as why
    from (select headrace.now_ms() as now) n, headrace.runs r
    join headrace.attempts a on a.run_id = r.run_id and a.attempt = r.attempt
    where r.status in ('STARTING', 'STARTED', 'CANCELING')
  ) late
  where late.why is not null
$$;

-- Removes finished runs with their events; others are left alone.
create function headrace.delete_runs(p_run_ids jsonb) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_ids uuid[];
begin
  select array_agg(d.run_id) into v_ids from (
    select run_id from runs
      where run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids)) and status in ('SUCCESS', 'FAILURE', 'CANCELED')
      order by run_id for update
  ) d;
  if v_ids is null then return 0; end if;
  delete from run_tags t using runs r, jsonb_each_text(r.tags) e
    where r.run_id = any (v_ids) and t.key = e.key and t.value = e.value and t.seq = r.seq;
  delete from run_plans where run_id = any (v_ids);
  delete from run_assets where run_id = any (v_ids);
  delete from events where run_id = any (v_ids);
  delete from asset_checks where run_id = any (v_ids);
  delete from outbox where run_id = any (v_ids);
  delete from runs where run_id = any (v_ids);
  return cardinality(v_ids);
end $$;

-- Words about a run, or reported asset events (no run). Exactly the same event again is a repeated call: written once.
create function headrace.append_system_events(p_run_id uuid, p_events json) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_new json;
begin
  if p_run_id is not null then
    perform from runs where run_id = p_run_id for update;
    if not found then raise exception 'there is no run %', p_run_id using errcode = 'HR003'; end if;
  end if;
  perform announce_events();
  select json_agg(e.event order by e.ord) into v_new
    from json_array_elements(p_events) with ordinality e (event, ord)
    where not case when p_run_id is null
      then exists (select from events x where x.asset_key = e.event ->> 'assetKey' and x.run_id is null
        and x.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
        and x.type = e.event ->> 'type' and x.timestamp = (e.event ->> 'timestamp')::bigint
        and x.partition is not distinct from e.event ->> 'partition' and x.data::jsonb = (e.event -> 'data')::jsonb)
      else exists (select from events x where x.run_id = p_run_id
        and x.type = e.event ->> 'type' and x.timestamp = (e.event ->> 'timestamp')::bigint
        and x.message = e.event ->> 'message' and x.step_key is not distinct from e.event ->> 'stepKey' and x.data::jsonb = (e.event -> 'data')::jsonb)
      end;
  if v_new is null then return; end if;
  if exists (select from json_array_elements(v_new) e where e ->> 'type' like 'RUN\_%') then
    raise exception 'run status events are written by the functions that change the status' using errcode = 'HR003';
  end if;
  perform write_events(p_run_id, coalesce((select attempt from runs where run_id = p_run_id), 0), v_new);
end $$;
