import { executionName } from '../model/execution-input';
import type { Instance } from '../ports/instance';
import type { LateAttempt } from '../ports/run-storage';
import type { EngineSettings } from './engine-settings';
import { finalizeAttempt } from './finalize-attempt';

/**
 * Finds attempts that look lost and settles each: its worker is stopped, and only when that is confirmed the run
 * goes on or ends. One that cannot be settled now is found again later and delays no other.
 *
 * @returns errors of the attempts that could not be settled
 */
export async function monitorRuns(instance: Instance, settings: EngineSettings): Promise<readonly unknown[]> {
  const { startTimeout, heartbeatTimeout, cancelTimeout } = settings.runMonitoring;
  const late = await instance.storage.findLateAttempts({ startTimeout, heartbeatTimeout, cancelTimeout });
  const outcomes = await Promise.allSettled(late.map((attempt) => settle(instance, settings, attempt)));
  return outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
}

async function settle(instance: Instance, settings: EngineSettings, late: LateAttempt): Promise<void> {
  const { runId, attempt, why } = late;
  // First the execution, or its own finalize would take the end of the task for a lost worker.
  await instance.runCoordinator.stopExecution(executionName(runId, attempt), why);
  await instance.runLauncher.stop(runId, attempt);
  await finalizeAttempt(instance, settings, runId, attempt, { kind: why });
}
