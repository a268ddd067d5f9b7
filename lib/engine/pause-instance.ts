import { INSTANCE_NAMESPACE, type InstancePause, PAUSE_KEY, type PauseScope } from '../model/instance-pause';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import { dequeue } from './dequeue';
import type { EngineSettings } from './engine-settings';
import { setNextAlarm } from './next-alarm';
import { keepExpectedTicks } from './ticks/keep-expected-ticks';

/**
 * Pauses the whole instance. Runs in progress go on; storage claims none from now on. With scope `all` schedules and
 * sensors are not evaluated either. Repeating it replaces scope and author.
 */
export async function pauseInstance(
  instance: Instance,
  settings: EngineSettings,
  { scope, by }: { readonly scope: PauseScope; readonly by: string },
): Promise<InstancePause> {
  const pause: InstancePause = { scope, by, since: instance.clock.now() };
  await instance.storage.putValue(INSTANCE_NAMESPACE, PAUSE_KEY, pause);
  await setNextAlarm(instance, settings);
  return pause;
}

/** Ends a pause: queued runs start at once, schedules catch up as their settings allow. Without a pause nothing changes. */
export async function resumeInstance(instance: Instance, settings: EngineSettings): Promise<void> {
  // While it can still be said that the pause is why.
  await keepExpectedTicks(instance, settings);
  await instance.storage.deleteValue(INSTANCE_NAMESPACE, PAUSE_KEY);
  await dequeue(instance, settings);
  await afterCommit(instance, settings);
}
