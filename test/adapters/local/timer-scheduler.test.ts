import { TimerScheduler } from '../../../lib/adapters/local/timer-scheduler';
import { describeScheduler } from '../../contracts/scheduler-contract';
import { ManualClock } from '../../support/manual-clock';

function open(wakeUp: () => Promise<void> = async () => {}) {
  const clock = new ManualClock();
  const wakeUps: number[] = [];
  const errors: unknown[] = [];
  const scheduler = new TimerScheduler({
    clock,
    wakeUp: async () => {
      wakeUps.push(clock.now());
      await wakeUp();
    },
    onError: (error) => errors.push(error),
  });
  return {
    scheduler,
    clock,
    wakeUps,
    errors,
    now: () => clock.now(),
    advance: async (ms: number) => {
      // Days pass as on a machine that was suspended: time jumps, then timers go off.
      const jump = Math.max(0, ms - 3_600_000);
      if (jump > 0) clock.jump(jump);
      await clock.advance(ms - jump);
    },
    close: async () => scheduler.close(),
  };
}

describeScheduler('TimerScheduler', async () => open());

describe('TimerScheduler', () => {
  it('wakes soon after a machine has slept through the alarm', async () => {
    const { scheduler, clock, wakeUps } = open();
    await scheduler.setAlarm(clock.now() + 600_000);
    await clock.advance(1_000);
    clock.jump(3_600_000);
    await clock.advance(15_000);
    expect(wakeUps).toHaveLength(1);
  });

  it('tries a wake-up again that failed without setting an alarm', async () => {
    let isBroken = true;
    const { scheduler, clock, wakeUps, errors } = open(async () => {
      if (isBroken) throw new Error('the database is away');
    });
    await scheduler.setAlarm(clock.now());
    await clock.advance(1);
    expect(errors).toHaveLength(1);
    isBroken = false;
    await clock.advance(30_000);
    expect(wakeUps).toHaveLength(2);
    await clock.advance(60_000);
    expect(wakeUps).toHaveLength(2);
  });

  it('is silent once it is closed', async () => {
    const { scheduler, clock, wakeUps } = open();
    await scheduler.setAlarm(clock.now() + 1_000);
    scheduler.close();
    await scheduler.setAlarm(clock.now() + 1_000);
    await clock.advance(5_000);
    expect(wakeUps).toEqual([]);
  });
});
