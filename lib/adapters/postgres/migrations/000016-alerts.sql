-- Sensors and schedules that turn themselves off, and what people are told of. An alert is owed by the transaction in
-- which its cause is written, whoever writes it, so it can be neither lost nor made up.

-- Turns off the sensor or schedule whose tick failed; null when it is off, or was turned on, since.
create function headrace.pause_instigator(p_tick_id bigint, p_reason text, p_now bigint) returns jsonb
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_tick ticks;
  v_instigator instigators;
begin
  select * into v_tick from ticks where tick_id = p_tick_id and status = 'FAILURE';
  if not found then return null; end if;
  update instigators i set status = 'STOPPED', stopped_at = p_now, stop_reason = p_reason
    where i.location = v_tick.location and i.kind = v_tick.kind and i.name = v_tick.name and i.status <> 'STOPPED'
      and v_tick.started_at >= coalesce(i.started_at, 0)
    returning * into v_instigator;
  if not found then return null; end if;
  if v_tick.kind = 'schedule' then perform withdraw_expected_ticks(v_tick.location, v_tick.name, p_now); end if;
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', v_tick.kind || '_paused', 'at', p_now, 'location', v_tick.location, 'kind', v_tick.kind, 'name', v_tick.name,
    'reason', p_reason));
  return instigator_json(v_instigator);
end $$;

-- Owes an alert unless the same one is owed or told and has not been settled; returns whether it is new.
create function headrace.raise_alert(p_key text, p_alert json) returns boolean
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  insert into key_values (namespace, key, value) values ('alerts', p_key, p_alert) on conflict do nothing;
  if not found then return false; end if;
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), p_alert);
  return true;
end $$;

-- When something that nobody will announce is to be done: `resumeAt` of the first suspended run, `backfillAt` of the first
-- live backfill that is not paused, `alertAt` since when the oldest alert that is not delivered is owed; epoch ms, or null.
create or replace function headrace.upkeep_due_at() returns json
language sql stable
as $$
  select json_build_object(
    'resumeAt', (select min(resume_at) from headrace.runs where status = 'SUSPENDED'),
    'backfillAt', (select min(next_iteration_at) from headrace.backfills where ended_at is null and paused_at is null),
    'alertAt', (select min(created_at) from headrace.outbox where kind = 'alert'))
$$;

create function headrace.owe_run_failure_alert() returns trigger
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', 'run_failure', 'at', new.ended_at, 'runId', new.run_id, 'location', new.location, 'jobName', new.job_name));
  return null;
end $$;
create trigger run_failure_alert after update of status on headrace.runs
  for each row when (new.status = 'FAILURE' and old.status is distinct from new.status)
  execute function headrace.owe_run_failure_alert();

-- A sensor that goes on failing is told of once; each tick of a schedule stands for work of its own.
create function headrace.owe_tick_failure_alert() returns trigger
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', 'tick_failed', 'at', new.ended_at, 'location', new.location, 'kind', new.kind, 'name', new.name,
    'scheduledAt', new.scheduled_at, 'failureCount', new.failure_count, 'error', left(new.error ->> 'message', 1000)));
  return null;
end $$;
create trigger tick_failure_alert after update of status on headrace.ticks
  for each row when (new.status = 'FAILURE' and old.status is distinct from new.status
    and (new.kind = 'schedule' or new.failure_count <= 1))
  execute function headrace.owe_tick_failure_alert();

create function headrace.owe_freshness_alert() returns trigger
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', 'freshness', 'at', new.changed_at, 'assetKey', new.asset_key, 'state', new.state,
    'previousState', case tg_op when 'UPDATE' then old.state end));
  return null;
end $$;
create trigger freshness_alert_of_first after insert on headrace.freshness_states
  for each row when (new.state in ('WARN', 'FAIL')) execute function headrace.owe_freshness_alert();
create trigger freshness_alert after update of state on headrace.freshness_states
  for each row when (new.state in ('WARN', 'FAIL') and old.state is distinct from new.state)
  execute function headrace.owe_freshness_alert();

revoke execute on function
  headrace.pause_instigator(bigint, text, bigint), headrace.raise_alert(text, json), headrace.owe_run_failure_alert(),
  headrace.owe_tick_failure_alert(), headrace.owe_freshness_alert()
from public;
grant execute on function headrace.pause_instigator(bigint, text, bigint), headrace.raise_alert(text, json) to headrace_app;
