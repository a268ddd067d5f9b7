import { ACTIVE_STATUSES } from '../model/run-status';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';

/** Ages that are asked for, in seconds; an answer between two of them is the lower one. */
const AGES = [60, 120, 300, 600, 1_200, 3_600, 21_600, 86_400];

/** A queue that a run has left and ended in so many milliseconds goes on. */
const RECENT_MS = 60_000;

/**
 * Seconds, at least, that the oldest run that could run has waited; 0 when none waits for a minute. With anything in
 * progress a limit may be what runs wait for: then nothing is known to be stuck.
 */
export async function queueAge(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  { runQueue }: Pick<EngineSettings, 'runQueue'>,
): Promise<number> {
  if (runQueue.maxConcurrentRuns === 0) return 0;
  const now = clock.now();
  let age = 0;
  for (const seconds of AGES) {
    const older = { statuses: ['QUEUED'], updatedBefore: now - seconds * 1_000 } as const;
    if ((await storage.countRuns(older, 1)) === 0) break;
    age = seconds;
  }
  if (age === 0) return 0;
  if ((await storage.countRuns({ statuses: ACTIVE_STATUSES }, 1)) > 0) return 0;
  // Between the end of short runs and the claim of the next ones nothing is in progress, and nothing is stuck.
  const ended = { statuses: ['SUCCESS', 'FAILURE'], updatedAfter: now - RECENT_MS } as const;
  return (await storage.countRuns(ended, 1)) > 0 ? 0 : age;
}
