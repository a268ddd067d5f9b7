-- One evaluation of a schedule or sensor at a time, ticks that nobody ends, tags of finished runs, who canceled a run.

create index ticks_open on headrace.ticks (location, kind, name) where status = 'STARTED';
-- For retention.
create index ticks_by_age on headrace.ticks (kind, status, started_at);

-- Null when the tick is done, or when it or another one of the same schedule or sensor is being evaluated by someone
-- whose lease has not run out.
create or replace function headrace.start_tick(
  p_location text, p_kind text, p_name text, p_scheduled_at bigint, p_now bigint, p_lease_seconds double precision
) returns jsonb
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_tick ticks;
begin
  -- Not the instigator's row: finish_tick takes that one after the tick's.
  perform pg_advisory_xact_lock(hashtextextended(format('headrace.start_tick:%L/%L/%L', p_location, p_kind, p_name), 0));
  if exists (
    select from ticks t
      where t.location = p_location and t.kind = p_kind and t.name = p_name and t.status = 'STARTED'
        and t.scheduled_at <> p_scheduled_at and t.started_at + p_lease_seconds * 1000 > p_now
  ) then return null; end if;
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

-- Puts tags on a run; false when there is none.
create function headrace.add_run_tags(p_run_id uuid, p_tags jsonb) returns boolean
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_tags jsonb;
begin
  select tags into v_tags from runs where run_id = p_run_id for update;
  if not found then return false; end if;
  perform set_run_tag(p_run_id, t.key, t.value) from jsonb_each_text(p_tags) t where v_tags ->> t.key is distinct from t.value;
  return true;
end $$;

-- While a run is being canceled its cause says who asked: whoever ends it keeps those words.
create or replace function headrace.cancel_run(p_run_id uuid, p_force boolean, p_cause text) returns text
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
    update runs set status = 'CANCELING', canceling_at = now_ms(), updated_at = now_ms(), cause = p_cause where run_id = p_run_id;
    perform write_event(p_run_id, v_run.attempt, 'RUN_CANCELING', 'INFO', p_cause, '{}');
    insert into outbox (kind, run_id, attempt, created_at) values ('stop-attempt', p_run_id, v_run.attempt, now_ms());
  end if;
  return 'canceling';
end $$;

-- p_decision: FinalizeDecision of lib/ports/storage.ts.
create or replace function headrace.finalize_attempt(p_run_id uuid, p_attempt integer, p_decision json) returns text
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
  if v_kind = 'resume' and v_run.status = 'CANCELING' then
    perform end_run(p_run_id, 'CANCELED', null, coalesce(v_run.cause, p_decision ->> 'cause'), null, false);
  elsif v_kind = 'cancel' then
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

-- The first finished status wins. Repeating one's own is no error.
create or replace function headrace.finish_run(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_status text, p_reason text, p_cause text
) returns void
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if exists (
    select from attempts where run_id = p_run_id and attempt = p_attempt and worker_id = p_worker_id and ended_by_worker
      and sha256(convert_to(p_token, 'UTF8')) = any (token_hashes) and outcome = p_status
  ) then return; end if;
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if p_status not in ('SUCCESS', 'FAILURE', 'CANCELED') or p_status is null then
    raise exception 'a run cannot end as %', p_status using errcode = 'HR003';
  end if;
  perform announce_events();
  -- The worker cannot know who canceled.
  perform end_run(p_run_id, p_status, p_reason,
    case p_status when 'CANCELED' then coalesce(v_run.cause, p_cause) else p_cause end, null, true);
end $$;

revoke execute on function headrace.add_run_tags(uuid, jsonb) from public;
grant execute on function headrace.add_run_tags(uuid, jsonb) to headrace_app;
