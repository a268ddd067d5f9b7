-- Events that are pushed to sensors: stored before anything is made of them, evaluated in their order, each with one
-- tick. An event goes with its tick.

create table headrace.sensor_events (
  location text not null,
  sensor text not null,
  event_id text not null,
  body json not null,
  headers jsonb not null,
  received_at bigint not null,
  -- Its place in line, and the instant that its tick stands for.
  accepted_at bigint not null,
  status text not null default 'PENDING' check (status in ('PENDING', 'DONE', 'FAILED')),
  attempts integer not null default 0,
  next_attempt_at bigint not null,
  tick_id bigint references headrace.ticks (tick_id) on delete cascade,
  primary key (location, sensor, event_id),
  unique (location, sensor, accepted_at)
);
create index sensor_events_pending on headrace.sensor_events (location, sensor, accepted_at) where status = 'PENDING';
create index sensor_events_of_ticks on headrace.sensor_events (tick_id);

create function headrace.sensor_event_json(e headrace.sensor_events) returns json
language sql stable
as $$
  select json_build_object(
    'location', e.location, 'sensor', e.sensor, 'eventId', e.event_id, 'body', e.body, 'headers', e.headers,
    'receivedAt', e.received_at, 'acceptedAt', e.accepted_at, 'status', e.status, 'attempts', e.attempts,
    'nextAttemptAt', e.next_attempt_at, 'tickId', e.tick_id)
$$;

-- The lock that start_tick takes: who begins an evaluation of a sensor has seen every event that was accepted before.
create function headrace.lock_sensor(p_location text, p_sensor text) returns void
language sql volatile
as $$
  select pg_advisory_xact_lock(hashtextextended(format('headrace.start_tick:%L/%L/%L', p_location, 'sensor', p_sensor), 0))
$$;

-- Stores an event behind those that came before it. `created`: it was not there yet. `isNext`: nothing is in line before
-- it, so that nobody else sees to it.
create function headrace.receive_sensor_event(
  p_location text, p_sensor text, p_event_id text, p_body json, p_headers jsonb, p_now bigint
) returns json
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_accepted_at bigint;
  v_event sensor_events;
  v_created boolean;
begin
  perform lock_sensor(p_location, p_sensor);
  select greatest(p_now,
      1 + (select max(accepted_at) from sensor_events where location = p_location and sensor = p_sensor),
      1 + (select max(scheduled_at) from ticks where location = p_location and kind = 'sensor' and name = p_sensor))
    into v_accepted_at;
  insert into sensor_events (location, sensor, event_id, body, headers, received_at, accepted_at, next_attempt_at)
    values (p_location, p_sensor, p_event_id, p_body, p_headers, p_now, v_accepted_at, p_now)
    on conflict (location, sensor, event_id) do nothing
    returning * into v_event;
  v_created := found;
  if not v_created then
    select * into v_event from sensor_events where location = p_location and sensor = p_sensor and event_id = p_event_id;
  end if;
  return json_build_object('created', v_created, 'event', sensor_event_json(v_event), 'isNext',
    v_event.status = 'PENDING' and not exists (
      select from sensor_events
        where location = p_location and sensor = p_sensor and status = 'PENDING' and accepted_at < v_event.accepted_at));
end $$;

-- Opens the tick of the first event in line, or opens it anew after a failure. Null when there is none, it is not due, or
-- another tick of the sensor is being evaluated by someone whose lease has not run out. Whoever dies leaves an event that
-- is due again when the lease is over. `state` is the sensor's before, or null.
create function headrace.start_event_tick(p_location text, p_sensor text, p_now bigint, p_lease_seconds double precision)
returns json
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_event sensor_events;
  v_tick ticks;
  v_state jsonb;
begin
  perform lock_sensor(p_location, p_sensor);
  select * into v_event from sensor_events
    where location = p_location and sensor = p_sensor and status = 'PENDING'
    order by accepted_at limit 1 for update;
  if not found or v_event.next_attempt_at > p_now then return null; end if;
  if exists (
    select from ticks t
      where t.location = p_location and t.kind = 'sensor' and t.name = p_sensor and t.status = 'STARTED'
        and t.started_at + p_lease_seconds * 1000 > p_now
  ) then return null; end if;

  if v_event.tick_id is null then
    insert into ticks (location, kind, name, scheduled_at, started_at)
      values (p_location, 'sensor', p_sensor, v_event.accepted_at, p_now)
      returning * into v_tick;
  else
    update ticks set status = 'STARTED', started_at = p_now, ended_at = null, error = null, skip_reason = null
      where tick_id = v_event.tick_id
      returning * into v_tick;
  end if;
  update sensor_events set tick_id = v_tick.tick_id, attempts = attempts + 1,
      next_attempt_at = p_now + (p_lease_seconds * 1000)::bigint
    where location = p_location and sensor = p_sensor and event_id = v_event.event_id
    returning * into v_event;
  select instigator_json(i) into v_state from instigators i where location = p_location and kind = 'sensor' and name = p_sensor;
  insert into instigators as i (location, kind, name, last_tick_started_at) values (p_location, 'sensor', p_sensor, p_now)
    on conflict (location, kind, name) do update set last_tick_started_at = greatest(i.last_tick_started_at, excluded.last_tick_started_at);
  return json_build_object('tick', tick_json(v_tick), 'event', sensor_event_json(v_event), 'state', v_state);
end $$;

-- Ends an evaluation of an event as finish_tick does, and with it the event: done, to be tried again at p_retry_at, or
-- failed. Void when another evaluation has begun since (p_attempt).
create function headrace.finish_event_tick(p_tick_id bigint, p_attempt integer, p_outcome json, p_retry_at bigint) returns json
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_event sensor_events;
  v_tick ticks;
begin
  select * into v_event from sensor_events where tick_id = p_tick_id for update;
  if not found then raise exception 'no event has the tick %', p_tick_id using errcode = 'HR003'; end if;
  select * into v_tick from ticks where tick_id = p_tick_id;
  if v_event.attempts <> p_attempt or v_event.status <> 'PENDING' or v_tick.status <> 'STARTED' then
    return tick_json(v_tick);
  end if;
  perform finish_tick(p_tick_id, p_outcome, null);
  update sensor_events set
      status = case when p_outcome ->> 'status' <> 'FAILURE' then 'DONE' when p_retry_at is null then 'FAILED' else 'PENDING' end,
      next_attempt_at = coalesce(p_retry_at, next_attempt_at)
    where tick_id = p_tick_id;
  select * into v_tick from ticks where tick_id = p_tick_id;
  return tick_json(v_tick);
end $$;

-- Puts failed events back in line, where they were. Null = all of the sensor. Returns how many.
create function headrace.replay_sensor_events(p_location text, p_sensor text, p_event_ids jsonb, p_now bigint) returns integer
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_count integer;
begin
  perform lock_sensor(p_location, p_sensor);
  update sensor_events set status = 'PENDING', attempts = 0, next_attempt_at = p_now
    where location = p_location and sensor = p_sensor and status = 'FAILED'
      and (p_event_ids is null or event_id in (select jsonb_array_elements_text(p_event_ids)));
  get diagnostics v_count = row_count;
  return v_count;
end $$;

revoke execute on function
  headrace.sensor_event_json(headrace.sensor_events), headrace.lock_sensor(text, text),
  headrace.receive_sensor_event(text, text, text, json, jsonb, bigint),
  headrace.start_event_tick(text, text, bigint, double precision),
  headrace.finish_event_tick(bigint, integer, json, bigint),
  headrace.replay_sensor_events(text, text, jsonb, bigint)
from public;
grant execute on function
  headrace.sensor_event_json(headrace.sensor_events), headrace.lock_sensor(text, text),
  headrace.receive_sensor_event(text, text, text, json, jsonb, bigint),
  headrace.start_event_tick(text, text, bigint, double precision),
  headrace.finish_event_tick(bigint, integer, json, bigint),
  headrace.replay_sensor_events(text, text, jsonb, bigint)
to headrace_app;
