-- What a worker may do: every function is a compare-and-set on (run, attempt, worker, token) and runs with the rights
-- of its owner, because a worker's role can touch no table.
--
-- HR001: stale attempt. HR002: conflict. HR003: wrong input.

-- Makes an attempt's secret just before a worker is started with it; only its hash is kept. A launch that is repeated
-- gets another, because the first one may have started a worker all the same: whichever starts first decides.
create function headrace.issue_attempt_token(p_run_id uuid, p_attempt integer) returns text
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  -- 244 bits from the system's cryptographic source.
  v_token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  perform from runs where run_id = p_run_id and attempt = p_attempt and status = 'STARTING' for update;
  if not found then
    raise exception 'attempt % of run % is not waiting to be started', p_attempt, p_run_id using errcode = 'HR001';
  end if;
  update attempts set token_hashes = token_hashes || sha256(convert_to(v_token, 'UTF8'))
    where run_id = p_run_id and attempt = p_attempt;
  return v_token;
end $$;

-- Locks the run's row and makes sure that the caller is the worker of its live attempt.
create function headrace.require_live_attempt(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text)
returns headrace.attempts
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_run runs;
  v_attempt attempts;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  select * into v_attempt from attempts where run_id = p_run_id and attempt = p_attempt;
  if not found or not sha256(convert_to(p_token, 'UTF8')) = any (v_attempt.token_hashes) then
    raise exception 'the token does not belong to attempt % of run %', p_attempt, p_run_id using errcode = 'HR001';
  end if;
  if v_run.attempt <> p_attempt then
    raise exception 'attempt % of run % was replaced by attempt %', p_attempt, p_run_id, v_run.attempt using errcode = 'HR001';
  end if;
  if v_run.status not in ('STARTED', 'CANCELING') then
    raise exception 'run % is %', p_run_id, v_run.status using errcode = 'HR001';
  end if;
  if v_attempt.worker_id is distinct from p_worker_id then
    raise exception 'attempt % of run % belongs to worker %', p_attempt, p_run_id, coalesce(v_attempt.worker_id, 'nobody') using errcode = 'HR001';
  end if;
  return v_attempt;
end $$;

-- STARTING -> STARTED for the first worker. The answer is all that a worker needs; see RunAssignment in lib/ports.
create function headrace.start_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) returns json
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_hash bytea := sha256(convert_to(p_token, 'UTF8'));
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if v_run.status = 'STARTING' and v_run.attempt = p_attempt then
    update attempts set worker_id = p_worker_id, token_hashes = array[v_hash], started_at = v_now, heartbeat_at = v_now
      where run_id = p_run_id and attempt = p_attempt and worker_id is null and v_hash = any (token_hashes);
    if not found then
      raise exception 'the token does not belong to attempt % of run %', p_attempt, p_run_id using errcode = 'HR001';
    end if;
    update runs set status = 'STARTED', started_at = coalesce(started_at, v_now), updated_at = v_now where run_id = p_run_id;
    perform announce_events();
    perform write_event(p_run_id, p_attempt, 'RUN_START', 'INFO', 'Run started.', json_build_object('workerId', p_worker_id));
  else
    perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  end if;
  return run_assignment(p_run_id, p_attempt);
end $$;

create function headrace.run_assignment(p_run_id uuid, p_attempt integer) returns json
language sql stable
set search_path = headrace, pg_temp
as $$
  with recursive lineage as (
    select r.run_id, r.parent_run_id, r.tags, 0 as depth from runs r where r.run_id = p_run_id
    union all
    -- A run that resumes from failure keeps what its parent finished, and what that one kept.
    select p.run_id, p.parent_run_id, p.tags, l.depth + 1
      from lineage l join runs p on p.run_id = l.parent_run_id
      where l.tags ->> 'dagster/is_resume_retry' = 'true' and l.depth < 100
  ), step_events as (
    select l.depth, l.run_id, e.storage_id, e.type, e.step_key, e.data
      from lineage l join events e on e.run_id = l.run_id
      where e.type in ('STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED', 'STEP_OUTPUT') and e.step_key is not null
  ), last_word as (
    select distinct on (step_key) step_key, type, depth, run_id from step_events where type <> 'STEP_OUTPUT'
      order by step_key, depth, storage_id desc
  )
  select json_build_object(
    'runId', r.run_id, 'location', r.location, 'jobName', r.job_name, 'bundleHash', r.bundle_hash, 'tags', r.tags,
    'config', p.config, 'plan', f.plan, 'partitionKeys', p.partition_keys, 'lastSeq', a.last_seq,
    'stepResults', coalesce((
      select json_agg(json_build_object('stepKey', w.step_key, 'status', substr(w.type, 6), 'runId', nullif(w.run_id, p_run_id), 'outputs', coalesce((
          select json_agg(json_build_object('output', o.data ->> 'output', 'mappingKey', o.data ->> 'mappingKey') order by o.storage_id)
          from step_events o where o.type = 'STEP_OUTPUT' and o.step_key = w.step_key and o.depth = w.depth), '[]')))
      from last_word w where w.type in ('STEP_SUCCESS', 'STEP_SKIPPED')), '[]'),
    'triesByStep', coalesce((
      select json_object_agg(t.step_key, t.tries) from (
        select e.step_key, greatest(max(e.try_number), count(*))::integer as tries from events e
          where e.run_id = p_run_id and e.type in ('STEP_START', 'STEP_RESTARTED') and e.attempt < p_attempt and e.step_key is not null
          group by e.step_key) t), '{}'),
    'inputDataVersions', coalesce((
      select json_object_agg(d.asset_key, d.data_version) from asset_records d
        where d.data_version is not null
          and d.asset_key in (
            select s ->> 'asset' from jsonb_path_query(f.plan::jsonb, '$.steps[*].inputs[*].sources[*] ? (@.kind == "asset")') s)
          and not exists (select from run_assets m where m.run_id = p_run_id and m.asset_key = d.asset_key)), '{}'))
  from runs r join run_plans p on p.run_id = r.run_id join plans f on f.hash = p.plan_hash
  join attempts a on a.run_id = r.run_id and a.attempt = p_attempt
  where r.run_id = p_run_id
$$;

create function headrace.heartbeat(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) returns text
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  update attempts set heartbeat_at = now_ms() where run_id = p_run_id and attempt = p_attempt;
  return (select case status when 'CANCELING' then 'cancel' else 'continue' end from runs where run_id = p_run_id);
end $$;

-- What the attempt has appended already is passed over, so a batch may be repeated, also joined with newer events.
create function headrace.append_events(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_first_seq bigint, p_events json
) returns void
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_attempt attempts;
  v_last bigint := p_first_seq + json_array_length(p_events) - 1;
  v_new json := p_events;
begin
  v_attempt := require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if p_first_seq < 1 then
    raise exception 'sequence numbers start at 1, not %', p_first_seq using errcode = 'HR003';
  end if;
  if v_last <= v_attempt.last_seq then return; end if;
  if p_first_seq > v_attempt.last_seq + 1 then
    raise exception 'events % to % of run % are missing before %', v_attempt.last_seq + 1, p_first_seq - 1, p_run_id, p_first_seq
      using errcode = 'HR002';
  end if;
  if p_first_seq <= v_attempt.last_seq then
    select json_agg(e.event order by e.ord) into v_new
      from json_array_elements(p_events) with ordinality e (event, ord) where e.ord > v_attempt.last_seq - p_first_seq + 1;
  end if;
  if exists (select from json_array_elements(v_new) e where e ->> 'type' like 'RUN\_%') then
    raise exception 'a worker ends its run with finish_run, not by events' using errcode = 'HR003';
  end if;
  update attempts set last_seq = v_last, heartbeat_at = now_ms() where run_id = p_run_id and attempt = p_attempt;
  perform announce_events();
  perform write_events(p_run_id, p_attempt, v_new);
end $$;

-- The first finished status wins. Repeating one's own is no error.
create function headrace.finish_run(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_status text, p_reason text, p_cause text
) returns void
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  perform from runs where run_id = p_run_id for update;
  if exists (
    select from attempts where run_id = p_run_id and attempt = p_attempt and worker_id = p_worker_id and ended_by_worker
      and sha256(convert_to(p_token, 'UTF8')) = any (token_hashes) and outcome = p_status
  ) then return; end if;
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if p_status not in ('SUCCESS', 'FAILURE', 'CANCELED') or p_status is null then
    raise exception 'a run cannot end as %', p_status using errcode = 'HR003';
  end if;
  perform announce_events();
  perform end_run(p_run_id, p_status, p_reason, p_cause, null, true);
end $$;

create view headrace.live_pool_leases as
  select l.* from headrace.pool_leases l
  join headrace.runs r on r.run_id = l.run_id and r.attempt = l.attempt and r.status in ('STARTED', 'CANCELING');

-- A slot of a pool for one step. Leases of runs that are no longer live do not count, whoever forgot to release them.
create function headrace.claim_pool_slot(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text
) returns jsonb
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_limit integer;
  v_holders jsonb;
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  perform pg_advisory_xact_lock(hashtextextended('headrace.pool:' || p_pool, 0));
  if exists (select from live_pool_leases where pool = p_pool and run_id = p_run_id and step_key = p_step_key) then
    return jsonb_build_object('held', true);
  end if;
  select slots into v_limit from pools where pool = p_pool;
  if v_limit is not null then
    select coalesce(jsonb_agg(l.run_id || ':' || l.step_key order by l.since, l.run_id, l.step_key), '[]') into v_holders
      from live_pool_leases l where l.pool = p_pool;
    if jsonb_array_length(v_holders) >= v_limit then
      return jsonb_build_object('held', false, 'limit', v_limit, 'holders', v_holders);
    end if;
  end if;
  insert into pool_leases (pool, run_id, attempt, step_key, since) values (p_pool, p_run_id, p_attempt, p_step_key, now_ms())
    on conflict (pool, run_id, step_key) do update set attempt = excluded.attempt, since = excluded.since;
  return jsonb_build_object('held', true);
end $$;

create function headrace.release_pool_slot(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text
) returns void
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  delete from pool_leases where pool = p_pool and run_id = p_run_id and step_key = p_step_key;
end $$;

create function headrace.worker_dynamic_partitions(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_name text
) returns setof jsonb
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  return query select to_jsonb(d.key) from dynamic_partitions d
    where d.location = (select location from runs where run_id = p_run_id) and d.name = p_name order by d.seq;
end $$;
