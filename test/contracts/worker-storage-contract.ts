import { StaleAttemptError } from '../../lib/ports/worker-storage';
import {
  aMaterialization,
  anEvent,
  aRun,
  aStartedRun,
  aStep,
  claimAll,
  launch,
  SUCCESS,
} from './storage-builders';
import type { StorageHarness } from './storage-contract';

const start = (stepKey: string, tryNumber = 1) => anEvent('STEP_START', {}, { stepKey, tryNumber });
const success = (stepKey: string) => anEvent('STEP_SUCCESS', { seconds: 1 }, { stepKey });
const skipped = (stepKey: string) => anEvent('STEP_SKIPPED', { reason: 'r' }, { stepKey });
const output = (stepKey: string, name: string, mappingKey?: string) =>
  anEvent('STEP_OUTPUT', mappingKey === undefined ? { output: name } : { output: name, mappingKey }, {
    stepKey,
  });

/** What every `WorkerStorage` must do. Each test opens a storage of its own. */
export function workerStorageContract(open: () => Promise<StorageHarness>): void {
  let current: StorageHarness | undefined;
  const harness = () => {
    if (current === undefined) throw new Error('no test is running');
    return current;
  };
  beforeEach(async () => {
    current = await open();
  });
  afterEach(async () => {
    await current?.close();
    current = undefined;
  });

  async function claimed(run = aRun()) {
    await harness().storage.createRuns([run]);
    await claimAll(harness().storage);
    return launch(harness().storage, run.runId);
  }

  test('the first worker starts the attempt and gets all that it needs; asking again gives the same', async () => {
    const { storage, worker } = harness();
    const run = aRun({
      tags: { a: 'b' },
      config: { c: 1 },
      steps: [aStep({ key: 's' })],
      partitionKeys: ['p'],
    });
    const ref = await claimed(run);

    const assignment = await worker.startRun(ref);

    expect(assignment).toEqual({
      runId: run.runId,
      location: run.location,
      jobName: run.jobName,
      bundleHash: run.bundleHash,
      config: run.config,
      tags: run.tags,
      plan: run.plan,
      lastSeq: 0,
      completedSteps: [],
      triesByStep: {},
      inputDataVersions: {},
    });
    expect(await worker.startRun(ref)).toEqual(assignment);
    expect(await storage.getRun(run.runId)).toMatchObject({
      status: 'STARTED',
      startedAt: expect.any(Number),
    });
    const started = await storage.runEvents({ runId: run.runId, limit: 9, types: ['RUN_START'] });
    expect(started.map(({ data }) => data)).toEqual([{ workerId: ref.workerId }]);
  });

  test('of two workers for one attempt one starts, whichever token it was given', async () => {
    const { storage, worker } = harness();
    const first = await claimed();
    const second = await launch(storage, first.runId);

    const results = await Promise.allSettled([worker.startRun(first), worker.startRun(second)]);

    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [winner, loser] = results[0]?.status === 'fulfilled' ? [first, second] : [second, first];
    expect(await worker.heartbeat(winner)).toBe('continue');
    await expect(worker.startRun(loser)).rejects.toThrow(StaleAttemptError);
    await expect(worker.heartbeat(loser)).rejects.toThrow(StaleAttemptError);
    // Not even with the winner's name.
    await expect(worker.heartbeat({ ...loser, workerId: winner.workerId })).rejects.toThrow(
      StaleAttemptError,
    );
  });

  test('every call of a stranger, a wrong attempt or a wrong token is refused and changes nothing', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const before = await storage.runEvents({ runId: ref.runId, limit: 100 });
    const other = await aStartedRun(storage, worker);
    const strangers = [
      { ...ref, token: 'f'.repeat(64) },
      { ...ref, token: '' },
      { ...ref, token: other.token },
      { ...ref, workerId: 'another' },
      { ...ref, attempt: 2 },
      { ...ref, attempt: 0 },
      { ...ref, runId: other.runId },
      { ...ref, runId: 'no-uuid' },
      { ...ref, runId: '00000000-0000-4000-8000-000000000000' },
    ];

    for (const stranger of strangers) {
      const calls = [
        worker.startRun(stranger),
        worker.heartbeat(stranger),
        worker.appendEvents(stranger, 1, [start('a')]),
        worker.finishRun(stranger, SUCCESS),
        worker.claimPoolSlot(stranger, 'pool', 'a'),
        worker.releasePoolSlot(stranger, 'pool', 'a'),
        worker.dynamicPartitionKeys(stranger, 'customers'),
        worker.materializations(stranger, { asset: 'x', partition: null, limit: 1 }),
      ];
      for (const result of await Promise.allSettled(calls)) {
        expect(result).toMatchObject({ status: 'rejected', reason: expect.any(StaleAttemptError) });
      }
    }

    expect(await storage.runEvents({ runId: ref.runId, limit: 100 })).toEqual(before);
    expect((await storage.getRun(ref.runId))?.status).toBe('STARTED');
    expect(await storage.poolStates()).toEqual([]);
  });

  test('an attempt that is being canceled before it started does not start', async () => {
    const { storage, worker } = harness();
    const ref = await claimed();
    await storage.cancelRun(ref.runId, { force: false, cause: 'x' });

    await expect(worker.startRun(ref)).rejects.toThrow(StaleAttemptError);
  });

  test('a repeated batch is accepted once, one joined with newer events for its new part, a gap is a conflict', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const events = ['a', 'b', 'c', 'd', 'e'].map((key) => start(key));

    await worker.appendEvents(ref, 1, events.slice(0, 2));
    await worker.appendEvents(ref, 1, events.slice(0, 2));
    await worker.appendEvents(ref, 2, events.slice(1, 4));
    await worker.appendEvents(ref, 1, events.slice(0, 1));
    await worker.appendEvents(ref, 5, []);
    const gap = worker.appendEvents(ref, 6, events.slice(4));

    await expect(gap).rejects.toMatchObject({ fault: 'conflict' });
    await expect(gap).rejects.not.toBeInstanceOf(StaleAttemptError);
    await expect(worker.appendEvents(ref, 0, events)).rejects.toMatchObject({ fault: 'permanent' });
    const stored = await storage.runEvents({ runId: ref.runId, limit: 100, types: ['STEP_START'] });
    expect(stored.map(({ stepKey }) => stepKey)).toEqual(['a', 'b', 'c', 'd']);
    expect((await worker.startRun(ref)).lastSeq).toBe(4);
  });

  test('the same batch sent many times at once is stored once', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);

    await Promise.all(Array.from({ length: 8 }, () => worker.appendEvents(ref, 1, [start('a'), start('b')])));

    expect(await storage.runEvents({ runId: ref.runId, limit: 9, types: ['STEP_START'] })).toHaveLength(2);
  });

  test('a batch with a bad event is refused as a whole', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const bad = { ...start('b'), timestamp: 'noon' as unknown as number };

    await expect(worker.appendEvents(ref, 1, [start('a'), bad])).rejects.toMatchObject({
      fault: 'permanent',
    });
    await expect(worker.appendEvents(ref, 1, [start('a'), anEvent('RUN_SUCCESS', {})])).rejects.toMatchObject(
      {
        fault: 'permanent',
      },
    );

    expect((await worker.startRun(ref)).lastSeq).toBe(0);
    expect(
      await storage.runEvents({ runId: ref.runId, limit: 9, types: ['STEP_START', 'RUN_SUCCESS'] }),
    ).toEqual([]);
  });

  test('a run is finished once; its worker may say so again, but nothing else', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const failure = { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'a \0 failed' } as const;

    await worker.finishRun(ref, failure);
    await worker.finishRun(ref, failure);

    await expect(worker.finishRun(ref, SUCCESS)).rejects.toThrow(StaleAttemptError);
    await expect(worker.appendEvents(ref, 1, [start('a')])).rejects.toThrow(StaleAttemptError);
    await expect(worker.startRun(ref)).rejects.toThrow(StaleAttemptError);
    expect(await storage.getRun(ref.runId)).toMatchObject({
      status: 'FAILURE',
      cause: 'a \ufffd failed',
      endedAt: expect.any(Number),
      tags: { 'dagster/failure_reason': 'STEP_FAILURE' },
    });
    const ends = await storage.runEvents({
      runId: ref.runId,
      limit: 99,
      types: ['RUN_FAILURE', 'RUN_SUCCESS'],
    });
    expect(ends).toHaveLength(1);
    const kinds = (await storage.takeOutbox(9, 60)).map(({ kind }) => kind);
    expect(kinds.at(-1)).toBe('dequeue');
  });

  test('a second attempt knows what the first one finished, with mapping keys, tries and data versions', async () => {
    const { storage, worker } = harness();
    const source = { kind: 'asset', stepKey: null } as const;
    const steps = [
      aStep({
        key: 'fan',
        inputs: [
          {
            name: 'u',
            sources: [
              { ...source, asset: 'up' },
              { ...source, asset: 'own' },
            ],
          },
        ],
      }),
      aStep({ key: 'each[?]', dependsOn: ['fan'], mappedOver: { stepKey: 'fan', output: 'parts' } }),
      aStep({ key: 'fails', assets: ['own'], upstreamAssets: ['ordered', 'own', 'unknown'] }),
      aStep({ key: 'after', dependsOn: ['fails'] }),
      aStep({ key: 'choice' }),
      aStep({ key: 'unchosen', dependsOn: ['choice'] }),
    ];
    await storage.appendSystemEvents(null, [
      aMaterialization('up', undefined, 'v7'),
      aMaterialization('own', undefined, 'v1'),
      aMaterialization('ordered', undefined, 'v3'),
    ]);
    const ref = await aStartedRun(storage, worker, aRun({ steps }));
    await worker.appendEvents(ref, 1, [
      start('fan'),
      output('fan', 'parts', 'x'),
      output('fan', 'parts', 'y'),
      output('fan', 'rest'),
      success('fan'),
      start('each[x]'),
      success('each[x]'),
      start('each[y]'),
      start('fails', 1),
      anEvent('STEP_RESTARTED', {}, { stepKey: 'fails', tryNumber: 2 }),
      anEvent('STEP_FAILURE', { error: { name: 'E', message: 'm' } }, { stepKey: 'fails' }),
      skipped('after'),
      start('choice'),
      success('choice'),
      skipped('unchosen'),
    ]);
    await storage.finalizeAttempt(ref.runId, 1, { kind: 'resume', cause: 'the worker was lost' });
    await claimAll(storage);

    const assignment = await worker.startRun(await launch(storage, ref.runId, 2));

    const completed = [...assignment.completedSteps].sort((a, b) => a.stepKey.localeCompare(b.stepKey));
    expect(completed).toEqual([
      { stepKey: 'choice', status: 'SUCCESS', mappingKeys: {}, outputs: [] },
      { stepKey: 'each[x]', status: 'SUCCESS', mappingKeys: {}, outputs: [] },
      { stepKey: 'fan', status: 'SUCCESS', mappingKeys: { parts: ['x', 'y'] }, outputs: ['parts', 'rest'] },
      { stepKey: 'unchosen', status: 'SKIPPED', mappingKeys: {}, outputs: [] },
    ]);
    expect(assignment.triesByStep).toEqual({ fan: 1, 'each[x]': 1, 'each[y]': 1, fails: 2, choice: 1 });
    expect(assignment.inputDataVersions).toEqual({ up: 'v7', ordered: 'v3' });
    expect(assignment.lastSeq).toBe(0);
  });

  test('a run that resumes from failure knows what its parents finished; another re-execution does not', async () => {
    const { storage, worker } = harness();
    const steps = ['a', 'b', 'c'].map((key) => aStep({ key }));
    const grandparent = aRun({ steps });
    const resume = { 'dagster/is_resume_retry': 'true' };
    const parent = aRun({ steps, parentRunId: grandparent.runId, tags: resume });
    for (const [run, step] of [
      [grandparent, 'a'],
      [parent, 'b'],
    ] as const) {
      const ref = await aStartedRun(storage, worker, run);
      await worker.appendEvents(ref, 1, [start(step), success(step)]);
      await worker.finishRun(ref, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'c failed' });
    }
    const completedBy = async (tags: Record<string, string>) => {
      const ref = await claimed(aRun({ steps, parentRunId: parent.runId, tags }));
      return (await worker.startRun(ref)).completedSteps.map(({ stepKey }) => stepKey).sort();
    };

    expect(await completedBy(resume)).toEqual(['a', 'b']);
    expect(await completedBy({})).toEqual([]);
  });

  test('pool slots can be taken away from one step, or from a run', async () => {
    const { storage, worker } = harness();
    const [ref, other] = [await aStartedRun(storage, worker), await aStartedRun(storage, worker)];
    for (const step of ['s1', 's2']) await worker.claimPoolSlot(ref, 'freed', step);
    await worker.claimPoolSlot(other, 'freed', 's1');
    const holders = async () => {
      const pool = (await storage.poolStates()).find((each) => each.pool === 'freed');
      return pool?.holders.map(({ runId, stepKey }) => (runId === ref.runId ? stepKey : 'other')).sort();
    };

    await storage.freePoolSlots(ref.runId, 's1');
    expect(await holders()).toEqual(['other', 's2']);
    await storage.freePoolSlots(ref.runId, null);
    await storage.freePoolSlots('no run', null);
    expect(await holders()).toEqual(['other']);
  });

  test('pool slots are never more than the limit, reach it, and end with the run or the attempt', async () => {
    const { storage, worker } = harness();
    await storage.setPoolLimit('db', 3);
    const refs = [];
    for (let i = 0; i < 4; i += 1) refs.push(await aStartedRun(storage, worker));
    const [a, b, c, d] = refs;
    if (a === undefined || b === undefined || c === undefined || d === undefined)
      throw new Error('unreachable');

    const race = await Promise.all(
      [a, b, c, d].flatMap((ref) => ['s1', 's2'].map((step) => worker.claimPoolSlot(ref, 'db', step))),
    );
    const held = race.filter((claim) => claim.held);
    expect(held).toHaveLength(3);
    const [state] = await storage.poolStates();
    expect(state).toMatchObject({ pool: 'db', limit: 3 });
    const steps = [a, b, c, d].flatMap(({ runId }) => [`${runId} s1`, `${runId} s2`]);
    const named = [...(state?.holders ?? []), ...(state?.waiters ?? [])];
    expect(state?.waiters).toHaveLength(5);
    expect(state?.waiters.map(({ priority }) => priority)).toEqual([0, 0, 0, 0, 0]);
    expect(named.map(({ runId, stepKey }) => `${runId} ${stepKey}`).sort()).toEqual(steps.sort());
    const waiting = race.find((claim) => !claim.held);
    expect(waiting).toMatchObject({
      limit: 3,
      holders: expect.arrayContaining([expect.stringContaining(':s')]),
    });

    const holder = refs.find(({ runId }) => runId === state?.holders[0]?.runId) ?? a;
    const freed = state?.holders.filter(({ runId }) => runId === holder.runId).length ?? 0;
    expect(await worker.claimPoolSlot(holder, 'db', state?.holders[0]?.stepKey ?? '')).toEqual({
      held: true,
    });
    await storage.finalizeAttempt(holder.runId, 1, { kind: 'resume', cause: 'the worker was lost' });
    expect((await storage.poolStates())[0]?.holders).toHaveLength(3 - freed);

    // Who asks first has no claim against those who wait already, while they still ask.
    const survivor = refs.find(({ runId }) => runId !== holder.runId) ?? b;
    expect((await worker.claimPoolSlot(survivor, 'db', 'late', -1)).held).toBe(false);
    for (let i = 0; i < freed; i += 1) {
      expect(await worker.claimPoolSlot(survivor, 'db', `more${i}`, 9)).toEqual({ held: true });
    }
    expect((await worker.claimPoolSlot(survivor, 'db', 'too many')).held).toBe(false);
    await worker.releasePoolSlot(survivor, 'db', 'more0');
    await worker.releasePoolSlot(survivor, 'db', 'more0');
    expect((await worker.claimPoolSlot(survivor, 'db', 'fits', 9)).held).toBe(true);
    await storage.setPoolLimit('db', null);
    expect((await worker.claimPoolSlot(survivor, 'db', 'any')).held).toBe(true);
  });

  test('past materializations are those of assets that the run checks, newest first and without what was wiped', async () => {
    const { storage, worker } = harness();
    await storage.appendSystemEvents(null, [
      aMaterialization('x', 'wiped'),
      aMaterialization('x', 'p1', 'v1'),
      aMaterialization('other'),
      aMaterialization('x', 'p2'),
    ]);
    await storage.wipeAsset('x', ['wiped']);
    const steps = [aStep({ key: 'look', checks: [{ asset: 'x', name: 'ok' }] })];
    const ref = await aStartedRun(storage, worker, aRun({ steps }));
    const own = anEvent(
      'ASSET_MATERIALIZATION',
      { metadata: {}, tags: {}, inputDataVersions: {}, ...{ overflow: 'overflow/1.json' } },
      { assetKey: 'x', partition: 'p1', stepKey: 'look' },
    );
    await worker.appendEvents(ref, 1, [own]);
    const asked = (partition: string | null, limit: number) =>
      worker.materializations(ref, { asset: 'x', partition, limit });

    expect(await asked(null, 10)).toEqual([
      {
        timestamp: own.timestamp,
        runId: ref.runId,
        partition: 'p1',
        dataVersion: null,
        metadata: {},
        overflow: 'overflow/1.json',
      },
      expect.objectContaining({ runId: null, partition: 'p2', overflow: null }),
      expect.objectContaining({ dataVersion: 'v1', metadata: { rows: { kind: 'int', value: 3 } } }),
    ]);
    expect((await asked('p2', 10)).map(({ partition }) => partition)).toEqual(['p2']);
    await storage.appendSystemEvents(null, [
      anEvent('ASSET_OBSERVATION', { metadata: {}, tags: {}, dataVersion: 'seen' }, { assetKey: 'x' }),
    ]);
    expect(
      await worker.materializations(ref, {
        asset: 'x',
        partition: null,
        limit: 10,
        type: 'ASSET_OBSERVATION',
      }),
    ).toMatchObject([{ dataVersion: 'seen', partition: null }]);
    expect(await asked(null, 1)).toHaveLength(1);
    await expect(
      worker.materializations(ref, { asset: 'other', partition: null, limit: 1 }),
    ).rejects.toMatchObject({
      fault: 'permanent',
      message: expect.stringContaining('checks nothing of other'),
    });
  });

  test("dynamic partitions are those of the run's own location", async () => {
    const { storage, worker } = harness();
    await storage.changeDynamicPartitions('shop', 'add', 'customers', ['b', 'a']);
    await storage.changeDynamicPartitions('bank', 'add', 'customers', ['z']);
    const ref = await aStartedRun(storage, worker);

    expect(await worker.dynamicPartitionKeys(ref, 'customers')).toEqual(['b', 'a']);
    expect(await worker.dynamicPartitionKeys(ref, 'none')).toEqual([]);
  });
}
