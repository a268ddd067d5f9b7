/** The dbt project: its models, seeds and snapshots as assets, its tests as checks. */
import { define, defineAssetJob, runRequest, runStatusSensor, schedule } from 'headrace';
import { dbtAssets } from 'headrace/dbt';

const dbt = dbtAssets({ project: 'dbt_project', pool: 'dbt' });

const transform = defineAssetJob({
  name: 'transform',
  description: 'Builds and tests the whole dbt project.',
  owners: ['team:analytics'],
  select: dbt,
});

const nightly = schedule({
  name: 'transform_nightly',
  description: 'Builds everything at 02:30 in Berlin.',
  job: transform,
  cron: '30 2 * * *',
  timezone: 'Europe/Berlin',
});

const afterIngest = runStatusSensor({
  name: 'transform_after_ingest',
  description: 'Builds everything once after each successful run of ingest.',
  job: transform,
  statuses: ['SUCCESS'],
  monitor: [{ location: 'orchestration', job: 'ingest' }],
  minimumInterval: '5s',
  defaultStatus: 'RUNNING',
  evaluate: ({ change }) => runRequest({ runKey: change.runId, tags: { ingest_run: change.runId } }),
});

export const definitions = define({
  assets: dbt,
  jobs: [transform],
  schedules: [nightly],
  sensors: [afterIngest],
});
