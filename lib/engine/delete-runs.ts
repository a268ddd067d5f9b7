import { computeLogFolder } from '../model/compute-log';
import { overflowFolder } from '../model/event-overflow';
import { isFinished } from '../model/run-status';
import type { Instance } from '../ports/instance';
import { RunNotFoundError, RunStateError } from './errors';

/** Objects deleted at a time: what the store lists in one answer. */
const PAGE = 1_000;

/**
 * Removes one finished run.
 *
 * @throws {RunNotFoundError}
 * @throws {RunStateError} it has not ended
 */
export async function deleteRun(
  instance: Pick<Instance, 'storage' | 'objectStore'>,
  runId: string,
): Promise<void> {
  const run = await instance.storage.getRun(runId);
  if (run === undefined) throw new RunNotFoundError(runId);
  if (!isFinished(run.status)) {
    throw new RunStateError(runId, `Run ${runId} is ${run.status}: cancel it before it can be deleted.`);
  }
  await deleteRuns(instance, [runId]);
}

/**
 * Removes finished runs with their events and what their steps printed; others are left alone by storage, so callers
 * ask for finished ones only. Files go first: a process that dies in between leaves a run that can be deleted again.
 *
 * @returns how many
 */
export async function deleteRuns(
  instance: Pick<Instance, 'storage' | 'objectStore'>,
  runIds: readonly string[],
): Promise<number> {
  await deleteRunFiles(instance, runIds);
  return instance.storage.deleteRuns(runIds);
}

/** Removes what the steps of runs printed, and what of their events was too long for the log. */
export async function deleteRunFiles(
  { objectStore }: Pick<Instance, 'objectStore'>,
  runIds: readonly string[],
): Promise<void> {
  for (const folder of runIds.flatMap((runId) => [computeLogFolder(runId), overflowFolder(runId)])) {
    for (;;) {
      const objects = await objectStore.list(folder, { limit: PAGE });
      if (objects.length > 0) await objectStore.delete(objects.map(({ key }) => key));
      if (objects.length < PAGE) break;
    }
  }
}
