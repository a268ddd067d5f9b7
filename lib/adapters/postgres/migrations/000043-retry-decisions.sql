-- Whether a failed run is retried is decided once, by one statement with the retry itself: nobody says that it will be
-- and dies before it is, or says that it will not be beside one who has just made it. What waits for the run rests on it.

-- The first decision stands. p_batch: the retry as create_runs takes it, or null for none. Returns the run's retry,
-- whoever made it; null when there is none.
create function headrace.decide_retry(p_run_id uuid, p_batch json) returns uuid
language plpgsql
set search_path = headrace, pg_temp
as $$
declare
  v_run runs;
  v_retry uuid;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if not found or v_run.status <> 'FAILURE' then return null; end if;
  if v_run.tags ? 'dagster/auto_retry_run_id' then return (v_run.tags ->> 'dagster/auto_retry_run_id')::uuid; end if;
  -- The version before made the retry and put the tags in statements of their own, in either order.
  select run_id into v_retry from runs
    where location = v_run.location and origin_kind = 'retry' and origin_name = p_run_id::text and run_key = 'automatic';
  if v_retry is null then
    if v_run.tags ->> 'dagster/will_retry' = 'false' then return null; end if;
    if p_batch is null then
      perform add_run_tags(p_run_id, '{"dagster/will_retry": "false"}');
      return null;
    end if;
    select c.run_id into v_retry from create_runs(p_batch) c;
  end if;
  perform add_run_tags(p_run_id, jsonb_build_object('dagster/will_retry', 'true', 'dagster/auto_retry_run_id', v_retry));
  return v_retry;
end $$;

-- As before, and runs of which the version before said that they are retried without coming so far.
create or replace function headrace.undecided_failures(p_max_retries integer, p_limit integer) returns setof json
language sql stable
set search_path = headrace, pg_temp
as $$
  select to_json(r.run_id) from runs r
    where r.status = 'FAILURE' and r.updated_at > now_ms() - 3600000
      and r.tags ->> 'dagster/will_retry' is distinct from 'false' and not r.tags ? 'dagster/auto_retry_run_id'
      and case when r.tags ->> 'dagster/max_retries' ~ '^\d{1,9}$' then (r.tags ->> 'dagster/max_retries')::integer else p_max_retries end > 0
    order by r.seq limit p_limit
$$;

revoke execute on function headrace.decide_retry(uuid, json) from public;
grant execute on function headrace.decide_retry(uuid, json) to headrace_app;
