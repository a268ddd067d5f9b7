-- The latest materializations of an asset that the run checks, newest first: what checks of freshness, of columns and
-- of metadata read. Of other assets a worker learns nothing.
create function headrace.worker_materializations(
  p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_asset text, p_partition text, p_limit integer
) returns setof jsonb
language plpgsql security definer
set search_path = headrace, pg_temp
as $$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if not exists (select from asset_checks where run_id = p_run_id and asset_key = p_asset) then
    raise exception 'run % checks nothing of %', p_run_id, p_asset using errcode = 'HR003';
  end if;
  return query select jsonb_build_object(
      'timestamp', m.timestamp, 'runId', m.run_id, 'partition', m.partition, 'dataVersion', m.data -> 'dataVersion',
      'metadata', m.data -> 'metadata', 'overflow', m.data -> 'overflow')
    from (
      select e.* from events e
      where e.asset_key = p_asset and e.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
        and e.type = 'ASSET_MATERIALIZATION' and (p_partition is null or e.partition = p_partition)
        and e.storage_id > coalesce((select wiped_through from asset_records where asset_key = p_asset), 0)
        and (e.partition is null or e.storage_id > coalesce(
          (select wiped_through from asset_partitions p where p.asset_key = p_asset and p.partition = e.partition), 0))
      order by e.storage_id desc limit p_limit
    ) m order by m.storage_id desc;
end $$;

revoke execute on function headrace.worker_materializations(uuid, integer, text, text, text, text, integer) from public;
grant execute on function headrace.worker_materializations(uuid, integer, text, text, text, text, integer)
  to headrace_app, headrace_worker;
