-- The slots that a claim reserved for a run's first steps stay its own until these have asked for them; those that none
-- of them asks for are then free, and reach the queued run that waits for one at once.

-- Pools whose slot the run has reserved and no step has asked for; null after its first heartbeat.
alter table headrace.attempts add column reserved_pools text[];

-- As before, with what started runs have reserved.
create or replace view headrace.pool_usage as
  select u.pool, u.slots, u.used, u.waiting, u.slots + u.run_buffer - u.used - u.waiting as free from (
    select p.pool, p.slots, p.run_buffer,
      (select count(*) from headrace.live_pool_leases l join headrace.runs r on r.run_id = l.run_id
          where l.pool = p.pool and not r.holds_pools)
        + (select count(*) from headrace.runs r where r.status = 'STARTING' and not r.holds_pools and p.pool = any (r.root_pools))
        + (select count(*) from headrace.runs r join headrace.attempts a on a.run_id = r.run_id and a.attempt = r.attempt
          where r.status in ('STARTED', 'CANCELING') and p.pool = any (a.reserved_pools))
        + (select count(*) from headrace.runs r
          where r.holds_pools and r.status in ('STARTING', 'STARTED', 'CANCELING') and p.pool = any (r.pools)) as used,
      (select count(*) from headrace.pool_waiters w join headrace.runs r on r.run_id = w.run_id and r.attempt = w.attempt
        where w.pool = p.pool and w.asked_at > headrace.now_ms() - 20000 and r.status = 'STARTED') as waiting
    from headrace.pools p
  ) u;

-- As before; what the claim reserved stays reserved.
create or replace function headrace.start_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) returns json
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
    update attempts set worker_id = p_worker_id, token_hashes = array[v_hash], started_at = v_now, heartbeat_at = v_now,
        reserved_pools = case when not v_run.holds_pools then v_run.root_pools end
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

-- As before; the step that asks takes the place of what was reserved for it, whether it gets a slot or waits.
create or replace function headrace.claim_pool_slot(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text, p_priority integer default 0)
returns jsonb
language plpgsql
security definer
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_limit integer;
  v_priority bigint := p_priority;
  v_since bigint;
  v_holders jsonb;
  v_ahead integer;
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  perform pg_advisory_xact_lock(hashtextextended('headrace.pool:' || p_pool, 0));
  if exists (select from live_pool_leases where pool = p_pool and run_id = p_run_id and step_key = p_step_key) then
    return jsonb_build_object('held', true);
  end if;
  update attempts set reserved_pools = array_remove(reserved_pools, p_pool)
    where run_id = p_run_id and attempt = p_attempt and p_pool = any (reserved_pools);
  -- A run that holds its pools as a whole has its slot already.
  select slots into v_limit from pools where pool = p_pool and not (select holds_pools from runs where run_id = p_run_id);
  if v_limit is not null then
    v_priority := p_priority + (select priority from runs where run_id = p_run_id);
    insert into pool_waiters as w (pool, run_id, attempt, step_key, priority, since, asked_at)
      values (p_pool, p_run_id, p_attempt, p_step_key, v_priority, v_now, v_now)
      on conflict (pool, run_id, step_key) do update set asked_at = excluded.asked_at, priority = excluded.priority, attempt = excluded.attempt,
        since = case when w.attempt = excluded.attempt then w.since else excluded.since end
      returning since into v_since;
    select coalesce(jsonb_agg(l.run_id || ':' || l.step_key order by l.since, l.run_id, l.step_key), '[]') into v_holders
      from live_pool_leases l where l.pool = p_pool;
    select count(*) into v_ahead
      from pool_waiters w join runs r on r.run_id = w.run_id and r.attempt = w.attempt and r.status = 'STARTED'
      where w.pool = p_pool and w.asked_at > v_now - 20000
        and (-w.priority, w.since, w.run_id, w.step_key) < (-v_priority, v_since, p_run_id, p_step_key);
    if jsonb_array_length(v_holders) + v_ahead >= v_limit then
      return jsonb_build_object('held', false, 'limit', v_limit, 'holders', v_holders);
    end if;
  end if;
  delete from pool_waiters where pool = p_pool and run_id = p_run_id and step_key = p_step_key;
  insert into pool_leases (pool, run_id, attempt, step_key, since) values (p_pool, p_run_id, p_attempt, p_step_key, v_now)
    on conflict (pool, run_id, step_key) do update set attempt = excluded.attempt, since = excluded.since;
  return jsonb_build_object('held', true);
end $$;

-- As before; by the first one all first steps have asked for their pools, or wait for room in their run: what is still
-- reserved is free. 'dequeue' when a queued run waits for it: a claim is owed then, which the caller may have delivered.
create or replace function headrace.heartbeat(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) returns text
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_attempt attempts;
  v_is_awaited boolean := false;
begin
  v_attempt := require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  update attempts set heartbeat_at = now_ms(), reserved_pools = null where run_id = p_run_id and attempt = p_attempt;
  if exists (select from pools where pool = any (v_attempt.reserved_pools)) then
    -- As for a slot that a step gives back.
    perform pg_advisory_xact_lock_shared(hashtextextended('headrace.claim_runs', 0));
    v_is_awaited := exists (select from unnest(v_attempt.reserved_pools) p where is_pool_awaited(p));
    if v_is_awaited then insert into outbox (kind, created_at) values ('dequeue', now_ms()); end if;
  end if;
  return (select case when status = 'CANCELING' then 'cancel' when v_is_awaited then 'dequeue' else 'continue' end
    from runs where run_id = p_run_id);
end $$;
