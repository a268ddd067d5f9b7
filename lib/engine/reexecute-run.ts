import type { Instance } from '../ports/instance';
import type { CreatedRun } from '../ports/run-storage';
import { afterCommit } from './after-commit';
import { buildReexecution, type ReexecutionRequest } from './build-reexecution';
import type { EngineSettings } from './engine-settings';
import { RunNotFoundError } from './errors';

export interface ReexecuteRunRequest extends Omit<ReexecutionRequest, 'origin'> {
  readonly parentRunId: string;
}

/**
 * Launches a finished run again with today's code: all of it, what failed or did not run, or chosen steps.
 *
 * @throws {RunNotFoundError}
 * @throws {RunStateError} when the run is still in progress, or nothing of it failed
 * @throws {PlanError} when today's code no longer has what it needs
 */
export async function reexecuteRun(
  instance: Instance,
  settings: EngineSettings,
  request: ReexecuteRunRequest,
): Promise<CreatedRun> {
  const parent = await instance.storage.getRun(request.parentRunId);
  if (parent === undefined) throw new RunNotFoundError(request.parentRunId);
  const run = await buildReexecution(instance, settings, parent, {
    ...request,
    origin: { kind: 'manual', name: '', runKey: null },
  });
  const [created] = await instance.storage.createRuns([run]);
  if (created === undefined) throw new Error('storage answered nothing for a new run');
  await afterCommit(instance, settings);
  return created;
}
