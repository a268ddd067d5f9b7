-- Backfills over several code locations, what each said as it went on, and their removal after a time.

-- Code locations of the assets; null: `location` alone, as written by the version before.
alter table headrace.backfills add column locations jsonb;
create index backfills_ended on headrace.backfills (ended_at) where ended_at is not null;

-- What people read to see how a backfill went.
create table headrace.backfill_events (
  event_id bigint generated always as identity,
  backfill_id text not null,
  timestamp bigint not null,
  level text not null,
  message text not null,
  primary key (backfill_id, event_id)
);

create function headrace.log_backfill(p_backfill_id text, p_now bigint, p_level text, p_messages text[]) returns void
language sql volatile
set search_path = headrace, pg_temp
as $$
  insert into backfill_events (backfill_id, timestamp, level, message)
    select p_backfill_id, p_now, p_level, m.message from unnest(p_messages) with ordinality m (message, ord) order by m.ord
$$;

-- As before, with its locations and a first event.
create or replace function headrace.create_backfill(p_backfill json) returns boolean
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_id text := p_backfill ->> 'backfillId';
  v_now bigint := now_ms();
  v_count integer;
begin
  insert into backfills (backfill_id, location, job_name, locations, asset_selection, config, tags, title, description, from_failure,
      parent_backfill_id, root_backfill_id, created_at, updated_at)
    values (v_id, p_backfill ->> 'location', p_backfill ->> 'jobName', nullif((p_backfill -> 'locations')::jsonb, 'null'),
      nullif((p_backfill -> 'assetSelection')::jsonb, 'null'),
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
  get diagnostics v_count = row_count;
  perform log_backfill(v_id, v_now, 'INFO', array['Backfill of ' || v_count || ' partitions was requested'
    || coalesce(' by ' || nullif(p_backfill -> 'tags' ->> 'user', ''), '') || '.']);
  insert into outbox (kind, created_at) values ('iterate-backfill', v_now);
  return true;
end $$;

create or replace function headrace.backfill_json(b headrace.backfills) returns json
language sql stable
as $$
  select json_build_object(
    'backfillId', b.backfill_id, 'status', b.status, 'version', b.version, 'location', b.location,
    'locations', coalesce(b.locations, jsonb_build_array(b.location)), 'jobName', b.job_name,
    'assetSelection', b.asset_selection, 'config', b.config, 'tags', b.tags, 'title', b.title, 'description', b.description,
    'fromFailure', b.from_failure, 'parentBackfillId', b.parent_backfill_id, 'rootBackfillId', b.root_backfill_id,
    'pausedAt', b.paused_at, 'cause', b.cause, 'error', b.error, 'failureCount', b.failure_count,
    'nextIterationAt', b.next_iteration_at, 'createdAt', b.created_at, 'endedAt', b.ended_at, 'updatedAt', b.updated_at,
    'counts', coalesce((
      select json_agg(json_build_object('asset', nullif(c.asset_key, ''), 'status', c.status, 'count', c.count) order by c.asset_key, c.status)
        from (select asset_key, status, count(*)::integer as count from headrace.backfill_targets t
          where t.backfill_id = b.backfill_id group by asset_key, status) c), '[]'))
$$;

-- As before, with an event.
create or replace function headrace.change_backfill(p_backfill_id text, p_change json) returns json
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
  perform log_backfill(p_backfill_id, v_now, 'INFO', array[case v_kind
    when 'cancel' then 'Cancellation was requested: ' || (p_change ->> 'cause')
    when 'pause' then 'Backfill was paused.'
    when 'resume' then 'Backfill was resumed; it was ' || case when v_backfill.ended_at is null then 'paused.' else v_backfill.status || '.' end
    else 'Priority of its queued runs is ' || v_priority || ' now.' end]);
  update backfills set version = version + 1, updated_at = v_now where backfill_id = p_backfill_id returning * into v_backfill;
  insert into outbox (kind, created_at) values ('iterate-backfill', v_now);
  return backfill_json(v_backfill);
end $$;

-- As before, with events.
create or replace function headrace.advance_backfill(
  p_backfill_id text, p_version integer, p_advance json, p_requested json, p_plans json, p_shared json, p_runs json) returns boolean
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_now bigint := now_ms();
  v_backfill backfills;
  v_status text := p_advance ->> 'status';
  v_is_end boolean := coalesce(p_advance ->> 'status' in ('COMPLETED_SUCCESS', 'COMPLETED_FAILED', 'CANCELED', 'FAILED'), false);
begin
  select * into v_backfill from backfills where backfill_id = p_backfill_id for update;
  if not found or v_backfill.version <> p_version or v_backfill.ended_at is not null then return false; end if;

  perform log_backfill(p_backfill_id, v_now, case when p_advance -> 'error' is not null then 'ERROR' else 'INFO' end,
    array(select json_array_elements_text(p_advance -> 'messages')));
  perform count(*) from enqueue_runs(p_plans, p_shared, p_runs);
  perform request_backfill_targets(p_backfill_id, p_requested);
  if v_is_end then
    update backfill_targets set status = 'BLOCKED' where backfill_id = p_backfill_id and status = 'PENDING';
  end if;
  update backfills set version = version + 1, status = coalesce(v_status, status), updated_at = v_now,
      ended_at = case when v_is_end then v_now end,
      error = coalesce(p_advance -> 'error', error), cause = coalesce(p_advance ->> 'cause', cause),
      failure_count = coalesce((p_advance ->> 'failureCount')::integer, 0),
      next_iteration_at = coalesce((p_advance ->> 'nextIterationAt')::bigint, 0)
    where backfill_id = p_backfill_id;
  return true;
end $$;

-- Removes backfills that ended before an instant, with their partitions and events: at most p_limit rows of these at a
-- time, so that no call takes long. A backfill goes with its last partition. Returns how many rows went.
create function headrace.purge_backfills(p_before bigint, p_limit integer) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_id text;
  v_left integer := p_limit;
  v_count integer;
begin
  for v_id in select backfill_id from backfills where ended_at < p_before order by ended_at limit p_limit for update skip locked loop
    exit when v_left <= 0;
    delete from backfill_targets where ctid in (select ctid from backfill_targets where backfill_id = v_id limit v_left);
    get diagnostics v_count = row_count;
    v_left := v_left - v_count;
    exit when v_left <= 0;
    delete from backfill_events where ctid in (select ctid from backfill_events where backfill_id = v_id limit v_left);
    get diagnostics v_count = row_count;
    v_left := v_left - v_count;
    exit when v_left <= 0;
    delete from backfills where backfill_id = v_id;
    v_left := v_left - 1;
  end loop;
  return p_limit - v_left;
end $$;

revoke execute on function headrace.log_backfill(text, bigint, text, text[]), headrace.purge_backfills(bigint, integer) from public;
grant execute on function headrace.log_backfill(text, bigint, text, text[]), headrace.purge_backfills(bigint, integer) to headrace_app;
