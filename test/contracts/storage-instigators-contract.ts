import type { InstigatorId, Tick } from '../../lib/model/tick';
import type { TickOutcome } from '../../lib/ports/instigator-storage';
import { aRun } from './storage-builders';
import type { StorageHarness } from './storage-contract';

const SENSOR: InstigatorId = { location: 'shop', kind: 'sensor', name: 'watch' };
const SCHEDULE: InstigatorId = { location: 'shop', kind: 'schedule', name: 'nightly' };
const LEASE = 60;

function anOutcome(over: Partial<TickOutcome> = {}): TickOutcome {
  return {
    status: 'SUCCESS',
    runs: [],
    skipReason: null,
    cursor: null,
    error: null,
    dynamicPartitions: [],
    endedAt: 5_000,
    ...over,
  };
}

const keyed = (runKey: string | null) => aRun({ origin: { kind: 'sensor', name: SENSOR.name, runKey } });

/** States and ticks. */
export function storageInstigatorsContract(harness: () => StorageHarness): void {
  async function opened(id: InstigatorId, scheduledAt: number, now = scheduledAt): Promise<Tick> {
    const tick = await harness().storage.startTick(id, scheduledAt, now, LEASE);
    if (tick === undefined) throw new Error(`tick ${scheduledAt} did not open`);
    return tick;
  }

  test('turning on twice keeps the first instant; off and on, or back to the default, begins anew', async () => {
    const { storage } = harness();
    expect(await storage.instigatorStates()).toEqual([]);

    await storage.setInstigatorStatus(SCHEDULE, 'RUNNING', 100);
    expect(await storage.setInstigatorStatus(SCHEDULE, 'RUNNING', 200)).toMatchObject({
      status: 'RUNNING',
      startedAt: 100,
    });
    expect(await storage.setInstigatorStatus(SCHEDULE, 'DECLARED_IN_CODE', 250)).toMatchObject({
      startedAt: 100,
    });
    expect(await storage.setInstigatorStatus(SCHEDULE, 'STOPPED', 300)).toMatchObject({
      status: 'STOPPED',
      stoppedAt: 300,
    });
    expect(await storage.setInstigatorStatus(SCHEDULE, 'RUNNING', 400)).toMatchObject({ startedAt: 400 });
    await storage.setSensorCursor(SENSOR, 'c1');
    await storage.setSensorCursor(SENSOR, null);
    await storage.passOver(SCHEDULE, 900);
    await storage.passOver(SCHEDULE, 800);

    expect(await storage.instigatorStates()).toEqual([
      {
        instigator: SCHEDULE,
        status: 'RUNNING',
        startedAt: 400,
        stoppedAt: null,
        stopReason: null,
        cursor: null,
        evaluatedThrough: 900,
        lastTickStartedAt: null,
        lastRunKey: null,
      },
      {
        instigator: SENSOR,
        status: 'DECLARED_IN_CODE',
        startedAt: null,
        stoppedAt: null,
        stopReason: null,
        cursor: null,
        evaluatedThrough: null,
        lastTickStartedAt: null,
        lastRunKey: null,
      },
    ]);
  });

  test('a tick is open for one evaluation, again when its lease ran out, and never once it has ended', async () => {
    const { storage } = harness();
    const first = await opened(SCHEDULE, 1_000, 1_010);

    expect(await storage.startTick(SCHEDULE, 1_000, 2_000, LEASE)).toBeUndefined();
    const again = await storage.startTick(SCHEDULE, 1_000, 61_010, LEASE);
    expect(again).toEqual({ ...first, startedAt: 61_010 });
    expect(again).toMatchObject({
      instigator: SCHEDULE,
      status: 'STARTED',
      scheduledAt: 1_000,
      endedAt: null,
      failureCount: 0,
    });
    await storage.finishTick(first, anOutcome({ status: 'SKIPPED', skipReason: 'nothing new' }));

    expect(await storage.startTick(SCHEDULE, 1_000, 999_999, LEASE)).toBeUndefined();
    expect(await storage.startTick(SCHEDULE, 2_000, 61_020, LEASE)).toBeDefined();
    expect((await storage.instigatorStates())[0]).toMatchObject({
      evaluatedThrough: 1_000,
      lastTickStartedAt: 61_020,
    });
  });

  test('of many evaluations of one tick one opens it', async () => {
    const { storage } = harness();

    const opened = await Promise.all(
      Array.from({ length: 12 }, () => storage.startTick(SENSOR, 1_000, 1_000, LEASE)),
    );

    expect(opened.filter((tick) => tick !== undefined)).toHaveLength(1);
  });

  test('a tick that is due by an older state than is stored is not opened', async () => {
    const { storage } = harness();
    const end = async (tick: Tick | undefined) =>
      tick && storage.finishTick(tick, anOutcome({ status: 'SKIPPED', skipReason: 'nothing new' }));

    const first = await storage.startTick(SENSOR, 1_000, 1_010, LEASE, null);
    await end(first);
    expect(await storage.startTick(SENSOR, 2_000, 2_000, LEASE, null)).toBeUndefined();
    const next = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        storage.startTick(SENSOR, 3_000 + index, 4_000, LEASE, 1_010).then(async (tick) => {
          await end(tick);
          return tick;
        }),
      ),
    );

    expect(first).toBeDefined();
    expect(next.filter((tick) => tick !== undefined)).toHaveLength(1);
  });

  test('while a tick is being evaluated, no other one of the same schedule or sensor is', async () => {
    const { storage } = harness();
    const first = await opened(SENSOR, 1_000);

    expect(await storage.startTick(SENSOR, 2_000, 2_000, LEASE)).toBeUndefined();
    expect(await storage.startTick(SCHEDULE, 2_000, 2_000, LEASE)).toBeDefined();
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, index) => storage.startTick(SENSOR, 70_000 + index, 70_000, LEASE)),
    );

    expect(many.filter((tick) => tick !== undefined)).toHaveLength(1);
    expect(await storage.openTicks({ startedBefore: 70_000, limit: 10 })).toMatchObject([
      { tickId: first.tickId, status: 'STARTED' },
      { instigator: SCHEDULE },
    ]);
    expect(await storage.openTicks({ startedBefore: 2_000, limit: 10 })).toEqual([first]);
    await storage.finishTick(first, anOutcome());
    expect(await storage.openTicks({ startedBefore: 2_000, limit: 10 })).toEqual([]);
  });

  test('ticks past their retention are found by kind, status and age, and removed', async () => {
    const { storage } = harness();
    for (const [id, at, status] of [
      [SENSOR, 1_000, 'SKIPPED'],
      [SENSOR, 2_000, 'SUCCESS'],
      [SCHEDULE, 3_000, 'SKIPPED'],
      [SENSOR, 9_000, 'SKIPPED'],
    ] as const)
      await storage.finishTick(await opened(id, at), anOutcome({ status, cursor: 'c' }));
    const expired = (rules: Parameters<typeof storage.expiredTicks>[0]) => storage.expiredTicks(rules, 10);
    const skipped = { kind: 'sensor', status: 'SKIPPED', startedBefore: 5_000 } as const;

    expect(await expired([])).toEqual([]);
    expect((await expired([skipped])).map(({ scheduledAt }) => scheduledAt)).toEqual([1_000]);
    const both = await expired([skipped, { kind: 'schedule', status: 'SKIPPED', startedBefore: 5_000 }]);
    expect(both.map(({ scheduledAt }) => scheduledAt)).toEqual([1_000, 3_000]);
    await storage.deleteTicks(both.map(({ tickId }) => tickId));

    expect(await expired([skipped])).toEqual([]);
    expect((await storage.listTicks({ instigator: SENSOR, limit: 9 })).map((t) => t.scheduledAt)).toEqual([
      9_000, 2_000,
    ]);
    expect((await storage.instigatorStates())[0]).toMatchObject({ evaluatedThrough: 3_000, cursor: 'c' });
  });

  test('the end of a tick creates its runs, moves the cursor and changes partitions, once', async () => {
    const { storage } = harness();
    await storage.changeDynamicPartitions('shop', 'add', 'customers', ['old', 'kept']);
    const tick = await opened(SENSOR, 1_000);
    const runs = [keyed('k1'), keyed('k2'), keyed(null)];
    const outcome = anOutcome({
      runs,
      cursor: 'c1',
      dynamicPartitions: [
        { kind: 'add', name: 'customers', keys: ['new', 'kept'] },
        { kind: 'delete', name: 'customers', keys: ['old'] },
      ],
    });

    const ended = await storage.finishTick(tick, outcome);
    const repeated = await storage.finishTick(tick, outcome);
    const other = await storage.finishTick(
      tick,
      anOutcome({ status: 'FAILURE', runs: [keyed('k9')], cursor: 'c9' }),
    );

    expect(ended).toEqual({
      ...tick,
      status: 'SUCCESS',
      endedAt: 5_000,
      runIds: runs.map(({ runId }) => runId),
      skippedRunKeys: [],
      cursor: 'c1',
    });
    expect(repeated).toEqual(ended);
    expect(other).toEqual(ended);
    expect(await storage.countRuns({})).toBe(3);
    expect(await storage.dynamicPartitionKeys('shop', 'customers')).toEqual(['kept', 'new']);
    expect((await storage.instigatorStates())[0]).toMatchObject({
      cursor: 'c1',
      evaluatedThrough: 1_000,
      lastRunKey: 'k2',
    });
    expect((await storage.takeOutbox(10, 60)).map(({ kind }) => kind)).toEqual(['dequeue']);
  });

  test('a run key that had its run is recorded as skipped, also twice within one tick', async () => {
    const { storage } = harness();
    await storage.finishTick(await opened(SENSOR, 1_000), anOutcome({ runs: [keyed('k1')] }));
    const fresh = keyed('k2');

    const ended = await storage.finishTick(
      await opened(SENSOR, 2_000),
      anOutcome({ runs: [keyed('k1'), fresh, keyed('k2')] }),
    );

    expect(ended).toMatchObject({ runIds: [fresh.runId], skippedRunKeys: ['k1', 'k2'] });
  });

  test('a failed tick keeps the cursor, and failures in a row are counted', async () => {
    const { storage } = harness();
    const error = { name: 'E', message: 'm' };
    const finish = async (at: number, outcome: Partial<TickOutcome>) =>
      storage.finishTick(await opened(SENSOR, at), anOutcome(outcome));

    await finish(1_000, { cursor: 'c1' });
    expect(await finish(2_000, { status: 'FAILURE', error })).toMatchObject({
      error,
      failureCount: 1,
      cursor: null,
    });
    expect(await finish(3_000, { status: 'FAILURE', error })).toMatchObject({ failureCount: 2 });
    expect(await finish(4_000, { status: 'SKIPPED' })).toMatchObject({ failureCount: 0, error: null });

    expect((await storage.instigatorStates())[0]).toMatchObject({ cursor: 'c1', evaluatedThrough: 4_000 });
  });

  test('a tick whose runs cannot be created ends nothing: no run, no cursor, still open', async () => {
    const { storage } = harness();
    const tick = await opened(SENSOR, 1_000);
    const bad = { ...keyed('k2'), runId: 'no-uuid' };

    await expect(
      storage.finishTick(
        tick,
        anOutcome({
          runs: [keyed('k1'), bad],
          cursor: 'c1',
          dynamicPartitions: [{ kind: 'add', name: 'd', keys: ['x'] }],
        }),
      ),
    ).rejects.toMatchObject({ fault: 'permanent' });

    expect(await storage.countRuns({})).toBe(0);
    expect(await storage.dynamicPartitionKeys('shop', 'd')).toEqual([]);
    expect((await storage.listTicks({ instigator: SENSOR, limit: 9 }))[0]?.status).toBe('STARTED');
    expect((await storage.instigatorStates())[0]?.cursor).toBeNull();
  });

  test('ticks are listed newest first, by status, page by page', async () => {
    const { storage } = harness();
    for (let at = 1; at <= 6; at += 1) {
      await storage.finishTick(
        await opened(SENSOR, at * 1_000),
        anOutcome({ status: at % 2 === 0 ? 'SKIPPED' : 'SUCCESS' }),
      );
    }
    await opened(SCHEDULE, 1_000);

    const all = await storage.listTicks({ instigator: SENSOR, limit: 10 });

    expect(all.map(({ scheduledAt }) => scheduledAt / 1_000)).toEqual([6, 5, 4, 3, 2, 1]);
    expect(await storage.listTicks({ instigator: SENSOR, statuses: ['SKIPPED'], limit: 2 })).toEqual([
      all[0],
      all[2],
    ]);
    const within = { instigator: SENSOR, scheduledAfter: 2_000, scheduledBefore: 6_000 };
    const times = (ticks: readonly Tick[]) => ticks.map(({ scheduledAt }) => scheduledAt / 1_000);
    expect(times(await storage.listTicks({ ...within, limit: 2 }))).toEqual([5, 4]);
    expect(times(await storage.listTicks({ ...within, limit: 9 }))).toEqual([5, 4, 3]);
    expect(await storage.listTicks({ instigator: SENSOR, before: all[3]?.tickId ?? 0, limit: 2 })).toEqual(
      all.slice(4),
    );
  });

  test('the latest ticks of every schedule and sensor come in one call', async () => {
    const { storage } = harness();
    expect(await storage.latestTicks(2)).toEqual([]);
    for (let at = 1; at <= 3; at += 1)
      await storage.finishTick(await opened(SENSOR, at * 1_000), anOutcome());
    await opened(SCHEDULE, 1_000);
    await opened({ ...SCHEDULE, location: 'another' }, 2_000);

    const ticks = await storage.latestTicks(2);

    expect(
      ticks.map(({ instigator, scheduledAt }) => [instigator.location, instigator.name, scheduledAt]),
    ).toEqual([
      ['another', 'nightly', 2_000],
      ['shop', 'nightly', 1_000],
      ['shop', 'watch', 3_000],
      ['shop', 'watch', 2_000],
    ]);
    expect(ticks.slice(2)).toEqual(await storage.listTicks({ instigator: SENSOR, limit: 2 }));
  });

  test('one failure too many turns it off with a reason and owes one alert; turned on, it counts anew', async () => {
    const { storage } = harness();
    const error = { name: 'Error', message: 'no answer' };
    const fail = async (at: number) =>
      storage.finishTick(await opened(SENSOR, at), anOutcome({ status: 'FAILURE', error, endedAt: at }));
    const first = await fail(1_000);
    const second = await fail(2_000);
    expect([first.failureCount, second.failureCount]).toEqual([1, 2]);

    const paused = await storage.pauseInstigator(second, 'twice', 2_500);
    expect(paused).toMatchObject({ status: 'STOPPED', stoppedAt: 2_500, stopReason: 'twice' });
    expect(await storage.pauseInstigator(second, 'twice', 2_600)).toBeUndefined();
    const alerts = (await storage.takeOutbox(9, 60)).flatMap(({ alert }) => alert ?? []);
    expect(alerts).toEqual([
      { type: 'tick_failed', at: 1_000, ...SENSOR, scheduledAt: 1_000, failureCount: 1, error: 'no answer' },
      { type: 'sensor_paused', at: 2_500, ...SENSOR, reason: 'twice' },
    ]);

    expect(await storage.setInstigatorStatus(SENSOR, 'RUNNING', 3_000)).toMatchObject({
      status: 'RUNNING',
      startedAt: 3_000,
      stoppedAt: null,
      stopReason: null,
    });
    // What failed before it was turned on does not turn it off.
    expect(await storage.pauseInstigator(second, 'late', 3_100)).toBeUndefined();
    expect((await fail(4_000)).failureCount).toBe(1);
  });

  test('an alert is owed once until it is settled, and is delivered with its contents', async () => {
    const { storage } = harness();
    expect((await storage.upkeepDueAt()).alertAt).toBeNull();
    const alert = { type: 'queue_stuck', at: 1_000, seconds: 600 } as const;
    expect(await storage.raiseAlert('queue', alert)).toBe(true);
    expect(await storage.raiseAlert('queue', alert)).toBe(false);
    expect((await storage.upkeepDueAt()).alertAt).not.toBeNull();
    const taken = await storage.takeOutbox(9, 60);
    expect(taken).toMatchObject([{ kind: 'alert', runId: null, attempt: null, alert }]);
    await storage.completeOutbox(taken.map(({ id }) => id));
    expect((await storage.upkeepDueAt()).alertAt).toBeNull();
    await storage.settleAlert('queue');
    expect(await storage.raiseAlert('queue', alert)).toBe(true);
  });
}
