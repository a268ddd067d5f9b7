import type { CodeLocation } from '../../model/code-location';
import type { InstancePause } from '../../model/instance-pause';
import type { Instance } from '../../ports/instance';
import type { EngineSettings } from '../engine-settings';
import { readPause } from '../read-pause';
import { decideExpectedTicks, isLedgerChanged } from './decide-expected-ticks';
import { type InstigatorStates, indexStates } from './next-wake-up';

/** Overdue ticks looked at by one call; the rest by the next. */
const BATCH = 1_000;

/** What a caller has read already. States may be as of before its own evaluations. */
export interface LedgerReadings {
  readonly pause: InstancePause | null;
  readonly locations: readonly CodeLocation[];
  readonly states: InstigatorStates;
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
  const { storage, clock } = instance;
  const now = clock.now();
  const [known, ledger, overdue] = await Promise.all([
    readings ?? read(instance),
    storage.expectedSchedules(),
    storage.overdueTicks(now, BATCH),
  ]);
  const change = decideExpectedTicks({
    ...known,
    now,
    ledger,
    overdue,
    maxCatchupRuns: schedules.maxCatchupRuns,
  });
  return isLedgerChanged(change) ? storage.recordExpectedTicks(change, now) : 0;
}

async function read(instance: Instance): Promise<LedgerReadings> {
  const [pause, locations, states] = await Promise.all([
    readPause(instance),
    instance.codeLocations.list(),
    instance.storage.instigatorStates(),
  ]);
  return { pause, locations, states: indexStates(states) };
}
