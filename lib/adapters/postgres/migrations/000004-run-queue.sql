-- Claims up to p_count queued runs under the limits of p_settings (RunQueueSettings of lib/model): highest priority
-- first, then first in, first out. A run that a limit blocks does not hold up those behind it.
--
-- One caller at a time, the others wait: with a lock that is only tried, a run that is enqueued while another caller
-- is about to leave would have nobody coming for it. Usage is derived from the live rows, so no slot can leak.
create function headrace.claim_runs(p_count integer, p_settings jsonb)
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
  v_blocked text;
  -- The last run looked at.
  v_rank bigint;
  v_seq bigint;
  v_run record;
  v_cell record;
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

  v_now := now_ms();
  loop
    v_blocked := blocked_condition(v_limits, v_used);
    v_fetched := 0;
    for v_run in execute format(
      'select run_id, seq, -priority as rank, tags from runs where status = ''QUEUED'' %s %s order by -priority, seq limit %s',
      case when v_seq is null then '' else format('and (-priority, seq) > (%s, %s)', v_rank, v_seq) end,
      v_blocked, v_left)
    loop
      v_fetched := v_fetched + 1;
      v_rank := v_run.rank;
      v_seq := v_run.seq;
      -- Those claimed since the rows were fetched may have filled a limit.
      select coalesce(bool_or(coalesce((v_used ->> c.cell)::integer, 0) >= c.maximum), false) into v_is_blocked
        from limit_cells(v_limits, v_run.tags) c;
      continue when v_is_blocked;
      update runs set status = 'STARTING', attempt = attempt + 1, claimed_at = v_now, updated_at = v_now
        where run_id = v_run.run_id and status = 'QUEUED'
        returning attempt into attempt;
      continue when not found;
      run_id := v_run.run_id;
      v_claimed := v_claimed || run_id;
      v_attempts := v_attempts || attempt;
      v_left := v_left - 1;
      for v_cell in select c.cell from limit_cells(v_limits, v_run.tags) c loop
        v_used := v_used || jsonb_build_object(v_cell.cell, coalesce((v_used ->> v_cell.cell)::integer, 0) + 1);
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

-- The limits that count a run with these tags, and how many each allows.
create function headrace.limit_cells(p_limits jsonb, p_tags jsonb) returns table (cell text, maximum integer)
language sql immutable
as $$
  select (l ->> 'index') || ':' || case when (l ->> 'each')::boolean then p_tags ->> (l ->> 'key') else '' end, (l ->> 'limit')::integer
  from jsonb_array_elements(p_limits) l
  where p_tags ? (l ->> 'key') and (l ->> 'value' is null or l ->> 'value' = p_tags ->> (l ->> 'key'))
$$;

-- SQL that leaves out the runs which full limits block, so that a scan passes over them at the cost of a comparison.
create function headrace.blocked_condition(p_limits jsonb, p_used jsonb) returns text
language sql immutable
as $$
  select coalesce(string_agg(' and ' || case
      -- Every run with the key, whatever its value.
      when c.every then format('not tags ? %L', c.key)
      else format('(tags ->> %L = any (%L)) is not true', c.key, c.blocked) end, ''), '')
  from (
    select l ->> 'key' as key,
      l ->> 'value' is null and (not (l ->> 'each')::boolean or (l ->> 'limit')::integer <= 0) as every,
      case when (l ->> 'each')::boolean then (
          select array_agg(substr(u.key, length(l ->> 'index') + 2)) from jsonb_each_text(p_used) u
          where u.key like (l ->> 'index') || ':%' and u.value::integer >= (l ->> 'limit')::integer)
        else array[l ->> 'value'] end as blocked,
      (l ->> 'each')::boolean or coalesce((p_used ->> ((l ->> 'index') || ':'))::integer, 0) >= (l ->> 'limit')::integer as is_full
    from jsonb_array_elements(p_limits) l
  ) c
  where c.is_full and (c.every or c.blocked is not null)
$$;

-- Takes owed side effects for p_lease_seconds; others take them after that unless they were completed.
create function headrace.take_outbox(p_limit integer, p_lease_seconds double precision)
returns setof headrace.outbox
language sql volatile
as $$
  with taken as (
    update headrace.outbox set leased_until = headrace.now_ms() + (p_lease_seconds * 1000)::bigint
      where id in (
        select id from headrace.outbox where leased_until <= headrace.now_ms() order by id limit p_limit for update skip locked)
      returning *
  )
  select * from taken order by id
$$;
