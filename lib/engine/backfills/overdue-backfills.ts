import { LIVE_BACKFILL_STATUSES } from '../../model/backfill';
import type { Instance } from '../../ports/instance';

const MAX_LIVE = 1_000;

/**
 * Backfills that somebody should have taken further: nothing of them is under way, they are not paused, and nobody has
 * looked for so long.
 */
export async function overdueBackfills(
  { storage }: Pick<Instance, 'storage'>,
  now: number,
  overdueMs: number,
): Promise<string[]> {
  const live = await storage.listBackfills({
    statuses: LIVE_BACKFILL_STATUSES,
    limit: MAX_LIVE,
  });
  const idle = live.filter(
    ({ pausedAt, nextIterationAt, updatedAt, counts }) =>
      pausedAt === null &&
      Math.max(nextIterationAt, updatedAt) + overdueMs < now &&
      !counts.some(({ status }) => status === 'REQUESTED'),
  );
  const running = await Promise.all(idle.map(({ backfillId }) => storage.isBackfillRunning(backfillId)));
  return idle
    .filter((_, index) => running[index] === false)
    .map(({ backfillId, status }) => `backfill ${backfillId} is ${status}, but nothing of it is under way`);
}
