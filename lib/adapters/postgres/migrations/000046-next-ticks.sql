-- As start_tick, but null also when another tick was started since p_last (null: there was none): who decided that one is
-- due by an older state would look again at what that one has seen.
create function headrace.start_next_tick(
  p_location text, p_kind text, p_name text, p_scheduled_at bigint, p_now bigint, p_lease_seconds double precision, p_last bigint
) returns jsonb
language plpgsql
set search_path = headrace, pg_temp
as $$
begin
  -- That of start_tick, so that of two the second looks when the first has started its tick.
  perform pg_advisory_xact_lock(hashtextextended(format('headrace.start_tick:%L/%L/%L', p_location, p_kind, p_name), 0));
  if p_last is distinct from (
    select last_tick_started_at from instigators where location = p_location and kind = p_kind and name = p_name
  ) then return null; end if;
  return start_tick(p_location, p_kind, p_name, p_scheduled_at, p_now, p_lease_seconds);
end $$;

revoke execute on function headrace.start_next_tick(text, text, text, bigint, bigint, double precision, bigint) from public;
grant execute on function headrace.start_next_tick(text, text, text, bigint, bigint, double precision, bigint) to headrace_app;
