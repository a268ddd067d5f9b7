import { describeScheduler } from '../../contracts/scheduler-contract';
import { openEventBridge } from './eventbridge-harness';

const MINUTE = 60_000;
const NOTHING_ON = { schedules: [], sensors: [] };
const SWEEP = 'prod-alarm-sweep';

describeScheduler('EventBridgeScheduler', async () => {
  const opened = await openEventBridge();
  const { scheduler, clock } = opened;
  await scheduler.setTimings(NOTHING_ON);
  await scheduler.setAlarm(null);
  const wakeUps: number[] = [];
  return {
    scheduler,
    wakeUps,
    now: () => clock.now(),
    advance: async (ms) => {
      await opened.advance(ms, {
        async evaluate() {
          wakeUps.push(clock.now());
          await scheduler.setAlarm(null);
          return [];
        },
        reconcile: async () => {},
      });
    },
    close: opened.close,
  };
});

describe('EventBridgeScheduler', () => {
  let opened: Awaited<ReturnType<typeof openEventBridge>>;
  beforeEach(async () => {
    opened = await openEventBridge();
    await opened.scheduler.setTimings(NOTHING_ON);
    await opened.scheduler.setAlarm(null);
    await idle(10);
    opened.fake.calls.length = 0;
  });
  afterEach(() => opened.close());

  const sweepState = () => opened.fake.rules.get(SWEEP)?.State;
  const idle = (minutes: number) =>
    opened.advance(minutes * MINUTE, {
      evaluate: () => Promise.reject(new Error('nothing was to be evaluated')),
      reconcile: () => Promise.reject(new Error('nothing was to be reconciled')),
    });

  it('is silent but for the safety rule when nothing is on and nothing live', async () => {
    expect(sweepState()).toBe('DISABLED');
    expect(await idle(600)).toBe(10);
    expect(opened.fake.calls).toEqual([]);
  });

  it('arms the rule of every minute for a sweep, by calls of the first alarm only, and disarms it afterwards', async () => {
    const now = opened.clock.now();
    await opened.scheduler.setAlarm(now + 10 * MINUTE, now + 10 * MINUTE);
    expect(opened.fake.changes).toEqual(['PutRule', 'PutTargets']);
    expect(sweepState()).toBe('ENABLED');
    await opened.scheduler.setAlarm(now + 20 * MINUTE, now + 20 * MINUTE);
    expect(opened.fake.changes).toHaveLength(2);
    expect(await idle(6)).toBeGreaterThanOrEqual(6);
    expect(sweepState()).toBe('ENABLED');
    await opened.scheduler.setAlarm(null);
    await idle(1);
    expect(opened.fake.changes).toEqual(['PutRule', 'PutTargets', 'DisableRule']);
    expect(await idle(10)).toBeLessThanOrEqual(1);
  });

  it('leaves nothing behind when it is removed, twice too', async () => {
    await opened.scheduler.setAlarm(opened.clock.now());
    await opened.scheduler.removeAll();
    await opened.scheduler.removeAll();
    expect(opened.fake.rules.size).toBe(0);
    expect(await opened.objectStore.list('')).toEqual([]);
  });

  it('leaves nothing behind of a wake-up that was under way while it was removed', async () => {
    const { scheduler, clock, fake } = opened;
    let armed = 0;
    clock.sleep = async () => {
      if (armed++ > 0) return;
      await scheduler.setAlarm(clock.now());
      expect(fake.rules.size).toBe(1);
    };

    await scheduler.removeAll();

    expect(armed).toBeGreaterThan(2);
    expect(fake.rules.size).toBe(0);
    expect(await opened.objectStore.list('')).toEqual([]);
  });

  it('arms nothing for ticks of schedules and sensors, which have their rules', async () => {
    await opened.scheduler.setAlarm(opened.clock.now() + 10 * MINUTE, null);
    expect(opened.fake.calls).toEqual([]);
  });

  it('looks every minute for a while after rules changed, as they take effect a little later', async () => {
    await opened.scheduler.setTimings({
      schedules: [{ cron: ['0 12 * * *'], timezone: 'UTC' }],
      sensors: [],
    });
    expect(sweepState()).toBe('ENABLED');
    await idle(5);
    expect(sweepState()).toBe('DISABLED');
  });

  describe('when an alarm is set while the rule of every minute is being disabled', () => {
    /** Sets an alarm in the middle of `disarmIdleSweep`, at the moment that `arrange` chooses. */
    async function race(arrange: (setAlarm: () => Promise<void>) => void): Promise<void> {
      const { scheduler, clock } = opened;
      await scheduler.setAlarm(clock.now());
      await scheduler.setAlarm(null);
      clock.jump(6 * MINUTE);
      let alarm: Promise<void> | undefined;
      arrange(async () => {
        alarm ??= scheduler.setAlarm(clock.now() + 2 * MINUTE);
        await alarm;
      });
      await scheduler.disarmIdleSweep();
      expect(alarm).toBeDefined();
      await alarm;
      expect(opened.fake.changes).toContain('DisableRule');
    }

    it('enables it again for an alarm that still took it to be enabled', async () => {
      const { objectStore } = opened;
      const put = objectStore.put.bind(objectStore);
      await race((setAlarm) => {
        objectStore.put = async (key, body) => {
          if (key === 'alarms/sweep.json') await setAlarm();
          await put(key, body);
        };
      });
      expect(sweepState()).toBe('ENABLED');
    });

    it('leaves it enabled, and known to be, for an alarm that took it to be disabled', async () => {
      const { fake, scheduler, clock } = opened;
      await race((setAlarm) => {
        fake.before = (operation) => {
          if (operation === 'DisableRule') void setAlarm();
        };
      });
      expect(sweepState()).toBe('ENABLED');
      fake.calls.length = 0;
      await scheduler.setAlarm(clock.now() + 2 * MINUTE);
      expect(fake.calls).toEqual([]);
    });
  });

  it('makes up for a wake-up that EventBridge lost within the hour', async () => {
    const { scheduler, clock, fake } = opened;
    const noon = { schedules: [{ cron: ['0 12 * * *'], timezone: 'UTC' }], sensors: [] };
    await scheduler.setTimings(noon);
    const tick = Date.UTC(2026, 0, 1, 12);
    await scheduler.setAlarm(tick, null);
    await idle(30);
    for (const rule of fake.rules.values()) if (rule.Name.includes('-tick-')) rule.targets.clear();
    const evaluated: number[] = [];
    await opened.advance(13 * 60 * MINUTE, {
      async evaluate() {
        evaluated.push(clock.now());
        await scheduler.setAlarm(null);
        return [];
      },
      reconcile: async () => {},
    });
    expect(evaluated).toEqual([tick + 5 * MINUTE]);
  });
});
