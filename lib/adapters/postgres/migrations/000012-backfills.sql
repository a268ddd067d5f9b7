-- Backfills: what is asked for, and how far each partition of it has come. The engine decides which partitions are next;
-- advance_backfill writes a decision once, and the end of a run settles its partitions.

create table headrace.backfills (
  backfill_id text primary key,
  seq bigint generated always as identity unique,
  -- As in Dagster; COMPLETED alone is its old word and is not used.
  status text not null default 'REQUESTED' check (status in (
    'REQUESTED', 'CANCELING', 'CANCELED', 'FAILING', 'FAILED', 'COMPLETED_SUCCESS', 'COMPLETED_FAILED')),
  -- Raised by every change but those of targets: whoever decided by an older one decides anew.
  version integer not null default 1,
  location text not null,
  job_name text not null,
  -- Null: a backfill of a job, whose targets have no asset.
  asset_selection jsonb,
  config json not null,
  tags jsonb not null,
  title text,
  description text,
  from_failure boolean not null default false,
  parent_backfill_id text,
  root_backfill_id text,
  paused_at bigint,
  -- Who canceled it, or why it failed.
  cause text,
  error json,
  failure_count integer not null default 0,
  -- Not looked at before, so that one with many partitions is not worked out anew after each run.
  next_iteration_at bigint not null default 0,
  created_at bigint not null,
  ended_at bigint,
  updated_at bigint not null
);
create index backfills_live on headrace.backfills (seq) where ended_at is null;
create index backfills_held on headrace.backfills (backfill_id)
  where ended_at is null and (paused_at is not null or status <> 'REQUESTED');

create table headrace.backfill_targets (
  -- No foreign key: its checks would take most of the time in which a large backfill is created.
  backfill_id text not null,
  -- Empty: of a job.
  asset_key text not null,
  -- Empty: an asset without partitions.
  partition text not null,
  -- In the order of the partitions.
  ord integer not null,
  -- SKIPPED: a run that succeeded did not make it. BLOCKED: never requested, because something before it was not made.
  status text not null default 'PENDING' check (status in (
    'PENDING', 'REQUESTED', 'SUCCESS', 'FAILED', 'CANCELED', 'SKIPPED', 'BLOCKED')),
  -- The last run that was asked for it.
  run_id uuid,
  primary key (backfill_id, asset_key, partition)
);
create index backfill_targets_requested on headrace.backfill_targets (backfill_id) where status = 'REQUESTED';
create index backfill_targets_pending on headrace.backfill_targets (backfill_id) where status = 'PENDING';

alter table headrace.outbox drop constraint outbox_kind_check;
alter table headrace.outbox add constraint outbox_kind_check
  check (kind in ('dequeue', 'start-execution', 'stop-attempt', 'iterate-backfill'));

-- p_backfill: NewBackfill of lib/model/backfill.ts. The same id again changes nothing.
create function headrace.create_backfill(p_backfill json) returns boolean
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_id text := p_backfill ->> 'backfillId';
  v_now bigint := now_ms();
begin
  insert into backfills (backfill_id, location, job_name, asset_selection, config, tags, title, description, from_failure,
      parent_backfill_id, root_backfill_id, created_at, updated_at)
    values (v_id, p_backfill ->> 'location', p_backfill ->> 'jobName', nullif((p_backfill -> 'assetSelection')::jsonb, 'null'),
      p_backfill -> 'config', (p_backfill -> 'tags')::jsonb, p_backfill ->> 'title', p_backfill ->> 'description',
      (p_backfill ->> 'fromFailure')::boolean, p_backfill ->> 'parentBackfillId', p_backfill ->> 'rootBackfillId', v_now, v_now)
    on conflict do nothing;
  if not found then return false; end if;
  -- The asset of each target once, not for each of its partitions: a target may be long.
  with targets as materialized (
    select coalesce(t.target ->> 'asset', '') as asset_key, t.target -> 'partitions' as partitions
      from json_array_elements(p_backfill -> 'targets') t (target)
  )
  insert into backfill_targets (backfill_id, asset_key, partition, ord)
    select v_id, t.asset_key, k.partition, k.ord
      from targets t, json_array_elements_text(t.partitions) with ordinality k (partition, ord)
    on conflict do nothing;
  insert into outbox (kind, created_at) values ('iterate-backfill', v_now);
  return true;
end $$;

-- A backfill in the shape of lib/model/backfill.ts.
create function headrace.backfill_json(b headrace.backfills) returns json
language sql stable
as $$
  select json_build_object(
    'backfillId', b.backfill_id, 'status', b.status, 'version', b.version, 'location', b.location, 'jobName', b.job_name,
    'assetSelection', b.asset_selection, 'config', b.config, 'tags', b.tags, 'title', b.title, 'description', b.description,
    'fromFailure', b.from_failure, 'parentBackfillId', b.parent_backfill_id, 'rootBackfillId', b.root_backfill_id,
    'pausedAt', b.paused_at, 'cause', b.cause, 'error', b.error, 'failureCount', b.failure_count,
    'nextIterationAt', b.next_iteration_at, 'createdAt', b.created_at, 'endedAt', b.ended_at, 'updatedAt', b.updated_at,
    'counts', coalesce((
      select json_agg(json_build_object('asset', nullif(c.asset_key, ''), 'status', c.status, 'count', c.count) order by c.asset_key, c.status)
        from (select asset_key, status, count(*)::integer as count from headrace.backfill_targets t
          where t.backfill_id = b.backfill_id group by asset_key, status) c), '[]'))
$$;

-- Marks pending partitions as requested. A large backfill is new to the planner's statistics, by which it would look
-- through all its partitions for each of them.
create function headrace.request_backfill_targets(p_backfill_id text, p_requested json) returns void
language sql volatile
set search_path = headrace, pg_temp
set enable_nestloop = off
as $$
  with asked as materialized (
    select coalesce(r.request ->> 'asset', '') as asset_key, k.partition, r.request ->> 'status' as status,
        (r.request ->> 'runId')::uuid as run_id
      from json_array_elements(p_requested) r (request), json_array_elements_text(r.request -> 'partitions') k (partition)
  )
  update backfill_targets t set status = a.status, run_id = a.run_id from asked a
    where t.backfill_id = p_backfill_id and t.asset_key = a.asset_key and t.partition = a.partition and t.status = 'PENDING'
$$;

-- Writes what the engine decided on a backfill, unless it has changed since (p_version): new runs with the partitions they
-- are for, when to look again, its end. All or nothing, so a process that dies before it leaves all to the next, and one
-- that dies after it has left nothing to be done twice.
--
-- p_advance: BackfillAdvance of lib/ports/storage.ts, its runs as create_runs takes them.
create function headrace.advance_backfill(p_backfill_id text, p_version integer, p_advance json) returns boolean
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_backfill backfills;
  v_status text := p_advance ->> 'status';
begin
  select * into v_backfill from backfills where backfill_id = p_backfill_id for update;
  if not found or v_backfill.version <> p_version or v_backfill.ended_at is not null then return false; end if;

  if json_array_length(p_advance -> 'runs' -> 'runs') > 0 then
    perform create_runs(p_advance -> 'runs');
  end if;
  perform request_backfill_targets(p_backfill_id, p_advance -> 'requested');
  if v_status in ('COMPLETED_SUCCESS', 'COMPLETED_FAILED', 'CANCELED', 'FAILED') then
    update backfill_targets set status = 'BLOCKED' where backfill_id = p_backfill_id and status = 'PENDING';
  end if;
  update backfills set version = version + 1, status = coalesce(v_status, status), updated_at = v_now,
      ended_at = case when v_status in ('COMPLETED_SUCCESS', 'COMPLETED_FAILED', 'CANCELED', 'FAILED') then v_now end,
      error = coalesce(p_advance -> 'error', error), cause = coalesce(p_advance ->> 'cause', cause),
      failure_count = coalesce((p_advance ->> 'failureCount')::integer, 0),
      next_iteration_at = coalesce((p_advance ->> 'nextIterationAt')::bigint, 0)
    where backfill_id = p_backfill_id;
  return true;
end $$;

-- Whether a run of the backfill, a retry included, has not ended.
create function headrace.backfill_is_running(p_backfill_id text) returns boolean
language sql stable
as $$
  select exists (
    select from headrace.run_tags t join headrace.runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id and r.status not in ('SUCCESS', 'FAILURE', 'CANCELED'))
$$;

-- Asks the backfill's runs to end, some at a time. Returns how many of them have not ended yet, up to twice the limit.
create function headrace.cancel_backfill_runs(p_backfill_id text, p_limit integer, p_cause text) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_runs uuid[];
begin
  -- All their rows before the first of them takes that of the backfill.
  select array_agg(l.run_id) into v_runs from (
    select r.run_id from run_tags t join runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id
        and r.status not in ('SUCCESS', 'FAILURE', 'CANCELED', 'CANCELING')
      order by r.run_id limit p_limit for update of r
  ) l;
  perform cancel_run(r, false, p_cause) from unnest(v_runs) r;
  return (select count(*) from (
    select from run_tags t join runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id and r.status not in ('SUCCESS', 'FAILURE', 'CANCELED')
      limit 2 * p_limit) unfinished);
end $$;

-- cancel, pause, resume, or another priority; null when there is no such backfill. What makes no sense changes nothing.
--
-- Resumed: one that is paused goes on; one that has ended takes up what was never made and did not fail.
create function headrace.change_backfill(p_backfill_id text, p_change json) returns json
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_kind text := p_change ->> 'kind';
  v_priority text := p_change ->> 'priority';
  v_backfill backfills;
begin
  -- Runs before their backfill, as everywhere: whoever ends a run comes from there.
  if v_kind = 'priority' then perform set_queued_priority(p_backfill_id, v_priority); end if;
  select * into v_backfill from backfills where backfill_id = p_backfill_id for update;
  if not found then return null; end if;
  if v_kind = 'cancel' and v_backfill.status = 'REQUESTED' then
    update backfills set status = 'CANCELING', cause = p_change ->> 'cause', paused_at = null, next_iteration_at = 0 where backfill_id = p_backfill_id;
  elsif v_kind = 'pause' and v_backfill.status = 'REQUESTED' and v_backfill.paused_at is null then
    update backfills set paused_at = v_now where backfill_id = p_backfill_id;
  elsif v_kind = 'resume' and v_backfill.paused_at is not null then
    update backfills set paused_at = null, next_iteration_at = 0 where backfill_id = p_backfill_id;
    -- Its queued runs may be claimed again.
    insert into outbox (kind, created_at) values ('dequeue', v_now);
  elsif v_kind = 'resume' and v_backfill.status in ('CANCELED', 'FAILED', 'COMPLETED_FAILED') then
    update backfills set status = 'REQUESTED', ended_at = null, cause = null, error = null, failure_count = 0, next_iteration_at = 0
      where backfill_id = p_backfill_id;
    update backfill_targets set status = 'PENDING' where backfill_id = p_backfill_id and status in ('BLOCKED', 'CANCELED');
  elsif v_kind = 'priority' and v_backfill.ended_at is null then
    update backfills set tags = tags || jsonb_build_object('dagster/priority', v_priority) where backfill_id = p_backfill_id;
  else
    return backfill_json(v_backfill);
  end if;
  update backfills set version = version + 1, updated_at = v_now where backfill_id = p_backfill_id returning * into v_backfill;
  insert into outbox (kind, created_at) values ('iterate-backfill', v_now);
  return backfill_json(v_backfill);
end $$;

-- Gives the queued runs of a backfill another place in the queue.
create function headrace.set_queued_priority(p_backfill_id text, p_priority text) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_seqs bigint[];
  v_old text[];
begin
  with locked as (
    select r.run_id, r.seq, r.tags ->> 'dagster/priority' as old_priority
      from run_tags t join runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id and r.status = 'QUEUED'
      order by r.run_id for update of r
  ), changed as (
    update runs r set priority = p_priority::bigint, tags = r.tags || jsonb_build_object('dagster/priority', p_priority), updated_at = now_ms()
      from locked l where r.run_id = l.run_id
  )
  select array_agg(seq), array_agg(old_priority) into v_seqs, v_old from locked;
  delete from run_tags t using unnest(v_seqs, v_old) p (seq, old)
    where t.key = 'dagster/priority' and t.value = p.old and t.seq = p.seq;
  insert into run_tags (key, value, seq) select 'dagster/priority', p_priority, s from unnest(v_seqs) s on conflict do nothing;
end $$;

-- What the end of a run means for its backfill. By what the run planned, not by who asked for it, so that a retry and a
-- run that somebody made again from it settle the same partitions.
create function headrace.settle_backfill_targets(p_run headrace.runs) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_backfill backfills;
  v_ended text := case p_run.status when 'CANCELED' then 'CANCELED' else 'FAILED' end;
begin
  -- One end at a time, or the last two would each take the other for still running.
  select * into v_backfill from backfills where backfill_id = p_run.tags ->> 'dagster/backfill' for update;
  if not found or v_backfill.ended_at is not null then return; end if;
  if v_backfill.asset_selection is null then
    update backfill_targets t set status = case p_run.status when 'SUCCESS' then 'SUCCESS' else v_ended end, run_id = p_run.run_id
      from run_plans p, json_array_elements_text(p.partition_keys) k (partition)
      where p.run_id = p_run.run_id and t.backfill_id = v_backfill.backfill_id and t.asset_key = '' and t.partition = k.partition
        and t.status in ('REQUESTED', 'FAILED', 'CANCELED');
  else
    update backfill_targets t set run_id = p_run.run_id, status = case
        when p_run.status = 'SUCCESS' then case when a.done then 'SUCCESS' else 'SKIPPED' end
        -- A run that failed may have made some of it before.
        when exists (select from events e where e.run_id = p_run.run_id and e.type = 'ASSET_MATERIALIZATION'
          and e.asset_key = a.asset_key and (e.partition is null or e.partition = a.partition)) then 'SUCCESS'
        else v_ended end
      from run_assets a
      where a.run_id = p_run.run_id and t.backfill_id = v_backfill.backfill_id and t.asset_key = a.asset_key and t.partition = a.partition
        and t.status in ('REQUESTED', 'FAILED', 'CANCELED');
  end if;
  if exists (select from backfill_targets where backfill_id = v_backfill.backfill_id and status = 'PENDING')
    or not exists (select from backfill_targets where backfill_id = v_backfill.backfill_id and status = 'REQUESTED')
  then
    insert into outbox (kind, run_id, created_at) values ('iterate-backfill', p_run.run_id, now_ms());
  end if;
end $$;

-- A trigger, because a run ends in one place but for many reasons, and what follows from its end belongs to others.
create function headrace.run_ended() returns trigger
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  if new.tags ? 'dagster/backfill' then perform settle_backfill_targets(new); end if;
  return null;
end $$;
create trigger run_ended after update of status on headrace.runs for each row
  when (new.status in ('SUCCESS', 'FAILURE', 'CANCELED') and old.status not in ('SUCCESS', 'FAILURE', 'CANCELED'))
  execute function headrace.run_ended();

revoke execute on function
  headrace.create_backfill(json), headrace.backfill_json(headrace.backfills), headrace.request_backfill_targets(text, json), headrace.advance_backfill(text, integer, json),
  headrace.backfill_is_running(text), headrace.cancel_backfill_runs(text, integer, text), headrace.change_backfill(text, json),
  headrace.set_queued_priority(text, text), headrace.settle_backfill_targets(headrace.runs), headrace.run_ended()
from public;
grant execute on function
  headrace.create_backfill(json), headrace.backfill_json(headrace.backfills), headrace.request_backfill_targets(text, json), headrace.advance_backfill(text, integer, json),
  headrace.backfill_is_running(text), headrace.cancel_backfill_runs(text, integer, text), headrace.change_backfill(text, json),
  headrace.set_queued_priority(text, text), headrace.settle_backfill_targets(headrace.runs), headrace.run_ended()
to headrace_app;
