import { unpackEvaluation } from '../../lib/model/automation-evaluation';
import type { AutomationState } from '../../lib/model/automation-state';
import type { InstigatorId } from '../../lib/model/tick';
import type { TickOutcome } from '../../lib/ports/instigator-storage';
import { aMaterialization, anEvent, aRun, aStartedRun, aStep, claimAll, SUCCESS } from './storage-builders';
import type { StorageHarness } from './storage-contract';

const making = (...assets: string[]) => assets.map((key) => aStep({ key: `make_${key}`, assets: [key] }));
const ask = (...keys: string[]) => ({ keys, partitioned: keys, failures: keys });
const sensor: InstigatorId = { location: 'shop', kind: 'sensor', name: 'automation' };
const state: AutomationState = {
  sensor: 'automation',
  left: null,
  requested: true,
  partitions: null,
  nodes: { 'x@orders': { path: '/and0', subset: [['a', 'c'], 'e'] } },
  resultHash: 'h',
};
const shape = {
  label: 'eager',
  name: 'AND',
  operatorType: 'and',
  entity: 0,
  isPartitioned: false,
  children: [],
} as const;
const packed = { shape: 's', entities: [['orders', null]], values: [2], since: {} } as const;
const shapes = [{ name: 's', shape }];
const outcome = (over: Partial<TickOutcome> = {}): TickOutcome => ({
  status: 'SUCCESS',
  runs: [],
  skipReason: null,
  cursor: 'c',
  error: null,
  dynamicPartitions: [],
  endedAt: 2,
  ...over,
});

/** What automation conditions and freshness policies are evaluated from and come to. */
export function storageAutomationContract(harness: () => StorageHarness): void {
  test('the end of a tick keeps what conditions remember and came to; the first end counts', async () => {
    const { storage } = harness();
    const tick = await storage.startTick(sensor, 1, 1, 60);
    if (tick === undefined) throw new Error('the tick was not opened');
    const evaluation = { key: 'orders', timestamp: 5, numRequested: 1, runIds: ['r'] };
    const automation = {
      states: [{ key: 'orders', state }],
      evaluations: [{ ...evaluation, packed }],
      shapes,
    };
    await storage.finishTick(tick, outcome({ automation }));
    await storage.finishTick(
      tick,
      outcome({
        automation: {
          states: [{ key: 'orders', state: { ...state, resultHash: 'other' } }],
          evaluations: [],
          shapes,
        },
      }),
    );

    expect(await storage.automationStates('shop')).toEqual([{ key: 'orders', state }]);
    expect(await storage.automationStates('other')).toEqual([]);
    const kept = {
      ...evaluation,
      location: 'shop',
      sensor: 'automation',
      evaluationId: tick.tickId,
      root: unpackEvaluation(packed, shape),
    };
    expect(await storage.automationEvaluations({ key: 'orders', limit: 5 })).toEqual([kept]);
    expect(await storage.automationEvaluations({ key: 'orders', limit: 5, before: tick.tickId })).toEqual([]);
    expect(await storage.automationEvaluations({ evaluationId: tick.tickId, limit: 5 })).toEqual([kept]);
    expect(await storage.purgeAutomationEvaluations(5, 9)).toBe(0);
    expect(await storage.purgeAutomationEvaluations(6, 9)).toBe(1);
    expect(await storage.automationStates('shop')).toHaveLength(1);
  });

  test('a new state takes the place of the old one', async () => {
    const { storage } = harness();
    for (const resultHash of ['1', '2']) {
      const tick = await storage.startTick(sensor, Number(resultHash), 1, 60);
      if (tick === undefined) throw new Error('the tick was not opened');
      const states = [{ key: 'orders', state: { ...state, resultHash } }];
      await storage.finishTick(tick, outcome({ automation: { states, evaluations: [], shapes: [] } }));
    }
    expect((await storage.automationStates('shop')).map((each) => each.state.resultHash)).toEqual(['2']);
  });

  test('says what was made, what is on its way and what went wrong', async () => {
    const { storage, worker } = harness();
    expect(await storage.automationAssets(ask('x'))).toEqual([]);
    const run = aRun({ steps: making('x', 'y') });
    await storage.createRuns([run]);
    const facts = async (key: string) => (await storage.automationAssets(ask(key)))[0];
    expect(await facts('x')).toMatchObject({ lastMaterialization: null, runInProgress: true });

    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization('x')]);
    expect(await facts('x')).toMatchObject({
      lastMaterialization: { runId: run.runId, partition: null },
      runInProgress: false,
      executionFailed: false,
    });
    expect(await facts('y')).toMatchObject({ runInProgress: true });
    await worker.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'c' });
    expect(await facts('x')).toMatchObject({ runInProgress: false, executionFailed: false });
    expect(await facts('y')).toMatchObject({ runInProgress: false, executionFailed: true });

    const again = aRun({ steps: making('y') });
    await storage.createRuns([again]);
    await claimAll(storage);
    expect(await facts('y')).toMatchObject({ runInProgress: true, executionFailed: false });
  });

  test('tells partitions apart', async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making('x'), partitionKeys: ['p1', 'p2'] });
    await storage.createRuns([run]);
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization('x', 'p1')]);
    const [facts] = await storage.automationAssets(ask('x'));
    expect(facts).toMatchObject({
      runInProgress: false,
      materialized: ['p1'],
      partitionsInRuns: ['p2'],
      partitionsFailed: [],
    });
    expect(facts?.lastMaterialization?.partition).toBe('p1');
    const [unasked] = await storage.automationAssets({ keys: ['x'], partitioned: [], failures: [] });
    expect(unasked?.materialized).toEqual([]);
  });

  test('knows what a backfill has yet to make', async () => {
    const { storage } = harness();
    await storage.createBackfill({
      backfillId: 'abcdefgh',
      location: 'shop',
      jobName: '__ASSET_JOB',
      locations: ['shop'],
      assetSelection: ['x'],
      config: {},
      tags: {},
      title: null,
      description: null,
      fromFailure: false,
      parentBackfillId: null,
      rootBackfillId: null,
      targets: [{ asset: 'x', partitions: ['p1', 'p2'] }],
    });
    const [facts] = await storage.automationAssets(ask('x'));
    expect(facts).toMatchObject({ backfillInProgress: false, partitionsInBackfills: ['p1', 'p2'] });
  });

  test('reads updates in order, with the version before each, without what was wiped', async () => {
    const { storage } = harness();
    const made = (assetKey: string, dataVersion: string) =>
      anEvent(
        'ASSET_MATERIALIZATION',
        { metadata: {}, tags: {}, inputDataVersions: {}, dataVersion },
        { assetKey },
      );
    const seen = anEvent('ASSET_OBSERVATION', { metadata: {}, tags: {} }, { assetKey: 'x' });
    await storage.appendSystemEvents(null, [made('x', 'v1')]);
    const after = await storage.safeStorageId();
    await storage.appendSystemEvents(null, [made('x', 'v2'), made('y', 'w1'), seen, aMaterialization('x')]);
    await storage.wipeAsset('y', null);
    const through = await storage.safeStorageId();
    const query = { keys: ['x', 'y'], after, through, limit: 9 };
    expect(await storage.automationUpdates(query)).toMatchObject([
      { key: 'x', version: 'v2', previousVersion: 'v1', runId: null, partition: null },
      { key: 'x', version: null, previousVersion: 'v2' },
    ]);
    expect(await storage.automationUpdates({ ...query, limit: 1 })).toHaveLength(1);
    expect(await storage.automationUpdates({ ...query, through: after })).toEqual([]);
  });

  test('counts observations of what is observed here as updates, of nothing else', async () => {
    const { storage } = harness();
    const seen = (assetKey: string, partition?: string, dataVersion?: string) =>
      anEvent(
        'ASSET_OBSERVATION',
        { metadata: {}, tags: {}, ...(dataVersion === undefined ? {} : { dataVersion }) },
        { assetKey, ...(partition === undefined ? {} : { partition }) },
      );
    await storage.appendSystemEvents(null, [seen('x', 'p1', 'v1'), seen('x', 'wiped', 'v1'), seen('y')]);
    await storage.wipeAsset('x', ['wiped']);
    const after = await storage.safeStorageId();
    await storage.appendSystemEvents(null, [seen('x', 'p1', 'v2'), seen('x', 'p1'), seen('y')]);
    const through = await storage.safeStorageId();
    const query = { keys: ['x', 'y'], partitioned: ['x', 'y'], failures: [] };
    const updates = { keys: ['x', 'y'], after, through, limit: 9 };

    expect(await storage.automationUpdates({ ...updates, observable: ['x'] })).toMatchObject([
      { key: 'x', partition: 'p1', version: 'v2', previousVersion: 'v1' },
      { key: 'x', partition: 'p1', version: null, previousVersion: 'v2' },
    ]);
    expect(await storage.automationUpdates(updates)).toEqual([]);
    const [x, y] = await storage.automationAssets({ ...query, observable: ['x'] });
    expect(x).toMatchObject({ materialized: ['p1'], lastObservation: { partition: 'p1', runId: null } });
    expect(x?.lastMaterialization).toBeNull();
    expect(y).toMatchObject({ materialized: [], lastObservation: null });
    const [unasked] = await storage.automationAssets(query);
    expect(unasked).toMatchObject({ materialized: [], lastObservation: null });
  });

  test('says how the latest run of each partition of a job went', async () => {
    const { storage, worker } = harness();
    const run = (partitionKeys: readonly string[], jobName = 'report') =>
      aRun({ jobName, steps: [aStep({ key: 'make' })], partitionKeys });
    const first = run(['p1', 'p2']);
    const second = run(['p2']);
    const third = run(['p3']);
    await storage.createRuns([first]);
    const ref = await aStartedRun(storage, worker, first);
    await worker.finishRun(ref, { status: 'SUCCESS', failureReason: null, cause: null });
    await storage.createRuns([second, third, run(['p1'], 'other'), run([])]);
    await storage.cancelRun(third.runId, { force: true, cause: 'test' });
    const endedAt = (await storage.getRun(first.runId))?.endedAt;

    const report = { location: 'shop', jobName: 'report' };
    expect(await storage.automationJobPartitions([report])).toEqual([
      { ...report, partition: 'p1', status: 'SUCCESS', endedAt, lastSuccessAt: endedAt },
      { ...report, partition: 'p2', status: 'QUEUED', endedAt: null, lastSuccessAt: endedAt },
      {
        ...report,
        partition: 'p3',
        status: 'CANCELED',
        endedAt: expect.any(Number),
        lastSuccessAt: null,
      },
    ]);
    expect(await storage.automationJobPartitions([])).toEqual([]);
  });

  test('says what runs planned', async () => {
    const { storage } = harness();
    const run = aRun({ steps: making('x', 'y'), tags: { team: 'a' } });
    await storage.createRuns([run]);
    const [found] = await storage.automationRuns([run.runId]);
    expect(found).toMatchObject({ runId: run.runId, tags: { team: 'a' }, assets: ['x', 'y'] });
    expect(await storage.automationRuns([])).toEqual([]);
  });

  test('announces a change of freshness once', async () => {
    const { storage, worker } = harness();
    const run = aRun({ steps: making('x') });
    await storage.createRuns([run]);
    const ref = await aStartedRun(storage, worker, run);
    await worker.appendEvents(ref, 1, [aMaterialization('x')]);
    await worker.finishRun(ref, SUCCESS);
    const [before] = await storage.freshnessRecords(['x']);
    expect(before).toMatchObject({ key: 'x', state: 'UNKNOWN', changedAt: null });
    expect(before?.materializedAt).toEqual(expect.any(Number));

    const change = { key: 'x', state: 'PASS', previousState: 'UNKNOWN', at: 7 } as const;
    const first = await storage.safeStorageId();
    expect(await storage.recordFreshness([change])).toBe(1);
    expect(await storage.recordFreshness([change, { ...change, key: 'y' }])).toBe(1);
    expect(await storage.recordFreshness([])).toBe(0);
    expect(await storage.freshnessRecords(['x', 'never'])).toEqual(
      expect.arrayContaining([
        { ...before, state: 'PASS', changedAt: 7 },
        { key: 'never', materializedAt: null, state: 'UNKNOWN', changedAt: null },
      ]),
    );
    expect((await storage.safeStorageId()) - first).toBe(2);
  });
}
