import type { ExecutionInput } from '../model/execution-input';
import type { Run } from '../model/run';
import { maxRuntimeSeconds, TAG } from '../model/tags';
import type { EngineSettings } from './engine-settings';

/** Step Functions' own limit of an execution, a year, less the margin that a task gets. */
const NO_LIMIT_SECONDS = 365 * 24 * 3600 - 3600;
/** Lambda's 15 minutes, less a minute to end in good order. */
const LAMBDA_MAX_RUNTIME_SECONDS = 14 * 60;

/** What carries an attempt: Lambda only where the run is sure to fit it. */
export function chooseLauncher(run: Pick<Run, 'tags'>, settings: EngineSettings): ExecutionInput['launcher'] {
  const limit = maxRuntimeSeconds(run.tags);
  const fitsLambda = limit !== null && limit <= LAMBDA_MAX_RUNTIME_SECONDS;
  const needsProcess = run.tags[TAG.isolation] === 'process';
  const wanted = run.tags[TAG.launcher] ?? settings.runLauncher.default;
  if (needsProcess || (wanted !== 'lambda' && wanted !== 'auto')) return 'fargate';
  return fitsLambda || (wanted === 'lambda' && limit === null) ? 'lambda' : 'fargate';
}

export function executionInput(run: Run, settings: EngineSettings): ExecutionInput {
  return {
    runId: run.runId,
    attempt: run.attempt,
    launcher: chooseLauncher(run, settings),
    location: run.location,
    bundleHash: run.bundleHash,
    maxRuntimeSeconds: maxRuntimeSeconds(run.tags) ?? NO_LIMIT_SECONDS,
  };
}
