import type { CodeLocation } from '../../model/code-location';
import type { InstancePause } from '../../model/instance-pause';
import type { ExpectedTicksChange } from '../../ports/expected-tick-storage';
import type { Instance } from '../../ports/instance';
import type { EngineSettings } from '../engine-settings';
import { readPause } from '../read-pause';
import { decideExpectedTicks } from './decide-expected-ticks';
import { indexStates } from './next-wake-up';

/** Overdue ticks looked at by one call; the rest by the next. */
const BATCH = 1_000;
/** Written by one statement, far below the 4 MiB that a request of the Data API may have: about 2 KB and 0.3 KB each. */
const SCHEDULES = 500;
const MISSED = 2_000;

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
  let missed = 0;
  for (const part of statementsOf(change)) missed += await storage.recordExpectedTicks(part, now);
  return missed;
}

/** A change in pieces that one statement takes. What a process that dies leaves undone is decided again by the next. */
function* statementsOf({ withdrawn, expected, missed }: ExpectedTicksChange): Generator<ExpectedTicksChange> {
  const nothing: ExpectedTicksChange = { withdrawn: [], expected: [], missed: [] };
  if (withdrawn.length > 0) yield { ...nothing, withdrawn, expected: expected.slice(0, SCHEDULES) };
  const rest = withdrawn.length > 0 ? expected.slice(SCHEDULES) : expected;
  for (const part of chunksOf(rest, SCHEDULES)) yield { ...nothing, expected: part };
  for (const part of chunksOf(missed, MISSED)) yield { ...nothing, missed: part };
}

function* chunksOf<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += size) yield items.slice(from, from + size);
}
