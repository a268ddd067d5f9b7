import type { CodeLocation } from '../../model/code-location';
import type { InstancePause } from '../../model/instance-pause';
import type { Instance } from '../../ports/instance';
import type { EngineSettings } from '../engine-settings';
import { readPause } from '../read-pause';
import { decideExpectedTicks, isLedgerChanged } from './decide-expected-ticks';
import { indexStates } from './next-wake-up';

/** Overdue ticks looked at by one call; the rest by the next. */
const BATCH = 1_000;

/** What a caller has read already. */
export interface LedgerReadings {
  readonly pause: InstancePause | null;
  readonly locations: readonly CodeLocation[];
}

/**
 * Keeps the ledger of expected ticks: writes those to come, and finds those that were missed, which owes an alert. To be
 * called where something was due, or what is due has changed: an idle instance is asked nothing.
 *
 * @returns how many ticks turned out to be missed
 */
export async function keepExpectedTicks(
  instance: Instance,
  { schedules }: Pick<EngineSettings, 'schedules'>,
  readings?: LedgerReadings,
): Promise<number> {
  const { storage, codeLocations, clock } = instance;
  const now = clock.now();
  const [pause, locations, states, ledger, overdue] = await Promise.all([
    readings === undefined ? readPause(instance) : readings.pause,
    readings?.locations ?? codeLocations.list(),
    storage.instigatorStates(),
    storage.expectedSchedules(),
    storage.overdueTicks(now, BATCH),
  ]);
  const change = decideExpectedTicks({
    now,
    pause,
    locations,
    states: indexStates(states),
    ledger,
    overdue,
    maxCatchupRuns: schedules.maxCatchupRuns,
  });
  return isLedgerChanged(change) ? storage.recordExpectedTicks(change, now) : 0;
}
