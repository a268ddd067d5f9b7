import type { TickStatus } from '../model/tick';
import type { Instance } from '../ports/instance';
import type { TickRetention } from '../ports/instigator-storage';
import type { EngineSettings } from './engine-settings';
import { tickLogKey } from './ticks/tick-logs';

const DAY_MS = 24 * 3600 * 1000;
/** Ticks removed by one sweep, so that it stays short. */
const BATCH = 1_000;

/**
 * Removes ticks, with what they logged, that are older than `retention.schedule` and `retention.sensor` say. Logs go
 * first: a process that dies in between leaves a tick that the next sweep finds again. Missed ticks are kept as failed ones.
 *
 * @returns how many
 */
export async function purgeTicks(
  { storage, objectStore, clock }: Pick<Instance, 'storage' | 'objectStore' | 'clock'>,
  { retention }: Pick<EngineSettings, 'retention'>,
): Promise<number> {
  const now = clock.now();
  const daysMissed = retention.ticksPurgeAfterDays.schedule.FAILURE;
  if (daysMissed !== null) await storage.purgeMissedTicks(now - daysMissed * DAY_MS, BATCH);
  const rules = (['schedule', 'sensor'] as const).flatMap((kind) =>
    Object.entries(retention.ticksPurgeAfterDays[kind]).flatMap(([status, days]): TickRetention[] =>
      days === null ? [] : [{ kind, status: status as TickStatus, startedBefore: now - days * DAY_MS }],
    ),
  );
  const expired = await storage.expiredTicks(rules, BATCH);
  if (expired.length === 0) return 0;
  await objectStore.delete(expired.map(({ instigator, tickId }) => tickLogKey(instigator, tickId)));
  await storage.deleteTicks(expired.map(({ tickId }) => tickId));
  return expired.length;
}
