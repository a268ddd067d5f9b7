import type { SchedulerTimings } from '../model/scheduler-timings';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { setNextAlarm } from './next-alarm';
import { effectiveStatus } from './ticks/effective-status';
import { keepExpectedTicks } from './ticks/keep-expected-ticks';
import { indexStates, instigatorKey } from './ticks/next-wake-up';

/** So often is the scheduler told anew because something changed meanwhile. */
const MAX_ROUNDS = 5;

/**
 * To be called after definitions or the states of schedules and sensors changed: tells the scheduler what is on, keeps the
 * ledger of expected ticks, and sets the next alarm. Like `setNextAlarm` it looks again afterwards, so that of several callers the last has seen
 * every change.
 */
export async function reconcileScheduler(instance: Instance, settings: EngineSettings): Promise<void> {
  for (let round = 0, timings = await timingsInForce(instance); round < MAX_ROUNDS; round += 1) {
    await instance.scheduler.setTimings(timings);
    const seen = await timingsInForce(instance);
    if (JSON.stringify(seen) === JSON.stringify(timings)) break;
    timings = seen;
  }
  await keepExpectedTicks(instance, settings);
  await setNextAlarm(instance, settings);
}

async function timingsInForce({ codeLocations, storage }: Instance): Promise<SchedulerTimings> {
  const [locations, stored] = await Promise.all([codeLocations.list(), storage.instigatorStates()]);
  const states = indexStates(stored);
  const manifests = locations.flatMap(({ manifest }) => manifest ?? []);
  return {
    schedules: manifests.flatMap(({ location, schedules }) =>
      schedules.flatMap((schedule) => {
        const state = states.get(instigatorKey({ location, kind: 'schedule', name: schedule.name }));
        if (effectiveStatus(schedule, state) === 'STOPPED') return [];
        return [{ cron: schedule.cron, timezone: schedule.timezone }];
      }),
    ),
    sensors: manifests.flatMap(({ location, sensors }) =>
      sensors.flatMap((sensor) => {
        const state = states.get(instigatorKey({ location, kind: 'sensor', name: sensor.name }));
        if (sensor.kind === 'PUSH' || effectiveStatus(sensor, state) === 'STOPPED') return [];
        return [{ minimumIntervalSeconds: sensor.minimumIntervalSeconds }];
      }),
    ),
  };
}
