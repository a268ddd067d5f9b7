create function headrace.change_dynamic_partitions(p_location text, p_kind text, p_name text, p_keys jsonb) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  -- One writer per set at a time: two that add the same keys in different order would wait for each other.
  perform pg_advisory_xact_lock(hashtextextended('headrace.dynamic_partitions:' || p_location || ':' || p_name, 0));
  if p_kind = 'add' then
    insert into dynamic_partitions (location, name, key)
      select p_location, p_name, k.key from jsonb_array_elements_text(p_keys) with ordinality k (key, ord) order by k.ord
      on conflict do nothing;
  else
    delete from dynamic_partitions
      where location = p_location and name = p_name and key in (select jsonb_array_elements_text(p_keys));
  end if;
end $$;

-- Forgets what happened to an asset, or to some of its partitions (p_partitions not null), as far as its state goes.
create function headrace.wipe_asset(p_asset_key text, p_partitions jsonb) returns void
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_through bigint;
  v_latest events;
begin
  perform from asset_records where asset_key = p_asset_key for update;
  select case when is_called then last_value else 0 end into v_through from event_ids;
  if p_partitions is null then
    insert into asset_records (asset_key, wiped_through) values (p_asset_key, v_through)
      on conflict (asset_key) do update set last_materialization = null, last_materialization_id = 0, last_observation = null,
        last_observation_id = 0, last_failure_at = null, data_version = null, data_version_id = 0, wiped_through = excluded.wiped_through;
    delete from asset_partitions where asset_key = p_asset_key;
    return;
  end if;
  insert into asset_partitions (asset_key, partition, wiped_through)
    select p_asset_key, k.key, v_through from jsonb_array_elements_text(p_partitions) k (key) order by k.key
    on conflict (asset_key, partition) do update set materialization_id = 0, materialization_run_id = null, materialized_at = null,
      failure_id = 0, failure_run_id = null, failed_at = null, wiped_through = excluded.wiped_through;
  -- When the latest materialization was one of them, the latest of the others takes its place.
  if exists (select from asset_records where asset_key = p_asset_key and p_partitions ? (last_materialization ->> 'partition')) then
    select e.* into v_latest from events e
      where e.asset_key = p_asset_key and e.type = 'ASSET_MATERIALIZATION'
        and e.storage_id > (select wiped_through from asset_records where asset_key = p_asset_key)
        and not exists (select from asset_partitions p
          where p.asset_key = e.asset_key and p.partition = e.partition and p.wiped_through >= e.storage_id)
      order by e.storage_id desc limit 1;
    update asset_records set last_materialization = case when v_latest.storage_id is null then null else event_json(v_latest) end,
        last_materialization_id = coalesce(v_latest.storage_id, 0)
      where asset_key = p_asset_key;
  end if;
end $$;
