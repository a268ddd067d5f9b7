-- Schedules and sensors: their state and their ticks. `p_now` and `p_scheduled_at` are the engine's.

create function headrace.instigator_json(i headrace.instigators) returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'instigator', jsonb_build_object('location', i.location, 'kind', i.kind, 'name', i.name), 'status', i.status,
    'startedAt', i.started_at, 'cursor', i.cursor, 'evaluatedThrough', i.evaluated_through,
    'lastTickStartedAt', i.last_tick_started_at, 'lastRunKey', i.last_run_key)
$$;

create function headrace.tick_json(t headrace.ticks) returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'tickId', t.tick_id, 'instigator', jsonb_build_object('location', t.location, 'kind', t.kind, 'name', t.name),
    'status', t.status, 'scheduledAt', t.scheduled_at, 'startedAt', t.started_at, 'endedAt', t.ended_at, 'runIds', t.run_ids,
    'skippedRunKeys', t.skipped_run_keys, 'skipReason', t.skip_reason, 'cursor', t.cursor, 'error', t.error,
    'failureCount', t.failure_count)
$$;

-- Turning on what is on already keeps the instant at which it was turned on: no tick between is lost.
create function headrace.set_instigator_status(p_location text, p_kind text, p_name text, p_status text, p_now bigint)
returns jsonb
language sql volatile
as $$
  insert into headrace.instigators as i (location, kind, name, status, started_at)
    values (p_location, p_kind, p_name, p_status, case p_status when 'RUNNING' then p_now end)
    on conflict (location, kind, name) do update set status = excluded.status, started_at = case
      when p_status = 'RUNNING' and i.status <> 'RUNNING' then p_now
      when p_status = 'DECLARED_IN_CODE' and i.status = 'STOPPED' then p_now
      else i.started_at end
    returning headrace.instigator_json(i)
$$;

create function headrace.set_sensor_cursor(p_location text, p_kind text, p_name text, p_cursor text) returns jsonb
language sql volatile
as $$
  insert into headrace.instigators as i (location, kind, name, cursor) values (p_location, p_kind, p_name, p_cursor)
    on conflict (location, kind, name) do update set cursor = excluded.cursor
    returning headrace.instigator_json(i)
$$;

create function headrace.pass_over(p_location text, p_kind text, p_name text, p_through bigint) returns void
language sql volatile
as $$
  insert into headrace.instigators as i (location, kind, name, evaluated_through) values (p_location, p_kind, p_name, p_through)
    on conflict (location, kind, name) do update set evaluated_through = greatest(i.evaluated_through, excluded.evaluated_through)
$$;

-- Null when the tick is done, or being evaluated by someone whose lease has not run out.
create function headrace.start_tick(
  p_location text, p_kind text, p_name text, p_scheduled_at bigint, p_now bigint, p_lease_seconds double precision
) returns jsonb
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_tick ticks;
begin
  insert into ticks as t (location, kind, name, scheduled_at, started_at)
    values (p_location, p_kind, p_name, p_scheduled_at, p_now)
    on conflict (location, kind, name, scheduled_at) do update set started_at = excluded.started_at
      where t.status = 'STARTED' and t.started_at + p_lease_seconds * 1000 <= p_now
    returning * into v_tick;
  if not found then return null; end if;
  insert into instigators as i (location, kind, name, last_tick_started_at) values (p_location, p_kind, p_name, p_now)
    on conflict (location, kind, name) do update set last_tick_started_at = greatest(i.last_tick_started_at, excluded.last_tick_started_at);
  return tick_json(v_tick);
end $$;

-- Ends a tick: its partitions, its runs, its cursor and its place in time, all or nothing. The first end counts.
-- p_outcome: TickOutcome of lib/ports/storage.ts, its runs as create_runs takes them.
create function headrace.finish_tick(p_tick_id bigint, p_outcome json) returns jsonb
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_tick ticks;
  v_change json;
  v_run_ids jsonb;
  v_skipped jsonb;
  v_last_key text;
  v_failures integer := 0;
begin
  select * into v_tick from ticks where tick_id = p_tick_id for update;
  if not found then raise exception 'there is no tick %', p_tick_id using errcode = 'HR003'; end if;
  if v_tick.status <> 'STARTED' then return tick_json(v_tick); end if;

  for v_change in select value from json_array_elements(p_outcome -> 'dynamicPartitions') loop
    perform change_dynamic_partitions(v_tick.location, v_change ->> 'kind', v_change ->> 'name', (v_change -> 'keys')::jsonb);
  end loop;

  select coalesce(jsonb_agg(c.run_id order by c.ord) filter (where c.created), '[]'),
      coalesce(jsonb_agg(c.run_key order by c.ord) filter (where not c.created and c.run_key is not null), '[]'),
      (array_agg(c.run_key order by c.ord desc) filter (where c.created and c.run_key is not null))[1]
    into v_run_ids, v_skipped, v_last_key
    from create_runs(p_outcome -> 'runs') with ordinality c (run_id, created, run_key, ord)
    where json_array_length(p_outcome -> 'runs' -> 'runs') > 0;

  if p_outcome ->> 'status' = 'FAILURE' then
    v_failures := 1 + coalesce((
      select failure_count from ticks
        where location = v_tick.location and kind = v_tick.kind and name = v_tick.name and tick_id < p_tick_id
        order by tick_id desc limit 1), 0);
  end if;
  update ticks set status = p_outcome ->> 'status', ended_at = (p_outcome ->> 'endedAt')::bigint, run_ids = v_run_ids,
      skipped_run_keys = v_skipped, skip_reason = p_outcome ->> 'skipReason', cursor = p_outcome ->> 'cursor',
      error = nullif((p_outcome -> 'error')::jsonb, 'null'), failure_count = v_failures
    where tick_id = p_tick_id
    returning * into v_tick;
  insert into instigators as i (location, kind, name, cursor, evaluated_through, last_run_key)
    values (v_tick.location, v_tick.kind, v_tick.name, v_tick.cursor, v_tick.scheduled_at, v_last_key)
    on conflict (location, kind, name) do update set
      cursor = coalesce(excluded.cursor, i.cursor),
      evaluated_through = greatest(i.evaluated_through, excluded.evaluated_through),
      last_run_key = coalesce(excluded.last_run_key, i.last_run_key);
  return tick_json(v_tick);
end $$;
