-- Runs that failed within the last hour and for which nobody has decided whether they are retried: whoever finalizes an
-- attempt does, but an execution may be aborted between the worker's last word and that.
create function headrace.undecided_failures(p_max_retries integer, p_limit integer) returns setof json
language sql stable
set search_path = headrace, pg_temp
as $$
  select to_json(r.run_id) from runs r
    where r.status = 'FAILURE' and r.updated_at > now_ms() - 3600000
      and not r.tags ? 'dagster/will_retry'
      and case when r.tags ->> 'dagster/max_retries' ~ '^\d{1,9}$' then (r.tags ->> 'dagster/max_retries')::integer else p_max_retries end > 0
    order by r.seq limit p_limit
$$;

revoke execute on function headrace.undecided_failures(integer, integer) from public;
grant execute on function headrace.undecided_failures(integer, integer) to headrace_app;
