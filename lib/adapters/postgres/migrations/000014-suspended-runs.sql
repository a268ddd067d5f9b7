-- Runs that wait for longer than it is worth to keep a process: they hold no slot, no lease and no worker, and go back
-- to the queue when they are due.

alter table headrace.runs add column resume_at bigint;
-- Attempts that ended so: they are no failures, and do not count as such.
alter table headrace.runs add column suspensions integer not null default 0;
create index runs_suspended on headrace.runs (resume_at) where status = 'SUSPENDED';

-- What the worker knew of the steps, for the next attempt.
alter table headrace.attempts add column suspended_state json;
alter table headrace.attempts drop constraint attempts_outcome_check;
alter table headrace.attempts add constraint attempts_outcome_check
  check (outcome in ('SUCCESS', 'FAILURE', 'CANCELED', 'RESUMED', 'SUSPENDED'));

-- The attempt's end, as finish_run is; the run goes on later. A cancellation that came meanwhile is not lost.
create function headrace.suspend_run(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_resume_at bigint, p_cause text, p_state json
) returns void
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if exists (
    select from attempts where run_id = p_run_id and attempt = p_attempt and worker_id = p_worker_id and ended_by_worker
      and sha256(convert_to(p_token, 'UTF8')) = any (token_hashes) and outcome = 'SUSPENDED'
  ) then return; end if;
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  perform announce_events();
  if v_run.status = 'CANCELING' then
    perform end_run(p_run_id, 'CANCELED', null, v_run.cause, null, true);
    return;
  end if;
  update runs set status = 'SUSPENDED', resume_at = p_resume_at, suspensions = suspensions + 1, cause = p_cause, updated_at = v_now
    where run_id = p_run_id;
  update attempts set ended_at = v_now, outcome = 'SUSPENDED', ended_by_worker = true, suspended_state = p_state
    where run_id = p_run_id and attempt = p_attempt;
  delete from pool_leases where run_id = p_run_id;
  delete from pool_waiters where run_id = p_run_id;
  perform write_event(p_run_id, p_attempt, 'ENGINE_EVENT', 'INFO', p_cause, '{}');
  insert into outbox (kind, created_at) values ('dequeue', v_now);
end $$;

-- What the last attempt that was suspended knew; null when none was.
create function headrace.suspended_state(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) returns json
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  return (select suspended_state from attempts
    where run_id = p_run_id and attempt < p_attempt and outcome = 'SUSPENDED' order by attempt desc limit 1);
end $$;

-- Puts suspended runs that are due back into the queue, at their old place. Returns how many.
create function headrace.resume_suspended_runs() returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_runs uuid[];
begin
  select array_agg(d.run_id) into v_runs from (
    select run_id from runs where status = 'SUSPENDED' and resume_at <= v_now order by run_id for update skip locked) d;
  if v_runs is null then return 0; end if;
  perform announce_events();
  update runs set status = 'QUEUED', resume_at = null, cause = null, updated_at = v_now where run_id = any (v_runs);
  perform write_event(r.run_id, r.attempt, 'RUN_ENQUEUED', 'INFO', 'Run was enqueued again after its wait, keeping its finished steps.', '{}')
    from runs r where r.run_id = any (v_runs);
  insert into outbox (kind, created_at) values ('dequeue', v_now);
  return cardinality(v_runs);
end $$;

-- When something that nobody will announce is to be done: `resumeAt` of the first suspended run, `backfillAt` of the first
-- live backfill that is not paused; epoch ms, or null.
create function headrace.upkeep_due_at() returns json
language sql stable
as $$
  select json_build_object(
    'resumeAt', (select min(resume_at) from headrace.runs where status = 'SUSPENDED'),
    'backfillAt', (select min(next_iteration_at) from headrace.backfills where ended_at is null and paused_at is null))
$$;

revoke execute on function
  headrace.suspend_run(uuid, integer, text, text, bigint, text, json), headrace.suspended_state(uuid, integer, text, text),
  headrace.resume_suspended_runs(), headrace.upkeep_due_at()
from public;
grant execute on function
  headrace.suspend_run(uuid, integer, text, text, bigint, text, json), headrace.suspended_state(uuid, integer, text, text)
to headrace_app, headrace_worker;
grant execute on function headrace.resume_suspended_runs(), headrace.upkeep_due_at() to headrace_app;
