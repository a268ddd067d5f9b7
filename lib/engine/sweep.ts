import type { Instance } from '../ports/instance';
import { watchQueue } from './alerts/watch-queue';
import { iterateBackfills } from './backfills/iterate-backfills';
import { deliverOutbox } from './deliver-outbox';
import { dequeue } from './dequeue';
import type { EngineSettings } from './engine-settings';
import { evaluateFreshness } from './evaluate-freshness';
import { monitorRuns } from './monitor-runs';
import { purgeAutomation } from './purge-automation';
import { purgeBackfills } from './purge-backfills';
import { purgeRuns } from './purge-runs';
import { purgeTicks } from './purge-ticks';
import { retryUndecidedRuns } from './retry-undecided-runs';

/**
 * Does what an instant asks for rather than a change: enqueues suspended runs that are due, takes backfills further.
 * Repairs what a lost wake-up, a crash or a vanished worker left behind: settles late attempts, claims runs that
 * nobody claimed, retries failures that nobody decided on, delivers what nobody delivered, removes runs and ticks past
 * their retention.
 *
 * @returns errors of single repairs; the next sweep tries again
 */
export async function sweep(instance: Instance, settings: EngineSettings): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  const steps = [
    async () => {
      errors.push(...(await monitorRuns(instance, settings)));
    },
    () => instance.storage.resumeSuspendedRuns(),
    async () => {
      errors.push(...(await iterateBackfills(instance, settings)));
    },
    async () => {
      errors.push(...(await retryUndecidedRuns(instance, settings)));
    },
    () => dequeue(instance, settings),
    () => evaluateFreshness(instance),
    () => watchQueue(instance, settings),
    () => deliverOutbox(instance, settings),
    () => purgeRuns(instance, settings),
    () => purgeTicks(instance, settings),
    () => purgeBackfills(instance, settings),
    () => purgeAutomation(instance, settings),
  ];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}
