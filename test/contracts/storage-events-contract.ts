import { aMaterialization, anEvent, aRun, aStartedRun, aStep, SUCCESS } from './storage-builders';
import type { StorageHarness } from './storage-contract';

/** The log, its followers, and what is computed from it. */
export function storageEventsContract(harness: () => StorageHarness): void {
  test('events are read back as written, in order, page by page and by type', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const error = { name: 'E', message: 'cut \ud83d here and \0 there', cause: { name: 'C', message: 'c' } };
    const written = [
      anEvent('STEP_START', {}, { stepKey: 'a', tryNumber: 1 }),
      anEvent(
        'LOG_MESSAGE',
        { fields: { z: 1, a: [1.5, null] } },
        { stepKey: 'a', level: 'WARNING', message: 'öß 🚀' },
      ),
      anEvent('STEP_FAILURE', { error }, { stepKey: 'a' }),
    ];
    await worker.appendEvents(ref, 1, written);

    const all = await storage.runEvents({ runId: ref.runId, limit: 100 });
    const own = all.slice(-3);

    expect(own[0]).toEqual({ ...written[0], storageId: expect.any(Number), runId: ref.runId, attempt: 1 });
    expect(own[1]).toMatchObject(written[1] ?? {});
    // What PostgreSQL cannot store is replaced, not refused: it came out of user code.
    expect(own[2]?.data).toEqual({ error: { ...error, message: 'cut \ufffd here and \ufffd there' } });
    expect(all.map(({ storageId }) => storageId)).toEqual(
      all.map(({ storageId }) => storageId).sort((a, b) => a - b),
    );
    const page = await storage.runEvents({ runId: ref.runId, after: own[0]?.storageId, limit: 1 });
    expect(page).toEqual([own[1]]);
    const failures = await storage.runEvents({
      runId: ref.runId,
      limit: 9,
      types: ['STEP_FAILURE', 'RUN_START'],
    });
    expect(failures.map(({ type }) => type)).toEqual(['RUN_START', 'STEP_FAILURE']);
  });

  test('metadata keeps the order in which the user gave it', async () => {
    const { storage } = harness();
    const metadata = Object.fromEntries(
      ['zebra', 'a', 'middle', 'b'].map((key) => [key, { kind: 'null' as const }]),
    );
    const event = anEvent(
      'ASSET_MATERIALIZATION',
      { metadata, tags: {}, inputDataVersions: {} },
      { assetKey: 'x' },
    );
    await storage.appendSystemEvents(null, [event]);

    const [stored] = await storage.assetEvents({ key: 'x', types: ['ASSET_MATERIALIZATION'], limit: 1 });

    expect(JSON.stringify(stored?.data)).toBe(JSON.stringify(event.data));
    const [record] = await storage.assetRecords();
    expect(JSON.stringify(record?.lastMaterialization?.data)).toBe(JSON.stringify(event.data));
  });

  test('system events are written once however often the call is repeated, and cannot end a run', async () => {
    const { storage } = harness();
    const run = aRun();
    await storage.createRuns([run]);
    const words = [
      anEvent('ENGINE_EVENT', {}, { message: 'launched' }),
      anEvent('ENGINE_EVENT', {}, { message: 'stopped' }),
    ];
    const report = [aMaterialization('raw/x', 'p1')];

    await storage.appendSystemEvents(run.runId, words);
    await storage.appendSystemEvents(run.runId, words);
    await storage.appendSystemEvents(null, report);
    await storage.appendSystemEvents(null, report);

    const types = (await storage.runEvents({ runId: run.runId, limit: 9 })).map(({ message }) => message);
    expect(types.slice(1)).toEqual(['launched', 'stopped']);
    expect(
      await storage.assetEvents({ key: 'raw/x', types: ['ASSET_MATERIALIZATION'], limit: 9 }),
    ).toMatchObject([{ runId: null, assetKey: 'raw/x', partition: 'p1' }]);
    await expect(storage.appendSystemEvents(run.runId, [anEvent('RUN_SUCCESS', {})])).rejects.toMatchObject({
      fault: 'permanent',
    });
  });

  test('run ends are followed from a cursor, by status, location and job', async () => {
    const { storage, worker } = harness();
    const refs = [];
    for (const jobName of ['a', 'b', 'a'])
      refs.push(await aStartedRun(storage, worker, aRun({ jobName, tags: { n: jobName } })));
    const [a, b, c] = refs;
    if (a === undefined || b === undefined || c === undefined) throw new Error('unreachable');
    await worker.finishRun(a, SUCCESS);
    await worker.finishRun(b, { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'step x failed' });
    await worker.finishRun(c, SUCCESS);
    const follow = (
      after: number,
      statuses: readonly ('SUCCESS' | 'FAILURE' | 'STARTED')[],
      jobName: string | null,
      limit = 10,
    ) => storage.runStatusChanges({ after, statuses, jobs: [{ location: 'shop', jobName }], limit });

    const all = await follow(0, ['SUCCESS', 'FAILURE'], null);

    expect(all.map(({ runId, status, cause }) => [runId, status, cause])).toEqual([
      [a.runId, 'SUCCESS', null],
      [b.runId, 'FAILURE', 'step x failed'],
      [c.runId, 'SUCCESS', null],
    ]);
    expect(all[0]).toMatchObject({
      location: 'shop',
      jobName: 'a',
      tags: { n: 'a' },
      timestamp: expect.any(Number),
    });
    expect(await follow(all[0]?.storageId ?? 0, ['SUCCESS'], 'a')).toEqual([all[2]]);
    expect(await follow(0, ['SUCCESS', 'FAILURE'], null, 2)).toEqual(all.slice(0, 2));
    expect(await follow(0, ['STARTED'], 'b')).toMatchObject([{ runId: b.runId, status: 'STARTED' }]);
    expect(await storage.runStatusChanges({ after: 0, statuses: ['SUCCESS'], jobs: [], limit: 5 })).toEqual(
      [],
    );
    expect(await storage.safeStorageId()).toBeGreaterThanOrEqual(
      all[2]?.storageId ?? Number.POSITIVE_INFINITY,
    );
  });

  test('materializations are followed from a cursor over several assets', async () => {
    const { storage } = harness();
    expect(await storage.safeStorageId()).toBe(0);
    await storage.appendSystemEvents(
      null,
      ['x', 'y', 'x', 'z'].map((key) => aMaterialization(key)),
    );

    const all = await storage.assetUpdates({ after: 0, keys: ['x', 'y', 'x'], limit: 10 });

    expect(all.map(({ assetKey }) => assetKey)).toEqual(['x', 'y', 'x']);
    expect(all[0]).toEqual({
      storageId: expect.any(Number),
      assetKey: 'x',
      runId: null,
      partition: null,
      timestamp: expect.any(Number),
      metadata: { rows: { kind: 'int', value: 3 } },
    });
    expect(await storage.assetUpdates({ after: all[0]?.storageId ?? 0, keys: ['x'], limit: 10 })).toEqual([
      all[2],
    ]);
    expect(await storage.assetUpdates({ after: 0, keys: [], limit: 10 })).toEqual([]);
  });

  test('the summary of steps tells status, times and every try over all attempts', async () => {
    const { storage, worker } = harness();
    const step = (key: string) => ({ stepKey: key });
    const run = aRun({ steps: ['a', 'b', 'c', 'd'].map((key) => aStep({ key })) });
    const ref = await aStartedRun(storage, worker, run);
    const error = { name: 'E', message: 'm' };
    const events = [
      anEvent('STEP_START', {}, step('a')),
      anEvent('STEP_START', {}, step('b')),
      anEvent('STEP_UP_FOR_RETRY', { error, secondsToWait: 1 }, step('a')),
      anEvent('STEP_RESTARTED', {}, step('a')),
      anEvent('STEP_SUCCESS', { seconds: 1 }, step('a')),
      anEvent('STEP_SKIPPED', { reason: 'r' }, step('c')),
      anEvent('STEP_START', {}, step('d')),
      anEvent('STEP_UP_FOR_RETRY', { error, secondsToWait: 1 }, step('d')),
    ];
    await worker.appendEvents(ref, 1, events);
    const at = events.map(({ timestamp }) => timestamp);

    const stats = await storage.stepStats(ref.runId);

    expect(stats).toEqual([
      {
        stepKey: 'a',
        status: 'SUCCESS',
        startedAt: at[0],
        endedAt: at[4],
        tries: [
          { startedAt: at[0], endedAt: at[2] },
          { startedAt: at[3], endedAt: at[4] },
        ],
      },
      {
        stepKey: 'b',
        status: 'IN_PROGRESS',
        startedAt: at[1],
        endedAt: null,
        tries: [{ startedAt: at[1], endedAt: null }],
      },
      { stepKey: 'c', status: 'SKIPPED', startedAt: null, endedAt: at[5], tries: [] },
      {
        stepKey: 'd',
        status: 'UP_FOR_RETRY',
        startedAt: at[6],
        endedAt: null,
        tries: [{ startedAt: at[6], endedAt: at[7] }],
      },
    ]);
    const { runId } = ref;
    expect(await storage.stepStatsOfRuns([runId, 'none'])).toEqual(stats.map((step) => ({ runId, ...step })));
  });
}
