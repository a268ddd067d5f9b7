-- Who asked for which change. Nobody but the owner of the schema may change or remove a row: the control plane's role can
-- only add and read.
create table headrace.audit_log (
  audit_id bigint generated always as identity primary key,
  created_at bigint not null,
  request_id text not null,
  -- Counts the actions of one request: a GraphQL document may hold several mutations.
  position integer not null,
  user_name text not null,
  role text not null,
  via text not null,
  action text not null,
  input json not null,
  before json,
  after json,
  outcome text not null check (outcome in ('DONE', 'REFUSED', 'FAILED')),
  message text,
  unique (request_id, position)
);
create index audit_log_by_user on headrace.audit_log (user_name, audit_id);
create index audit_log_by_action on headrace.audit_log (action, audit_id);
create index audit_log_by_outcome on headrace.audit_log (outcome, audit_id) where outcome <> 'DONE';

revoke update, delete, truncate on headrace.audit_log from headrace_app;
