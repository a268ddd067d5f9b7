import type { AssetCheckEvaluation } from '../../lib/model/asset-check';
import { aMaterialization, anEvent, aRun, aStartedRun, aStep, claimAll, SUCCESS } from './storage-builders';
import type { StorageHarness } from './storage-contract';

const FAILURE = { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'step x failed' } as const;
const making = (...assets: string[]) => assets.map((key) => aStep({ key: `make_${key}`, assets: [key] }));

function anEvaluation(
  asset: string,
  name: string,
  passed: boolean,
  over: Partial<AssetCheckEvaluation> = {},
) {
  return anEvent('ASSET_CHECK_EVALUATION', {
    asset,
    name,
    passed,
    severity: 'ERROR',
    metadata: {},
    blocking: false,
    ...over,
  });
}

/** State of assets, partitions and checks. */
export function storageAssetsContract(harness: () => StorageHarness): void {
  test("an asset's record follows its runs and events", async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making('x', 'y') });
    await storage.createRuns([run]);
    expect(await storage.assetRecords(['x', 'unknown'])).toEqual([
      {
        key: 'x',
        lastMaterialization: null,
        lastObservation: null,
        lastRunId: run.runId,
        lastRunStatus: 'QUEUED',
        lastRunStartedAt: null,
        lastRunEndedAt: null,
        inProgressRunIds: [],
        lastFailureAt: null,
      },
    ]);

    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization('x')]);
    const [x, y] = await storage.assetRecords();
    expect(x).toMatchObject({ key: 'x', inProgressRunIds: [], lastRunStatus: 'STARTED' });
    expect(x?.lastMaterialization).toMatchObject({
      type: 'ASSET_MATERIALIZATION',
      assetKey: 'x',
      runId: run.runId,
      attempt: 1,
    });
    expect(x?.lastMaterialization).not.toHaveProperty('partition');
    expect(y).toMatchObject({ key: 'y', inProgressRunIds: [run.runId], lastMaterialization: null });
    await worker.finishRun(ref, FAILURE);

    const [after, failed] = await storage.assetRecords();
    expect(after).toMatchObject({
      lastRunStatus: 'FAILURE',
      lastRunStartedAt: expect.any(Number),
      lastRunEndedAt: expect.any(Number),
      lastFailureAt: null,
    });
    expect(failed).toMatchObject({ inProgressRunIds: [], lastFailureAt: expect.any(Number) });
    const failures = await storage.assetEvents({
      key: 'y',
      types: ['ASSET_FAILED_TO_MATERIALIZE'],
      limit: 5,
    });
    expect(failures).toMatchObject([{ runId: run.runId, stepKey: 'make_y' }]);
  });

  test('the latest of several materializations and observations counts, whoever reports it', async () => {
    const { storage } = harness();
    const observation = anEvent(
      'ASSET_OBSERVATION',
      { metadata: {}, tags: {}, dataVersion: 'o1' },
      { assetKey: 'x' },
    );
    await storage.appendSystemEvents(null, [
      aMaterialization('x', 'p1', 'v1'),
      aMaterialization('x', 'p2', 'v2'),
      observation,
    ]);

    const [record] = await storage.assetRecords(['x']);

    expect(record?.lastMaterialization).toMatchObject({ partition: 'p2', runId: null });
    expect(record?.lastObservation).toMatchObject({ data: { dataVersion: 'o1' } });
    expect(record).toMatchObject({ lastRunId: null, lastRunStatus: null });
  });

  test("states and versions of assets say what their records' events and runs say", async () => {
    const { storage, worker } = harness();
    const observation = anEvent(
      'ASSET_OBSERVATION',
      { metadata: {}, tags: {}, dataVersion: 'o1' },
      { assetKey: 'seen' },
    );
    await storage.appendSystemEvents(null, [
      aMaterialization('reported', undefined, 'v1'),
      observation,
      aMaterialization('wiped'),
    ]);
    await storage.wipeAsset('wiped', null);
    const run = aRun({ steps: making('made', 'awaited') });
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [
      anEvent(
        'ASSET_MATERIALIZATION',
        {
          metadata: {},
          tags: {},
          dataVersion: 'v2',
          codeVersion: 'c1',
          inputDataVersions: { reported: 'v1' },
        },
        { assetKey: 'made', stepKey: 'make_made' },
      ),
    ]);
    const queued = aRun({ steps: making('made') });
    await storage.createRuns([queued]);

    const [records, states, versions] = await Promise.all([
      storage.assetRecords(),
      storage.assetStates(),
      storage.assetVersions(),
    ]);

    expect(states.map(({ key }) => key)).toEqual(['awaited', 'made', 'reported', 'seen', 'wiped']);
    expect(
      states.map(({ materializedAt, materializationRunId, liveRuns, ...state }) => ({
        ...state,
        made: materializedAt === null ? null : [materializedAt, materializationRunId],
        inProgressRunIds: liveRuns.map(({ runId }) => runId),
      })),
    ).toEqual(
      records.map(({ lastMaterialization: made, lastObservation: _, lastFailureAt: __, ...record }) => ({
        ...record,
        made: made && [made.timestamp, made.runId],
      })),
    );
    expect(states[0]).toMatchObject({ liveRuns: [{ runId: run.runId, status: 'STARTED' }] });
    expect(states[1]).toMatchObject({ lastRunId: queued.runId, lastRunStatus: 'QUEUED', liveRuns: [] });
    const positions = new Map(
      records.map((each) => [
        each.key,
        (each.lastMaterialization ?? each.lastObservation)?.storageId ?? Number.NaN,
      ]),
    );
    expect(versions).toEqual([
      {
        key: 'made',
        made: {
          storageId: positions.get('made'),
          dataVersion: 'v2',
          codeVersion: 'c1',
          inputDataVersions: { reported: 'v1' },
        },
        observed: null,
      },
      {
        key: 'reported',
        made: {
          storageId: positions.get('reported'),
          dataVersion: 'v1',
          codeVersion: null,
          inputDataVersions: {},
        },
        observed: null,
      },
      {
        key: 'seen',
        made: null,
        observed: {
          storageId: positions.get('seen'),
          dataVersion: 'o1',
          codeVersion: null,
          inputDataVersions: {},
        },
      },
      { key: 'wiped', made: null, observed: null },
    ]);
    expect(await storage.assetStates(['made', 'unknown'])).toEqual(states.slice(1, 2));
    expect(await storage.assetVersions(['made', 'unknown'])).toEqual(versions.slice(0, 1));
  });

  test('partitions are in progress while planned by a live run, then made or failed', async () => {
    const { storage, worker } = harness();
    const states = async () =>
      (await storage.partitionStates(['x'])).map(
        ({ partition, status, runId }) => `${partition} ${status} ${runId}`,
      );
    const run = aRun({ steps: making('x'), partitionKeys: ['p1', 'p2', 'p3'] });
    await storage.createRuns([run]);
    expect(await states()).toEqual([]);

    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization('x', 'p1')]);
    expect(await states()).toEqual([
      `p1 MATERIALIZED ${run.runId}`,
      `p2 IN_PROGRESS ${run.runId}`,
      `p3 IN_PROGRESS ${run.runId}`,
    ]);
    await worker.finishRun(ref, FAILURE);
    await storage.appendSystemEvents(null, [aMaterialization('x', 'p3')]);

    expect(await states()).toEqual([
      `p1 MATERIALIZED ${run.runId}`,
      `p2 FAILED ${run.runId}`,
      'p3 MATERIALIZED null',
    ]);
  });

  test('a run that was canceled leaves no failure behind', async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making('x'), partitionKeys: ['p1'] });
    const ref = await aStartedRun(storage, worker, run);
    await worker.finishRun(ref, { status: 'CANCELED', failureReason: null, cause: 'enough' });

    expect(await storage.partitionStates(['x'])).toEqual([]);
    expect((await storage.assetRecords(['x']))[0]).toMatchObject({
      lastFailureAt: null,
      lastRunStatus: 'CANCELED',
    });
  });

  test("an asset's events are read newest first, by type and partition, page by page", async () => {
    const { storage } = harness();
    const events = ['p1', 'p2', 'p1', 'p2'].map((partition) => aMaterialization('x', partition));
    await storage.appendSystemEvents(null, [
      ...events,
      anEvent('ASSET_OBSERVATION', { metadata: {}, tags: {} }, { assetKey: 'x' }),
    ]);
    const types = ['ASSET_MATERIALIZATION'] as const;

    const all = await storage.assetEvents({ key: 'x', types, limit: 10 });

    expect(all.map(({ timestamp }) => timestamp)).toEqual(events.map(({ timestamp }) => timestamp).reverse());
    expect(await storage.newestAssetEvents({ keys: ['x', 'y', 'x'], types, limit: 1 })).toEqual(
      all.slice(0, 1),
    );
    expect(await storage.assetEvents({ key: 'x', types, partition: 'p1', limit: 10 })).toEqual([
      all[1],
      all[3],
    ]);
    expect(await storage.assetEvents({ key: 'x', types, before: all[1]?.storageId ?? 0, limit: 1 })).toEqual([
      all[2],
    ]);
    expect(
      await storage.assetEvents({ key: 'x', types: ['ASSET_OBSERVATION', ...types], limit: 10 }),
    ).toHaveLength(5);
  });

  test('a check is in progress while planned, then what its evaluation says; a rerun of it replaces that', async () => {
    const { storage, worker } = harness();
    const checks = ['fresh', 'whole'].map((name) => ({ asset: 'x', name }));
    const ref = await aStartedRun(
      storage,
      worker,
      aRun({ steps: [aStep({ key: 'a', assets: ['x'], checks })] }),
    );
    const statuses = async () =>
      (await storage.checkRecords(['x'])).map(({ check, status }) => `${check.name} ${status}`);
    expect(await statuses()).toEqual(['fresh IN_PROGRESS', 'whole IN_PROGRESS']);

    await worker.appendEvents(ref, 1, [
      anEvaluation('x', 'fresh', true),
      anEvaluation('x', 'whole', false, { severity: 'WARN', partition: 'p' }),
    ]);
    expect(await statuses()).toEqual(['fresh SUCCEEDED', 'whole FAILED']);
    await worker.appendEvents(ref, 3, [anEvaluation('x', 'fresh', false, { description: 'old' })]);

    const [fresh, whole] = await storage.checkRecords(['x']);
    expect(fresh).toMatchObject({
      status: 'FAILED',
      runId: ref.runId,
      evaluation: { description: 'old', passed: false },
    });
    expect(whole?.evaluation).toMatchObject({ severity: 'WARN', partition: 'p' });
    expect(await storage.checkHistory({ asset: 'x', name: 'fresh' }, 10)).toEqual([fresh]);
  });

  test('a check that was never evaluated is SKIPPED when its run ends, EXECUTION_FAILED when its step failed', async () => {
    const { storage, worker } = harness();
    const check = (name: string) => ({ asset: 'x', name });
    const run = aRun({
      steps: [aStep({ key: 'a', checks: [check('threw')] }), aStep({ key: 'b', checks: [check('late')] })],
    });
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [
      anEvent('STEP_FAILURE', { error: { name: 'E', message: 'm' } }, { stepKey: 'a' }),
    ]);
    await worker.finishRun(ref, FAILURE);

    const records = await storage.checkRecords(['x', 'unknown']);

    expect(records.map((record) => [record.check.name, record.status])).toEqual([
      ['late', 'SKIPPED'],
      ['threw', 'EXECUTION_FAILED'],
    ]);
  });

  test("a check's history is newest first over runs and reports, page by page", async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: [aStep({ key: 'a', checks: [{ asset: 'x', name: 'ok' }] })] });
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [anEvaluation('x', 'ok', true)]);
    await storage.appendSystemEvents(null, [anEvaluation('x', 'ok', false)]);
    await storage.createRuns([{ ...aRun(), plan: run.plan }]);

    const history = await storage.checkHistory({ asset: 'x', name: 'ok' }, 10);

    expect(history.map(({ status }) => status)).toEqual(['IN_PROGRESS', 'FAILED', 'SUCCEEDED']);
    expect(await storage.checkHistory({ asset: 'x', name: 'ok' }, 1, history[0]?.storageId ?? 0)).toEqual([
      history[1],
    ]);
    expect(await storage.checkRecords(['x'])).toEqual([history[0]]);
  });

  test('blocking checks are announced as such', async () => {
    const { storage } = harness();
    const checks = ['gate', 'note'].map((name) => ({ asset: 'x', name }));
    const run = aRun({
      steps: [
        aStep({ key: 'a', checks }),
        aStep({ key: 'b', dependsOn: ['a'], blockedBy: [{ asset: 'x', name: 'gate' }] }),
      ],
    });
    await storage.createRuns([run]);

    const planned = await storage.runEvents({
      runId: run.runId,
      limit: 10,
      types: ['ASSET_CHECK_EVALUATION_PLANNED'],
    });

    expect(planned.map(({ data }) => data)).toEqual([
      { asset: 'x', name: 'gate', blocking: true },
      { asset: 'x', name: 'note', blocking: false },
    ]);
  });

  test('dynamic partitions keep the order in which they were added, however often that is repeated', async () => {
    const { storage } = harness();
    const change = (kind: 'add' | 'delete', keys: string[]) =>
      storage.changeDynamicPartitions('shop', kind, 'customers', keys);
    await change('add', ['c', 'a', 'b']);
    await change('add', ['b', 'c', 'd']);
    await change('delete', ['a', 'x']);
    await change('delete', ['a', 'x']);

    expect(await storage.dynamicPartitionKeys('shop', 'customers')).toEqual(['c', 'b', 'd']);
    expect(await storage.dynamicPartitionKeys('bank', 'customers')).toEqual([]);
    const definitions = ['shop', 'bank', 'shop'].map((location) => ({ location, name: 'customers' }));
    expect(await storage.dynamicPartitions(definitions)).toEqual([
      { location: 'shop', name: 'customers', keys: ['c', 'b', 'd'] },
    ]);
  });

  test('a wiped asset starts from nothing', async () => {
    const { storage } = harness();
    await storage.appendSystemEvents(null, [aMaterialization('x', 'p1', 'v1'), aMaterialization('y')]);

    await storage.wipeAsset('x', null);
    await storage.wipeAsset('x', null);

    expect((await storage.assetRecords(['x']))[0]).toMatchObject({ lastMaterialization: null });
    expect(await storage.partitionStates(['x'])).toEqual([]);
    expect(await storage.assetEvents({ key: 'x', types: ['ASSET_MATERIALIZATION'], limit: 9 })).toEqual([]);
    await storage.appendSystemEvents(null, [aMaterialization('x', 'p2')]);
    expect(await storage.assetEvents({ key: 'x', types: ['ASSET_MATERIALIZATION'], limit: 9 })).toHaveLength(
      1,
    );
    expect((await storage.assetRecords(['y']))[0]?.lastMaterialization).not.toBeNull();
  });

  test('wiping partitions leaves the others, and the latest of those is the latest of the asset', async () => {
    const { storage } = harness();
    await storage.appendSystemEvents(
      null,
      ['p1', 'p2', 'p3'].map((partition) => aMaterialization('x', partition)),
    );

    await storage.wipeAsset('x', ['p3', 'p1']);

    expect((await storage.partitionStates(['x'])).map(({ partition }) => partition)).toEqual(['p2']);
    expect((await storage.assetRecords(['x']))[0]?.lastMaterialization).toMatchObject({ partition: 'p2' });
    expect(
      await storage.assetEvents({ key: 'x', types: ['ASSET_MATERIALIZATION'], partition: 'p3', limit: 9 }),
    ).toEqual([]);
  });

  test('writers of the same assets in different order do not wait for each other for ever', async () => {
    const { storage, worker } = harness();
    const keys = Array.from({ length: 12 }, (_, i) => `asset${i}`);
    const refs = [];
    for (let i = 0; i < 6; i += 1)
      refs.push(await aStartedRun(storage, worker, aRun({ steps: making(...keys) })));
    await claimAll(storage);

    const written = refs.map(async (ref, i) => {
      for (let batch = 0; batch < 5; batch += 1) {
        const order = i % 2 === 0 ? keys : [...keys].reverse();
        await worker.appendEvents(
          ref,
          batch * keys.length + 1,
          order.map((key) => aMaterialization(key)),
        );
      }
      await worker.finishRun(ref, SUCCESS);
    });

    await expect(Promise.all(written)).resolves.toHaveLength(6);
  });
}
