import type { InstigatorId } from '../../lib/model/tick';
import type { ExpectedTicksChange } from '../../lib/ports/expected-tick-storage';
import type { StorageHarness } from './storage-contract';

const NIGHTLY = { location: 'shop', name: 'nightly' };
const HOURLY = { location: 'shop', name: 'hourly' };
const ID: InstigatorId = { ...NIGHTLY, kind: 'schedule' };
const NOTHING: ExpectedTicksChange = { withdrawn: [], expected: [], missed: [] };
const expected = (ticks: readonly number[], schedule = NIGHTLY) => ({
  ...schedule,
  cron: ['0 0 * * *'],
  timezone: 'UTC',
  through: Math.max(...ticks),
  refillAt: Math.min(...ticks),
  ticks,
});

/** The ledger of what schedules should have done. */
export function storageExpectedTicksContract(harness: () => StorageHarness): void {
  const evaluated = async (scheduledAt: number) => {
    const { storage } = harness();
    const tick = await storage.startTick(ID, scheduledAt, scheduledAt, 60);
    if (tick === undefined) throw new Error('the tick did not open');
    return () =>
      storage.finishTick(tick, {
        status: 'SKIPPED',
        runs: [],
        skipReason: null,
        cursor: null,
        error: null,
        dynamicPartitions: [],
        endedAt: scheduledAt,
      });
  };
  const listed = async (status: 'EXPECTED' | 'MISSED', query = {}) =>
    (await harness().storage.expectedTicks({ schedules: [NIGHTLY], status, limit: 9, ...query })).map(
      ({ scheduledAt }) => scheduledAt,
    );

  test('ticks are written ahead, and are overdue until they have been evaluated', async () => {
    const { storage } = harness();
    const entry = expected([1_000, 2_000, 3_000]);
    await storage.recordExpectedTicks({ ...NOTHING, expected: [entry] }, 500);
    await storage.recordExpectedTicks({ ...NOTHING, expected: [entry] }, 500);
    const { ticks: _ticks, ...known } = entry;
    expect(await storage.expectedSchedules()).toEqual([known]);
    expect(await storage.overdueTicks(999, 9)).toEqual([]);
    expect(await storage.overdueTicks(2_000, 1)).toEqual([
      { ...NIGHTLY, scheduledAt: 1_000, evaluatedThrough: null, openTickAt: null },
    ]);

    const finish = await evaluated(1_000);
    expect(await storage.overdueTicks(1_000, 9)).toEqual([
      { ...NIGHTLY, scheduledAt: 1_000, evaluatedThrough: null, openTickAt: 1_000 },
    ]);
    await finish();

    expect(await listed('EXPECTED')).toEqual([2_000, 3_000]);
    expect(await storage.overdueTicks(2_000, 9)).toEqual([
      { ...NIGHTLY, scheduledAt: 2_000, evaluatedThrough: 1_000, openTickAt: null },
    ]);
    // What has been evaluated is not expected again.
    await storage.recordExpectedTicks({ ...NOTHING, expected: [entry] }, 500);
    expect(await listed('EXPECTED')).toEqual([2_000, 3_000]);
    expect(await listed('EXPECTED', { cursor: 2_000 })).toEqual([3_000]);
  });

  test('a missed tick keeps its reason and owes one alert a schedule; one that was evaluated is not missed', async () => {
    const { storage } = harness();
    await storage.recordExpectedTicks(
      { ...NOTHING, expected: [expected([1_000, 2_000, 3_000]), expected([1_500], HOURLY)] },
      500,
    );
    await (await evaluated(2_000))();
    const missed = [
      ...[1_000, 2_000, 3_000].map((scheduledAt) => ({
        ...NIGHTLY,
        scheduledAt,
        reason: `why ${scheduledAt}`,
      })),
      { ...HOURLY, scheduledAt: 1_500, reason: 'why not' },
    ];

    expect(await storage.recordExpectedTicks({ ...NOTHING, missed }, 4_000)).toBe(3);
    expect(await storage.recordExpectedTicks({ ...NOTHING, missed }, 5_000)).toBe(0);

    expect(await storage.expectedTicks({ schedules: [NIGHTLY], status: 'MISSED', limit: 9 })).toEqual([
      { instigator: ID, scheduledAt: 3_000, status: 'MISSED', reason: 'why 3000', missedAt: 4_000 },
      { instigator: ID, scheduledAt: 1_000, status: 'MISSED', reason: 'why 1000', missedAt: 4_000 },
    ]);
    expect(await listed('MISSED', { cursor: 3_000 })).toEqual([1_000]);
    expect(await listed('MISSED', { schedules: [HOURLY, NIGHTLY], limit: 1 })).toEqual([1_500, 3_000]);
    expect(await storage.overdueTicks(9_000, 9)).toEqual([]);
    const alerts = (await storage.takeOutbox(9, 60)).filter(({ kind }) => kind === 'alert');
    expect(alerts).toHaveLength(2);
    // An evaluation that came after all has the last word.
    await (await evaluated(3_000))();
    expect(await listed('MISSED')).toEqual([1_000]);
  });

  test('turning a schedule off takes back what is not due, and leaves what is', async () => {
    const { storage } = harness();
    await storage.recordExpectedTicks(
      { ...NOTHING, expected: [expected([1_000, 2_000, 3_000]), expected([3_500], HOURLY)] },
      500,
    );
    await storage.setInstigatorStatus(ID, 'STOPPED', 2_000);
    expect(await listed('EXPECTED')).toEqual([1_000, 2_000]);
    expect((await storage.expectedSchedules()).map(({ name }) => name)).toEqual(['hourly']);
    await storage.recordExpectedTicks({ ...NOTHING, withdrawn: [{ ...HOURLY, after: 3_000 }] }, 2_500);
    expect(await storage.expectedSchedules()).toEqual([]);
    expect(await storage.expectedTicks({ schedules: [HOURLY], status: 'EXPECTED', limit: 9 })).toEqual([]);
  });

  test('missed ticks are removed when they are old, in batches', async () => {
    const { storage } = harness();
    const ticks = [1_000, 2_000, 3_000];
    await storage.recordExpectedTicks(
      {
        ...NOTHING,
        expected: [expected(ticks)],
        missed: ticks.map((scheduledAt) => ({ ...NIGHTLY, scheduledAt, reason: 'why' })),
      },
      4_000,
    );
    expect(await storage.purgeMissedTicks(4_000, 9)).toBe(0);
    expect(await storage.purgeMissedTicks(4_001, 2)).toBe(2);
    expect(await storage.purgeMissedTicks(4_001, 2)).toBe(1);
    expect(await listed('MISSED')).toEqual([]);
  });
}
