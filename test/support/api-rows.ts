import {
  asset,
  assetCheck,
  automation,
  dailyPartitions,
  define,
  defineAssetJob,
  dynamicPartitions,
  job,
  op,
  schedule,
  sensor,
} from 'headrace';
import type { LoadedDefinitions } from '../../lib/definitions/loaded-definitions';
import { aMaterialization, anEvent, aRun, SUCCESS } from '../contracts/storage-builders';
import type { ApiHarness } from './api-harness';
import { loadedLocation } from './api-workspace';

const LOCATION = 'rows';
const DAY = '2026-01-02';

/** So many of every definition, none of which shares anything with another one. */
function definitions(count: number): LoadedDefinitions {
  const rows = Array.from({ length: count }, (_, i) => {
    const daily = dailyPartitions({ start: '2026-01-01', end: '2026-01-11' });
    const table = asset({
      key: `table_${i}`,
      group: `group_${i}`,
      partitions: daily,
      pool: `pool_${i}`,
      automation: automation.eager(),
      run: () => i,
    });
    const view = asset({ key: `view_${i}`, codeVersion: '1', run: () => i });
    const listed = asset({
      key: `listed_${i}`,
      partitions: dynamicPartitions(`names_${i}`),
      run: () => i,
    });
    const partitioned = defineAssetJob({ name: `tables_${i}`, select: `table_${i}`, partitions: daily });
    const graph = job({
      name: `graph_${i}`,
      graph: () => op({ name: `op_${i}`, run: () => undefined })(),
    });
    return {
      assets: [table, view, listed],
      assetChecks: [assetCheck({ name: `check_${i}`, asset: view, run: () => true })],
      jobs: [partitioned, graph],
      schedules: [schedule({ name: `schedule_${i}`, job: graph, cron: '@daily' })],
      sensors: [sensor({ name: `sensor_${i}`, job: graph, evaluate: () => [] })],
    };
  });
  return define({
    assets: rows.flatMap(({ assets }) => assets),
    assetChecks: rows.flatMap(({ assetChecks }) => assetChecks),
    jobs: rows.flatMap(({ jobs }) => jobs),
    schedules: rows.flatMap(({ schedules }) => schedules),
    sensors: rows.flatMap(({ sensors }) => sensors),
  });
}

/** Fills an API with so many rows of every kind: whatever lists a page of them shows, it grows with their number. */
export async function fillRows(harness: ApiHarness, count: number): Promise<void> {
  harness.codeLocations.set(loadedLocation(LOCATION, definitions(count)));
  for (let i = 0; i < count; i++) await fillRow(harness, i);
}

async function fillRow(harness: ApiHarness, i: number): Promise<void> {
  const { storage } = harness;
  const launch = async (body: object): Promise<string> => {
    const { status, body: answer } = await harness.rest<{ runId: string }>('POST', '/api/runs', { body });
    if (status !== 201) throw new Error(`no run was launched: ${JSON.stringify(answer)}`);
    return answer.runId;
  };
  const stepKey = `view_${i}`;
  const made = await launch({ assets: [`view_${i}`], location: LOCATION });
  await harness.work(
    made,
    [
      anEvent('STEP_START', {}, { stepKey }),
      anEvent('LOGS_CAPTURED', { logKey: [made, 'compute_logs', `${stepKey}.1`] }, { stepKey }),
      { ...aMaterialization(`view_${i}`), stepKey },
      anEvent('ASSET_OBSERVATION', { metadata: {}, tags: {} }, { assetKey: `view_${i}`, stepKey }),
      anEvent(
        'ASSET_CHECK_EVALUATION',
        {
          asset: `view_${i}`,
          name: `check_${i}`,
          passed: true,
          severity: 'ERROR',
          blocking: false,
          metadata: {},
        },
        { stepKey },
      ),
      anEvent('STEP_SUCCESS', { seconds: 1 }, { stepKey }),
    ],
    SUCCESS,
  );
  const partition = await launch({ assets: [`table_${i}`], location: LOCATION, partition: DAY });
  await harness.work(partition, [aMaterialization(`table_${i}`, DAY)], SUCCESS);
  await storage.changeDynamicPartitions(LOCATION, 'add', `names_${i}`, ['a']);
  await storage.setPoolLimit(`pool_${i}`, 1);
  for (const kind of ['schedule', 'sensor'] as const) {
    const id = { location: LOCATION, kind, name: `${kind}_${i}` };
    const tick = await storage.startTick(id, Date.now() - 1_000, Date.now(), 60);
    if (tick === undefined) throw new Error('the tick was not opened');
    await storage.finishTick(tick, {
      status: 'SUCCESS',
      runs: [aRun({ location: LOCATION, jobName: `graph_${i}` })],
      skipReason: null,
      cursor: null,
      error: null,
      dynamicPartitions: [],
      endedAt: Date.now(),
    });
  }
  const daily = { location: LOCATION, name: `schedule_${i}`, cron: ['@daily'], timezone: 'UTC' };
  const at = Date.now() + 60_000;
  await storage.recordExpectedTicks(
    { withdrawn: [], expected: [{ ...daily, through: at, refillAt: null, ticks: [at] }], missed: [] },
    Date.now(),
  );
  const { errors } = await harness.graphql(
    `mutation { launchPartitionBackfill(backfillParams: {partitionsByAssets: [{assetKey: {path: ["table_${i}"]}, partitions: {range: {start: "2026-01-03", end: "2026-01-03"}}}]}) { __typename } }`,
  );
  if (errors !== undefined) throw new Error(`no backfill was launched: ${JSON.stringify(errors)}`);
}
