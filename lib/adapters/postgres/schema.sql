-- The schema after all migrations, for reading and review. A test keeps it current:
-- UPDATE_SCHEMA=1 npm run jest -- test/adapters/postgres/schema.test.ts

create table headrace.asset_checks (
  asset_key text not null,
  check_name text not null,
  run_id uuid,
  partition text not null default ''::text,
  step_key text,
  status text not null,
  evaluation json,
  storage_id bigint not null,
  "timestamp" bigint not null
);

create table headrace.asset_history (
  asset_key text not null,
  day bigint not null,
  materializations integer not null default 0,
  observations integer not null default 0,
  failures integer not null default 0
);

create table headrace.asset_partitions (
  asset_key text not null,
  partition text not null,
  materialization_id bigint not null default 0,
  materialization_run_id uuid,
  materialized_at bigint,
  failure_id bigint not null default 0,
  failure_run_id uuid,
  failed_at bigint,
  wiped_through bigint not null default 0,
  observation_id bigint not null default 0
);

create table headrace.asset_records (
  asset_key text not null,
  last_materialization json,
  last_materialization_id bigint not null default 0,
  last_observation json,
  last_observation_id bigint not null default 0,
  last_failure_at bigint,
  data_version text,
  data_version_id bigint not null default 0,
  wiped_through bigint not null default 0,
  materialized_at bigint generated always as (((last_materialization ->> 'timestamp'::text))::bigint) stored,
  materialization_run_id uuid generated always as (((last_materialization ->> 'runId'::text))::uuid) stored,
  materialized_data_version text generated always as (((last_materialization -> 'data'::text) ->> 'dataVersion'::text)) stored,
  materialized_code_version text generated always as (((last_materialization -> 'data'::text) ->> 'codeVersion'::text)) stored,
  input_data_versions json generated always as (((last_materialization -> 'data'::text) -> 'inputDataVersions'::text)) stored,
  observed_data_version text generated always as (((last_observation -> 'data'::text) ->> 'dataVersion'::text)) stored
);

create table headrace.attempts (
  run_id uuid not null,
  attempt integer not null,
  token_hashes bytea[] not null default '{}'::bytea[],
  worker_id text,
  last_seq bigint not null default 0,
  claimed_at bigint not null,
  started_at bigint,
  heartbeat_at bigint,
  ended_at bigint,
  outcome text,
  ended_by_worker boolean not null default false,
  suspended_state json,
  reserved_pools text[]
);

create table headrace.audit_log (
  audit_id bigint not null generated always as identity,
  created_at bigint not null,
  request_id text not null,
  "position" integer not null,
  user_name text not null,
  role text not null,
  via text not null,
  action text not null,
  input json not null,
  before json,
  after json,
  outcome text not null,
  message text
);

create table headrace.automation_evaluations (
  asset_key text not null,
  evaluation_id bigint not null,
  location text not null,
  sensor text not null,
  "timestamp" bigint not null,
  num_requested integer not null,
  run_ids jsonb not null,
  packed json not null
);

create table headrace.automation_shapes (
  name text not null,
  shape json not null
);

create table headrace.automation_states (
  location text not null,
  asset_key text not null,
  state json not null
);

create table headrace.backfill_events (
  event_id bigint not null generated always as identity,
  backfill_id text not null,
  "timestamp" bigint not null,
  level text not null,
  message text not null
);

create table headrace.backfill_targets (
  backfill_id text not null,
  asset_key text not null,
  partition text not null,
  ord integer not null,
  status text not null default 'PENDING'::text,
  run_id uuid
);

create table headrace.backfills (
  backfill_id text not null,
  seq bigint not null generated always as identity,
  status text not null default 'REQUESTED'::text,
  version integer not null default 1,
  location text not null,
  job_name text not null,
  asset_selection jsonb,
  config json not null,
  tags jsonb not null,
  title text,
  description text,
  from_failure boolean not null default false,
  parent_backfill_id text,
  root_backfill_id text,
  paused_at bigint,
  cause text,
  error json,
  failure_count integer not null default 0,
  next_iteration_at bigint not null default 0,
  created_at bigint not null,
  ended_at bigint,
  updated_at bigint not null,
  locations jsonb
);

create table headrace.dynamic_partitions (
  location text not null,
  name text not null,
  key text not null,
  seq bigint not null generated always as identity
);

create table headrace.events (
  storage_id bigint not null default nextval('event_ids'::regclass),
  recorded_at bigint not null,
  run_id uuid,
  attempt integer not null default 0,
  type text not null,
  "timestamp" bigint not null,
  level text not null,
  message text not null,
  step_key text,
  try_number integer,
  asset_key text,
  partition text,
  data json not null
) partition by RANGE (recorded_at);

create table headrace.events_default (
  storage_id bigint not null default nextval('event_ids'::regclass),
  recorded_at bigint not null,
  run_id uuid,
  attempt integer not null default 0,
  type text not null,
  "timestamp" bigint not null,
  level text not null,
  message text not null,
  step_key text,
  try_number integer,
  asset_key text,
  partition text,
  data json not null
);

create table headrace.expected_schedules (
  location text not null,
  name text not null,
  cron jsonb not null,
  timezone text not null,
  expected_through bigint not null,
  refill_at bigint
);

create table headrace.expected_ticks (
  location text not null,
  name text not null,
  scheduled_at bigint not null,
  status text not null default 'EXPECTED'::text,
  reason text,
  missed_at bigint
);

create table headrace.freshness_states (
  asset_key text not null,
  state text not null,
  changed_at bigint not null
);

create table headrace.instigators (
  location text not null,
  kind text not null,
  name text not null,
  status text not null default 'DECLARED_IN_CODE'::text,
  started_at bigint,
  cursor text,
  evaluated_through bigint,
  last_tick_started_at bigint,
  last_run_key text,
  stopped_at bigint,
  stop_reason text
);

create table headrace.key_values (
  namespace text not null,
  key text not null,
  value json not null
);

create table headrace.migrations (
  id integer not null,
  name text not null,
  checksum text not null,
  breaking boolean not null,
  applied_at timestamp with time zone not null default now()
);

create table headrace.outbox (
  id bigint not null generated always as identity,
  kind text not null,
  run_id uuid,
  attempt integer,
  created_at bigint not null,
  leased_until bigint not null default 0,
  payload json
);

create table headrace.plans (
  hash bytea not null,
  plan json not null
);

create table headrace.pool_leases (
  pool text not null,
  run_id uuid not null,
  attempt integer not null,
  step_key text not null,
  since bigint not null
);

create table headrace.pool_waiters (
  pool text not null,
  run_id uuid not null,
  attempt integer not null,
  step_key text not null,
  priority bigint not null,
  since bigint not null,
  asked_at bigint not null
);

create table headrace.pools (
  pool text not null,
  slots integer not null,
  run_buffer integer not null default 0
);

create table headrace.run_assets (
  run_id uuid not null,
  asset_key text not null,
  partition text not null default ''::text,
  step_key text not null,
  seq bigint not null,
  done boolean not null default false
);

create table headrace.run_dependencies (
  run_id uuid not null,
  ord integer not null,
  upstream_run_id uuid,
  location text,
  job_name text,
  requires text not null,
  mode text not null
);

create table headrace.run_plans (
  run_id uuid not null,
  config json not null,
  asset_selection jsonb,
  asset_check_selection jsonb,
  step_keys jsonb,
  plan_hash bytea not null,
  partition_keys json not null
);

create table headrace.run_tags (
  key text not null,
  value text not null,
  seq bigint not null
);

create table headrace.runs (
  run_id uuid not null,
  seq bigint not null generated always as identity,
  location text not null,
  job_name text not null,
  bundle_hash text not null,
  status text not null default 'QUEUED'::text,
  priority bigint not null default 0,
  attempt integer not null default 0,
  tags jsonb not null,
  parent_run_id uuid,
  root_run_id uuid,
  origin_kind text not null,
  origin_name text not null,
  run_key text,
  idempotency_key text,
  max_runtime double precision,
  created_at bigint not null,
  claimed_at bigint,
  started_at bigint,
  canceling_at bigint,
  ended_at bigint,
  updated_at bigint not null,
  cause text,
  waits boolean not null default false,
  root_pools text[],
  resume_at bigint,
  suspensions integer not null default 0,
  pools text[],
  holds_pools boolean not null default false
);

create table headrace.sensor_events (
  location text not null,
  sensor text not null,
  event_id text not null,
  body json not null,
  headers jsonb not null,
  received_at bigint not null,
  accepted_at bigint not null,
  status text not null default 'PENDING'::text,
  attempts integer not null default 0,
  next_attempt_at bigint not null,
  tick_id bigint
);

create table headrace.ticks (
  tick_id bigint not null generated always as identity,
  location text not null,
  kind text not null,
  name text not null,
  scheduled_at bigint not null,
  status text not null default 'STARTED'::text,
  started_at bigint not null,
  ended_at bigint,
  run_ids jsonb not null default '[]'::jsonb,
  skipped_run_keys jsonb not null default '[]'::jsonb,
  skip_reason text,
  cursor text,
  error jsonb,
  failure_count integer not null default 0
);

create table headrace.transfers (
  transfer_id uuid not null,
  part integer not null,
  body bytea not null,
  created_at bigint not null
);

alter table headrace.asset_checks add constraint asset_checks_run_id_asset_key_check_name_partition_key UNIQUE (run_id, asset_key, check_name, partition);
alter table headrace.asset_checks add constraint asset_checks_status_check CHECK ((status = ANY (ARRAY['IN_PROGRESS'::text, 'SUCCEEDED'::text, 'FAILED'::text, 'EXECUTION_FAILED'::text, 'SKIPPED'::text])));
alter table headrace.asset_history add constraint asset_history_pkey PRIMARY KEY (asset_key, day);
alter table headrace.asset_partitions add constraint asset_partitions_pkey PRIMARY KEY (asset_key, partition);
alter table headrace.asset_records add constraint asset_records_pkey PRIMARY KEY (asset_key);
alter table headrace.attempts add constraint attempts_outcome_check CHECK ((outcome = ANY (ARRAY['SUCCESS'::text, 'FAILURE'::text, 'CANCELED'::text, 'RESUMED'::text, 'SUSPENDED'::text])));
alter table headrace.attempts add constraint attempts_pkey PRIMARY KEY (run_id, attempt);
alter table headrace.attempts add constraint attempts_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
alter table headrace.audit_log add constraint audit_log_outcome_check CHECK ((outcome = ANY (ARRAY['DONE'::text, 'REFUSED'::text, 'FAILED'::text])));
alter table headrace.audit_log add constraint audit_log_pkey PRIMARY KEY (audit_id);
alter table headrace.audit_log add constraint audit_log_request_id_position_key UNIQUE (request_id, "position");
alter table headrace.automation_evaluations add constraint automation_evaluations_pkey PRIMARY KEY (asset_key, evaluation_id);
alter table headrace.automation_shapes add constraint automation_shapes_pkey PRIMARY KEY (name);
alter table headrace.automation_states add constraint automation_states_pkey PRIMARY KEY (location, asset_key);
alter table headrace.backfill_events add constraint backfill_events_pkey PRIMARY KEY (backfill_id, event_id);
alter table headrace.backfill_targets add constraint backfill_targets_pkey PRIMARY KEY (backfill_id, asset_key, partition);
alter table headrace.backfill_targets add constraint backfill_targets_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'REQUESTED'::text, 'SUCCESS'::text, 'FAILED'::text, 'CANCELED'::text, 'SKIPPED'::text, 'BLOCKED'::text])));
alter table headrace.backfills add constraint backfills_pkey PRIMARY KEY (backfill_id);
alter table headrace.backfills add constraint backfills_seq_key UNIQUE (seq);
alter table headrace.backfills add constraint backfills_status_check CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'CANCELING'::text, 'CANCELED'::text, 'FAILING'::text, 'FAILED'::text, 'COMPLETED_SUCCESS'::text, 'COMPLETED_FAILED'::text])));
alter table headrace.dynamic_partitions add constraint dynamic_partitions_pkey PRIMARY KEY (location, name, key);
alter table headrace.expected_schedules add constraint expected_schedules_pkey PRIMARY KEY (location, name);
alter table headrace.expected_ticks add constraint expected_ticks_pkey PRIMARY KEY (location, name, scheduled_at);
alter table headrace.expected_ticks add constraint expected_ticks_status_check CHECK ((status = ANY (ARRAY['EXPECTED'::text, 'MISSED'::text])));
alter table headrace.freshness_states add constraint freshness_states_pkey PRIMARY KEY (asset_key);
alter table headrace.freshness_states add constraint freshness_states_state_check CHECK ((state = ANY (ARRAY['PASS'::text, 'WARN'::text, 'FAIL'::text, 'UNKNOWN'::text])));
alter table headrace.instigators add constraint instigators_kind_check CHECK ((kind = ANY (ARRAY['schedule'::text, 'sensor'::text])));
alter table headrace.instigators add constraint instigators_pkey PRIMARY KEY (location, kind, name);
alter table headrace.instigators add constraint instigators_status_check CHECK ((status = ANY (ARRAY['RUNNING'::text, 'STOPPED'::text, 'DECLARED_IN_CODE'::text])));
alter table headrace.key_values add constraint key_values_pkey PRIMARY KEY (namespace, key);
alter table headrace.migrations add constraint migrations_pkey PRIMARY KEY (id);
alter table headrace.outbox add constraint outbox_kind_check CHECK ((kind = ANY (ARRAY['dequeue'::text, 'start-execution'::text, 'stop-attempt'::text, 'iterate-backfill'::text, 'alert'::text])));
alter table headrace.outbox add constraint outbox_pkey PRIMARY KEY (id);
alter table headrace.plans add constraint plans_pkey PRIMARY KEY (hash);
alter table headrace.pool_leases add constraint pool_leases_pkey PRIMARY KEY (pool, run_id, step_key);
alter table headrace.pool_leases add constraint pool_leases_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
alter table headrace.pool_waiters add constraint pool_waiters_pkey PRIMARY KEY (pool, run_id, step_key);
alter table headrace.pool_waiters add constraint pool_waiters_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
alter table headrace.pools add constraint pools_pkey PRIMARY KEY (pool);
alter table headrace.pools add constraint pools_slots_check CHECK ((slots >= 0));
alter table headrace.run_assets add constraint run_assets_pkey PRIMARY KEY (run_id, asset_key, partition);
alter table headrace.run_dependencies add constraint run_dependencies_mode_check CHECK ((mode = ANY (ARRAY['all'::text, 'any'::text])));
alter table headrace.run_dependencies add constraint run_dependencies_pkey PRIMARY KEY (run_id, ord);
alter table headrace.run_dependencies add constraint run_dependencies_requires_check CHECK ((requires = ANY (ARRAY['success'::text, 'end'::text])));
alter table headrace.run_dependencies add constraint run_dependencies_run_id_fkey FOREIGN KEY (run_id) REFERENCES runs(run_id) ON DELETE CASCADE;
alter table headrace.run_plans add constraint run_plans_pkey PRIMARY KEY (run_id);
alter table headrace.run_tags add constraint run_tags_pkey PRIMARY KEY (key, value, seq);
alter table headrace.runs add constraint runs_idempotency_key_key UNIQUE (idempotency_key);
alter table headrace.runs add constraint runs_pkey PRIMARY KEY (run_id);
alter table headrace.runs add constraint runs_seq_key UNIQUE (seq);
alter table headrace.runs add constraint runs_status_check CHECK ((status = ANY (ARRAY['QUEUED'::text, 'NOT_STARTED'::text, 'MANAGED'::text, 'STARTING'::text, 'STARTED'::text, 'SUSPENDED'::text, 'SUCCESS'::text, 'FAILURE'::text, 'CANCELING'::text, 'CANCELED'::text])));
alter table headrace.sensor_events add constraint sensor_events_location_sensor_accepted_at_key UNIQUE (location, sensor, accepted_at);
alter table headrace.sensor_events add constraint sensor_events_pkey PRIMARY KEY (location, sensor, event_id);
alter table headrace.sensor_events add constraint sensor_events_status_check CHECK ((status = ANY (ARRAY['PENDING'::text, 'DONE'::text, 'FAILED'::text])));
alter table headrace.sensor_events add constraint sensor_events_tick_id_fkey FOREIGN KEY (tick_id) REFERENCES ticks(tick_id) ON DELETE CASCADE;
alter table headrace.ticks add constraint ticks_location_kind_name_scheduled_at_key UNIQUE (location, kind, name, scheduled_at);
alter table headrace.ticks add constraint ticks_pkey PRIMARY KEY (tick_id);
alter table headrace.ticks add constraint ticks_status_check CHECK ((status = ANY (ARRAY['STARTED'::text, 'SUCCESS'::text, 'SKIPPED'::text, 'FAILURE'::text])));
alter table headrace.transfers add constraint transfers_pkey PRIMARY KEY (transfer_id, part);
CREATE INDEX asset_checks_latest ON headrace.asset_checks USING btree (asset_key, check_name, storage_id DESC);
CREATE INDEX audit_log_by_action ON headrace.audit_log USING btree (action, audit_id);
CREATE INDEX audit_log_by_outcome ON headrace.audit_log USING btree (outcome, audit_id) WHERE (outcome <> 'DONE'::text);
CREATE INDEX audit_log_by_user ON headrace.audit_log USING btree (user_name, audit_id);
CREATE INDEX automation_evaluations_by_age ON headrace.automation_evaluations USING btree ("timestamp");
CREATE INDEX automation_evaluations_by_tick ON headrace.automation_evaluations USING btree (evaluation_id);
CREATE INDEX backfill_targets_pending ON headrace.backfill_targets USING btree (backfill_id) WHERE (status = 'PENDING'::text);
CREATE INDEX backfill_targets_requested ON headrace.backfill_targets USING btree (backfill_id) WHERE (status = 'REQUESTED'::text);
CREATE INDEX backfills_ended ON headrace.backfills USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX backfills_held ON headrace.backfills USING btree (backfill_id) WHERE ((ended_at IS NULL) AND ((paused_at IS NOT NULL) OR (status <> 'REQUESTED'::text)));
CREATE INDEX backfills_live ON headrace.backfills USING btree (seq) WHERE (ended_at IS NULL);
CREATE INDEX dynamic_partitions_in_order ON headrace.dynamic_partitions USING btree (location, name, seq);
CREATE INDEX events_by_asset ON ONLY headrace.events USING btree (asset_key, storage_id) WHERE (type = ANY (ARRAY['ASSET_MATERIALIZATION'::text, 'ASSET_OBSERVATION'::text, 'ASSET_FAILED_TO_MATERIALIZE'::text]));
CREATE INDEX events_by_asset_partition ON ONLY headrace.events USING btree (asset_key, partition, storage_id) WHERE ((partition IS NOT NULL) AND (type = ANY (ARRAY['ASSET_MATERIALIZATION'::text, 'ASSET_OBSERVATION'::text, 'ASSET_FAILED_TO_MATERIALIZE'::text])));
CREATE INDEX events_by_run ON ONLY headrace.events USING btree (run_id, storage_id);
CREATE INDEX events_default_asset_key_partition_storage_id_idx ON headrace.events_default USING btree (asset_key, partition, storage_id) WHERE ((partition IS NOT NULL) AND (type = ANY (ARRAY['ASSET_MATERIALIZATION'::text, 'ASSET_OBSERVATION'::text, 'ASSET_FAILED_TO_MATERIALIZE'::text])));
CREATE INDEX events_default_asset_key_storage_id_idx ON headrace.events_default USING btree (asset_key, storage_id) WHERE (type = ANY (ARRAY['ASSET_MATERIALIZATION'::text, 'ASSET_OBSERVATION'::text, 'ASSET_FAILED_TO_MATERIALIZE'::text]));
CREATE INDEX events_default_run_id_storage_id_idx ON headrace.events_default USING btree (run_id, storage_id);
CREATE INDEX events_default_run_id_storage_id_idx1 ON headrace.events_default USING btree (run_id, storage_id) WHERE (type = ANY (ARRAY['STEP_START'::text, 'STEP_RESTARTED'::text, 'STEP_UP_FOR_RETRY'::text, 'STEP_SUCCESS'::text, 'STEP_FAILURE'::text, 'STEP_SKIPPED'::text, 'STEP_OUTPUT'::text]));
CREATE INDEX events_default_storage_id_idx ON headrace.events_default USING btree (storage_id) WHERE (type = 'ASSET_MATERIALIZATION'::text);
CREATE INDEX events_default_type_storage_id_idx ON headrace.events_default USING btree (type, storage_id) WHERE (type = ANY (ARRAY['RUN_ENQUEUED'::text, 'RUN_STARTING'::text, 'RUN_START'::text, 'RUN_SUCCESS'::text, 'RUN_FAILURE'::text, 'RUN_CANCELING'::text, 'RUN_CANCELED'::text]));
CREATE INDEX events_of_run_status ON ONLY headrace.events USING btree (type, storage_id) WHERE (type = ANY (ARRAY['RUN_ENQUEUED'::text, 'RUN_STARTING'::text, 'RUN_START'::text, 'RUN_SUCCESS'::text, 'RUN_FAILURE'::text, 'RUN_CANCELING'::text, 'RUN_CANCELED'::text]));
CREATE INDEX events_of_steps ON ONLY headrace.events USING btree (run_id, storage_id) WHERE (type = ANY (ARRAY['STEP_START'::text, 'STEP_RESTARTED'::text, 'STEP_UP_FOR_RETRY'::text, 'STEP_SUCCESS'::text, 'STEP_FAILURE'::text, 'STEP_SKIPPED'::text, 'STEP_OUTPUT'::text]));
CREATE INDEX events_of_updates ON ONLY headrace.events USING btree (storage_id) WHERE (type = 'ASSET_MATERIALIZATION'::text);
CREATE INDEX expected_ticks_due ON headrace.expected_ticks USING btree (scheduled_at) WHERE (status = 'EXPECTED'::text);
CREATE INDEX expected_ticks_missed ON headrace.expected_ticks USING btree (missed_at) WHERE (status = 'MISSED'::text);
CREATE INDEX pool_leases_by_run ON headrace.pool_leases USING btree (run_id);
CREATE INDEX pool_waiters_by_run ON headrace.pool_waiters USING btree (run_id);
CREATE INDEX run_assets_by_asset ON headrace.run_assets USING btree (asset_key, seq DESC);
CREATE INDEX run_dependencies_unbound ON headrace.run_dependencies USING btree (location, job_name) WHERE (upstream_run_id IS NULL);
CREATE INDEX run_dependencies_upstream ON headrace.run_dependencies USING btree (upstream_run_id);
CREATE INDEX runs_active ON headrace.runs USING btree (status) WHERE (status = ANY (ARRAY['STARTING'::text, 'STARTED'::text, 'CANCELING'::text, 'SUSPENDED'::text]));
CREATE INDEX runs_by_bundle ON headrace.runs USING btree (bundle_hash, seq DESC);
CREATE INDEX runs_by_created_at ON headrace.runs USING btree (created_at);
CREATE INDEX runs_by_ended_at ON headrace.runs USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX runs_by_job ON headrace.runs USING btree (location, job_name, seq DESC);
CREATE INDEX runs_by_job_name ON headrace.runs USING btree (job_name, seq DESC);
CREATE INDEX runs_by_job_status ON headrace.runs USING btree (job_name, status, seq DESC);
CREATE INDEX runs_by_root ON headrace.runs USING btree (root_run_id) WHERE (root_run_id IS NOT NULL);
CREATE INDEX runs_by_status ON headrace.runs USING btree (status, seq DESC);
CREATE INDEX runs_by_updated_at ON headrace.runs USING btree (updated_at);
CREATE INDEX runs_holding_pools ON headrace.runs USING btree (status) WHERE (holds_pools AND (status = ANY (ARRAY['STARTING'::text, 'STARTED'::text, 'CANCELING'::text])));
CREATE INDEX runs_outside_backfills ON headrace.runs USING btree (seq) WHERE ((tags -> 'dagster/backfill'::text) IS NULL);
CREATE INDEX runs_over_an_hour ON headrace.runs USING btree (ended_at) WHERE ((ended_at - COALESCE(started_at, created_at)) > 3600000);
CREATE INDEX runs_queue ON headrace.runs USING btree (((- priority)), seq) WHERE (status = 'QUEUED'::text);
CREATE UNIQUE INDEX runs_run_key ON headrace.runs USING btree (location, origin_kind, origin_name, run_key) WHERE (run_key IS NOT NULL);
CREATE INDEX runs_suspended ON headrace.runs USING btree (resume_at) WHERE (status = 'SUSPENDED'::text);
CREATE INDEX runs_waiting ON headrace.runs USING btree (run_id) WHERE ((status = 'QUEUED'::text) AND waits);
CREATE INDEX sensor_events_of_ticks ON headrace.sensor_events USING btree (tick_id);
CREATE INDEX sensor_events_pending ON headrace.sensor_events USING btree (location, sensor, accepted_at) WHERE (status = 'PENDING'::text);
CREATE INDEX ticks_by_age ON headrace.ticks USING btree (kind, status, started_at);
CREATE INDEX ticks_by_instigator ON headrace.ticks USING btree (location, kind, name, tick_id DESC);
CREATE INDEX ticks_open ON headrace.ticks USING btree (location, kind, name) WHERE (status = 'STARTED'::text);
CREATE INDEX transfers_by_created_at ON headrace.transfers USING btree (created_at);

create view headrace.held_backfills as
 SELECT backfill_id,
        CASE
            WHEN (paused_at IS NOT NULL) THEN 'paused'::text
            ELSE lower(status)
        END AS reason
   FROM backfills
  WHERE ((ended_at IS NULL) AND ((paused_at IS NOT NULL) OR (status <> 'REQUESTED'::text)));

create view headrace.live_pool_leases as
 SELECT l.pool,
    l.run_id,
    l.attempt,
    l.step_key,
    l.since
   FROM (pool_leases l
     JOIN runs r ON (((r.run_id = l.run_id) AND (r.attempt = l.attempt) AND (r.status = ANY (ARRAY['STARTED'::text, 'CANCELING'::text])))));

create view headrace.pool_holders as
 SELECT DISTINCT l.pool,
    l.run_id
   FROM live_pool_leases l
UNION
 SELECT unnest(r.pools) AS pool,
    r.run_id
   FROM runs r
  WHERE (r.holds_pools AND (r.status = ANY (ARRAY['STARTING'::text, 'STARTED'::text, 'CANCELING'::text])));

create view headrace.pool_usage as
 SELECT pool,
    slots,
    used,
    waiting,
    (((slots + run_buffer) - used) - waiting) AS free
   FROM ( SELECT p.pool,
            p.slots,
            p.run_buffer,
            (((( SELECT count(*) AS count
                   FROM (live_pool_leases l
                     JOIN runs r ON ((r.run_id = l.run_id)))
                  WHERE ((l.pool = p.pool) AND (NOT r.holds_pools))) + ( SELECT count(*) AS count
                   FROM runs r
                  WHERE ((r.status = 'STARTING'::text) AND (NOT r.holds_pools) AND (p.pool = ANY (r.root_pools))))) + ( SELECT count(*) AS count
                   FROM (runs r
                     JOIN attempts a ON (((a.run_id = r.run_id) AND (a.attempt = r.attempt))))
                  WHERE ((r.status = ANY (ARRAY['STARTED'::text, 'CANCELING'::text])) AND (p.pool = ANY (a.reserved_pools))))) + ( SELECT count(*) AS count
                   FROM runs r
                  WHERE (r.holds_pools AND (r.status = ANY (ARRAY['STARTING'::text, 'STARTED'::text, 'CANCELING'::text])) AND (p.pool = ANY (r.pools))))) AS used,
            ( SELECT count(*) AS count
                   FROM (pool_waiters w
                     JOIN runs r ON (((r.run_id = w.run_id) AND (r.attempt = w.attempt))))
                  WHERE ((w.pool = p.pool) AND (w.asked_at > (now_ms() - 20000)) AND (r.status = 'STARTED'::text))) AS waiting
           FROM pools p) u;
create sequence headrace.event_ids;

CREATE OR REPLACE FUNCTION headrace.add_run_tags(p_run_id uuid, p_tags jsonb)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_tags jsonb;
begin
  select tags into v_tags from runs where run_id = p_run_id for update;
  if not found then return false; end if;
  perform set_run_tag(p_run_id, t.key, t.value) from jsonb_each_text(p_tags) t where v_tags ->> t.key is distinct from t.value;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION headrace.advance_backfill(p_backfill_id text, p_version integer, p_advance json)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_backfill backfills;
  v_status text := p_advance ->> 'status';
begin
  select * into v_backfill from backfills where backfill_id = p_backfill_id for update;
  if not found or v_backfill.version <> p_version or v_backfill.ended_at is not null then return false; end if;

  if json_array_length(p_advance -> 'runs' -> 'runs') > 0 then
    perform create_runs(p_advance -> 'runs');
  end if;
  perform request_backfill_targets(p_backfill_id, p_advance -> 'requested');
  if v_status in ('COMPLETED_SUCCESS', 'COMPLETED_FAILED', 'CANCELED', 'FAILED') then
    update backfill_targets set status = 'BLOCKED' where backfill_id = p_backfill_id and status = 'PENDING';
  end if;
  update backfills set version = version + 1, status = coalesce(v_status, status), updated_at = v_now,
      ended_at = case when v_status in ('COMPLETED_SUCCESS', 'COMPLETED_FAILED', 'CANCELED', 'FAILED') then v_now end,
      error = coalesce(p_advance -> 'error', error), cause = coalesce(p_advance ->> 'cause', cause),
      failure_count = coalesce((p_advance ->> 'failureCount')::integer, 0),
      next_iteration_at = coalesce((p_advance ->> 'nextIterationAt')::bigint, 0)
    where backfill_id = p_backfill_id;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION headrace.advance_backfill(p_backfill_id text, p_version integer, p_advance json, p_requested json, p_plans json, p_shared json, p_runs json)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.announce_events()
 RETURNS void
 LANGUAGE sql
AS $function$
  select pg_advisory_xact_lock_shared((18514::bigint << 48) | (select case when is_called then last_value else 0 end from headrace.event_ids))
$function$;

CREATE OR REPLACE FUNCTION headrace.answer(p_transfer_id uuid, p_records text[])
 RETURNS TABLE(size integer, piece bytea)
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_body bytea := convert_to('[' || coalesce(array_to_string(p_records, ',', 'null'), '') || ']', 'UTF8');
begin
  for v_part in 1..(length(v_body) - 1) / 720000 loop
    perform put_transfer(p_transfer_id, v_part, substring(v_body from v_part * 720000 + 1 for 720000));
  end loop;
  return query select length(v_body), p from transfer_pieces(substring(v_body for 720000)) p;
end $function$;

CREATE OR REPLACE FUNCTION headrace.append_events(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_first_seq bigint, p_events json)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_attempt attempts;
  v_last bigint := p_first_seq + json_array_length(p_events) - 1;
  v_new json := p_events;
begin
  v_attempt := require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if p_first_seq < 1 then
    raise exception 'sequence numbers start at 1, not %', p_first_seq using errcode = 'HR003';
  end if;
  if v_last <= v_attempt.last_seq then return; end if;
  if p_first_seq > v_attempt.last_seq + 1 then
    raise exception 'events % to % of run % are missing before %', v_attempt.last_seq + 1, p_first_seq - 1, p_run_id, p_first_seq
      using errcode = 'HR002';
  end if;
  if p_first_seq <= v_attempt.last_seq then
    select json_agg(e.event order by e.ord) into v_new
      from json_array_elements(p_events) with ordinality e (event, ord) where e.ord > v_attempt.last_seq - p_first_seq + 1;
  end if;
  if exists (select from json_array_elements(v_new) e where e ->> 'type' like 'RUN\_%') then
    raise exception 'a worker ends its run with finish_run, not by events' using errcode = 'HR003';
  end if;
  update attempts set last_seq = v_last, heartbeat_at = now_ms() where run_id = p_run_id and attempt = p_attempt;
  perform announce_events();
  perform write_events(p_run_id, p_attempt, v_new);
end $function$;

CREATE OR REPLACE FUNCTION headrace.append_system_events(p_run_id uuid, p_events json)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_new json;
begin
  if p_run_id is not null then
    perform from runs where run_id = p_run_id for update;
    if not found then raise exception 'there is no run %', p_run_id using errcode = 'HR003'; end if;
  end if;
  perform announce_events();
  select json_agg(e.event order by e.ord) into v_new
    from json_array_elements(p_events) with ordinality e (event, ord)
    where not case when p_run_id is null
      then exists (select from events x where x.asset_key = e.event ->> 'assetKey' and x.run_id is null
        and x.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
        and x.type = e.event ->> 'type' and x.timestamp = (e.event ->> 'timestamp')::bigint
        and x.partition is not distinct from e.event ->> 'partition' and x.data::jsonb = (e.event -> 'data')::jsonb)
      else exists (select from events x where x.run_id = p_run_id
        and x.type = e.event ->> 'type' and x.timestamp = (e.event ->> 'timestamp')::bigint
        and x.message = e.event ->> 'message' and x.step_key is not distinct from e.event ->> 'stepKey' and x.data::jsonb = (e.event -> 'data')::jsonb)
      end;
  if v_new is null then return; end if;
  if exists (select from json_array_elements(v_new) e where e ->> 'type' like 'RUN\_%') then
    raise exception 'run status events are written by the functions that change the status' using errcode = 'HR003';
  end if;
  perform write_events(p_run_id, coalesce((select attempt from runs where run_id = p_run_id), 0), v_new);
end $function$;

CREATE OR REPLACE FUNCTION headrace.apply_asset_events(p_run_id uuid, p_events events[])
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  -- Rows are locked in key order, so that two batches never wait for each other.
  with said as materialized (
    select e.storage_id, e.asset_key, e.type, e.timestamp, e.data ->> 'dataVersion' as data_version, e as event
      from unnest(p_events) e
      where e.asset_key is not null and e.type <> 'ASSET_CHECK_EVALUATION'
  ), latest as materialized (
    select asset_key,
        max(storage_id) filter (where type = 'ASSET_MATERIALIZATION') as materialization_id,
        max(storage_id) filter (where type = 'ASSET_OBSERVATION') as observation_id,
        max(timestamp) filter (where type = 'ASSET_FAILED_TO_MATERIALIZE') as failure_at,
        max(storage_id) filter (where data_version is not null) as data_version_id
      from said group by asset_key
  )
  insert into asset_records as r (
      asset_key, last_materialization, last_materialization_id, last_observation, last_observation_id, last_failure_at,
      data_version, data_version_id)
    select l.asset_key, case when l.materialization_id is not null then event_json(m.event) end, coalesce(l.materialization_id, 0),
        case when l.observation_id is not null then event_json(o.event) end, coalesce(l.observation_id, 0),
        l.failure_at, v.data_version, coalesce(l.data_version_id, 0)
      from latest l
      left join said m on m.storage_id = l.materialization_id
      left join said o on o.storage_id = l.observation_id
      left join said v on v.storage_id = l.data_version_id
      order by l.asset_key
    on conflict (asset_key) do update set
      last_materialization = case when excluded.last_materialization_id > r.last_materialization_id
        then excluded.last_materialization else r.last_materialization end,
      last_materialization_id = greatest(r.last_materialization_id, excluded.last_materialization_id),
      last_observation = case when excluded.last_observation_id > r.last_observation_id
        then excluded.last_observation else r.last_observation end,
      last_observation_id = greatest(r.last_observation_id, excluded.last_observation_id),
      last_failure_at = greatest(r.last_failure_at, excluded.last_failure_at),
      data_version = case when excluded.data_version_id > r.data_version_id then excluded.data_version else r.data_version end,
      data_version_id = greatest(r.data_version_id, excluded.data_version_id);

  insert into asset_partitions as p (
      asset_key, partition, materialization_id, materialization_run_id, materialized_at, failure_id, failure_run_id, failed_at,
      observation_id)
    select e.asset_key, e.partition,
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_MATERIALIZATION'), 0),
        case when bool_or(e.type = 'ASSET_MATERIALIZATION') then p_run_id end,
        max(e.timestamp) filter (where e.type = 'ASSET_MATERIALIZATION'),
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_FAILED_TO_MATERIALIZE'), 0),
        case when bool_or(e.type = 'ASSET_FAILED_TO_MATERIALIZE') then p_run_id end,
        max(e.timestamp) filter (where e.type = 'ASSET_FAILED_TO_MATERIALIZE'),
        coalesce(max(e.storage_id) filter (where e.type = 'ASSET_OBSERVATION'), 0)
      from unnest(p_events) e
      where e.asset_key is not null and e.partition is not null
        and e.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
      group by e.asset_key, e.partition
      order by e.asset_key, e.partition
    on conflict (asset_key, partition) do update set
      materialization_run_id = case when excluded.materialization_id > p.materialization_id
        then excluded.materialization_run_id else p.materialization_run_id end,
      materialized_at = case when excluded.materialization_id > p.materialization_id
        then excluded.materialized_at else p.materialized_at end,
      materialization_id = greatest(p.materialization_id, excluded.materialization_id),
      failure_run_id = case when excluded.failure_id > p.failure_id then excluded.failure_run_id else p.failure_run_id end,
      failed_at = case when excluded.failure_id > p.failure_id then excluded.failed_at else p.failed_at end,
      failure_id = greatest(p.failure_id, excluded.failure_id),
      observation_id = greatest(p.observation_id, excluded.observation_id);

  if p_run_id is not null then
    -- A materialization without a partition stands for all that the run planned of the asset.
    update run_assets a set done = true
      from unnest(p_events) e
      where a.run_id = p_run_id and a.asset_key = e.asset_key and not a.done
        and e.type in ('ASSET_MATERIALIZATION', 'ASSET_FAILED_TO_MATERIALIZE')
        and (e.partition is null or a.partition in ('', e.partition));
    -- The plan names a check once; its evaluations may be by partition.
    delete from asset_checks c
      using unnest(p_events) e
      where e.type = 'ASSET_CHECK_EVALUATION' and e.data ->> 'partition' is not null
        and c.run_id = p_run_id and c.asset_key = e.data ->> 'asset' and c.check_name = e.data ->> 'name'
        and c.partition = '' and c.evaluation is null;
  end if;

  insert into asset_checks (asset_key, check_name, run_id, partition, status, evaluation, storage_id, timestamp)
    select distinct on (e.data ->> 'asset', e.data ->> 'name', coalesce(e.data ->> 'partition', ''))
        e.data ->> 'asset', e.data ->> 'name', p_run_id, coalesce(e.data ->> 'partition', ''),
        case when (e.data ->> 'passed')::boolean then 'SUCCEEDED' else 'FAILED' end,
        e.data, e.storage_id, e.timestamp
      from unnest(p_events) e
      where e.type = 'ASSET_CHECK_EVALUATION'
      order by e.data ->> 'asset', e.data ->> 'name', coalesce(e.data ->> 'partition', ''), e.storage_id desc
    on conflict (run_id, asset_key, check_name, partition) do update set
      status = excluded.status, evaluation = excluded.evaluation, storage_id = excluded.storage_id, timestamp = excluded.timestamp;
end $function$;

CREATE OR REPLACE FUNCTION headrace.apply_migration(p_id integer, p_name text, p_checksum text, p_breaking boolean, p_sql text)
 RETURNS boolean
 LANGUAGE plpgsql
AS $function$
  begin
    perform pg_advisory_xact_lock(hashtextextended('headrace.migrate', 0));
    if exists (select from headrace.migrations where id = p_id) then return false; end if;
    execute p_sql;
    insert into headrace.migrations (id, name, checksum, breaking) values (p_id, p_name, p_checksum, p_breaking);
    return true;
  end $function$;

CREATE OR REPLACE FUNCTION headrace.asset_updates(p_after bigint, p_keys jsonb, p_limit integer)
 RETURNS SETOF json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_safe bigint := safe_storage_id();
begin
  return query
    select json_build_object(
        'storageId', u.storage_id, 'assetKey', u.asset_key, 'runId', u.run_id, 'partition', u.partition,
        'timestamp', u.timestamp, 'metadata', coalesce(u.data -> 'metadata', '{}'))
      from (select distinct value as asset_key from jsonb_array_elements_text(p_keys)) k
      cross join lateral (
        select e.* from events e
          where e.asset_key = k.asset_key and e.type = 'ASSET_MATERIALIZATION' and e.storage_id > p_after and e.storage_id <= v_safe
          order by e.storage_id limit p_limit
      ) u
      order by u.storage_id limit p_limit;
end $function$;

CREATE OR REPLACE FUNCTION headrace.backfill_is_running(p_backfill_id text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$
  select exists (
    select from headrace.run_tags t join headrace.runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id and r.status not in ('SUCCESS', 'FAILURE', 'CANCELED'))
$function$;

CREATE OR REPLACE FUNCTION headrace.backfill_json(b backfills)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
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
$function$;

CREATE OR REPLACE FUNCTION headrace.blocked_condition(p_limits jsonb, p_used jsonb)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select coalesce(string_agg(' and ' || case
      -- Every run with the key, whatever its value.
      when c.every then format('not tags ? %L', c.key)
      else format('(tags ->> %L = any (%L)) is not true', c.key, c.blocked) end, ''), '')
  from (
    select l ->> 'key' as key,
      l ->> 'value' is null and (not (l ->> 'each')::boolean or (l ->> 'limit')::integer <= 0) as every,
      case when (l ->> 'each')::boolean then (
          select array_agg(substr(u.key, length(l ->> 'index') + 2)) from jsonb_each_text(p_used) u
          where u.key like (l ->> 'index') || ':%' and u.value::integer >= (l ->> 'limit')::integer)
        else array[l ->> 'value'] end as blocked,
      (l ->> 'each')::boolean or coalesce((p_used ->> ((l ->> 'index') || ':'))::integer, 0) >= (l ->> 'limit')::integer as is_full
    from jsonb_array_elements(p_limits) l
  ) c
  where c.is_full and (c.every or c.blocked is not null)
$function$;

CREATE OR REPLACE FUNCTION headrace.cancel_backfill_runs(p_backfill_id text, p_limit integer, p_cause text)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_runs uuid[];
begin
  -- All their rows before the first of them takes that of the backfill.
  select array_agg(l.run_id) into v_runs from (
    select r.run_id from run_tags t join runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id
        and r.status not in ('SUCCESS', 'FAILURE', 'CANCELED', 'CANCELING')
      order by r.run_id limit p_limit for update of r
  ) l;
  perform cancel_run(r, false, p_cause) from unnest(v_runs) r;
  return (select count(*) from (
    select from run_tags t join runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id and r.status not in ('SUCCESS', 'FAILURE', 'CANCELED')
      limit 2 * p_limit) unfinished);
end $function$;

CREATE OR REPLACE FUNCTION headrace.cancel_run(p_run_id uuid, p_force boolean, p_cause text)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if not found then return 'not-found'; end if;
  if v_run.status in ('SUCCESS', 'FAILURE', 'CANCELED') then return 'finished'; end if;
  perform announce_events();
  if p_force or v_run.status not in ('STARTING', 'STARTED', 'CANCELING') then
    perform end_run(p_run_id, 'CANCELED', null, p_cause, null, false);
    if v_run.status in ('STARTING', 'STARTED', 'CANCELING') then
      insert into outbox (kind, run_id, attempt, created_at) values ('stop-attempt', p_run_id, v_run.attempt, now_ms());
    end if;
    return 'canceled';
  end if;
  if v_run.status <> 'CANCELING' then
    update runs set status = 'CANCELING', canceling_at = now_ms(), updated_at = now_ms(), cause = p_cause where run_id = p_run_id;
    perform write_event(p_run_id, v_run.attempt, 'RUN_CANCELING', 'INFO', p_cause, '{}');
    insert into outbox (kind, run_id, attempt, created_at) values ('stop-attempt', p_run_id, v_run.attempt, now_ms());
  end if;
  return 'canceling';
end $function$;

CREATE OR REPLACE FUNCTION headrace.change_backfill(p_backfill_id text, p_change json)
 RETURNS json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.change_dynamic_partitions(p_location text, p_kind text, p_name text, p_keys jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.claim_pool_slot(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text, p_priority integer DEFAULT 0)
 RETURNS jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_limit integer;
  v_priority bigint := p_priority;
  v_since bigint;
  v_holders jsonb;
  v_ahead integer;
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  perform pg_advisory_xact_lock(hashtextextended('headrace.pool:' || p_pool, 0));
  if exists (select from live_pool_leases where pool = p_pool and run_id = p_run_id and step_key = p_step_key) then
    return jsonb_build_object('held', true);
  end if;
  update attempts set reserved_pools = array_remove(reserved_pools, p_pool)
    where run_id = p_run_id and attempt = p_attempt and p_pool = any (reserved_pools);
  -- A run that holds its pools as a whole has its slot already.
  select slots into v_limit from pools where pool = p_pool and not (select holds_pools from runs where run_id = p_run_id);
  if v_limit is not null then
    v_priority := p_priority + (select priority from runs where run_id = p_run_id);
    insert into pool_waiters as w (pool, run_id, attempt, step_key, priority, since, asked_at)
      values (p_pool, p_run_id, p_attempt, p_step_key, v_priority, v_now, v_now)
      on conflict (pool, run_id, step_key) do update set asked_at = excluded.asked_at, priority = excluded.priority, attempt = excluded.attempt,
        since = case when w.attempt = excluded.attempt then w.since else excluded.since end
      returning since into v_since;
    select coalesce(jsonb_agg(l.run_id || ':' || l.step_key order by l.since, l.run_id, l.step_key), '[]') into v_holders
      from live_pool_leases l where l.pool = p_pool;
    select count(*) into v_ahead
      from pool_waiters w join runs r on r.run_id = w.run_id and r.attempt = w.attempt and r.status = 'STARTED'
      where w.pool = p_pool and w.asked_at > v_now - 20000
        and (-w.priority, w.since, w.run_id, w.step_key) < (-v_priority, v_since, p_run_id, p_step_key);
    if jsonb_array_length(v_holders) + v_ahead >= v_limit then
      return jsonb_build_object('held', false, 'limit', v_limit, 'holders', v_holders);
    end if;
  end if;
  delete from pool_waiters where pool = p_pool and run_id = p_run_id and step_key = p_step_key;
  insert into pool_leases (pool, run_id, attempt, step_key, since) values (p_pool, p_run_id, p_attempt, p_step_key, v_now)
    on conflict (pool, run_id, step_key) do update set attempt = excluded.attempt, since = excluded.since;
  return jsonb_build_object('held', true);
end $function$;

CREATE OR REPLACE FUNCTION headrace.claim_runs(p_count integer, p_settings jsonb)
 RETURNS TABLE(run_id uuid, attempt integer)
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
 SET lock_timeout TO '5s'
AS $function$
#variable_conflict use_column
declare
  v_now bigint;
  v_max integer := (p_settings ->> 'maxConcurrentRuns')::integer;
  v_left integer := p_count;
  -- Whether a run holds a slot of each of its pools from the claim to its end, instead of each step for itself.
  v_by_run boolean := coalesce(p_settings ->> 'poolGranularity' = 'run', false);
  v_buffer integer := case when v_by_run then 0 else coalesce((p_settings ->> 'opGranularityRunBuffer')::integer, 0) end;
  v_limits jsonb;
  -- Runs that count, by limit: "<index of the limit>:<tag value>", the value empty for limits over all values.
  v_used jsonb;
  -- How many runs more each pool with a limit lets through.
  v_free jsonb;
  v_full text[];
  v_held text[];
  v_blocked text;
  -- The last run looked at.
  v_rank bigint;
  v_seq bigint;
  v_run record;
  v_cell record;
  v_pool text;
  v_fetched integer;
  v_is_blocked boolean;
  v_claimed uuid[] := '{}';
  v_attempts integer[] := '{}';
begin
  perform pg_advisory_xact_lock(hashtextextended('headrace.claim_runs', 0));
  if v_max >= 0 then
    v_left := least(v_left, v_max - (select count(*)::integer from runs where status in ('STARTING', 'STARTED', 'CANCELING')));
  end if;
  if v_left <= 0 then return; end if;

  select coalesce(jsonb_agg(jsonb_build_object(
      'index', l.ord, 'key', l.item ->> 'key', 'limit', (l.item ->> 'limit')::integer,
      'value', case when jsonb_typeof(l.item -> 'value') = 'string' then l.item ->> 'value' end,
      'each', coalesce((l.item -> 'value' ->> 'applyLimitPerUniqueValue')::boolean, false)) order by l.ord), '[]')
    into v_limits
    from jsonb_array_elements(coalesce(p_settings -> 'tagConcurrencyLimits', '[]')) with ordinality l (item, ord);
  select coalesce(jsonb_object_agg(u.cell, u.used), '{}') into v_used from (
    select c.cell, count(*) as used
      from runs r cross join lateral limit_cells(v_limits, r.tags) c
      where r.status in ('STARTING', 'STARTED', 'CANCELING')
      group by c.cell
  ) u;
  -- Remembered for who releases a slot, and for who asks what a run waits for.
  update pools set run_buffer = v_buffer where run_buffer <> v_buffer;
  select coalesce(jsonb_object_agg(pool, free), '{}') into v_free from pool_usage;
  select array_agg(backfill_id) into v_held from held_backfills;

  v_now := now_ms();
  loop
    select array_agg(f.key) into v_full from jsonb_each_text(v_free) f where f.value::bigint <= 0;
    v_blocked := blocked_condition(v_limits, v_used)
      || case when v_held is null then '' else format(' and (tags ->> ''dagster/backfill'' = any (%L)) is not true', v_held) end
      || case when v_full is null then '' else format(case when v_by_run then ' and (pools && %L) is not true' else ' and (root_pools <@ %L) is not true' end, v_full) end;
    v_fetched := 0;
    for v_run in execute format(
      'select run_id, seq, -priority as rank, tags, root_pools, pools from runs where status = ''QUEUED'' and not waits %s %s order by -priority, seq limit %s',
      case when v_seq is null then '' else format('and (-priority, seq) > (%s, %s)', v_rank, v_seq) end,
      v_blocked, v_left)
    loop
      v_fetched := v_fetched + 1;
      v_rank := v_run.rank;
      v_seq := v_run.seq;
      -- Those claimed since the rows were fetched may have filled a limit or a pool.
      select coalesce(bool_or(coalesce((v_used ->> c.cell)::integer, 0) >= c.maximum), false) into v_is_blocked
        from limit_cells(v_limits, v_run.tags) c;
      continue when v_is_blocked;
      if v_by_run then
        continue when exists (select from unnest(v_run.pools) p where (v_free ->> p)::bigint <= 0);
      else
        continue when v_run.root_pools is not null
          and not exists (select from unnest(v_run.root_pools) p where coalesce((v_free ->> p)::bigint, 1) > 0);
      end if;
      update runs set status = 'STARTING', attempt = attempt + 1, claimed_at = v_now, updated_at = v_now,
          holds_pools = v_by_run
        where run_id = v_run.run_id and status = 'QUEUED' and not waits
        returning attempt into attempt;
      continue when not found;
      run_id := v_run.run_id;
      v_claimed := v_claimed || run_id;
      v_attempts := v_attempts || attempt;
      v_left := v_left - 1;
      for v_cell in select c.cell from limit_cells(v_limits, v_run.tags) c loop
        v_used := v_used || jsonb_build_object(v_cell.cell, coalesce((v_used ->> v_cell.cell)::integer, 0) + 1);
      end loop;
      foreach v_pool in array coalesce(case when v_by_run then v_run.pools else v_run.root_pools end, '{}') loop
        if v_free ? v_pool then v_free := v_free || jsonb_build_object(v_pool, (v_free ->> v_pool)::bigint - 1); end if;
      end loop;
      return next;
    end loop;
    exit when v_left <= 0 or v_fetched = 0;
  end loop;
  if cardinality(v_claimed) = 0 then return; end if;

  perform announce_events();
  insert into attempts (run_id, attempt, claimed_at)
    select c.run_id, c.attempt, v_now from unnest(v_claimed, v_attempts) c (run_id, attempt);
  insert into outbox (kind, run_id, attempt, created_at)
    select 'start-execution', c.run_id, c.attempt, v_now from unnest(v_claimed, v_attempts) with ordinality c (run_id, attempt, ord)
    order by c.ord;
  insert into events (recorded_at, run_id, attempt, type, timestamp, level, message, data)
    select v_now, c.run_id, c.attempt, e.type, v_now, 'INFO', e.message,
        case e.type when 'RUN_STARTING' then json_build_object('attempt', c.attempt) else '{}' end
      from unnest(v_claimed, v_attempts) with ordinality c (run_id, attempt, ord)
      cross join (values (1, 'RUN_DEQUEUED', 'Run was dequeued.'), (2, 'RUN_STARTING', 'Run is starting.')) e (ord, type, message)
      order by c.ord, e.ord;
end $function$;

CREATE OR REPLACE FUNCTION headrace.create_backfill(p_backfill json)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.create_event_partitions(p_months_ahead integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_start timestamptz;
  v_from bigint;
  v_to bigint;
  v_name text;
  v_made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('headrace.create_event_partitions', 0));
  for i in 0..p_months_ahead loop
    v_start := date_trunc('month', to_timestamp(now_ms() / 1000.0), 'UTC') + make_interval(months => i);
    v_name := 'events_' || to_char(v_start at time zone 'UTC', 'YYYY_MM');
    continue when to_regclass('headrace.' || v_name) is not null;
    v_from := extract(epoch from v_start) * 1000;
    v_to := extract(epoch from date_trunc('month', v_start + interval '32 days', 'UTC')) * 1000;
    execute format('create table %I (like events including defaults including constraints)', v_name);
    execute format(
      'with moved as (delete from events_default where recorded_at >= %s and recorded_at < %s returning *) insert into %I select * from moved',
      v_from, v_to, v_name);
    execute format('alter table events attach partition %I for values from (%s) to (%s)', v_name, v_from, v_to);
    v_made := v_made + 1;
  end loop;
  return v_made;
end $function$;

CREATE OR REPLACE FUNCTION headrace.create_runs(p_batch json)
 RETURNS TABLE(run_id uuid, created boolean, run_key text)
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  if p_batch -> 'shared' is not null then
    return query select * from enqueue_runs(p_batch -> 'plans', p_batch -> 'shared', p_batch -> 'runs');
    return;
  end if;
  return query select * from enqueue_runs(
    p_batch -> 'plans',
    (select json_agg((r.run::jsonb || jsonb_build_object(
        'originKind', r.run -> 'origin' ->> 'kind', 'originName', r.run -> 'origin' ->> 'name'))::json order by r.ord)
      from json_array_elements(p_batch -> 'runs') with ordinality r (run, ord)),
    (select json_agg((r.run::jsonb || jsonb_build_object('shared', r.ord - 1, 'runKey', r.run -> 'origin' ->> 'runKey'))::json order by r.ord)
      from json_array_elements(p_batch -> 'runs') with ordinality r (run, ord)));
end $function$;

CREATE OR REPLACE FUNCTION headrace.decide_retry(p_run_id uuid, p_batch json)
 RETURNS uuid
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.delete_runs(p_run_ids jsonb)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_ids uuid[];
begin
  select array_agg(d.run_id) into v_ids from (
    select run_id from runs
      where run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids)) and status in ('SUCCESS', 'FAILURE', 'CANCELED')
      order by run_id for update
  ) d;
  if v_ids is null then return 0; end if;
  delete from run_tags t using runs r, jsonb_each_text(r.tags) e
    where r.run_id = any (v_ids) and t.key = e.key and t.value = e.value and t.seq = r.seq;
  delete from run_plans where run_id = any (v_ids);
  delete from run_assets where run_id = any (v_ids);
  delete from events where run_id = any (v_ids);
  delete from asset_checks where run_id = any (v_ids);
  delete from outbox where run_id = any (v_ids);
  delete from runs where run_id = any (v_ids);
  return cardinality(v_ids);
end $function$;

CREATE OR REPLACE FUNCTION headrace.dependency_states(p_run_ids uuid[], p_max_retries integer)
 RETURNS TABLE(run_id uuid, ord integer, mode text, requires text, upstream_run_id uuid, job_name text, upstream_status text, state text)
 LANGUAGE sql
 STABLE
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  select d.run_id, d.ord, d.mode, d.requires, d.upstream_run_id, coalesce(u.job_name, d.job_name), u.status, case
      when u.run_id is null then case when d.upstream_run_id is null then 'waiting' when d.requires = 'end' then 'met' else 'impossible' end
      when u.status = 'SUCCESS' then 'met'
      when u.status = 'CANCELED' then case d.requires when 'end' then 'met' else 'impossible' end
      when u.status = 'FAILURE' then case
        -- A retry that is about to be made goes on with what this run was to do.
        when u.tags ->> 'dagster/will_retry' = 'true' then 'waiting'
        when not u.tags ? 'dagster/will_retry' and u.ended_at > now_ms() - 300000
          and case when u.tags ->> 'dagster/max_retries' ~ '^\d{1,9}$' then (u.tags ->> 'dagster/max_retries')::integer else p_max_retries end > 0
          then 'waiting'
        when d.requires = 'end' then 'met'
        else 'impossible' end
      else 'waiting' end
    from run_dependencies d left join runs u on u.run_id = d.upstream_run_id
    where d.run_id = any (p_run_ids)
$function$;

CREATE OR REPLACE FUNCTION headrace.drop_event_partitions(p_before bigint)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_name text;
  v_dropped integer := 0;
begin
  for v_name in
    select c.relname from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass and c.relname ~ '^events_\d{4}_\d{2}$'
      and extract(epoch from (to_date(right(c.relname, 7), 'YYYY_MM') + interval '1 month') at time zone 'UTC') * 1000 <= p_before
  loop
    execute format('drop table %I', v_name);
    v_dropped := v_dropped + 1;
  end loop;
  return v_dropped;
end $function$;

CREATE OR REPLACE FUNCTION headrace.end_run(p_run_id uuid, p_status text, p_reason text, p_cause text, p_error json, p_by_worker boolean)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_run runs;
  v_missing json;
begin
  select * into strict v_run from runs where run_id = p_run_id;
  update runs set status = p_status, ended_at = v_now, updated_at = v_now, cause = p_cause where run_id = p_run_id;
  update attempts set ended_at = v_now, outcome = p_status, ended_by_worker = p_by_worker
    where run_id = p_run_id and attempt = v_run.attempt and ended_at is null;
  delete from pool_leases where run_id = p_run_id;

  if p_status = 'FAILURE' then
    perform set_run_tag(p_run_id, 'dagster/failure_reason', coalesce(p_reason, 'UNKNOWN'));
    -- What was planned and neither made nor reported as failed has failed with the run.
    select json_agg(json_build_object(
        'type', 'ASSET_FAILED_TO_MATERIALIZE', 'timestamp', v_now, 'level', 'ERROR', 'stepKey', step_key, 'assetKey', asset_key,
        'partition', nullif(partition, ''), 'message', 'Did not materialize ' || asset_key || ': the run failed.',
        'data', json_build_object('reason', 'RUN_FAILURE')) order by asset_key, partition)
      into v_missing from run_assets where run_id = p_run_id and not done;
    if v_missing is not null then perform write_events(p_run_id, v_run.attempt, v_missing); end if;
  end if;

  update asset_checks c set timestamp = v_now, status = case
      when exists (select from events e where e.run_id = p_run_id and e.type = 'STEP_FAILURE' and e.step_key = c.step_key)
      then 'EXECUTION_FAILED' else 'SKIPPED' end
    where c.run_id = p_run_id and c.status = 'IN_PROGRESS';

  perform write_event(p_run_id, v_run.attempt,
    case p_status when 'SUCCESS' then 'RUN_SUCCESS' when 'FAILURE' then 'RUN_FAILURE' else 'RUN_CANCELED' end,
    case p_status when 'FAILURE' then 'ERROR' else 'INFO' end,
    coalesce(p_cause, case p_status when 'SUCCESS' then 'Run succeeded.' when 'FAILURE' then 'Run failed.' else 'Run was canceled.' end),
    case p_status when 'FAILURE'
      then json_strip_nulls(json_build_object('reason', coalesce(p_reason, 'UNKNOWN'), 'error', p_error))
      else '{}' end);

  -- A slot may have become free.
  if v_run.status in ('STARTING', 'STARTED', 'CANCELING') then
    insert into outbox (kind, created_at) values ('dequeue', v_now);
  end if;
end $function$;

CREATE OR REPLACE FUNCTION headrace.enqueue_runs(p_plans json, p_shared json, p_runs json)
 RETURNS TABLE(run_id uuid, created boolean, run_key text)
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
 SET work_mem TO '64MB'
AS $function$
#variable_conflict use_column
declare
  v_now bigint;
  v_created uuid[];
  -- What the runs are known by, in the order given.
  v_ids uuid[];
  v_locations text[];
  v_kinds text[];
  v_names text[];
  v_run_keys text[];
  v_idempotency_keys text[];
  v_run record;
begin
  perform announce_events();
  v_now := now_ms();
  with shared as materialized (
    select (s.ord - 1)::integer as shared, r.*
      from json_array_elements(p_shared) with ordinality s (value, ord)
      cross join json_to_record(s.value) as r (
        location text, "jobName" text, "bundleHash" text, config json, "assetSelection" jsonb, "assetCheckSelection" jsonb,
        "stepKeys" jsonb, plan integer, "parentRunId" uuid, "rootRunId" uuid, "originKind" text, "originName" text,
        priority bigint, "maxRuntime" double precision, "rootPools" jsonb, pools jsonb)
  ), input as materialized (
    select i.run_id, s.location, s."jobName" as job_name, s."bundleHash" as bundle_hash, s.config, i.tags,
        s."assetSelection" as asset_selection, s."assetCheckSelection" as asset_check_selection, s."stepKeys" as step_keys, s.plan,
        i.partition_keys, s."parentRunId" as parent_run_id, s."rootRunId" as root_run_id, s."originKind" as origin_kind,
        s."originName" as origin_name, i.run_key, i.idempotency_key, s.priority, s."maxRuntime" as max_runtime,
        case when s."rootPools" is not null then array(select jsonb_array_elements_text(s."rootPools")) end as root_pools,
        case when s.pools is not null then array(select jsonb_array_elements_text(s.pools)) end as pools,
        i.dependencies is not null as waits, i.ord
      from rows from (json_to_recordset(p_runs) as (
        shared integer, "runId" uuid, tags jsonb, "partitionKeys" json, "runKey" text, "idempotencyKey" text, dependencies json))
        with ordinality as i (shared, run_id, tags, partition_keys, run_key, idempotency_key, dependencies, ord)
      join shared s on s.shared = i.shared
  ), input_plans as materialized (
    select (p.ord - 1)::integer as plan, sha256(convert_to(p.value::text, 'UTF8')) as hash, p.value
      from json_array_elements(p_plans) with ordinality p (value, ord)
  ), new_plans as (
    insert into plans (hash, plan) select hash, value from input_plans order by hash on conflict do nothing
  ), inserted as (
    insert into runs (
        run_id, location, job_name, bundle_hash, priority, tags, parent_run_id, root_run_id, origin_kind, origin_name,
        run_key, idempotency_key, max_runtime, created_at, updated_at, root_pools, pools, waits)
      select run_id, location, job_name, bundle_hash, priority, tags, parent_run_id, root_run_id, origin_kind,
        origin_name, run_key, idempotency_key, max_runtime, v_now, v_now, root_pools, pools, waits
      from input order by ord
      on conflict do nothing
      returning run_id, seq
  ), fresh as materialized (
    select distinct on (i.run_id) i.*, n.seq from input i join inserted n on n.run_id = i.run_id order by i.run_id, i.ord
  ), asked as (
    insert into run_plans (run_id, config, asset_selection, asset_check_selection, step_keys, plan_hash, partition_keys)
      select f.run_id, f.config, f.asset_selection, f.asset_check_selection, f.step_keys, p.hash, f.partition_keys
      from fresh f join input_plans p on p.plan = f.plan
  ), tags as (
    insert into run_tags (key, value, seq) select t.key, t.value, f.seq from fresh f, jsonb_each_text(f.tags) t
  ), steps as materialized (
    select p.plan, s.ord, s.step from input_plans p, json_array_elements(p.value -> 'steps') with ordinality s (step, ord)
  ), plan_assets as materialized (
    select distinct on (s.plan, a.key) s.plan, a.key as asset_key, s.step ->> 'key' as step_key, s.ord
      from steps s, json_array_elements_text(s.step -> 'assets') a (key)
      order by s.plan, a.key, s.ord
  ), plan_checks as materialized (
    select distinct on (s.plan, c.key ->> 'asset', c.key ->> 'name')
        s.plan, c.key ->> 'asset' as asset_key, c.key ->> 'name' as check_name, s.step ->> 'key' as step_key, s.ord,
        exists (select from steps b where b.plan = s.plan and (b.step -> 'blockedBy')::jsonb @> jsonb_build_array(c.key)) as blocking
      from steps s, json_array_elements(s.step -> 'checks') c (key)
      order by s.plan, c.key ->> 'asset', c.key ->> 'name', s.ord
  ), planned_assets as materialized (
    select f.run_id, f.seq, a.asset_key, a.step_key, a.ord, coalesce(k.partition, '') as partition, k.ord as partition_ord
      from fresh f join plan_assets a on a.plan = f.plan
      left join lateral json_array_elements_text(f.partition_keys) with ordinality k (partition, ord) on true
  ), assets as (
    insert into run_assets (run_id, asset_key, partition, step_key, seq)
      select run_id, asset_key, partition, step_key, seq from planned_assets
      on conflict do nothing
  ), new_events as materialized (
    select nextval('event_ids') as storage_id, o.* from (
      select run_id, seq, 0 as kind, 0 as ord, 0 as ord2, 'RUN_ENQUEUED' as type, 'Run was enqueued.' as message,
          null::text as step_key, null::text as asset_key, null::text as check_name, null::text as partition, '{}'::json as data
        from fresh
      union all
      select run_id, seq, 1, ord, partition_ord, 'ASSET_MATERIALIZATION_PLANNED', 'Plans to materialize ' || asset_key || '.',
          step_key, asset_key, null, nullif(partition, ''), '{}'
        from planned_assets
      union all
      select f.run_id, f.seq, 2, c.ord, 0, 'ASSET_CHECK_EVALUATION_PLANNED', 'Plans to evaluate the check ' || c.check_name || ' of ' || c.asset_key || '.',
          c.step_key, c.asset_key, c.check_name, null, json_build_object('asset', c.asset_key, 'name', c.check_name, 'blocking', c.blocking)
        from fresh f join plan_checks c on c.plan = f.plan
      order by seq, kind, ord, ord2
    ) o
  ), logged as (
    insert into events (storage_id, recorded_at, run_id, type, timestamp, level, message, step_key, asset_key, partition, data)
      select storage_id, v_now, run_id, type, v_now, case kind when 0 then 'INFO' else 'DEBUG' end, message, step_key, asset_key, partition, data
      from new_events
  ), checks as (
    insert into asset_checks (asset_key, check_name, run_id, step_key, status, storage_id, timestamp)
      select asset_key, check_name, run_id, step_key, 'IN_PROGRESS', storage_id, v_now from new_events where kind = 2
  )
  select (select coalesce(array_agg(run_id), '{}') from fresh), array_agg(run_id order by ord), array_agg(location order by ord),
      array_agg(origin_kind order by ord), array_agg(origin_name order by ord), array_agg(run_key order by ord),
      array_agg(idempotency_key order by ord)
    into v_created, v_ids, v_locations, v_kinds, v_names, v_run_keys, v_idempotency_keys
    from input;

  if cardinality(v_created) > 0 then
    insert into outbox (kind, created_at) values ('dequeue', v_now);
  end if;
  if exists (select from runs r where r.run_id = any (v_created) and r.waits) then
    insert into run_dependencies (run_id, ord, upstream_run_id, location, job_name, requires, mode)
      select r.run_id, d.ord, coalesce((d.item ->> 'runId')::uuid, (
            select n.run_id from runs n
              where n.location = d.item ->> 'location' and n.job_name = d.item ->> 'jobName' and n.seq < r.seq
              order by n.seq desc limit 1)),
            d.item ->> 'location', d.item ->> 'jobName', d.item ->> 'requires', i -> 'dependencies' ->> 'mode'
          from json_array_elements(p_runs) i
          join runs r on r.run_id = (i ->> 'runId')::uuid and r.waits and r.run_id = any (v_created)
          cross join json_array_elements(i -> 'dependencies' -> 'on') with ordinality d (item, ord)
        on conflict do nothing;
    for v_run in
      select r.run_id, r.location, r.job_name from json_array_elements(p_runs) i
        join runs r on r.run_id = (i ->> 'runId')::uuid and r.waits
        where r.run_id = any (v_created)
    loop
      if exists (
        with recursive upstream as (
          select d.upstream_run_id, d.location, d.job_name from run_dependencies d where d.run_id = v_run.run_id
          union
          select d.upstream_run_id, d.location, d.job_name
            from upstream u join runs r on r.run_id = u.upstream_run_id and r.waits and r.status = 'QUEUED'
            join run_dependencies d on d.run_id = r.run_id
        )
        select from upstream u
          where u.upstream_run_id = v_run.run_id
            or (u.upstream_run_id is null and u.location = v_run.location and u.job_name = v_run.job_name)
      ) then
        raise exception 'run % of job % and what it is to start after would wait for each other', v_run.run_id, v_run.job_name using errcode = 'HR003';
      end if;
    end loop;
  end if;

  if cardinality(v_created) = cardinality(v_ids) then
    return query select i.run_id, true, i.run_key from unnest(v_ids, v_run_keys) i (run_id, run_key);
    return;
  end if;

  return query
    with answered as (
      select i.*,
          -- Of several entries with one id the first made it.
          n.run_id is not null and row_number() over (partition by i.run_id order by i.ord) = 1 as created
        from unnest(v_ids, v_locations, v_kinds, v_names, v_run_keys, v_idempotency_keys) with ordinality
          i (run_id, location, origin_kind, origin_name, run_key, idempotency_key, ord)
        left join unnest(v_created) n (run_id) on n.run_id = i.run_id
    )
    select coalesce(same.run_id, by_key.run_id, by_idempotency.run_id), a.created, a.run_key
      from answered a
      left join runs same on same.run_id = a.run_id
      left join runs by_key on same.run_id is null and by_key.location = a.location and by_key.run_key = a.run_key
        and by_key.origin_kind = a.origin_kind and by_key.origin_name = a.origin_name
      left join runs by_idempotency on same.run_id is null and by_idempotency.idempotency_key = a.idempotency_key
      order by a.ord;
end $function$;

CREATE OR REPLACE FUNCTION headrace.event_json(e events)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_build_object(
    'storageId', e.storage_id, 'runId', e.run_id, 'attempt', e.attempt, 'type', e.type, 'timestamp', e.timestamp,
    'level', e.level, 'message', e.message, 'stepKey', e.step_key, 'tryNumber', e.try_number, 'assetKey', e.asset_key,
    'partition', e.partition, 'data', e.data)
$function$;

CREATE OR REPLACE FUNCTION headrace.finalize_attempt(p_run_id uuid, p_attempt integer, p_decision json)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_run runs;
  v_kind text := p_decision ->> 'kind';
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if not found or v_run.attempt < p_attempt then return 'not-found'; end if;
  if v_run.status in ('SUCCESS', 'FAILURE', 'CANCELED') then return 'already-finished'; end if;
  if v_run.attempt > p_attempt then return 'newer-attempt'; end if;
  -- Back in the queue already: an earlier call's work.
  if exists (select from attempts where run_id = p_run_id and attempt = p_attempt and ended_at is not null) then
    return case v_kind when 'resume' then 'applied' else 'newer-attempt' end;
  end if;
  perform announce_events();
  -- A cancellation that came while the engine decided is not lost.
  if v_kind = 'resume' and v_run.status = 'CANCELING' then
    perform end_run(p_run_id, 'CANCELED', null, coalesce(v_run.cause, p_decision ->> 'cause'), null, false);
  elsif v_kind = 'cancel' then
    perform end_run(p_run_id, 'CANCELED', null, p_decision ->> 'cause', null, false);
  elsif v_kind = 'fail' then
    perform end_run(p_run_id, 'FAILURE', p_decision ->> 'reason', p_decision ->> 'cause', p_decision -> 'error', false);
  elsif v_kind = 'resume' then
    update runs set status = 'QUEUED', updated_at = now_ms() where run_id = p_run_id;
    update attempts set ended_at = now_ms(), outcome = 'RESUMED' where run_id = p_run_id and attempt = p_attempt;
    delete from pool_leases where run_id = p_run_id;
    perform write_event(p_run_id, p_attempt, 'ENGINE_EVENT', 'WARNING', p_decision ->> 'cause', '{}');
    perform write_event(p_run_id, p_attempt, 'RUN_ENQUEUED', 'INFO', 'Run was enqueued again, keeping its finished steps.', '{}');
    insert into outbox (kind, created_at) values ('dequeue', now_ms());
  else
    raise exception 'unknown decision %', v_kind using errcode = 'HR003';
  end if;
  return 'applied';
end $function$;

CREATE OR REPLACE FUNCTION headrace.find_late_attempts(p_limits jsonb)
 RETURNS TABLE(run_id uuid, attempt integer, status text, why text)
 LANGUAGE sql
AS $function$
  select * from (
    select r.run_id, r.attempt, r.status, case
        when r.status = 'CANCELING' and r.canceling_at + (p_limits ->> 'cancelTimeout')::float8 * 1000 < n.now then 'cancel-timeout'
        when r.status = 'STARTING' and a.claimed_at + (p_limits ->> 'startTimeout')::float8 * 1000 < n.now then 'start-timeout'
        when r.status = 'STARTED' and a.heartbeat_at + (p_limits ->> 'heartbeatTimeout')::float8 * 1000 < n.now then 'heartbeat-lost'
        when r.status = 'STARTED' and a.started_at + r.max_runtime * 1000 < n.now then 'max-runtime'
      end as why
    from (select headrace.now_ms() as now) n, headrace.runs r
    join headrace.attempts a on a.run_id = r.run_id and a.attempt = r.attempt
    where r.status in ('STARTING', 'STARTED', 'CANCELING')
  ) late
  where late.why is not null
$function$;

CREATE OR REPLACE FUNCTION headrace.finish_event_tick(p_tick_id bigint, p_attempt integer, p_outcome json, p_retry_at bigint)
 RETURNS json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.finish_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_status text, p_reason text, p_cause text)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if exists (
    select from attempts where run_id = p_run_id and attempt = p_attempt and worker_id = p_worker_id and ended_by_worker
      and sha256(convert_to(p_token, 'UTF8')) = any (token_hashes) and outcome = p_status
  ) then return; end if;
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if p_status not in ('SUCCESS', 'FAILURE', 'CANCELED') or p_status is null then
    raise exception 'a run cannot end as %', p_status using errcode = 'HR003';
  end if;
  perform announce_events();
  -- The worker cannot know who canceled.
  perform end_run(p_run_id, p_status, p_reason,
    case p_status when 'CANCELED' then coalesce(v_run.cause, p_cause) else p_cause end, null, true);
end $function$;

CREATE OR REPLACE FUNCTION headrace.finish_tick(p_tick_id bigint, p_outcome json, p_automation json)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.get_transfer(p_transfer_id uuid, p_part integer)
 RETURNS SETOF bytea
 LANGUAGE sql
 STABLE SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  select transfer_pieces(body) from transfers where transfer_id = p_transfer_id and part = p_part
$function$;

CREATE OR REPLACE FUNCTION headrace.heartbeat(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text)
 RETURNS text
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_attempt attempts;
  v_is_awaited boolean := false;
begin
  v_attempt := require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  update attempts set heartbeat_at = now_ms(), reserved_pools = null where run_id = p_run_id and attempt = p_attempt;
  if exists (select from pools where pool = any (v_attempt.reserved_pools)) then
    -- As for a slot that a step gives back.
    perform pg_advisory_xact_lock_shared(hashtextextended('headrace.claim_runs', 0));
    v_is_awaited := exists (select from unnest(v_attempt.reserved_pools) p where is_pool_awaited(p));
    if v_is_awaited then insert into outbox (kind, created_at) values ('dequeue', now_ms()); end if;
  end if;
  return (select case when status = 'CANCELING' then 'cancel' when v_is_awaited then 'dequeue' else 'continue' end
    from runs where run_id = p_run_id);
end $function$;

CREATE OR REPLACE FUNCTION headrace.instigator_json(i instigators)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'instigator', jsonb_build_object('location', i.location, 'kind', i.kind, 'name', i.name), 'status', i.status,
    'startedAt', i.started_at, 'stoppedAt', i.stopped_at, 'stopReason', i.stop_reason, 'cursor', i.cursor,
    'evaluatedThrough', i.evaluated_through, 'lastTickStartedAt', i.last_tick_started_at, 'lastRunKey', i.last_run_key)
$function$;

CREATE OR REPLACE FUNCTION headrace.is_pool_awaited(p_pool text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  select coalesce((select free > 0 from pool_usage where pool = p_pool), false)
    and exists (select from runs where status = 'QUEUED' and not waits and p_pool = any (root_pools))
$function$;

CREATE OR REPLACE FUNCTION headrace.issue_attempt_token(p_run_id uuid, p_attempt integer)
 RETURNS text
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  -- 244 bits from the system's cryptographic source.
  v_token text := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
begin
  perform from runs where run_id = p_run_id and attempt = p_attempt and status = 'STARTING' for update;
  if not found then
    raise exception 'attempt % of run % is not waiting to be started', p_attempt, p_run_id using errcode = 'HR001';
  end if;
  update attempts set token_hashes = token_hashes || sha256(convert_to(v_token, 'UTF8'))
    where run_id = p_run_id and attempt = p_attempt;
  return v_token;
end $function$;

CREATE OR REPLACE FUNCTION headrace.limit_cells(p_limits jsonb, p_tags jsonb)
 RETURNS TABLE(cell text, maximum integer)
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select (l ->> 'index') || ':' || case when (l ->> 'each')::boolean then p_tags ->> (l ->> 'key') else '' end, (l ->> 'limit')::integer
  from jsonb_array_elements(p_limits) l
  where p_tags ? (l ->> 'key') and (l ->> 'value' is null or l ->> 'value' = p_tags ->> (l ->> 'key'))
$function$;

CREATE OR REPLACE FUNCTION headrace.lock_expected_ticks()
 RETURNS void
 LANGUAGE sql
AS $function$ select pg_advisory_xact_lock(hashtextextended('headrace.expected_ticks', 0)) $function$;

CREATE OR REPLACE FUNCTION headrace.lock_sensor(p_location text, p_sensor text)
 RETURNS void
 LANGUAGE sql
AS $function$
  select pg_advisory_xact_lock(hashtextextended(format('headrace.start_tick:%L/%L/%L', p_location, 'sensor', p_sensor), 0))
$function$;

CREATE OR REPLACE FUNCTION headrace.log_backfill(p_backfill_id text, p_now bigint, p_level text, p_messages text[])
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  insert into backfill_events (backfill_id, timestamp, level, message)
    select p_backfill_id, p_now, p_level, m.message from unnest(p_messages) with ordinality m (message, ord) order by m.ord
$function$;

CREATE OR REPLACE FUNCTION headrace.now_ms()
 RETURNS bigint
 LANGUAGE sql
 PARALLEL SAFE
AS $function$ select (extract(epoch from clock_timestamp()) * 1000)::bigint $function$;

CREATE OR REPLACE FUNCTION headrace.overdue_ticks(p_now bigint, p_limit integer)
 RETURNS SETOF json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  perform lock_expected_ticks();
  delete from expected_ticks e using ticks t
    where e.status = 'EXPECTED' and e.scheduled_at <= p_now
      and t.location = e.location and t.kind = 'schedule' and t.name = e.name and t.scheduled_at = e.scheduled_at
      and t.status <> 'STARTED';
  return query
    select json_build_object('location', e.location, 'name', e.name, 'scheduledAt', e.scheduled_at,
        'evaluatedThrough', i.evaluated_through, 'openTickAt', (
          select min(t.scheduled_at) from ticks t
            where t.location = e.location and t.kind = 'schedule' and t.name = e.name and t.status = 'STARTED'))
      from expected_ticks e
      left join instigators i on i.location = e.location and i.kind = 'schedule' and i.name = e.name
      where e.status = 'EXPECTED' and e.scheduled_at <= p_now
      order by e.scheduled_at, e.location, e.name limit p_limit;
end $function$;

CREATE OR REPLACE FUNCTION headrace.owe_freshness_alert()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', 'freshness', 'at', new.changed_at, 'assetKey', new.asset_key, 'state', new.state,
    'previousState', case tg_op when 'UPDATE' then old.state end));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION headrace.owe_run_failure_alert()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', 'run_failure', 'at', new.ended_at, 'runId', new.run_id, 'location', new.location, 'jobName', new.job_name));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION headrace.owe_tick_failure_alert()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', 'tick_failed', 'at', new.ended_at, 'location', new.location, 'kind', new.kind, 'name', new.name,
    'scheduledAt', new.scheduled_at, 'failureCount', new.failure_count, 'error', left(new.error ->> 'message', 1000)));
  return null;
end $function$;

CREATE OR REPLACE FUNCTION headrace.pass_over(p_location text, p_kind text, p_name text, p_through bigint)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into headrace.instigators as i (location, kind, name, evaluated_through) values (p_location, p_kind, p_name, p_through)
    on conflict (location, kind, name) do update set evaluated_through = greatest(i.evaluated_through, excluded.evaluated_through)
$function$;

CREATE OR REPLACE FUNCTION headrace.pause_instigator(p_tick_id bigint, p_reason text, p_now bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_tick ticks;
  v_instigator instigators;
begin
  select * into v_tick from ticks where tick_id = p_tick_id and status = 'FAILURE';
  if not found then return null; end if;
  update instigators i set status = 'STOPPED', stopped_at = p_now, stop_reason = p_reason
    where i.location = v_tick.location and i.kind = v_tick.kind and i.name = v_tick.name and i.status <> 'STOPPED'
      and v_tick.started_at >= coalesce(i.started_at, 0)
    returning * into v_instigator;
  if not found then return null; end if;
  if v_tick.kind = 'schedule' then perform withdraw_expected_ticks(v_tick.location, v_tick.name, p_now); end if;
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), json_build_object(
    'type', v_tick.kind || '_paused', 'at', p_now, 'location', v_tick.location, 'kind', v_tick.kind, 'name', v_tick.name,
    'reason', p_reason));
  return instigator_json(v_instigator);
end $function$;

CREATE OR REPLACE FUNCTION headrace.prune_runs(p_run_ids jsonb, p_limit integer)
 RETURNS json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_ids uuid[];
  v_gone uuid[];
  v_events integer;
begin
  select array_agg(d.run_id) into v_ids from (
    select run_id from runs
      where run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids)) and status in ('SUCCESS', 'FAILURE', 'CANCELED')
      order by run_id for update skip locked
  ) d;
  if v_ids is null then return json_build_object('events', 0, 'runs', 0); end if;
  with doomed as (
    select run_id, storage_id, recorded_at from events where run_id = any (v_ids) limit p_limit
  ), gone as (
    delete from events e using doomed d 
      where e.run_id = d.run_id and e.storage_id = d.storage_id and e.recorded_at = d.recorded_at
      returning e.storage_id, e.asset_key, e.type, e.timestamp
  ), counted as (
    insert into asset_history as h (asset_key, day, materializations, observations, failures)
      select g.asset_key, g.timestamp / 86400000 * 86400000,
          count(*) filter (where g.type = 'ASSET_MATERIALIZATION'), count(*) filter (where g.type = 'ASSET_OBSERVATION'),
          count(*) filter (where g.type = 'ASSET_FAILED_TO_MATERIALIZE')
        from gone g
        where g.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
          and g.storage_id > coalesce((select wiped_through from asset_records a where a.asset_key = g.asset_key), 0)
        group by 1, 2 order by 1, 2
      on conflict (asset_key, day) do update set materializations = h.materializations + excluded.materializations,
        observations = h.observations + excluded.observations, failures = h.failures + excluded.failures
  )
  select count(*) into v_events from gone;
  select array_agg(i) into v_gone from unnest(v_ids) i where not exists (select from events e where e.run_id = i);
  if v_gone is null then return json_build_object('events', v_events, 'runs', 0); end if;
  delete from run_tags t using runs r, jsonb_each_text(r.tags) e
    where r.run_id = any (v_gone) and t.key = e.key and t.value = e.value and t.seq = r.seq;
  delete from run_plans where run_id = any (v_gone);
  delete from run_assets where run_id = any (v_gone);
  -- With those that an earlier call left because they were the latest then.
  delete from asset_checks c
    using (select distinct asset_key, check_name, partition from asset_checks where run_id = any (v_gone)) k
    where c.asset_key = k.asset_key and c.check_name = k.check_name and c.partition = k.partition
      and (c.run_id = any (v_gone) or c.run_id is not null and not exists (select from runs r where r.run_id = c.run_id))
      and exists (select from asset_checks n where n.asset_key = c.asset_key and n.check_name = c.check_name
        and n.partition = c.partition and n.storage_id > c.storage_id);
  delete from outbox where run_id = any (v_gone);
  delete from runs where run_id = any (v_gone);
  return json_build_object('events', v_events, 'runs', cardinality(v_gone));
end $function$;

CREATE OR REPLACE FUNCTION headrace.purge_automation_evaluations(p_before bigint, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_count integer;
begin
  delete from automation_evaluations where ctid in (
    select ctid from automation_evaluations where timestamp < p_before order by timestamp limit p_limit);
  get diagnostics v_count = row_count;
  return v_count;
end $function$;

CREATE OR REPLACE FUNCTION headrace.purge_backfills(p_before bigint, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.purge_missed_ticks(p_before bigint, p_limit integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_count integer;
begin
  delete from expected_ticks where ctid in (
    select ctid from expected_ticks where status = 'MISSED' and missed_at < p_before order by missed_at limit p_limit);
  get diagnostics v_count = row_count;
  return v_count;
end $function$;

CREATE OR REPLACE FUNCTION headrace.put_transfer(p_transfer_id uuid, p_part integer, p_body bytea)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  delete from transfers where (transfer_id, part) in (
    select transfer_id, part from transfers where created_at < now_ms() - 3600000 limit 100 for update skip locked);
  insert into transfers (transfer_id, part, body, created_at) values (p_transfer_id, p_part, p_body, now_ms())
    on conflict (transfer_id, part) do update set body = excluded.body, created_at = excluded.created_at;
end $function$;

CREATE OR REPLACE FUNCTION headrace.raise_alert(p_key text, p_alert json)
 RETURNS boolean
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  insert into key_values (namespace, key, value) values ('alerts', p_key, p_alert) on conflict do nothing;
  if not found then return false; end if;
  insert into outbox (kind, created_at, payload) values ('alert', now_ms(), p_alert);
  return true;
end $function$;

CREATE OR REPLACE FUNCTION headrace.receive_sensor_event(p_location text, p_sensor text, p_event_id text, p_body json, p_headers jsonb, p_now bigint)
 RETURNS json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.record_expected_ticks(p_change json, p_now bigint)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_missed integer;
begin
  perform lock_expected_ticks();
  perform withdraw_expected_ticks(w.value ->> 'location', w.value ->> 'name', (w.value ->> 'after')::bigint)
    from json_array_elements(p_change -> 'withdrawn') w;

  insert into expected_schedules as s (location, name, cron, timezone, expected_through, refill_at)
    select e.value ->> 'location', e.value ->> 'name', (e.value -> 'cron')::jsonb, e.value ->> 'timezone',
        (e.value ->> 'through')::bigint, (e.value ->> 'refillAt')::bigint
      from json_array_elements(p_change -> 'expected') e
      order by 1, 2
    on conflict (location, name) do update set cron = excluded.cron, timezone = excluded.timezone,
      expected_through = excluded.expected_through, refill_at = excluded.refill_at;
  insert into expected_ticks (location, name, scheduled_at)
    select n.location, n.name, n.scheduled_at from (
      select e.value ->> 'location' as location, e.value ->> 'name' as name, a.value::text::bigint as scheduled_at
        from json_array_elements(p_change -> 'expected') e cross join json_array_elements(e.value -> 'ticks') a) n
      where not exists (
        select from ticks t where t.location = n.location and t.kind = 'schedule' and t.name = n.name
          and t.scheduled_at = n.scheduled_at and t.status <> 'STARTED')
      order by 1, 2, 3
    on conflict do nothing;

  with missed as (
    update expected_ticks e set status = 'MISSED', reason = m.value ->> 'reason', missed_at = p_now
      from json_array_elements(p_change -> 'missed') m
      where e.location = m.value ->> 'location' and e.name = m.value ->> 'name'
        and e.scheduled_at = (m.value ->> 'scheduledAt')::bigint and e.status = 'EXPECTED'
        and not exists (
          select from ticks t where t.location = e.location and t.kind = 'schedule' and t.name = e.name
            and t.scheduled_at = e.scheduled_at and t.status <> 'STARTED')
      returning e.location, e.name, e.scheduled_at, e.reason
  ), told as (
    -- One for each schedule: an outage misses many ticks at once.
    insert into outbox (kind, created_at, payload)
      select 'alert', now_ms(), json_build_object('type', 'tick_missed', 'at', p_now, 'location', location, 'kind', 'schedule', 'name', name,
          'scheduledAt', json_agg(scheduled_at order by scheduled_at), 'reason', (array_agg(reason order by scheduled_at desc))[1])
        from missed group by location, name
      returning 1
  )
  select count(*) into v_missed from missed;
  return v_missed;
end $function$;

CREATE OR REPLACE FUNCTION headrace.record_freshness(p_changes json)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_count integer;
begin
  perform announce_events();
  with changes as (
    select c.value ->> 'key' as asset_key, c.value ->> 'state' as state, c.value ->> 'previousState' as previous_state,
        (c.value ->> 'at')::bigint as at
      from json_array_elements(p_changes) c
  ), changed as (
    insert into freshness_states as s (asset_key, state, changed_at)
      select asset_key, state, at from changes order by asset_key
      on conflict (asset_key) do update set state = excluded.state, changed_at = excluded.changed_at
        where s.state is distinct from excluded.state
      returning asset_key
  ), written as (
    insert into events (recorded_at, type, timestamp, level, message, asset_key, data)
      select now_ms(), 'FRESHNESS_STATE_CHANGE', c.at, case c.state when 'FAIL' then 'ERROR' when 'WARN' then 'WARNING' else 'INFO' end,
          format('Freshness of %s changed from %s to %s.', c.asset_key, c.previous_state, c.state), c.asset_key,
          json_build_object('newState', c.state, 'previousState', c.previous_state)
        from changes c join changed using (asset_key)
        order by c.asset_key
      returning 1
  )
  select count(*) into v_count from written;
  return v_count;
end $function$;

CREATE OR REPLACE FUNCTION headrace.release_pool_slot(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text)
 RETURNS boolean
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_is_released boolean;
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  delete from pool_leases where pool = p_pool and run_id = p_run_id and step_key = p_step_key;
  v_is_released := found;
  -- A run that holds its pools as a whole gives nothing back by a step.
  if not exists (select from pools where pool = p_pool) or (select holds_pools from runs where run_id = p_run_id) then return false; end if;
  -- A claim either sees the slot free or is over before this looks for who waits: none comes between the two.
  perform pg_advisory_xact_lock_shared(hashtextextended('headrace.claim_runs', 0));
  if not is_pool_awaited(p_pool) then return false; end if;
  if v_is_released then insert into outbox (kind, created_at) values ('dequeue', now_ms()); end if;
  return true;
end $function$;

CREATE OR REPLACE FUNCTION headrace.replay_sensor_events(p_location text, p_sensor text, p_event_ids jsonb, p_now bigint)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_count integer;
begin
  perform lock_sensor(p_location, p_sensor);
  update sensor_events set status = 'PENDING', attempts = 0, next_attempt_at = p_now
    where location = p_location and sensor = p_sensor and status = 'FAILED'
      and (p_event_ids is null or event_id in (select jsonb_array_elements_text(p_event_ids)));
  get diagnostics v_count = row_count;
  return v_count;
end $function$;

CREATE OR REPLACE FUNCTION headrace.request_backfill_targets(p_backfill_id text, p_requested json)
 RETURNS void
 LANGUAGE sql
 SET search_path TO 'headrace', 'pg_temp'
 SET enable_nestloop TO 'off'
AS $function$
  with asked as materialized (
    select coalesce(r.request ->> 'asset', '') as asset_key, k.partition, r.request ->> 'status' as status,
        (r.request ->> 'runId')::uuid as run_id
      from json_array_elements(p_requested) r (request), json_array_elements_text(r.request -> 'partitions') k (partition)
  )
  update backfill_targets t set status = a.status, run_id = a.run_id from asked a
    where t.backfill_id = p_backfill_id and t.asset_key = a.asset_key and t.partition = a.partition and t.status = 'PENDING'
$function$;

CREATE OR REPLACE FUNCTION headrace.require_live_attempt(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text)
 RETURNS attempts
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_run runs;
  v_attempt attempts;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  select * into v_attempt from attempts where run_id = p_run_id and attempt = p_attempt;
  if not found or not sha256(convert_to(p_token, 'UTF8')) = any (v_attempt.token_hashes) then
    raise exception 'the token does not belong to attempt % of run %', p_attempt, p_run_id using errcode = 'HR001';
  end if;
  if v_run.attempt <> p_attempt then
    raise exception 'attempt % of run % was replaced by attempt %', p_attempt, p_run_id, v_run.attempt using errcode = 'HR001';
  end if;
  if v_run.status not in ('STARTED', 'CANCELING') then
    raise exception 'run % is %', p_run_id, v_run.status using errcode = 'HR001';
  end if;
  if v_attempt.worker_id is distinct from p_worker_id then
    raise exception 'attempt % of run % belongs to worker %', p_attempt, p_run_id, coalesce(v_attempt.worker_id, 'nobody') using errcode = 'HR001';
  end if;
  return v_attempt;
end $function$;

CREATE OR REPLACE FUNCTION headrace.resume_suspended_runs()
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_runs uuid[];
begin
  select array_agg(d.run_id) into v_runs from (
    select run_id from runs where status = 'SUSPENDED' and resume_at <= v_now order by run_id for update skip locked) d;
  if v_runs is null then return 0; end if;
  perform announce_events();
  update runs set status = 'QUEUED', resume_at = null, cause = null, updated_at = v_now where run_id = any (v_runs);
  perform write_event(r.run_id, r.attempt, 'RUN_ENQUEUED', 'INFO', 'Run was enqueued again after its wait, keeping its finished steps.', '{}')
    from runs r where r.run_id = any (v_runs);
  insert into outbox (kind, created_at) values ('dequeue', v_now);
  return cardinality(v_runs);
end $function$;

CREATE OR REPLACE FUNCTION headrace.run_assignment(p_run_id uuid, p_attempt integer)
 RETURNS json
 LANGUAGE sql
 STABLE
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  with recursive lineage as (
    select r.run_id, r.parent_run_id, r.tags, 0 as depth from runs r where r.run_id = p_run_id
    union all
    -- A run that resumes from failure keeps what its parent finished, and what that one kept.
    select p.run_id, p.parent_run_id, p.tags, l.depth + 1
      from lineage l join runs p on p.run_id = l.parent_run_id
      where l.tags ->> 'dagster/is_resume_retry' = 'true' and l.depth < 100
  ), step_events as (
    select l.depth, l.run_id, e.storage_id, e.type, e.step_key, e.data
      from lineage l join events e on e.run_id = l.run_id
      where e.type in ('STEP_SUCCESS', 'STEP_FAILURE', 'STEP_SKIPPED', 'STEP_OUTPUT') and e.step_key is not null
  ), last_word as (
    select distinct on (step_key) step_key, type, depth, run_id from step_events where type <> 'STEP_OUTPUT'
      order by step_key, depth, storage_id desc
  )
  select json_build_object(
    'runId', r.run_id, 'location', r.location, 'jobName', r.job_name, 'bundleHash', r.bundle_hash, 'tags', r.tags,
    'config', p.config, 'plan', f.plan, 'partitionKeys', p.partition_keys, 'lastSeq', a.last_seq,
    'stepResults', coalesce((
      select json_agg(json_build_object('stepKey', w.step_key, 'status', substr(w.type, 6), 'runId', nullif(w.run_id, p_run_id), 'outputs', coalesce((
          select json_agg(json_build_object('output', o.data ->> 'output', 'mappingKey', o.data ->> 'mappingKey') order by o.storage_id)
          from step_events o where o.type = 'STEP_OUTPUT' and o.step_key = w.step_key and o.depth = w.depth), '[]')))
      from last_word w where w.type in ('STEP_SUCCESS', 'STEP_SKIPPED')), '[]'),
    'triesByStep', coalesce((
      select json_object_agg(t.step_key, t.tries) from (
        select e.step_key, greatest(max(e.try_number), count(*))::integer as tries from events e
          where e.run_id = p_run_id and e.type in ('STEP_START', 'STEP_RESTARTED') and e.attempt < p_attempt and e.step_key is not null
          group by e.step_key) t), '{}'),
    'inputDataVersions', coalesce((
      select json_object_agg(d.asset_key, d.data_version) from asset_records d
        where d.data_version is not null
          and d.asset_key in (
            select s ->> 'asset' from jsonb_path_query(f.plan::jsonb, '$.steps[*].inputs[*].sources[*] ? (@.kind == "asset")') s
            union all select s #>> '{}' from jsonb_path_query(f.plan::jsonb, '$.steps[*].upstreamAssets[*]') s)
          and not exists (select from run_assets m where m.run_id = p_run_id and m.asset_key = d.asset_key)), '{}'))
  from runs r join run_plans p on p.run_id = r.run_id join plans f on f.hash = p.plan_hash
  join attempts a on a.run_id = r.run_id and a.attempt = p_attempt
  where r.run_id = p_run_id
$function$;

CREATE OR REPLACE FUNCTION headrace.run_ended()
 RETURNS trigger
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  if new.tags ? 'dagster/backfill' then perform settle_backfill_targets(new); end if;
  -- One that was never started frees no slot, but others may wait for it.
  if old.status not in ('STARTING', 'STARTED', 'CANCELING') and exists (select from run_dependencies where upstream_run_id = new.run_id) then
    insert into outbox (kind, created_at) values ('dequeue', now_ms());
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION headrace.run_events(p_run_id uuid, p_after bigint, p_limit integer, p_types jsonb)
 RETURNS SETOF json
 LANGUAGE plpgsql
 STABLE
 SET search_path TO 'headrace', 'pg_temp'
 SET enable_bitmapscan TO 'off'
 SET enable_seqscan TO 'off'
 SET enable_sort TO 'off'
AS $function$
begin
  return query
    select event_json(page.e) from (
      select e from events e
        where e.run_id = p_run_id and e.storage_id > p_after
          and (p_types is null or e.type in (select jsonb_array_elements_text(p_types)))
        order by e.storage_id limit p_limit
    ) page;
end $function$;

CREATE OR REPLACE FUNCTION headrace.run_status_changes(p_after bigint, p_types jsonb, p_jobs jsonb, p_limit integer)
 RETURNS SETOF json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_safe bigint := safe_storage_id();
begin
  return query
    select json_build_object(
        'storageId', c.storage_id, 'runId', c.run_id, 'location', c.location, 'jobName', c.job_name, 'status', s.status,
        'tags', c.tags, 'timestamp', c.timestamp,
        'cause', case when s.status in ('FAILURE', 'CANCELED') then c.cause end)
      from jsonb_array_elements_text(p_types) t (type)
      join (values ('RUN_ENQUEUED', 'QUEUED'), ('RUN_STARTING', 'STARTING'), ('RUN_START', 'STARTED'), ('RUN_SUCCESS', 'SUCCESS'),
        ('RUN_FAILURE', 'FAILURE'), ('RUN_CANCELING', 'CANCELING'), ('RUN_CANCELED', 'CANCELED')) s (type, status) on s.type = t.type
      cross join lateral (
        select e.storage_id, e.run_id, e.timestamp, r.location, r.job_name, r.tags, r.cause
          from events e join runs r on r.run_id = e.run_id
          where e.type = t.type and e.storage_id > p_after and e.storage_id <= v_safe
            and e.type in ('RUN_ENQUEUED', 'RUN_STARTING', 'RUN_START', 'RUN_SUCCESS', 'RUN_FAILURE', 'RUN_CANCELING', 'RUN_CANCELED')
            and exists (select from jsonb_array_elements(p_jobs) j
              where j ->> 'location' = r.location and (j ->> 'jobName' is null or j ->> 'jobName' = r.job_name))
          order by e.storage_id limit p_limit
      ) c
      order by c.storage_id limit p_limit;
end $function$;

CREATE OR REPLACE FUNCTION headrace.run_waits(p_run_ids jsonb, p_max_retries integer)
 RETURNS SETOF json
 LANGUAGE sql
 STABLE
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  select json_build_object(
      'runId', r.run_id,
      'dependencies', coalesce((
        select json_agg(json_build_object('mode', s.mode, 'requires', s.requires, 'runId', s.upstream_run_id, 'jobName', s.job_name,
            'state', s.state) order by s.ord)
          from dependency_states(array[r.run_id], p_max_retries) s where r.waits), '[]'),
      'pools', coalesce((
        select json_agg(json_build_object('pool', u.pool, 'limit', u.slots, 'used', u.used, 'holders', coalesce((
            select json_agg(distinct l.run_id) from live_pool_leases l where l.pool = u.pool), '[]')) order by u.pool)
          from pool_usage u where u.pool = any (r.root_pools) and u.used >= u.slots
        -- Another of its first steps could start.
        having count(*) = cardinality(r.root_pools)), '[]'),
      'backfill', (select h.reason from held_backfills h where h.backfill_id = r.tags ->> 'dagster/backfill'))
    from runs r
    where r.status = 'QUEUED' and r.run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids))
$function$;

CREATE OR REPLACE FUNCTION headrace.run_waits(p_run_ids jsonb, p_max_retries integer, p_pool_granularity text)
 RETURNS SETOF json
 LANGUAGE sql
 STABLE
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  select json_build_object(
      'runId', r.run_id,
      'dependencies', coalesce((
        select json_agg(json_build_object('mode', s.mode, 'requires', s.requires, 'runId', s.upstream_run_id, 'jobName', s.job_name,
            'state', s.state) order by s.ord)
          from dependency_states(array[r.run_id], p_max_retries) s where r.waits), '[]'),
      'pools', coalesce((
        select json_agg(json_build_object('pool', u.pool, 'limit', u.slots, 'used', u.used, 'waiting', u.waiting, 'holders', coalesce((
            select json_agg(h.run_id) from pool_holders h where h.pool = u.pool), '[]')) order by u.pool)
          from pool_usage u
          where u.pool = any (case p_pool_granularity when 'run' then r.pools else r.root_pools end) and u.free <= 0
        -- Or another of its first steps could start.
        having p_pool_granularity = 'run' or count(*) = cardinality(r.root_pools)), '[]'),
      'backfill', (select h.reason from held_backfills h where h.backfill_id = r.tags ->> 'dagster/backfill'))
    from runs r
    where r.status = 'QUEUED' and r.run_id in (select value::uuid from jsonb_array_elements_text(p_run_ids))
$function$;

CREATE OR REPLACE FUNCTION headrace.safe_storage_id()
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_last bigint;
  v_open bigint;
begin
  -- The order matters: whoever announces after the locks were read takes ids above v_last.
  select case when is_called then last_value else 0 end into v_last from event_ids;
  select min(((l.classid::bigint & 65535) << 32) | l.objid::bigint) into v_open
    from pg_locks l
    where l.locktype = 'advisory' and l.objsubid = 1 and l.classid::bigint >> 16 = 18514
      and l.database = (select oid from pg_database where datname = current_database());
  return least(v_last, v_open);
end $function$;

CREATE OR REPLACE FUNCTION headrace.sensor_event_json(e sensor_events)
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_build_object(
    'location', e.location, 'sensor', e.sensor, 'eventId', e.event_id, 'body', e.body, 'headers', e.headers,
    'receivedAt', e.received_at, 'acceptedAt', e.accepted_at, 'status', e.status, 'attempts', e.attempts,
    'nextAttemptAt', e.next_attempt_at, 'tickId', e.tick_id)
$function$;

CREATE OR REPLACE FUNCTION headrace.set_instigator_status(p_location text, p_kind text, p_name text, p_status text, p_now bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_before text;
  v_after instigators;
begin
  select status into v_before from instigators where location = p_location and kind = p_kind and name = p_name for update;
  insert into instigators as i (location, kind, name, status, started_at, stopped_at)
    values (p_location, p_kind, p_name, p_status, case p_status when 'RUNNING' then p_now end,
      case p_status when 'STOPPED' then p_now end)
    on conflict (location, kind, name) do update set
      status = excluded.status,
      started_at = case
        when p_status = 'RUNNING' and i.status <> 'RUNNING' then p_now
        when p_status = 'DECLARED_IN_CODE' and i.status = 'STOPPED' then p_now
        else i.started_at end,
      stopped_at = case when p_status <> 'STOPPED' then null when i.status = 'STOPPED' then i.stopped_at else p_now end,
      stop_reason = case when p_status = 'STOPPED' and i.status = 'STOPPED' then i.stop_reason end
    returning * into v_after;
  if v_before is distinct from p_status then
    if p_kind = 'schedule' then perform withdraw_expected_ticks(p_location, p_name, p_now); end if;
    update ticks set failure_count = 0 where p_status <> 'STOPPED' and tick_id = (
      select tick_id from ticks
        where location = p_location and kind = p_kind and name = p_name and status <> 'STARTED' order by tick_id desc limit 1);
  end if;
  return instigator_json(v_after);
end $function$;

CREATE OR REPLACE FUNCTION headrace.set_queued_priority(p_backfill_id text, p_priority text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_seqs bigint[];
  v_old text[];
begin
  with locked as (
    select r.run_id, r.seq, r.tags ->> 'dagster/priority' as old_priority
      from run_tags t join runs r on r.seq = t.seq
      where t.key = 'dagster/backfill' and t.value = p_backfill_id and r.status = 'QUEUED'
      order by r.run_id for update of r
  ), changed as (
    update runs r set priority = p_priority::bigint, tags = r.tags || jsonb_build_object('dagster/priority', p_priority), updated_at = now_ms()
      from locked l where r.run_id = l.run_id
  )
  select array_agg(seq), array_agg(old_priority) into v_seqs, v_old from locked;
  delete from run_tags t using unnest(v_seqs, v_old) p (seq, old)
    where t.key = 'dagster/priority' and t.value = p.old and t.seq = p.seq;
  insert into run_tags (key, value, seq) select 'dagster/priority', p_priority, s from unnest(v_seqs) s on conflict do nothing;
end $function$;

CREATE OR REPLACE FUNCTION headrace.set_run_tag(p_run_id uuid, p_key text, p_value text)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  delete from run_tags t using runs r
    where r.run_id = p_run_id and t.key = p_key and t.value = r.tags ->> p_key and t.seq = r.seq;
  update runs set tags = tags || jsonb_build_object(p_key, p_value) where run_id = p_run_id;
  insert into run_tags (key, value, seq) select p_key, p_value, seq from runs where run_id = p_run_id;
end $function$;

CREATE OR REPLACE FUNCTION headrace.set_sensor_cursor(p_location text, p_kind text, p_name text, p_cursor text)
 RETURNS jsonb
 LANGUAGE sql
AS $function$
  insert into headrace.instigators as i (location, kind, name, cursor) values (p_location, p_kind, p_name, p_cursor)
    on conflict (location, kind, name) do update set cursor = excluded.cursor
    returning headrace.instigator_json(i)
$function$;

CREATE OR REPLACE FUNCTION headrace.settle_backfill_targets(p_run runs)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_backfill backfills;
  v_ended text := case p_run.status when 'CANCELED' then 'CANCELED' else 'FAILED' end;
begin
  -- One end at a time, or the last two would each take the other for still running.
  select * into v_backfill from backfills where backfill_id = p_run.tags ->> 'dagster/backfill' for update;
  if not found or v_backfill.ended_at is not null then return; end if;
  if v_backfill.asset_selection is null then
    update backfill_targets t set status = case p_run.status when 'SUCCESS' then 'SUCCESS' else v_ended end, run_id = p_run.run_id
      from run_plans p, json_array_elements_text(p.partition_keys) k (partition)
      where p.run_id = p_run.run_id and t.backfill_id = v_backfill.backfill_id and t.asset_key = '' and t.partition = k.partition
        and t.status in ('REQUESTED', 'FAILED', 'CANCELED');
  else
    update backfill_targets t set run_id = p_run.run_id, status = case
        when p_run.status = 'SUCCESS' then case when a.done then 'SUCCESS' else 'SKIPPED' end
        -- A run that failed may have made some of it before.
        when exists (select from events e where e.run_id = p_run.run_id and e.type = 'ASSET_MATERIALIZATION'
          and e.asset_key = a.asset_key and (e.partition is null or e.partition = a.partition)) then 'SUCCESS'
        else v_ended end
      from run_assets a
      where a.run_id = p_run.run_id and t.backfill_id = v_backfill.backfill_id and t.asset_key = a.asset_key and t.partition = a.partition
        and t.status in ('REQUESTED', 'FAILED', 'CANCELED');
  end if;
  if exists (select from backfill_targets where backfill_id = v_backfill.backfill_id and status = 'PENDING')
    or not exists (select from backfill_targets where backfill_id = v_backfill.backfill_id and status = 'REQUESTED')
  then
    insert into outbox (kind, run_id, created_at) values ('iterate-backfill', p_run.run_id, now_ms());
  end if;
end $function$;

CREATE OR REPLACE FUNCTION headrace.settle_dependencies(p_max_retries integer)
 RETURNS integer
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_waiting uuid[];
  v_run record;
  v_changed integer := 0;
  v_before integer;
begin
  loop
    v_before := v_changed;
    -- All rows first and in order: ending a run takes other rows after it. Whoever comes second waits and looks anew: a
    -- run that it passed over would be left to one who had looked before the other run's end.
    select array_agg(w.run_id) into v_waiting from (
      select run_id from runs where status = 'QUEUED' and waits order by run_id for update) w;
    exit when v_waiting is null;
    update run_dependencies d set upstream_run_id = (
        select n.run_id from runs n
          where n.location = d.location and n.job_name = d.job_name and n.seq > (select seq from runs r where r.run_id = d.run_id)
          order by n.seq limit 1)
      where d.run_id = any (v_waiting) and d.upstream_run_id is null;
    update run_dependencies d set upstream_run_id = (u.tags ->> 'dagster/auto_retry_run_id')::uuid
      from runs u
      where d.run_id = any (v_waiting) and u.run_id = d.upstream_run_id and u.status = 'FAILURE'
        and u.tags ->> 'dagster/will_retry' = 'true' and u.tags ? 'dagster/auto_retry_run_id';
    for v_run in
      select s.run_id,
          case min(s.mode) when 'all' then bool_and(s.state = 'met') else bool_or(s.state = 'met') end as is_met,
          case min(s.mode) when 'all' then bool_or(s.state = 'impossible') else bool_and(s.state = 'impossible') end as is_impossible,
          string_agg('run ' || left(s.upstream_run_id::text, 8) || coalesce(' (' || s.job_name || ')', '') || case s.upstream_status
            when 'FAILURE' then ' failed' when 'CANCELED' then ' was canceled' else ' was deleted' end, ', ' order by s.ord)
            filter (where s.state = 'impossible') as causes
        from dependency_states(v_waiting, p_max_retries) s group by s.run_id
    loop
      if v_run.is_met then
        update runs set waits = false, updated_at = now_ms() where run_id = v_run.run_id;
        v_changed := v_changed + 1;
      elsif v_run.is_impossible then
        perform announce_events();
        perform end_run(v_run.run_id, 'CANCELED', null, 'Not started: it was to start after a success, but ' || v_run.causes || '.', null, false);
        v_changed := v_changed + 1;
      end if;
    end loop;
    exit when v_changed = v_before;
  end loop;
  return v_changed;
end $function$;

CREATE OR REPLACE FUNCTION headrace.start_event_tick(p_location text, p_sensor text, p_now bigint, p_lease_seconds double precision)
 RETURNS json
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.start_next_tick(p_location text, p_kind text, p_name text, p_scheduled_at bigint, p_now bigint, p_lease_seconds double precision, p_last bigint)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  -- That of start_tick, so that of two the second looks when the first has started its tick.
  perform pg_advisory_xact_lock(hashtextextended(format('headrace.start_tick:%L/%L/%L', p_location, p_kind, p_name), 0));
  if p_last is distinct from (
    select last_tick_started_at from instigators where location = p_location and kind = p_kind and name = p_name
  ) then return null; end if;
  return start_tick(p_location, p_kind, p_name, p_scheduled_at, p_now, p_lease_seconds);
end $function$;

CREATE OR REPLACE FUNCTION headrace.start_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text)
 RETURNS json
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_hash bytea := sha256(convert_to(p_token, 'UTF8'));
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if v_run.status = 'STARTING' and v_run.attempt = p_attempt then
    update attempts set worker_id = p_worker_id, token_hashes = array[v_hash], started_at = v_now, heartbeat_at = v_now,
        reserved_pools = case when not v_run.holds_pools then v_run.root_pools end
      where run_id = p_run_id and attempt = p_attempt and worker_id is null and v_hash = any (token_hashes);
    if not found then
      raise exception 'the token does not belong to attempt % of run %', p_attempt, p_run_id using errcode = 'HR001';
    end if;
    update runs set status = 'STARTED', started_at = coalesce(started_at, v_now), updated_at = v_now where run_id = p_run_id;
    perform announce_events();
    perform write_event(p_run_id, p_attempt, 'RUN_START', 'INFO', 'Run started.', json_build_object('workerId', p_worker_id));
  else
    perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  end if;
  return run_assignment(p_run_id, p_attempt);
end $function$;

CREATE OR REPLACE FUNCTION headrace.start_tick(p_location text, p_kind text, p_name text, p_scheduled_at bigint, p_now bigint, p_lease_seconds double precision)
 RETURNS jsonb
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_tick ticks;
begin
  -- Not the instigator's row: finish_tick takes that one after the tick's.
  perform pg_advisory_xact_lock(hashtextextended(format('headrace.start_tick:%L/%L/%L', p_location, p_kind, p_name), 0));
  if exists (
    select from ticks t
      where t.location = p_location and t.kind = p_kind and t.name = p_name and t.status = 'STARTED'
        and t.scheduled_at <> p_scheduled_at and t.started_at + p_lease_seconds * 1000 > p_now
  ) then return null; end if;
  insert into ticks as t (location, kind, name, scheduled_at, started_at)
    values (p_location, p_kind, p_name, p_scheduled_at, p_now)
    on conflict (location, kind, name, scheduled_at) do update set started_at = excluded.started_at
      where t.status = 'STARTED' and t.started_at + p_lease_seconds * 1000 <= p_now
    returning * into v_tick;
  if not found then return null; end if;
  insert into instigators as i (location, kind, name, last_tick_started_at) values (p_location, p_kind, p_name, p_now)
    on conflict (location, kind, name) do update set last_tick_started_at = greatest(i.last_tick_started_at, excluded.last_tick_started_at);
  return tick_json(v_tick);
end $function$;

CREATE OR REPLACE FUNCTION headrace.suspend_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_resume_at bigint, p_cause text, p_state json)
 RETURNS void
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_run runs;
begin
  select * into v_run from runs where run_id = p_run_id for update;
  if exists (
    select from attempts where run_id = p_run_id and attempt = p_attempt and worker_id = p_worker_id and ended_by_worker
      and sha256(convert_to(p_token, 'UTF8')) = any (token_hashes) and outcome = 'SUSPENDED'
  ) then return; end if;
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  perform announce_events();
  if v_run.status = 'CANCELING' then
    perform end_run(p_run_id, 'CANCELED', null, v_run.cause, null, true);
    return;
  end if;
  update runs set status = 'SUSPENDED', resume_at = p_resume_at, suspensions = suspensions + 1, cause = p_cause, updated_at = v_now
    where run_id = p_run_id;
  update attempts set ended_at = v_now, outcome = 'SUSPENDED', ended_by_worker = true, suspended_state = p_state
    where run_id = p_run_id and attempt = p_attempt;
  delete from pool_leases where run_id = p_run_id;
  delete from pool_waiters where run_id = p_run_id;
  perform write_event(p_run_id, p_attempt, 'ENGINE_EVENT', 'INFO', p_cause, '{}');
  insert into outbox (kind, created_at) values ('dequeue', v_now);
end $function$;

CREATE OR REPLACE FUNCTION headrace.suspended_state(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text)
 RETURNS json
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  return (select suspended_state from attempts
    where run_id = p_run_id and attempt < p_attempt and outcome = 'SUSPENDED' order by attempt desc limit 1);
end $function$;

CREATE OR REPLACE FUNCTION headrace.take_outbox(p_limit integer, p_lease_seconds double precision)
 RETURNS SETOF outbox
 LANGUAGE sql
AS $function$
  with taken as (
    update headrace.outbox set leased_until = headrace.now_ms() + (p_lease_seconds * 1000)::bigint
      where id in (
        select id from headrace.outbox where leased_until <= headrace.now_ms() order by id limit p_limit for update skip locked)
      returning *
  )
  select * from taken order by id
$function$;

CREATE OR REPLACE FUNCTION headrace.tick_json(t ticks)
 RETURNS jsonb
 LANGUAGE sql
 STABLE
AS $function$
  select jsonb_build_object(
    'tickId', t.tick_id, 'instigator', jsonb_build_object('location', t.location, 'kind', t.kind, 'name', t.name),
    'status', t.status, 'scheduledAt', t.scheduled_at, 'startedAt', t.started_at, 'endedAt', t.ended_at, 'runIds', t.run_ids,
    'skippedRunKeys', t.skipped_run_keys, 'skipReason', t.skip_reason, 'cursor', t.cursor, 'error', t.error,
    'failureCount', t.failure_count)
$function$;

CREATE OR REPLACE FUNCTION headrace.transfer_pieces(p_body bytea)
 RETURNS SETOF bytea
 LANGUAGE sql
 IMMUTABLE
AS $function$
  select substring(p_body from i + 1 for 48000) from generate_series(0, greatest(length(p_body) - 1, 0), 48000) i
$function$;

CREATE OR REPLACE FUNCTION headrace.transferred_text(p_transfer_id uuid, p_parts integer)
 RETURNS text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_count integer;
  v_body bytea;
begin
  select count(*), string_agg(body, ''::bytea order by part) into v_count, v_body
    from transfers where transfer_id = p_transfer_id and part between 1 and p_parts;
  if v_count <> p_parts then
    raise exception '% of the % parts of transfer % are gone', p_parts - v_count, p_parts, p_transfer_id using errcode = '40001';
  end if;
  return convert_from(v_body, 'UTF8');
end $function$;

CREATE OR REPLACE FUNCTION headrace.undecided_failures(p_max_retries integer, p_limit integer)
 RETURNS SETOF json
 LANGUAGE sql
 STABLE
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
  select to_json(r.run_id) from runs r
    where r.status = 'FAILURE' and r.updated_at > now_ms() - 3600000
      and r.tags ->> 'dagster/will_retry' is distinct from 'false' and not r.tags ? 'dagster/auto_retry_run_id'
      and case when r.tags ->> 'dagster/max_retries' ~ '^\d{1,9}$' then (r.tags ->> 'dagster/max_retries')::integer else p_max_retries end > 0
    order by r.seq limit p_limit
$function$;

CREATE OR REPLACE FUNCTION headrace.upkeep_due_at()
 RETURNS json
 LANGUAGE sql
 STABLE
AS $function$
  select json_build_object(
    'resumeAt', (select min(resume_at) from headrace.runs where status = 'SUSPENDED'),
    'backfillAt', (select min(next_iteration_at) from headrace.backfills where ended_at is null and paused_at is null),
    'alertAt', (select min(created_at) from headrace.outbox where kind = 'alert'))
$function$;

CREATE OR REPLACE FUNCTION headrace.wipe_asset(p_asset_key text, p_partitions jsonb)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
    delete from asset_history where asset_key = p_asset_key;
    return;
  end if;
  insert into asset_partitions (asset_key, partition, wiped_through)
    select p_asset_key, k.key, v_through from jsonb_array_elements_text(p_partitions) k (key) order by k.key
    on conflict (asset_key, partition) do update set materialization_id = 0, materialization_run_id = null, materialized_at = null,
      failure_id = 0, failure_run_id = null, failed_at = null, observation_id = 0, wiped_through = excluded.wiped_through;
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.withdraw_expected_ticks(p_location text, p_name text, p_after bigint)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  perform lock_expected_ticks();
  delete from expected_ticks
    where location = p_location and name = p_name and status = 'EXPECTED' and scheduled_at > p_after;
  delete from expected_schedules where location = p_location and name = p_name;
end $function$;

CREATE OR REPLACE FUNCTION headrace.worker_asset_events(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_asset text, p_type text, p_partition text, p_limit integer)
 RETURNS SETOF jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  if p_type not in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION') then
    raise exception '% is no event that a check may see', p_type using errcode = 'HR003';
  end if;
  if not exists (select from asset_checks where run_id = p_run_id and asset_key = p_asset) then
    raise exception 'run % checks nothing of %', p_run_id, p_asset using errcode = 'HR003';
  end if;
  return query select jsonb_build_object(
      'timestamp', m.timestamp, 'runId', m.run_id, 'partition', m.partition, 'dataVersion', m.data -> 'dataVersion',
      'metadata', m.data -> 'metadata', 'overflow', m.data -> 'overflow')
    from (
      select e.* from events e
      where e.asset_key = p_asset and e.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE')
        and e.type = p_type and (p_partition is null or e.partition = p_partition)
        and e.storage_id > coalesce((select wiped_through from asset_records where asset_key = p_asset), 0)
        and (e.partition is null or e.storage_id > coalesce(
          (select wiped_through from asset_partitions p where p.asset_key = p_asset and p.partition = e.partition), 0))
      order by e.storage_id desc limit p_limit
    ) m order by m.storage_id desc;
end $function$;

CREATE OR REPLACE FUNCTION headrace.worker_dynamic_partitions(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_name text)
 RETURNS SETOF jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
begin
  perform require_live_attempt(p_run_id, p_attempt, p_worker_id, p_token);
  return query select to_jsonb(d.key) from dynamic_partitions d
    where d.location = (select location from runs where run_id = p_run_id) and d.name = p_name order by d.seq;
end $function$;

CREATE OR REPLACE FUNCTION headrace.worker_materializations(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_asset text, p_partition text, p_limit integer)
 RETURNS SETOF jsonb
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
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
end $function$;

CREATE OR REPLACE FUNCTION headrace.write_event(p_run_id uuid, p_attempt integer, p_type text, p_level text, p_message text, p_data json)
 RETURNS bigint
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_id bigint;
begin
  insert into events (recorded_at, run_id, attempt, type, timestamp, level, message, data)
    values (v_now, p_run_id, p_attempt, p_type, v_now, p_level, p_message, p_data)
    returning storage_id into v_id;
  return v_id;
end $function$;

CREATE OR REPLACE FUNCTION headrace.write_events(p_run_id uuid, p_attempt integer, p_events json)
 RETURNS void
 LANGUAGE plpgsql
 SET search_path TO 'headrace', 'pg_temp'
AS $function$
declare
  v_now bigint := now_ms();
  v_asset_events events[];
begin
  with written as (
    insert into events (recorded_at, run_id, attempt, type, timestamp, level, message, step_key, try_number, asset_key, partition, data)
      select v_now, p_run_id, p_attempt, e.type, e.timestamp, e.level, e.message, e.step_key, e.try_number, e.asset_key, e.partition, e.data
      from rows from (json_to_recordset(p_events) as (
        type text, timestamp bigint, level text, message text, "stepKey" text, "tryNumber" integer, "assetKey" text,
        partition text, data json)) with ordinality as e (
        type, timestamp, level, message, step_key, try_number, asset_key, partition, data, ord)
      order by e.ord
      returning *
  )
  select array_agg(row(w.*)::events order by w.storage_id) into v_asset_events
    from written w
    where w.type in ('ASSET_MATERIALIZATION', 'ASSET_OBSERVATION', 'ASSET_FAILED_TO_MATERIALIZE', 'ASSET_CHECK_EVALUATION');
  if v_asset_events is not null then perform apply_asset_events(p_run_id, v_asset_events); end if;
end $function$;
grant execute on function headrace.answer(p_transfer_id uuid, p_records text[]) to headrace_worker;
grant execute on function headrace.append_events(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_first_seq bigint, p_events json) to headrace_worker;
grant execute on function headrace.claim_pool_slot(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text, p_priority integer) to headrace_worker;
grant execute on function headrace.finish_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_status text, p_reason text, p_cause text) to headrace_worker;
grant execute on function headrace.get_transfer(p_transfer_id uuid, p_part integer) to headrace_worker;
grant execute on function headrace.heartbeat(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) to headrace_worker;
grant execute on function headrace.put_transfer(p_transfer_id uuid, p_part integer, p_body bytea) to headrace_worker;
grant execute on function headrace.release_pool_slot(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_pool text, p_step_key text) to headrace_worker;
grant execute on function headrace.start_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) to headrace_worker;
grant execute on function headrace.suspend_run(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_resume_at bigint, p_cause text, p_state json) to headrace_worker;
grant execute on function headrace.suspended_state(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text) to headrace_worker;
grant execute on function headrace.transferred_text(p_transfer_id uuid, p_parts integer) to headrace_worker;
grant execute on function headrace.worker_asset_events(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_asset text, p_type text, p_partition text, p_limit integer) to headrace_worker;
grant execute on function headrace.worker_dynamic_partitions(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_name text) to headrace_worker;
grant execute on function headrace.worker_materializations(p_run_id uuid, p_attempt integer, p_worker_id text, p_token text, p_asset text, p_partition text, p_limit integer) to headrace_worker;
