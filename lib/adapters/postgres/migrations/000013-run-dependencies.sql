-- What a queued run may wait for besides limits: other runs (`after`), its pools, its backfill.

-- True until the runs that it is to start after have ended as they should.
alter table headrace.runs add column waits boolean not null default false;
-- Pools of the steps that come first, when each of these has one; null when a step can start without any.
alter table headrace.runs add column root_pools text[];
create index runs_waiting on headrace.runs (run_id) where status = 'QUEUED' and waits;

create table headrace.run_dependencies (
  run_id uuid not null references headrace.runs on delete cascade,
  ord integer not null,
  -- Null while the job has no run that it could be.
  upstream_run_id uuid,
  -- Of a dependency on a job: the job.
  location text,
  job_name text,
  requires text not null check (requires in ('success', 'end')),
  -- All of a run's dependencies must be met, or any of them.
  mode text not null check (mode in ('all', 'any')),
  primary key (run_id, ord)
);
create index run_dependencies_upstream on headrace.run_dependencies (upstream_run_id);
create index run_dependencies_unbound on headrace.run_dependencies (location, job_name) where upstream_run_id is null;

alter function headrace.create_runs(json) rename to insert_runs;

-- As insert_runs, with what the new runs are to wait for. A dependency on a job is one on its newest run or, when it
-- has none, on its first to come.
create function headrace.create_runs(p_batch json)
returns table (run_id uuid, created boolean, run_key text)
language plpgsql
set search_path = headrace, pg_temp
as $$
#variable_conflict use_column
declare
  v_run record;
begin
  return query select * from insert_runs(p_batch);
  if p_batch ->> 'waits' is distinct from 'true' then return; end if;

  update runs r set root_pools = p.pools, waits = p.dependencies is not null
    from (
      select (i ->> 'runId')::uuid as run_id, nullif(i -> 'dependencies' ->> 'mode', '') as dependencies,
          case when json_typeof(i -> 'rootPools') = 'array' then array(select json_array_elements_text(i -> 'rootPools')) end as pools
        from json_array_elements(p_batch -> 'runs') i
    ) p
    where r.run_id = p.run_id and r.status = 'QUEUED' and r.attempt = 0 and (p.pools is not null or p.dependencies is not null)
      and not exists (select from run_dependencies d where d.run_id = r.run_id);
  insert into run_dependencies (run_id, ord, upstream_run_id, location, job_name, requires, mode)
    select r.run_id, d.ord, coalesce((d.item ->> 'runId')::uuid, (
          select n.run_id from runs n
            where n.location = d.item ->> 'location' and n.job_name = d.item ->> 'jobName' and n.seq < r.seq
            order by n.seq desc limit 1)),
          d.item ->> 'location', d.item ->> 'jobName', d.item ->> 'requires', i -> 'dependencies' ->> 'mode'
        from json_array_elements(p_batch -> 'runs') i
        join runs r on r.run_id = (i ->> 'runId')::uuid and r.waits
        cross join json_array_elements(i -> 'dependencies' -> 'on') with ordinality d (item, ord)
      on conflict do nothing;
  for v_run in
    select r.run_id, r.location, r.job_name from json_array_elements(p_batch -> 'runs') i
      join runs r on r.run_id = (i ->> 'runId')::uuid and r.waits
  loop
    if exists (
      with recursive upstream as (
        select d.upstream_run_id, d.location, d.job_name from run_dependencies d where d.run_id = v_run.run_id
        union
        select d.upstream_run_id, d.location, d.job_name
          from upstream u join runs r on r.run_id = u.upstream_run_id and r.waits and r.status = 'QUEUED'
          join run_dependencies d on d.run_id = r.run_id
      )
      select from upstream u
        where u.upstream_run_id = v_run.run_id
          or (u.upstream_run_id is null and u.location = v_run.location and u.job_name = v_run.job_name)
    ) then
      raise exception 'run % of job % and what it is to start after would wait for each other', v_run.run_id, v_run.job_name using errcode = 'HR003';
    end if;
  end loop;
end $$;

-- How a dependency stands: met, waiting or impossible; and its other run in words. p_max_retries: automatic retries of
-- a failed run where its tags do not say.
create function headrace.dependency_states(p_run_ids uuid[], p_max_retries integer)
returns table (run_id uuid, ord integer, mode text, requires text, upstream_run_id uuid, job_name text, upstream_status text, state text)
language sql stable
set search_path = headrace, pg_temp
as $$
  select d.run_id, d.ord, d.mode, d.requires, d.upstream_run_id, coalesce(u.job_name, d.job_name), u.status, case
      when u.run_id is null then case when d.upstream_run_id is null then 'waiting' when d.requires = 'end' then 'met' else 'impossible' end
      when u.status = 'SUCCESS' then 'met'
      when u.status = 'CANCELED' then case d.requires when 'end' then 'met' else 'impossible' end
      when u.status = 'FAILURE' then case
        -- A retry that is about to be made goes on with what this run was to do.
        when u.tags ->> 'dagster/will_retry' = 'true' then 'waiting'
        when not u.tags ? 'dagster/will_retry' and u.ended_at > now_ms() - 300000
          and case when u.tags ->> 'dagster/max_retries' ~ '^\d{1,9}$' then (u.tags ->> 'dagster/max_retries')::integer else p_max_retries end > 0
          then 'waiting'
        when d.requires = 'end' then 'met'
        else 'impossible' end
      else 'waiting' end
    from run_dependencies d left join runs u on u.run_id = d.upstream_run_id
    where d.run_id = any (p_run_ids)
$$;

-- Lets go the waiting runs whose dependencies are met, and cancels those whose can no longer be. Derived from the other
-- runs as they are, by whoever claims: there is no message that could be lost. Returns how many runs it changed.
create function headrace.settle_dependencies(p_max_retries integer) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_waiting uuid[];
  v_run record;
  v_changed integer := 0;
  v_before integer;
begin
  loop
    v_before := v_changed;
    -- All rows first and in order: ending a run takes other rows after it. Whoever comes second waits and looks anew: a
    -- run that it passed over would be left to one who had looked before the other run's end.
    select array_agg(w.run_id) into v_waiting from (
      select run_id from runs where status = 'QUEUED' and waits order by run_id for update) w;
    exit when v_waiting is null;
    update run_dependencies d set upstream_run_id = (
        select n.run_id from runs n
          where n.location = d.location and n.job_name = d.job_name and n.seq > (select seq from runs r where r.run_id = d.run_id)
          order by n.seq limit 1)
      where d.run_id = any (v_waiting) and d.upstream_run_id is null;
    update run_dependencies d set upstream_run_id = (u.tags ->> 'dagster/auto_retry_run_id')::uuid
      from runs u
      where d.run_id = any (v_waiting) and u.run_id = d.upstream_run_id and u.status = 'FAILURE'
        and u.tags ->> 'dagster/will_retry' = 'true' and u.tags ? 'dagster/auto_retry_run_id';
    for v_run in
      select s.run_id,
          case min(s.mode) when 'all' then bool_and(s.state = 'met') else bool_or(s.state = 'met') end as is_met,
          case min(s.mode) when 'all' then bool_or(s.state = 'impossible') else bool_and(s.state = 'impossible') end as is_impossible,
          string_agg('run ' || left(s.upstream_run_id::text, 8) || coalesce(' (' || s.job_name || ')', '') || case s.upstream_status
            when 'FAILURE' then ' failed' when 'CANCELED' then ' was canceled' else ' was deleted' end, ', ' order by s.ord)
            filter (where s.state = 'impossible') as causes
        from dependency_states(v_waiting, p_max_retries) s group by s.run_id
    loop
      if v_run.is_met then
        update runs set waits = false, updated_at = now_ms() where run_id = v_run.run_id;
        v_changed := v_changed + 1;
      elsif v_run.is_impossible then
        perform announce_events();
        perform end_run(v_run.run_id, 'CANCELED', null, 'Not started: it was to start after a success, but ' || v_run.causes || '.', null, false);
        v_changed := v_changed + 1;
      end if;
    end loop;
    exit when v_changed = v_before;
  end loop;
  return v_changed;
end $$;

create or replace function headrace.run_ended() returns trigger
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  if new.tags ? 'dagster/backfill' then perform settle_backfill_targets(new); end if;
  -- One that was never started frees no slot, but others may wait for it.
  if old.status not in ('STARTING', 'STARTED', 'CANCELING') and exists (select from run_dependencies where upstream_run_id = new.run_id) then
    insert into outbox (kind, created_at) values ('dequeue', now_ms());
  end if;
  return null;
end $$;

-- Backfills whose queued runs are not to be started.
create view headrace.held_backfills as
  select backfill_id, case when paused_at is not null then 'paused' else lower(status) end as reason
    from headrace.backfills where ended_at is null and (paused_at is not null or status <> 'REQUESTED');

-- Slots in use of each pool with a limit: leases, and a slot for each run on its way that will ask for one at once.
create view headrace.pool_usage as
  select p.pool, p.slots,
      (select count(*) from headrace.live_pool_leases l where l.pool = p.pool)
        + (select count(*) from headrace.runs r where r.status = 'STARTING' and p.pool = any (r.root_pools)) as used
    from headrace.pools p;

-- Claims up to p_count queued runs under the limits of p_settings (RunQueueSettings of lib/model): highest priority
-- first, then first in, first out. A run that a limit, a pool, a dependency or its backfill holds back does not hold up
-- those behind it.
--
-- One caller at a time, the others wait: with a lock that is only tried, a run that is enqueued while another caller
-- is about to leave would have nobody coming for it. Usage is derived from the live rows, so no slot can leak.
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
  v_limits jsonb;
  -- Runs that count, by limit: "<index of the limit>:<tag value>", the value empty for limits over all values.
  v_used jsonb;
  -- Free slots by pool, of those with a limit.
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
  select coalesce(jsonb_object_agg(pool, slots - used), '{}') into v_free from pool_usage;
  select array_agg(backfill_id) into v_held from held_backfills;

  v_now := now_ms();
  loop
    select array_agg(f.key) into v_full from jsonb_each_text(v_free) f where f.value::bigint <= 0;
    v_blocked := blocked_condition(v_limits, v_used)
      || case when v_held is null then '' else format(' and (tags ->> ''dagster/backfill'' = any (%L)) is not true', v_held) end
      || case when v_full is null then '' else format(' and (root_pools <@ %L) is not true', v_full) end;
    v_fetched := 0;
    for v_run in execute format(
      'select run_id, seq, -priority as rank, tags, root_pools from runs where status = ''QUEUED'' and not waits %s %s order by -priority, seq limit %s',
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
      continue when v_run.root_pools is not null
        and not exists (select from unnest(v_run.root_pools) p where coalesce((v_free ->> p)::bigint, 1) > 0);
      update runs set status = 'STARTING', attempt = attempt + 1, claimed_at = v_now, updated_at = v_now
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
      foreach v_pool in array coalesce(v_run.root_pools, '{}') loop
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

-- What queued runs wait for besides the limits on runs: RunWait of lib/ports/storage.ts, a row for each run given.
create function headrace.run_waits(p_run_ids jsonb, p_max_retries integer) returns setof json
language sql stable
set search_path = headrace, pg_temp
as $$
  select json_build_object(
      'runId', r.run_id,
      'dependencies', coalesce((
        select json_agg(json_build_object('mode', s.mode, 'requires', s.requires, 'runId', s.upstream_run_id, 'jobName', s.job_name,
            'state', s.state) order by s.ord)
          from dependency_states(array[r.run_id], p_max_retries) s where r.waits), '[]'),
      'pools', coalesce((
        select json_agg(json_build_object('pool', u.pool, 'limit', u.slots, 'used', u.used, 'holders', coalesce((
            select json_agg(distinct l.run_id) from live_pool_leases l where l.pool = u.pool), '[]')) order by u.pool)
          from pool_usage u where u.pool = any (r.root_pools) and u.used >= u.slots
        -- Another of its first steps could start.
        having count(*) = cardinality(r.root_pools)), '[]'),
      'backfill', (select h.reason from held_backfills h where h.backfill_id = r.tags ->> 'dagster/backfill'))
    from runs r
    where r.status = 'QUEUED' and r.run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids))
$$;

-- Steps that wait for a slot, so that slots go by priority and then to who came first.
create table headrace.pool_waiters (
  pool text not null,
  run_id uuid not null references headrace.runs on delete cascade,
  attempt integer not null,
  step_key text not null,
  priority bigint not null,
  since bigint not null,
  -- When it last asked. One that has stopped asking stands in nobody's way.
  asked_at bigint not null,
  primary key (pool, run_id, step_key)
);
create index pool_waiters_by_run on headrace.pool_waiters (run_id);

drop function headrace.claim_pool_slot(uuid, integer, text, text, text, text);
-- A slot of a pool for one step. Leases of runs that are no longer live do not count, whoever forgot to release them.
-- One at a time: whoever would have had the slot that another one is about to take sees it taken.
create function headrace.claim_pool_slot(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text, p_priority integer default 0
) returns jsonb
language plpgsql security definer
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
  select slots into v_limit from pools where pool = p_pool;
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

revoke execute on function
  headrace.create_runs(json), headrace.dependency_states(uuid[], integer), headrace.settle_dependencies(integer),
  headrace.run_waits(jsonb, integer), headrace.claim_pool_slot(uuid, integer, text, text, text, text, integer)
from public;
grant execute on function
  headrace.create_runs(json), headrace.dependency_states(uuid[], integer), headrace.settle_dependencies(integer),
  headrace.run_waits(jsonb, integer), headrace.claim_pool_slot(uuid, integer, text, text, text, text, integer)
to headrace_app;
grant execute on function headrace.claim_pool_slot(uuid, integer, text, text, text, text, integer) to headrace_worker;
