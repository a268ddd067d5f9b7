import type { Instance } from '../../ports/instance';
import type { EngineSettings } from '../engine-settings';
import { queueAge } from '../queue-age';
import { readPause } from '../read-pause';

const STUCK = 'queue_stuck';

/** Owes one alert for each time that the queue gets stuck. A paused one is not: somebody wants it so. */
export async function watchQueue(
  instance: Pick<Instance, 'storage' | 'clock'>,
  settings: Pick<EngineSettings, 'runQueue' | 'alerts'>,
): Promise<void> {
  const { storage, clock } = instance;
  const seconds = await queueAge(instance, settings);
  if (seconds < settings.alerts.queueStuckAfter) {
    await storage.settleAlert(STUCK);
  } else if ((await readPause(instance)) === null) {
    await storage.raiseAlert(STUCK, { type: STUCK, at: clock.now(), seconds });
  }
}
