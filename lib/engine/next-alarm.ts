import type { RunStatus } from '../model/run-status';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { indexStates, nextWakeUp } from './ticks/next-wake-up';

/** While a run has one of these, something may have to be repaired. */
const LIVE_STATUSES: readonly RunStatus[] = [
  'QUEUED',
  'NOT_STARTED',
  'STARTING',
  'STARTED',
  'SUSPENDED',
  'CANCELING',
];

/**
 * Sets the alarm for whatever comes first: a tick, a sensor, or the sweep, which is armed only while a run is live,
 * so that an idle database can sleep. When it cannot tell, the alarm is set for the next sweep.
 */
export async function setNextAlarm(instance: Instance, settings: EngineSettings): Promise<void> {
  const { codeLocations, storage, scheduler, clock } = instance;
  // On a grid, so that frequent changes cannot put the sweep off for ever.
  const interval = settings.runMonitoring.pollInterval * 1000;
  const nextSweep = (): number => (Math.floor(clock.now() / interval) + 1) * interval;
  let at: number | null;
  try {
    const [locations, states, live] = await Promise.all([
      codeLocations.list(),
      storage.instigatorStates(),
      storage.countRuns({ statuses: LIVE_STATUSES }, 1),
    ]);
    const manifests = locations.flatMap(({ manifest }) => manifest ?? []);
    at = earlier(nextWakeUp(manifests, indexStates(states), clock.now()), live > 0 ? nextSweep() : null);
  } catch (error) {
    await scheduler.setAlarm(nextSweep());
    throw error;
  }
  await scheduler.setAlarm(at);
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
