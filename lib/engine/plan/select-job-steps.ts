import type { JobManifest, Manifest } from '../../model/manifest';
import { selectSteps } from '../../model/select-steps';
import { createExecutionPlan } from './create-execution-plan';

/**
 * Keys of the steps of a job that an op selection chooses; null = no selection was made.
 *
 * @throws {StepSelectionError}
 * @example selectJobSteps(manifest, job, ['*load']) // load and all that comes before it
 */
export function selectJobSteps(
  manifest: Manifest,
  job: JobManifest,
  selection: readonly string[] | null | undefined,
): readonly string[] | null {
  if (selection == null || selection.length === 0) return null;
  const { steps } = createExecutionPlan(manifest, job);
  return selectSteps(
    selection,
    steps.map(({ key, dependsOn }) => ({ key, deps: dependsOn })),
  );
}
