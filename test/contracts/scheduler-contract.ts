import type { Scheduler } from '../../lib/ports/scheduler';

export interface SchedulerHarness {
  readonly scheduler: Scheduler;
  now(): number;
  /** Instants at which the engine was woken; it then set no alarm. */
  readonly wakeUps: readonly number[];
  advance(ms: number): Promise<void>;
  close(): Promise<void>;
}

const MINUTE = 60_000;

/** What every scheduler promises: it wakes at or soon after the alarm, and only for the last one that was set. */
export function describeScheduler(name: string, open: () => Promise<SchedulerHarness>): void {
  describe(`${name} is a scheduler`, () => {
    let harness: SchedulerHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    it('wakes at the alarm, not before, and once', async () => {
      const at = harness.now() + 10 * MINUTE;
      await harness.scheduler.setAlarm(at);
      await harness.advance(10 * MINUTE - 1);
      expect(harness.wakeUps).toEqual([]);
      await harness.advance(MINUTE);
      expect(harness.wakeUps).toEqual([at]);
      await harness.advance(60 * MINUTE);
      expect(harness.wakeUps).toHaveLength(1);
    });

    it('keeps only the alarm that was set last', async () => {
      await harness.scheduler.setAlarm(harness.now() + MINUTE);
      const at = harness.now() + 5 * MINUTE;
      await harness.scheduler.setAlarm(at);
      await harness.advance(10 * MINUTE);
      expect(harness.wakeUps).toEqual([at]);
      await harness.scheduler.setAlarm(harness.now() + MINUTE);
      await harness.scheduler.setAlarm(null);
      await harness.advance(10 * MINUTE);
      expect(harness.wakeUps).toHaveLength(1);
    });

    it('wakes at once for an instant that is over', async () => {
      await harness.scheduler.setAlarm(harness.now() - MINUTE);
      await harness.advance(harness.scheduler.precisionMs);
      expect(harness.wakeUps).toHaveLength(1);
    });

    it('wakes at the tick of a schedule and at the interval of a sensor that it was told of', async () => {
      const now = harness.now();
      const inAnHour = new Date(now + 60 * MINUTE);
      await harness.scheduler.setTimings({
        schedules: [
          { cron: [`${inAnHour.getUTCMinutes()} ${inAnHour.getUTCHours()} * * *`], timezone: 'UTC' },
        ],
        sensors: [{ minimumIntervalSeconds: 1_800 }],
      });
      await harness.scheduler.setAlarm(now + 30 * MINUTE, null);
      await harness.advance(31 * MINUTE);
      expect(harness.wakeUps).toHaveLength(1);
      await harness.scheduler.setAlarm(now + 60 * MINUTE, null);
      await harness.advance(30 * MINUTE);
      expect(harness.wakeUps).toHaveLength(2);
    });

    it('forgets what it was told of when it is told otherwise', async () => {
      const schedule = { cron: ['* * * * *'], timezone: 'UTC' };
      await harness.scheduler.setTimings({ schedules: [schedule], sensors: [] });
      await harness.scheduler.setTimings({ schedules: [], sensors: [] });
      await harness.scheduler.setAlarm(null, null);
      await harness.advance(10 * MINUTE);
      expect(harness.wakeUps).toEqual([]);
    });

    it('waits for longer than a timer can count', async () => {
      const at = harness.now() + 40 * 24 * 60 * MINUTE;
      await harness.scheduler.setAlarm(at);
      await harness.advance(30 * 24 * 60 * MINUTE);
      expect(harness.wakeUps).toEqual([]);
      await harness.advance(11 * 24 * 60 * MINUTE);
      expect(harness.wakeUps).toHaveLength(1);
      expect(harness.wakeUps[0]).toBeGreaterThanOrEqual(at);
    });
  });
}
