import { describe, expect, test } from '@jest/globals';
import {
  asset,
  assetSensor,
  checkResult,
  dailyPartitions,
  defineAssetJob,
  materializeResult,
  observeResult,
  resource,
  runRequest,
  runStatusSensor,
  schedule,
  sensor,
  skip,
} from 'headrace';
import { evaluateSchedule, evaluateSensor } from 'headrace/testing';

const daily = asset({ key: 'daily', partitions: dailyPartitions({ start: '2026-01-01' }), run: () => 1 });
const bucket = resource({ setUp: () => ({ list: async (_after: string | null) => [] as string[] }) });
const change = {
  storageId: 1,
  runId: 'r1',
  location: 'l',
  jobName: 'etl',
  status: 'FAILURE' as const,
  tags: {},
  timestamp: 0,
  cause: 'boom',
};

describe('evaluateSchedule', () => {
  test('a schedule of a partitioned job asks for the latest window', async () => {
    const job = defineAssetJob({
      name: 'job',
      select: daily,
      partitions: dailyPartitions({ start: '2026-01-01' }),
    });
    const result = await evaluateSchedule(schedule({ job }), { scheduledAt: '2026-01-05T00:00:00Z' });
    expect(result.runRequests).toMatchObject([{ partitionKey: '2026-01-04' }]);
  });

  test('a function may skip with a reason or add tags to what the schedule says', async () => {
    // Prepare
    const workdays = schedule({
      select: daily,
      cron: '@daily',
      runTags: { team: 'data' },
      evaluate: ({ scheduledAt, log }) => {
        log.info('deciding');
        return scheduledAt.getUTCDay() === 0 ? skip('Sunday') : runRequest({ tags: { day: 'work' } });
      },
    });

    // Act
    const sunday = await evaluateSchedule(workdays, { scheduledAt: '2026-01-04T00:00:00Z' });
    const monday = await evaluateSchedule(workdays, { scheduledAt: '2026-01-05T00:00:00Z' });

    // Assess
    expect(sunday).toMatchObject({ runRequests: [], skipReason: 'Sunday', logs: [{ message: 'deciding' }] });
    expect(monday.runRequests).toMatchObject([{ tags: { team: 'data', day: 'work' } }]);
  });
});

describe('evaluateSensor', () => {
  test('gives the cursor and fakes, and returns requests and the new cursor', async () => {
    // Prepare
    const files = sensor({
      name: 'files',
      select: daily,
      resources: { bucket },
      async evaluate({ cursor, resources }) {
        const names = await resources.bucket.list(cursor);
        return { runRequests: names.map((name) => runRequest({ runKey: name })), cursor: names.at(-1) ?? '' };
      },
    });

    // Act
    const result = await evaluateSensor(files, {
      cursor: 'a',
      resources: { bucket: { list: async (after: string | null) => [`${after}b`, 'c'] } },
    });

    // Assess
    expect(result.runRequests.map(({ runKey }) => runKey)).toEqual(['ab', 'c']);
    expect(result.cursor).toBe('c');
    await expect(evaluateSensor(files)).rejects.toThrow(/Give fakes for bucket/);
  });

  test('what it saw of assets becomes events that name asset, partition and check', async () => {
    const looks = sensor({
      name: 'looks',
      select: daily,
      evaluate: () => ({
        assetEvents: [
          materializeResult({
            asset: 'erp/orders',
            partition: '2026-01-01',
            metadata: { rows: 3 },
            checkResults: [checkResult({ check: 'full', passed: true })],
          }),
          observeResult({ asset: 'erp/stock', dataVersion: 'v2' }),
          checkResult({ asset: 'erp/stock', check: 'fresh', passed: false, severity: 'WARN' }),
        ],
      }),
    });
    const { assetEvents, runRequests } = await evaluateSensor(looks);
    expect(runRequests).toEqual([]);
    const day = '2026-01-01';
    expect(assetEvents).toMatchObject([
      {
        type: 'ASSET_MATERIALIZATION',
        assetKey: 'erp/orders',
        partition: day,
        data: { metadata: { rows: { value: 3 } } },
      },
      {
        type: 'ASSET_CHECK_EVALUATION',
        assetKey: 'erp/orders',
        partition: day,
        data: { name: 'full', passed: true },
      },
      { type: 'ASSET_OBSERVATION', assetKey: 'erp/stock', partition: null, data: { dataVersion: 'v2' } },
      { type: 'ASSET_CHECK_EVALUATION', assetKey: 'erp/stock', data: { name: 'fresh', severity: 'WARN' } },
    ]);

    const nameless = sensor({
      name: 'nameless',
      select: daily,
      evaluate: () => ({ assetEvents: [checkResult({ asset: 'erp/stock', passed: true })] }),
    });
    await expect(evaluateSensor(nameless)).rejects.toThrow('has to name its check');
  });

  test('a run-status sensor is called for each change, oldest first', async () => {
    const causes: (string | null)[] = [];
    const tell = runStatusSensor({
      name: 'tell',
      statuses: ['FAILURE'],
      evaluate: ({ change: seen }) => {
        causes.push(seen.cause);
        return seen.cause === 'b' ? runRequest() : skip('nothing to do');
      },
    });
    const result = await evaluateSensor(tell, {
      runStatusChanges: [
        { ...change, cause: 'a' },
        { ...change, cause: 'b' },
      ],
    });
    expect(causes).toEqual(['a', 'b']);
    expect(result.runRequests).toHaveLength(1);
  });

  test('an asset sensor without a function asks for one run per materialization', async () => {
    const after = assetSensor({ name: 'after', assets: daily, select: daily });
    const result = await evaluateSensor(after, {
      assetUpdates: [
        { storageId: 7, assetKey: 'daily', runId: null, partition: null, timestamp: 0, metadata: {} },
      ],
    });
    expect(result.runRequests.map(({ runKey }) => runKey)).toEqual(['7']);
  });
});
