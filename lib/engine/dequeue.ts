import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';

/** Runs claimed by one statement. */
const BATCH = 50;

/**
 * Settles what runs wait for, then claims every run that the limits allow; each leaves an outbox row by which `deliverOutbox` starts it.
 *
 * @returns how many were claimed
 */
export async function dequeue(
  { storage }: Pick<Instance, 'storage'>,
  settings: EngineSettings,
): Promise<number> {
  await storage.settleDependencies(settings.runRetries.maxRetries);
  let total = 0;
  for (;;) {
    const claimed = await storage.claimRuns(BATCH, settings.runQueue);
    total += claimed.length;
    if (claimed.length < BATCH) return total;
  }
}
