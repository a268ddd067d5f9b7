-- The ledger of expected ticks: what a schedule that is on should do, written before it is due, so that what did not
-- happen leaves a trace. A tick that was evaluated is a row of `ticks`; here are those to come, and those missed.

create table headrace.expected_ticks (
  location text not null,
  name text not null,
  scheduled_at bigint not null,
  status text not null default 'EXPECTED' check (status in ('EXPECTED', 'MISSED')),
  -- Why it was missed.
  reason text,
  missed_at bigint,
  primary key (location, name, scheduled_at)
);
create index expected_ticks_due on headrace.expected_ticks (scheduled_at) where status = 'EXPECTED';
create index expected_ticks_missed on headrace.expected_ticks (missed_at) where status = 'MISSED';

-- How far a schedule's ticks are written, and by which timing.
create table headrace.expected_schedules (
  location text not null,
  name text not null,
  cron jsonb not null,
  timezone text not null,
  expected_through bigint not null,
  -- When more are to be written; null = it never ticks again.
  refill_at bigint,
  primary key (location, name)
);

-- When and why it was turned off; the reason is null when a person did.
alter table headrace.instigators add column stopped_at bigint;
alter table headrace.instigators add column stop_reason text;

-- Somebody is to be told; what, is in the payload.
alter table headrace.outbox drop constraint outbox_kind_check;
alter table headrace.outbox add constraint outbox_kind_check
  check (kind in ('dequeue', 'start-execution', 'stop-attempt', 'iterate-backfill', 'alert'));
alter table headrace.outbox add column payload json;

create or replace function headrace.instigator_json(i headrace.instigators) returns jsonb
language sql stable
as $$
  select jsonb_build_object(
    'instigator', jsonb_build_object('location', i.location, 'kind', i.kind, 'name', i.name), 'status', i.status,
    'startedAt', i.started_at, 'stoppedAt', i.stopped_at, 'stopReason', i.stop_reason, 'cursor', i.cursor,
    'evaluatedThrough', i.evaluated_through, 'lastTickStartedAt', i.last_tick_started_at, 'lastRunKey', i.last_run_key)
$$;

-- Whoever changes the ledger does so alone: each changes many rows, in an order of its own.
create function headrace.lock_expected_ticks() returns void
language sql volatile
as $$ select pg_advisory_xact_lock(hashtextextended('headrace.expected_ticks', 0)) $$;

-- What is not due yet is expected no more; whoever finds the schedule on writes it anew.
create function headrace.withdraw_expected_ticks(p_location text, p_name text, p_after bigint) returns void
language plpgsql volatile
set search_path = headrace, pg_temp
as $$
begin
  perform lock_expected_ticks();
  delete from expected_ticks
    where location = p_location and name = p_name and status = 'EXPECTED' and scheduled_at > p_after;
  delete from expected_schedules where location = p_location and name = p_name;
end $$;

-- Turning on what is on already keeps the instant at which it was turned on: no tick between is lost. Failures are
-- counted anew from when it is turned on.
create or replace function headrace.set_instigator_status(p_location text, p_kind text, p_name text, p_status text, p_now bigint)
returns jsonb
language plpgsql volatile
set search_path = headrace, pg_temp
as $$
declare
  v_before text;
  v_after instigators;
begin
  select status into v_before from instigators where location = p_location and kind = p_kind and name = p_name for update;
  insert into instigators as i (location, kind, name, status, started_at, stopped_at)
    values (p_location, p_kind, p_name, p_status, case p_status when 'RUNNING' then p_now end,
      case p_status when 'STOPPED' then p_now end)
    on conflict (location, kind, name) do update set
      status = excluded.status,
      started_at = case
        when p_status = 'RUNNING' and i.status <> 'RUNNING' then p_now
        when p_status = 'DECLARED_IN_CODE' and i.status = 'STOPPED' then p_now
        else i.started_at end,
      stopped_at = case when p_status <> 'STOPPED' then null when i.status = 'STOPPED' then i.stopped_at else p_now end,
      stop_reason = case when p_status = 'STOPPED' and i.status = 'STOPPED' then i.stop_reason end
    returning * into v_after;
  if v_before is distinct from p_status then
    if p_kind = 'schedule' then perform withdraw_expected_ticks(p_location, p_name, p_now); end if;
    update ticks set failure_count = 0 where p_status <> 'STOPPED' and tick_id = (
      select tick_id from ticks
        where location = p_location and kind = p_kind and name = p_name and status <> 'STARTED' order by tick_id desc limit 1);
  end if;
  return instigator_json(v_after);
end $$;

-- What should have been evaluated by p_now and was not, oldest first, each with how far its schedule has come and the
-- evaluation of it that is open. Those that have been evaluated leave the ledger.
create function headrace.overdue_ticks(p_now bigint, p_limit integer) returns setof json
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  perform lock_expected_ticks();
  delete from expected_ticks e using ticks t
    where e.status = 'EXPECTED' and e.scheduled_at <= p_now
      and t.location = e.location and t.kind = 'schedule' and t.name = e.name and t.scheduled_at = e.scheduled_at
      and t.status <> 'STARTED';
  return query
    select json_build_object('location', e.location, 'name', e.name, 'scheduledAt', e.scheduled_at,
        'evaluatedThrough', i.evaluated_through, 'openTickAt', (
          select min(t.scheduled_at) from ticks t
            where t.location = e.location and t.kind = 'schedule' and t.name = e.name and t.status = 'STARTED'))
      from expected_ticks e
      left join instigators i on i.location = e.location and i.kind = 'schedule' and i.name = e.name
      where e.status = 'EXPECTED' and e.scheduled_at <= p_now
      order by e.scheduled_at, e.location, e.name limit p_limit;
end $$;

-- Writes what the engine decided on the ledger, all or nothing. A tick that has been evaluated meanwhile is neither
-- expected nor missed. p_change: ExpectedTicksChange of lib/ports/expected-tick-storage.ts.
create function headrace.record_expected_ticks(p_change json, p_now bigint) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_missed integer;
begin
  perform lock_expected_ticks();
  perform withdraw_expected_ticks(w.value ->> 'location', w.value ->> 'name', (w.value ->> 'after')::bigint)
    from json_array_elements(p_change -> 'withdrawn') w;

  insert into expected_schedules as s (location, name, cron, timezone, expected_through, refill_at)
    select e.value ->> 'location', e.value ->> 'name', (e.value -> 'cron')::jsonb, e.value ->> 'timezone',
        (e.value ->> 'through')::bigint, (e.value ->> 'refillAt')::bigint
      from json_array_elements(p_change -> 'expected') e
      order by 1, 2
    on conflict (location, name) do update set cron = excluded.cron, timezone = excluded.timezone,
      expected_through = excluded.expected_through, refill_at = excluded.refill_at;
  insert into expected_ticks (location, name, scheduled_at)
    select n.location, n.name, n.scheduled_at from (
      select e.value ->> 'location' as location, e.value ->> 'name' as name, a.value::text::bigint as scheduled_at
        from json_array_elements(p_change -> 'expected') e cross join json_array_elements(e.value -> 'ticks') a) n
      where not exists (
        select from ticks t where t.location = n.location and t.kind = 'schedule' and t.name = n.name
          and t.scheduled_at = n.scheduled_at and t.status <> 'STARTED')
      order by 1, 2, 3
    on conflict do nothing;

  with missed as (
    update expected_ticks e set status = 'MISSED', reason = m.value ->> 'reason', missed_at = p_now
      from json_array_elements(p_change -> 'missed') m
      where e.location = m.value ->> 'location' and e.name = m.value ->> 'name'
        and e.scheduled_at = (m.value ->> 'scheduledAt')::bigint and e.status = 'EXPECTED'
        and not exists (
          select from ticks t where t.location = e.location and t.kind = 'schedule' and t.name = e.name
            and t.scheduled_at = e.scheduled_at and t.status <> 'STARTED')
      returning e.location, e.name, e.scheduled_at, e.reason
  ), told as (
    -- One for each schedule: an outage misses many ticks at once.
    insert into outbox (kind, created_at, payload)
      select 'alert', now_ms(), json_build_object('type', 'tick_missed', 'at', p_now, 'location', location, 'kind', 'schedule', 'name', name,
          'scheduledAt', json_agg(scheduled_at order by scheduled_at), 'reason', (array_agg(reason order by scheduled_at desc))[1])
        from missed group by location, name
      returning 1
  )
  select count(*) into v_missed from missed;
  return v_missed;
end $$;

create function headrace.purge_missed_ticks(p_before bigint, p_limit integer) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_count integer;
begin
  delete from expected_ticks where ctid in (
    select ctid from expected_ticks where status = 'MISSED' and missed_at < p_before order by missed_at limit p_limit);
  get diagnostics v_count = row_count;
  return v_count;
end $$;

revoke execute on function
  headrace.lock_expected_ticks(), headrace.withdraw_expected_ticks(text, text, bigint), headrace.overdue_ticks(bigint, integer),
  headrace.record_expected_ticks(json, bigint), headrace.purge_missed_ticks(bigint, integer)
from public;
grant execute on function
  headrace.lock_expected_ticks(), headrace.withdraw_expected_ticks(text, text, bigint), headrace.overdue_ticks(bigint, integer),
  headrace.record_expected_ticks(json, bigint), headrace.purge_missed_ticks(bigint, integer)
to headrace_app;
