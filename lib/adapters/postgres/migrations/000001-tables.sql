-- Every instant is epoch milliseconds (bigint), as in lib/model. What users wrote is json, not jsonb: it keeps the
-- order of their keys, and nothing here looks into it often.

create function headrace.now_ms() returns bigint
language sql volatile parallel safe
as $$ select (extract(epoch from clock_timestamp()) * 1000)::bigint $$;

comment on function headrace.now_ms() is 'The one clock of the control plane: the database''s.';

-- Runs: the queue and its history. Hot and narrow; what is large and never changes is in run_plans.
create table headrace.runs (
  run_id uuid primary key,
  -- Order of creation: FIFO of the queue, cursor of every list.
  seq bigint generated always as identity unique,
  location text not null,
  job_name text not null,
  bundle_hash text not null,
  status text not null default 'QUEUED' check (status in (
    'QUEUED', 'NOT_STARTED', 'MANAGED', 'STARTING', 'STARTED', 'SUSPENDED', 'SUCCESS', 'FAILURE', 'CANCELING', 'CANCELED')),
  priority bigint not null default 0,
  -- Number of the current or last attempt; 0 while never claimed.
  attempt integer not null default 0,
  tags jsonb not null,
  parent_run_id uuid,
  root_run_id uuid,
  origin_kind text not null,
  origin_name text not null,
  run_key text,
  idempotency_key text unique,
  -- Seconds, from the tag dagster/max_runtime.
  max_runtime double precision,
  created_at bigint not null,
  claimed_at bigint,
  started_at bigint,
  canceling_at bigint,
  ended_at bigint,
  updated_at bigint not null,
  cause text
);

create unique index runs_run_key on headrace.runs (location, origin_kind, origin_name, run_key) where run_key is not null;
-- The queue in the order in which it is served.
create index runs_queue on headrace.runs ((-priority), seq) where status = 'QUEUED';
create index runs_active on headrace.runs (status) where status in ('STARTING', 'STARTED', 'CANCELING', 'SUSPENDED');
create index runs_by_job on headrace.runs (location, job_name, seq desc);
create index runs_by_job_name on headrace.runs (job_name, seq desc);
create index runs_by_status on headrace.runs (status, seq desc);
create index runs_by_created_at on headrace.runs (created_at);
create index runs_by_updated_at on headrace.runs (updated_at);
create index runs_by_root on headrace.runs (root_run_id) where root_run_id is not null;

-- Plans by content: the thousands of runs of a backfill or of a year of an hourly job share one. Without partition keys.
create table headrace.plans (
  hash bytea primary key,
  plan json not null
);

-- What was asked for, frozen. No foreign keys here and in run_assets: their checks would take a good part of the time
-- in which a large backfill is created.
create table headrace.run_plans (
  run_id uuid primary key,
  config json not null,
  asset_selection jsonb,
  asset_check_selection jsonb,
  step_keys jsonb,
  plan_hash bytea not null,
  partition_keys json not null
);

-- One index serves the keys, their values by prefix, and the runs of a tag newest first.
create table headrace.run_tags (
  key text collate "C" not null,
  value text collate "C" not null,
  seq bigint not null,
  primary key (key, value, seq)
);

-- What a run plans to materialize. `done` once it has.
create table headrace.run_assets (
  run_id uuid not null,
  asset_key text not null,
  -- Empty when unpartitioned.
  partition text not null default '',
  step_key text not null,
  seq bigint not null,
  done boolean not null default false,
  primary key (run_id, asset_key, partition)
);
create index run_assets_by_asset on headrace.run_assets (asset_key, seq desc);

create table headrace.attempts (
  run_id uuid not null references headrace.runs on delete cascade,
  attempt integer not null,
  -- SHA-256 of the tokens issued; once a worker has started, of its own only.
  token_hashes bytea[] not null default '{}',
  worker_id text,
  -- Sequence number of the last event appended.
  last_seq bigint not null default 0,
  claimed_at bigint not null,
  started_at bigint,
  heartbeat_at bigint,
  ended_at bigint,
  -- How it ended; RESUMED when the run went back to the queue.
  outcome text check (outcome in ('SUCCESS', 'FAILURE', 'CANCELED', 'RESUMED')),
  -- True when the worker itself said so.
  ended_by_worker boolean not null default false,
  primary key (run_id, attempt)
);

-- Side effects owed after a commit.
create table headrace.outbox (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('dequeue', 'start-execution', 'stop-attempt')),
  run_id uuid,
  attempt integer,
  created_at bigint not null,
  -- Not taken by anyone else before this instant.
  leased_until bigint not null default 0
);

create table headrace.instigators (
  location text not null,
  kind text not null check (kind in ('schedule', 'sensor')),
  name text not null,
  status text not null default 'DECLARED_IN_CODE' check (status in ('RUNNING', 'STOPPED', 'DECLARED_IN_CODE')),
  started_at bigint,
  cursor text,
  evaluated_through bigint,
  last_tick_started_at bigint,
  last_run_key text,
  primary key (location, kind, name)
);

create table headrace.ticks (
  tick_id bigint generated always as identity primary key,
  location text not null,
  kind text not null,
  name text not null,
  scheduled_at bigint not null,
  status text not null default 'STARTED' check (status in ('STARTED', 'SUCCESS', 'SKIPPED', 'FAILURE')),
  started_at bigint not null,
  ended_at bigint,
  run_ids jsonb not null default '[]',
  skipped_run_keys jsonb not null default '[]',
  skip_reason text,
  cursor text,
  error jsonb,
  failure_count integer not null default 0,
  unique (location, kind, name, scheduled_at)
);
create index ticks_by_instigator on headrace.ticks (location, kind, name, tick_id desc);

-- Latest state of each asset; events are copied so that it outlives their retention.
create table headrace.asset_records (
  asset_key text primary key,
  last_materialization json,
  last_materialization_id bigint not null default 0,
  last_observation json,
  last_observation_id bigint not null default 0,
  last_failure_at bigint,
  data_version text,
  data_version_id bigint not null default 0,
  -- Events up to this storage id are forgotten.
  wiped_through bigint not null default 0
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
  primary key (asset_key, partition)
);

create table headrace.asset_checks (
  asset_key text not null,
  check_name text not null,
  -- Null when reported from outside.
  run_id uuid,
  partition text not null default '',
  -- The step that evaluates it, while planned.
  step_key text,
  status text not null check (status in ('IN_PROGRESS', 'SUCCEEDED', 'FAILED', 'EXECUTION_FAILED', 'SKIPPED')),
  evaluation json,
  -- Of the planned event, then of the evaluation.
  storage_id bigint not null,
  timestamp bigint not null,
  unique (run_id, asset_key, check_name, partition)
);
create index asset_checks_latest on headrace.asset_checks (asset_key, check_name, storage_id desc);

create table headrace.dynamic_partitions (
  location text not null,
  name text not null,
  key text not null,
  seq bigint generated always as identity,
  primary key (location, name, key)
);
create index dynamic_partitions_in_order on headrace.dynamic_partitions (location, name, seq);

create table headrace.pools (
  pool text primary key,
  slots integer not null check (slots >= 0)
);

create table headrace.pool_leases (
  pool text not null,
  run_id uuid not null references headrace.runs on delete cascade,
  attempt integer not null,
  step_key text not null,
  since bigint not null,
  primary key (pool, run_id, step_key)
);
create index pool_leases_by_run on headrace.pool_leases (run_id);

create table headrace.key_values (
  namespace text collate "C" not null,
  key text collate "C" not null,
  value json not null,
  primary key (namespace, key)
);
