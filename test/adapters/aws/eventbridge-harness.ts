import {
  EventBridgeScheduler,
  type EventBridgeSchedulerOptions,
} from '../../../lib/adapters/aws/eventbridge-scheduler';
import { answerWakeUp, type WakeUpHandlers } from '../../../lib/adapters/aws/eventbridge-wake-up';
import { MemoryObjectStore } from '../../support/api-doubles';
import { FakeEventBridge } from '../../support/aws/eventbridge/fake-eventbridge';
import { ManualClock } from '../../support/manual-clock';

export const WAKE_UP_ARN = 'arn:aws:lambda:eu-central-1:123456789012:function:prod-evaluate-ticks';
const MINUTE = 60_000;

/** A scheduler on a fake EventBridge, whose rules fire as time is advanced. */
export async function openEventBridge(options: Partial<EventBridgeSchedulerOptions> = {}) {
  const fake = new FakeEventBridge();
  const client = await fake.start();
  const clock = new ManualClock();
  // Retries need no real time.
  clock.sleep = async (ms) => {
    clock.sleeps.push(ms);
  };
  const objectStore = new MemoryObjectStore();
  const scheduler = new EventBridgeScheduler({
    client,
    objectStore,
    clock,
    instance: 'prod',
    wakeUpArn: WAKE_UP_ARN,
    ...options,
  });
  return {
    fake,
    client,
    clock,
    objectStore,
    scheduler,
    /** Lets time pass; in each minute that begins, what fires is answered, some seconds into the minute. */
    async advance(ms: number, handlers: WakeUpHandlers, secondsLate = 0): Promise<number> {
      const end = clock.now() + ms;
      let fired = 0;
      const from = Math.floor(clock.now() / MINUTE) + 1;
      for (let minute = from; minute * MINUTE <= end; minute += 1) {
        clock.jump(Math.max(0, minute * MINUTE + secondsLate * 1_000 - clock.now()));
        for (const { arn } of fake.firing(minute % 1_440)) {
          if (arn !== WAKE_UP_ARN) throw new Error(`a rule calls ${arn}`);
          fired += 1;
          const { errors } = await answerWakeUp(scheduler, clock.now(), handlers);
          if (errors.length > 0) throw new AggregateError(errors, 'a wake-up went wrong');
        }
      }
      clock.jump(Math.max(0, end - clock.now()));
      return fired;
    },
    async close(): Promise<void> {
      client.destroy();
      await fake.close();
    },
  };
}
