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
 * so that an idle database can sleep.
 */
export async function setNextAlarm(instance: Instance, settings: EngineSettings): Promise<void> {
  const [locations, states, live] = await Promise.all([
    instance.codeLocations.list(),
    instance.storage.instigatorStates(),
    instance.storage.countRuns({ statuses: LIVE_STATUSES }, 1),
  ]);
  const now = instance.clock.now();
  const manifests = locations.flatMap(({ manifest }) => manifest ?? []);
  const wakeUp = nextWakeUp(manifests, indexStates(states), now);
  // On a grid, so that frequent changes cannot put the sweep off for ever.
  const interval = settings.runMonitoring.pollInterval * 1000;
  const sweep = live > 0 ? (Math.floor(now / interval) + 1) * interval : null;
  await instance.scheduler.setAlarm(earlier(wakeUp, sweep));
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
