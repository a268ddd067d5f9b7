import type { RunStatus } from '../model/run-status';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { freshnessDue } from './evaluate-freshness';
import { readPause } from './read-pause';
import { indexStates, lookAgainAt, nextWakeUp } from './ticks/next-wake-up';
import { pendingEvents } from './ticks/pending-events';
import { followedThrough } from './ticks/sensor-feed';

/** While a run has one of these, something may have to be repaired. */
const LIVE_STATUSES: readonly RunStatus[] = [
  'QUEUED',
  'NOT_STARTED',
  'STARTING',
  'STARTED',
  'SUSPENDED',
  'CANCELING',
];

/** So often is the alarm set anew because something changed meanwhile; the next change sets it again anyway. */
const MAX_ROUNDS = 5;

interface Alarm {
  /** Earliest of everything, epoch ms; null = nothing is to be done. */
  readonly at: number | null;
  /** Null = nothing is live or overdue. */
  readonly sweepAt: number | null;
}

/**
 * Sets the alarm for whatever comes first: a tick, a sensor, the end of a suspended run's wait, a backfill's next
 * iteration, an event that was pushed, a change of freshness, or the sweep, which is armed only while a run or backfill is live, a tick is overdue or an alert is not delivered, so that an idle database can sleep. When it cannot tell, the alarm is set for the next sweep.
 *
 * Two at a time: the one that read before a change may set its alarm after the one that made the change. So whoever
 * arms no sweep, which would make up for it, looks again after setting the alarm. Whoever sets it last has then seen
 * every change.
 */
export async function setNextAlarm(instance: Instance, settings: EngineSettings): Promise<void> {
  const { scheduler } = instance;
  for (let round = 0, alarm = await readAlarm(instance, settings); round < MAX_ROUNDS; round += 1) {
    await scheduler.setAlarm(alarm.at, alarm.sweepAt);
    if (alarm.sweepAt !== null) return;
    const seen = await readAlarm(instance, settings);
    if (seen.at === alarm.at && seen.sweepAt === null) return;
    alarm = seen;
  }
}

async function readAlarm(instance: Instance, settings: EngineSettings): Promise<Alarm> {
  const { codeLocations, storage, scheduler, clock } = instance;
  // On a grid, so that frequent changes cannot put the sweep off for ever.
  const interval = settings.runMonitoring.pollInterval * 1000;
  const nextSweep = (): number => (Math.floor(clock.now() / interval) + 1) * interval;
  try {
    const pause = await readPause(instance);
    const statuses = pause === null ? LIVE_STATUSES : LIVE_STATUSES.filter((status) => status !== 'QUEUED');
    const [locations, states, live, upkeep] = await Promise.all([
      codeLocations.list(),
      storage.instigatorStates(),
      storage.countRuns({ statuses }, 1),
      storage.upkeepDueAt(),
    ]);
    // What is paused is not due: an idle database can sleep meanwhile.
    const manifests = pause?.scope === 'all' ? [] : locations.flatMap(({ manifest }) => manifest ?? []);
    const indexed = indexStates(states);
    const isLive = live > 0 || upkeep.backfillAt !== null || upkeep.alertAt !== null;
    const safeStorageId = await followedThrough(instance, manifests, indexed);
    const next = nextWakeUp(manifests, indexed, clock.now(), { safeStorageId, isLive: live > 0 });
    const events = await pendingEvents(instance, manifests, indexed);
    const eventsAt = [...events.values()]
      .map((dueAt) => lookAgainAt(dueAt, clock.now()))
      .reduce(earlier, null);
    const freshness = await freshnessDue(storage, manifests, clock.now());
    const sweepAt = isLive || next.isOverdue || freshness.isOverdue ? nextSweep() : null;
    // What was due and is not done yet is left to the next sweep.
    const upkeepAt = [upkeep.resumeAt, upkeep.backfillAt, freshness.at]
      .filter((instant) => instant !== null && instant > clock.now())
      .reduce(earlier, eventsAt);
    // What is overdue is tried again sooner than the sweep comes, where alarms are that exact.
    return {
      at: earlier(earlier(next.at, isLive || freshness.isOverdue ? sweepAt : null), upkeepAt),
      sweepAt: earlier(sweepAt, upkeepAt),
    };
  } catch (error) {
    await scheduler.setAlarm(nextSweep());
    throw error;
  }
}

function earlier(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.min(a, b);
}
