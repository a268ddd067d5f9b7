import { INSTANCE_NAMESPACE, type InstancePause, PAUSE_KEY, type PauseScope } from '../model/instance-pause';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import { dequeue } from './dequeue';
import type { EngineSettings } from './engine-settings';
import { reconcileScheduler } from './reconcile-scheduler';
import { keepExpectedTicks } from './ticks/keep-expected-ticks';

/**
 * Pauses the whole instance. Runs in progress go on; storage claims none from now on. With scope `all` schedules and
 * sensors are not evaluated either, and nothing wakes the instance for them. Repeating it replaces scope and author.
 */
export async function pauseInstance(
  instance: Instance,
  settings: EngineSettings,
  { scope, by }: { readonly scope: PauseScope; readonly by: string },
): Promise<InstancePause> {
  const pause: InstancePause = { scope, by, since: instance.clock.now() };
  await instance.storage.putValue(INSTANCE_NAMESPACE, PAUSE_KEY, pause);
  await reconcileScheduler(instance, settings);
  return pause;
}

/**
 * Ends a pause: queued runs start at once, schedules catch up as their settings allow. Without a pause it repairs what a
 * resume that failed half way has left: repeating it is safe.
 */
export async function resumeInstance(instance: Instance, settings: EngineSettings): Promise<void> {
  // While it can still be said that the pause is why.
  await keepExpectedTicks(instance, settings);
  await instance.storage.deleteValue(INSTANCE_NAMESPACE, PAUSE_KEY);
  // First: an instance that nothing wakes would stay paused although it says that it is not.
  await reconcileScheduler(instance, settings);
  await dequeue(instance, settings);
  await afterCommit(instance, settings);
}
