-- What lists of thousands of assets show of the latest events, beside the events: read out of them anew for each list, it
-- costs more than all else. Generated, so that it is never another than what the events say.
alter table headrace.asset_records
  add column materialized_at bigint generated always as ((last_materialization ->> 'timestamp')::bigint) stored,
  add column materialization_run_id uuid generated always as ((last_materialization ->> 'runId')::uuid) stored,
  add column materialized_data_version text generated always as (last_materialization -> 'data' ->> 'dataVersion') stored,
  add column materialized_code_version text generated always as (last_materialization -> 'data' ->> 'codeVersion') stored,
  add column input_data_versions json generated always as (last_materialization -> 'data' -> 'inputDataVersions') stored,
  add column observed_data_version text generated always as (last_observation -> 'data' ->> 'dataVersion') stored;
