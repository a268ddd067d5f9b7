-- As before, with what the evaluation reports about assets.
create or replace function headrace.finish_tick(p_tick_id bigint, p_outcome json, p_automation json)
returns jsonb
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_tick ticks;
  v_change json;
  v_run_ids jsonb;
  v_skipped jsonb;
  v_last_key text;
  v_failures integer := 0;
begin
  select * into v_tick from ticks where tick_id = p_tick_id for update;
  if not found then raise exception 'there is no tick %', p_tick_id using errcode = 'HR003'; end if;
  if v_tick.status <> 'STARTED' then return tick_json(v_tick); end if;

  for v_change in select value from json_array_elements(p_outcome -> 'dynamicPartitions') loop
    perform change_dynamic_partitions(v_tick.location, v_change ->> 'kind', v_change ->> 'name', (v_change -> 'keys')::jsonb);
  end loop;

  select coalesce(jsonb_agg(c.run_id order by c.ord) filter (where c.created), '[]'),
      coalesce(jsonb_agg(c.run_key order by c.ord) filter (where not c.created and c.run_key is not null), '[]'),
      (array_agg(c.run_key order by c.ord desc) filter (where c.created and c.run_key is not null))[1]
    into v_run_ids, v_skipped, v_last_key
    from create_runs(p_outcome -> 'runs') with ordinality c (run_id, created, run_key, ord)
    where json_array_length(p_outcome -> 'runs' -> 'runs') > 0;

  if p_outcome ->> 'status' = 'FAILURE' then
    v_failures := 1 + coalesce((
      select failure_count from ticks
        where location = v_tick.location and kind = v_tick.kind and name = v_tick.name and tick_id < p_tick_id
        order by tick_id desc limit 1), 0);
  end if;
  update ticks set status = p_outcome ->> 'status', ended_at = (p_outcome ->> 'endedAt')::bigint, run_ids = v_run_ids,
      skipped_run_keys = v_skipped, skip_reason = p_outcome ->> 'skipReason', cursor = p_outcome ->> 'cursor',
      error = nullif((p_outcome -> 'error')::jsonb, 'null'), failure_count = v_failures
    where tick_id = p_tick_id
    returning * into v_tick;
  insert into instigators as i (location, kind, name, cursor, evaluated_through, last_run_key)
    values (v_tick.location, v_tick.kind, v_tick.name, v_tick.cursor, v_tick.scheduled_at, v_last_key)
    on conflict (location, kind, name) do update set
      cursor = coalesce(excluded.cursor, i.cursor),
      evaluated_through = greatest(i.evaluated_through, excluded.evaluated_through),
      last_run_key = coalesce(excluded.last_run_key, i.last_run_key);

  if json_array_length(p_outcome -> 'assetEvents') > 0 then
    perform append_system_events(null, p_outcome -> 'assetEvents');
  end if;
  if p_automation is not null then
    insert into automation_states as s (location, asset_key, state)
      select v_tick.location, a.value ->> 'key', a.value -> 'state'
        from json_array_elements(p_automation -> 'states') a
        order by a.value ->> 'key'
      on conflict (location, asset_key) do update set state = excluded.state;
    insert into automation_shapes (name, shape)
      select h.value ->> 'name', h.value -> 'shape'
        from json_array_elements(p_automation -> 'shapes') h
        order by h.value ->> 'name'
      on conflict do nothing;
    insert into automation_evaluations (asset_key, evaluation_id, location, sensor, timestamp, num_requested, run_ids, packed)
      select e.value ->> 'key', p_tick_id, v_tick.location, v_tick.name, (e.value ->> 'timestamp')::bigint,
          (e.value ->> 'numRequested')::integer, (e.value -> 'runIds')::jsonb, e.value -> 'packed'
        from json_array_elements(p_automation -> 'evaluations') e
      on conflict do nothing;
  end if;
  return tick_json(v_tick);
end $$;
