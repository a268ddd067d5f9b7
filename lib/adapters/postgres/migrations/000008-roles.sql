-- headrace_app: the control plane. headrace_worker: user code's process, which may only call the worker functions.
-- Roles belong to the whole cluster and may be there already. Neither can log in: deployments grant them to users.
do $$
begin
  begin
    create role headrace_app nologin;
  exception when duplicate_object or unique_violation then null;
  end;
  begin
    create role headrace_worker nologin;
  exception when duplicate_object or unique_violation then null;
  end;
end $$;

revoke all on schema headrace from public;
revoke execute on all functions in schema headrace from public;
alter default privileges in schema headrace grant select, insert, update, delete on tables to headrace_app;
alter default privileges in schema headrace grant select, usage on sequences to headrace_app;

grant usage on schema headrace to headrace_app, headrace_worker;
grant select, insert, update, delete on all tables in schema headrace to headrace_app;
revoke insert, update, delete on headrace.migrations from headrace_app;
grant select, usage on all sequences in schema headrace to headrace_app;
grant execute on all functions in schema headrace to headrace_app;

grant execute on function
  headrace.start_run(uuid, integer, text, text),
  headrace.heartbeat(uuid, integer, text, text),
  headrace.append_events(uuid, integer, text, text, bigint, json),
  headrace.finish_run(uuid, integer, text, text, text, text, text),
  headrace.claim_pool_slot(uuid, integer, text, text, text, text),
  headrace.release_pool_slot(uuid, integer, text, text, text, text),
  headrace.worker_dynamic_partitions(uuid, integer, text, text, text)
to headrace_worker;

select headrace.create_event_partitions(3);
