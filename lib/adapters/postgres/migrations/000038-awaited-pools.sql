-- A slot of a pool that is given back in the middle of a run reaches the queued run that waits for it at once.

-- Runs that may be started beyond the slots of a pool, their first steps waiting; as the last claim was told.
alter table headrace.pools add column run_buffer integer not null default 0;

-- As before; `waiting` are steps of started runs that asked within 20 s, which come before queued runs, and `free` is how
-- many runs more may start for it.
create or replace view headrace.pool_usage as
  select u.pool, u.slots, u.used, u.waiting, u.slots + u.run_buffer - u.used - u.waiting as free from (
    select p.pool, p.slots, p.run_buffer,
      (select count(*) from headrace.live_pool_leases l join headrace.runs r on r.run_id = l.run_id
          where l.pool = p.pool and not r.holds_pools)
        + (select count(*) from headrace.runs r where r.status = 'STARTING' and not r.holds_pools and p.pool = any (r.root_pools))
        + (select count(*) from headrace.runs r
          where r.holds_pools and r.status in ('STARTING', 'STARTED', 'CANCELING') and p.pool = any (r.pools)) as used,
      (select count(*) from headrace.pool_waiters w join headrace.runs r on r.run_id = w.run_id and r.attempt = w.attempt
        where w.pool = p.pool and w.asked_at > headrace.now_ms() - 20000 and r.status = 'STARTED') as waiting
    from headrace.pools p
  ) u;

-- As before, with the buffer of runs, and after the steps of started runs that wait.
create or replace function headrace.claim_runs(p_count integer, p_settings jsonb)
returns table (run_id uuid, attempt integer)
language plpgsql
set search_path = headrace, pg_temp
set lock_timeout = '5s'
as $$
#variable_conflict use_column
declare
  v_now bigint;
  v_max integer := (p_settings ->> 'maxConcurrentRuns')::integer;
  v_left integer := p_count;
  -- Whether a run holds a slot of each of its pools from the claim to its end, instead of each step for itself.
  v_by_run boolean := coalesce(p_settings ->> 'poolGranularity' = 'run', false);
  v_buffer integer := case when v_by_run then 0 else coalesce((p_settings ->> 'opGranularityRunBuffer')::integer, 0) end;
  v_limits jsonb;
  -- Runs that count, by limit: "<index of the limit>:<tag value>", the value empty for limits over all values.
  v_used jsonb;
  -- How many runs more each pool with a limit lets through.
  v_free jsonb;
  v_full text[];
  v_held text[];
  v_blocked text;
  -- The last run looked at.
  v_rank bigint;
  v_seq bigint;
  v_run record;
  v_cell record;
  v_pool text;
  v_fetched integer;
  v_is_blocked boolean;
  v_claimed uuid[] := '{}';
  v_attempts integer[] := '{}';
begin
  perform pg_advisory_xact_lock(hashtextextended('headrace.claim_runs', 0));
  if v_max >= 0 then
    v_left := least(v_left, v_max - (select count(*)::integer from runs where status in ('STARTING', 'STARTED', 'CANCELING')));
  end if;
  if v_left <= 0 then return; end if;

  select coalesce(jsonb_agg(jsonb_build_object(
      'index', l.ord, 'key', l.item ->> 'key', 'limit', (l.item ->> 'limit')::integer,
      'value', case when jsonb_typeof(l.item -> 'value') = 'string' then l.item ->> 'value' end,
      'each', coalesce((l.item -> 'value' ->> 'applyLimitPerUniqueValue')::boolean, false)) order by l.ord), '[]')
    into v_limits
    from jsonb_array_elements(coalesce(p_settings -> 'tagConcurrencyLimits', '[]')) with ordinality l (item, ord);
  select coalesce(jsonb_object_agg(u.cell, u.used), '{}') into v_used from (
    select c.cell, count(*) as used
      from runs r cross join lateral limit_cells(v_limits, r.tags) c
      where r.status in ('STARTING', 'STARTED', 'CANCELING')
      group by c.cell
  ) u;
  -- Remembered for who releases a slot, and for who asks what a run waits for.
  update pools set run_buffer = v_buffer where run_buffer <> v_buffer;
  select coalesce(jsonb_object_agg(pool, free), '{}') into v_free from pool_usage;
  select array_agg(backfill_id) into v_held from held_backfills;

  v_now := now_ms();
  loop
    select array_agg(f.key) into v_full from jsonb_each_text(v_free) f where f.value::bigint <= 0;
    v_blocked := blocked_condition(v_limits, v_used)
      || case when v_held is null then '' else format(' and (tags ->> ''dagster/backfill'' = any (%L)) is not true', v_held) end
      || case when v_full is null then '' else format(case when v_by_run then ' and (pools && %L) is not true' else ' and (root_pools <@ %L) is not true' end, v_full) end;
    v_fetched := 0;
    for v_run in execute format(
      'select run_id, seq, -priority as rank, tags, root_pools, pools from runs where status = ''QUEUED'' and not waits %s %s order by -priority, seq limit %s',
      case when v_seq is null then '' else format('and (-priority, seq) > (%s, %s)', v_rank, v_seq) end,
      v_blocked, v_left)
    loop
      v_fetched := v_fetched + 1;
      v_rank := v_run.rank;
      v_seq := v_run.seq;
      -- Those claimed since the rows were fetched may have filled a limit or a pool.
      select coalesce(bool_or(coalesce((v_used ->> c.cell)::integer, 0) >= c.maximum), false) into v_is_blocked
        from limit_cells(v_limits, v_run.tags) c;
      continue when v_is_blocked;
      if v_by_run then
        continue when exists (select from unnest(v_run.pools) p where (v_free ->> p)::bigint <= 0);
      else
        continue when v_run.root_pools is not null
          and not exists (select from unnest(v_run.root_pools) p where coalesce((v_free ->> p)::bigint, 1) > 0);
      end if;
      update runs set status = 'STARTING', attempt = attempt + 1, claimed_at = v_now, updated_at = v_now,
          holds_pools = v_by_run
        where run_id = v_run.run_id and status = 'QUEUED' and not waits
        returning attempt into attempt;
      continue when not found;
      run_id := v_run.run_id;
      v_claimed := v_claimed || run_id;
      v_attempts := v_attempts || attempt;
      v_left := v_left - 1;
      for v_cell in select c.cell from limit_cells(v_limits, v_run.tags) c loop
        v_used := v_used || jsonb_build_object(v_cell.cell, coalesce((v_used ->> v_cell.cell)::integer, 0) + 1);
      end loop;
      foreach v_pool in array coalesce(case when v_by_run then v_run.pools else v_run.root_pools end, '{}') loop
        if v_free ? v_pool then v_free := v_free || jsonb_build_object(v_pool, (v_free ->> v_pool)::bigint - 1); end if;
      end loop;
      return next;
    end loop;
    exit when v_left <= 0 or v_fetched = 0;
  end loop;
  if cardinality(v_claimed) = 0 then return; end if;

  perform announce_events();
  insert into attempts (run_id, attempt, claimed_at)
    select c.run_id, c.attempt, v_now from unnest(v_claimed, v_attempts) c (run_id, attempt);
  insert into outbox (kind, run_id, attempt, created_at)
    select 'start-execution', c.run_id, c.attempt, v_now from unnest(v_claimed, v_attempts) with ordinality c (run_id, attempt, ord)
    order by c.ord;
  insert into events (recorded_at, run_id, attempt, type, timestamp, level, message, data)
    select v_now, c.run_id, c.attempt, e.type, v_now, 'INFO', e.message,
        case e.type when 'RUN_STARTING' then json_build_object('attempt', c.attempt) else '{}' end
      from unnest(v_claimed, v_attempts) with ordinality c (run_id, attempt, ord)
      cross join (values (1, 'RUN_DEQUEUED', 'Run was dequeued.'), (2, 'RUN_STARTING', 'Run is starting.')) e (ord, type, message)
      order by c.ord, e.ord;
end $$;

-- Whether a run in the queue waits for a slot of the pool, and could have one now.
create function headrace.is_pool_awaited(p_pool text) returns boolean
language sql stable
set search_path = headrace, pg_temp
as $$
  select coalesce((select free > 0 from pool_usage where pool = p_pool), false)
    and exists (select from runs where status = 'QUEUED' and not waits and p_pool = any (root_pools))
$$;

-- As before; true when a queued run waits for the slot: a claim is owed then, which the caller may have delivered.
drop function headrace.release_pool_slot(uuid, integer, text, text, text, text);
create function headrace.release_pool_slot(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text
) returns boolean
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
declare
  v_is_released boolean;
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  delete from pool_leases where pool = p_pool and run_id = p_run_id and step_key = p_step_key;
  v_is_released := found;
  -- A run that holds its pools as a whole gives nothing back by a step.
  if not exists (select from pools where pool = p_pool) or (select holds_pools from runs where run_id = p_run_id) then return false; end if;
  -- A claim either sees the slot free or is over before this looks for who waits: none comes between the two.
  perform pg_advisory_xact_lock_shared(hashtextextended('headrace.claim_runs', 0));
  if not is_pool_awaited(p_pool) then return false; end if;
  if v_is_released then insert into outbox (kind, created_at) values ('dequeue', now_ms()); end if;
  return true;
end $$;

-- As before, by what a pool lets through.
create or replace function headrace.run_waits(p_run_ids jsonb, p_max_retries integer, p_pool_granularity text)
returns setof json
language sql
stable
set search_path = headrace, pg_temp
as $$
  select json_build_object(
      'runId', r.run_id,
      'dependencies', coalesce((
        select json_agg(json_build_object('mode', s.mode, 'requires', s.requires, 'runId', s.upstream_run_id, 'jobName', s.job_name,
            'state', s.state) order by s.ord)
          from dependency_states(array[r.run_id], p_max_retries) s where r.waits), '[]'),
      'pools', coalesce((
        select json_agg(json_build_object('pool', u.pool, 'limit', u.slots, 'used', u.used, 'waiting', u.waiting, 'holders', coalesce((
            select json_agg(h.run_id) from pool_holders h where h.pool = u.pool), '[]')) order by u.pool)
          from pool_usage u
          where u.pool = any (case p_pool_granularity when 'run' then r.pools else r.root_pools end) and u.free <= 0
        -- Or another of its first steps could start.
        having p_pool_granularity = 'run' or count(*) = cardinality(r.root_pools)), '[]'),
      'backfill', (select h.reason from held_backfills h where h.backfill_id = r.tags ->> 'dagster/backfill'))
    from runs r
    where r.status = 'QUEUED' and r.run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids))
$$;

revoke execute on function headrace.is_pool_awaited(text), headrace.release_pool_slot(uuid, integer, text, text, text, text) from public;
grant execute on function headrace.is_pool_awaited(text) to headrace_app;
grant execute on function headrace.release_pool_slot(uuid, integer, text, text, text, text) to headrace_app, headrace_worker;
