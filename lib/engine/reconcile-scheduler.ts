import type { SchedulerTimings } from '../model/scheduler-timings';
import { asSystem, type Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { setNextAlarm } from './next-alarm';
import { readPause } from './read-pause';
import { effectiveStatus } from './ticks/effective-status';
import { keepExpectedTicks } from './ticks/keep-expected-ticks';
import { indexStates, instigatorKey } from './ticks/next-wake-up';

/** So often is the scheduler told anew because something changed meanwhile. */
const MAX_ROUNDS = 5;

/**
 * To be called after definitions, the states of schedules and sensors, or the instance's pause changed: tells the
 * scheduler what is on, keeps the ledger of expected ticks, and sets the next alarm. Like `setNextAlarm` it looks again
 * afterwards, so that of several callers the last has seen every change.
 */
export async function reconcileScheduler(caller: Instance, settings: EngineSettings): Promise<void> {
  const instance = asSystem(caller);
  for (let round = 0, timings = await timingsInForce(instance); round < MAX_ROUNDS; round += 1) {
    await instance.scheduler.setTimings(timings);
    const seen = await timingsInForce(instance);
    if (JSON.stringify(seen) === JSON.stringify(timings)) break;
    timings = seen;
  }
  // What that owes is delivered by the sweep: whoever takes new code in may not do what else is owed.
  await keepExpectedTicks(instance, settings);
  await setNextAlarm(instance, settings);
}

/** Of a paused instance nothing is on: it is woken for nothing, and so costs nothing. */
const NOTHING: SchedulerTimings = { schedules: [], sensors: [] };

async function timingsInForce(instance: Instance): Promise<SchedulerTimings> {
  const { codeLocations, storage } = instance;
  const [pause, locations, stored] = await Promise.all([
    readPause(instance),
    codeLocations.list(),
    storage.instigatorStates(),
  ]);
  if (pause?.scope === 'all') return NOTHING;
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
