-- Automation conditions: what they remember and what they came to, written with the end of the tick. Freshness of assets.

-- By location and asset, whatever sensor and version of the code evaluated it last. AutomationState of
-- lib/model/automation-state.ts.
create table headrace.automation_states (
  location text not null,
  asset_key text not null,
  state json not null,
  primary key (location, asset_key)
);

-- What evaluations of like conditions share; a handful for each condition that was ever in force.
create table headrace.automation_shapes (
  name text primary key,
  shape json not null
);

-- PackedEvaluation of lib/model/automation-evaluation.ts; `evaluation_id` is the id of the tick.
create table headrace.automation_evaluations (
  asset_key text not null,
  evaluation_id bigint not null,
  location text not null,
  sensor text not null,
  timestamp bigint not null,
  num_requested integer not null,
  run_ids jsonb not null,
  packed json not null,
  primary key (asset_key, evaluation_id)
);
create index automation_evaluations_by_tick on headrace.automation_evaluations (evaluation_id);
-- For retention.
create index automation_evaluations_by_age on headrace.automation_evaluations (timestamp);

-- Last state that was announced of each asset with a policy; absent = UNKNOWN.
create table headrace.freshness_states (
  asset_key text primary key,
  state text not null check (state in ('PASS', 'WARN', 'FAIL', 'UNKNOWN')),
  changed_at bigint not null
);

-- What was made of any asset since a position of the log.
create index events_of_updates on headrace.events (storage_id) where type = 'ASSET_MATERIALIZATION';

-- Ends a tick: its partitions, its runs, its cursor, its place in time and what its conditions remember, all or nothing.
-- The first end counts. p_outcome: TickOutcome of lib/ports/storage.ts, its runs as create_runs takes them, without
-- `automation`: that is a parameter of its own, because each look into a json value reads all of it.
drop function headrace.finish_tick(bigint, json);
create function headrace.finish_tick(p_tick_id bigint, p_outcome json, p_automation json) returns jsonb
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

  if p_automation is not null then
    insert into automation_states as s (location, asset_key, state)
      select v_tick.location, a.value ->> 'key', a.value -> 'state'
        from json_array_elements(p_automation -> 'states') a
        order by a.value ->> 'key'
      on conflict (location, asset_key) do update set state = excluded.state;
    insert into automation_shapes (name, shape)
      select h.value ->> 'name', h.value -> 'shape'
        from json_array_elements(p_automation -> 'shapes') h
        order by h.value ->> 'name'
      on conflict do nothing;
    insert into automation_evaluations (asset_key, evaluation_id, location, sensor, timestamp, num_requested, run_ids, packed)
      select e.value ->> 'key', p_tick_id, v_tick.location, v_tick.name, (e.value ->> 'timestamp')::bigint,
          (e.value ->> 'numRequested')::integer, (e.value -> 'runIds')::jsonb, e.value -> 'packed'
        from json_array_elements(p_automation -> 'evaluations') e
      on conflict do nothing;
  end if;
  return tick_json(v_tick);
end $$;

-- Announces the states that changed: one event each, whoever says the same again. p_changes: FreshnessChange of
-- lib/ports/automation-storage.ts.
create function headrace.record_freshness(p_changes json) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_count integer;
begin
  perform announce_events();
  with changes as (
    select c.value ->> 'key' as asset_key, c.value ->> 'state' as state, c.value ->> 'previousState' as previous_state,
        (c.value ->> 'at')::bigint as at
      from json_array_elements(p_changes) c
  ), changed as (
    insert into freshness_states as s (asset_key, state, changed_at)
      select asset_key, state, at from changes order by asset_key
      on conflict (asset_key) do update set state = excluded.state, changed_at = excluded.changed_at
        where s.state is distinct from excluded.state
      returning asset_key
  ), written as (
    insert into events (recorded_at, type, timestamp, level, message, asset_key, data)
      select now_ms(), 'FRESHNESS_STATE_CHANGE', c.at, case c.state when 'FAIL' then 'ERROR' when 'WARN' then 'WARNING' else 'INFO' end,
          format('Freshness of %s changed from %s to %s.', c.asset_key, c.previous_state, c.state), c.asset_key,
          json_build_object('newState', c.state, 'previousState', c.previous_state)
        from changes c join changed using (asset_key)
        order by c.asset_key
      returning 1
  )
  select count(*) into v_count from written;
  return v_count;
end $$;

-- Removes evaluations older than an instant, the oldest first; returns how many.
create function headrace.purge_automation_evaluations(p_before bigint, p_limit integer) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_count integer;
begin
  delete from automation_evaluations where ctid in (
    select ctid from automation_evaluations where timestamp < p_before order by timestamp limit p_limit);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

revoke execute on function
  headrace.finish_tick(bigint, json, json),
  headrace.record_freshness(json),
  headrace.purge_automation_evaluations(bigint, integer)
from public;
grant execute on function
  headrace.finish_tick(bigint, json, json),
  headrace.record_freshness(json),
  headrace.purge_automation_evaluations(bigint, integer)
to headrace_app;
