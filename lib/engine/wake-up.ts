import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { evaluateTicks, type TicksEvaluated } from './evaluate-ticks';
import { recordWakeUp } from './last-wake-up';
import { setNextAlarm } from './next-alarm';
import { sweep } from './sweep';

/** After so long the next alarm is set although an evaluation still runs: a slow sensor delays no schedule. */
const SLOW_MS = 1_000;

const NOTHING_EVALUATED: TicksEvaluated = { ticks: 0, errors: [] };

/**
 * What an alarm leads to: evaluates what is due, repairs what is broken, sets the next alarm. Two at a time do no
 * harm.
 *
 * @param options `ticks: false` leaves schedules and sensors alone: a server that lives for one command only repairs
 * @returns what went wrong, to be logged; all of it is tried again by a later wake-up
 */
export async function wakeUp(
  instance: Instance,
  settings: EngineSettings,
  options: { readonly ticks?: boolean } = {},
): Promise<readonly unknown[]> {
  const begunAt = instance.clock.now();
  const evaluation = options.ticks === false ? NOTHING_EVALUATED : evaluateTicks(instance, settings);
  const work = Promise.allSettled([evaluation, sweep(instance, settings)]);
  const timer = new AbortController();
  const slow = instance.clock.sleep(SLOW_MS, timer.signal).then(
    () => true,
    () => false,
  );
  const errors: unknown[] = [];
  if (await Promise.race([work.then(() => false), slow])) {
    await setNextAlarm(instance, settings).catch((error: unknown) => errors.push(error));
  }
  timer.abort();
  const [ticks, swept] = await work;
  errors.push(...(ticks.status === 'fulfilled' ? ticks.value.errors : [ticks.reason]));
  errors.push(...(swept.status === 'fulfilled' ? swept.value : [swept.reason]));
  if (options.ticks !== false && ticks.status === 'fulfilled' && swept.status === 'fulfilled') {
    await recordWakeUp(instance, begunAt).catch((error: unknown) => errors.push(error));
  }
  await setNextAlarm(instance, settings).catch((error: unknown) => errors.push(error));
  return errors;
}
