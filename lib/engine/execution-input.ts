import type { ExecutionInput, TaskChoice } from '../model/execution-input';
import type { Run } from '../model/run';
import { maxRuntimeSeconds, TAG, TASK_TAGS, type Tags } from '../model/tags';
import type { TaskSettings } from '../model/task-settings';
import { chooseTask, TaskChoiceError } from '../run-coordinator/choose-task';
import { taskSettings } from '../settings/with-workspace';
import type { EngineSettings } from './engine-settings';
import { TaskTagsError } from './errors';

/** Step Functions' own limit of an execution, a year, less the margin that a task gets. */
const NO_LIMIT_SECONDS = 365 * 24 * 3600 - 3600;
/** Lambda's 15 minutes, less a minute to end in good order. */
const LAMBDA_MAX_RUNTIME_SECONDS = 14 * 60;

/** What carries an attempt: Lambda only where the run is sure to fit it, and asks for nothing that a task alone has. */
export function chooseLauncher(
  run: Pick<Run, 'tags' | 'location'>,
  settings: EngineSettings,
): ExecutionInput['launcher'] {
  const limit = maxRuntimeSeconds(run.tags);
  const fitsLambda = limit !== null && limit <= LAMBDA_MAX_RUNTIME_SECONDS;
  const needsTask =
    run.tags[TAG.isolation] === 'process' || TASK_TAGS.some((tag) => run.tags[tag] !== undefined);
  const wanted = run.tags[TAG.launcher] ?? settings.runLauncher.default;
  const task = tasksOf(run.location, settings).capacity === 'external' ? 'external' : 'fargate';
  if (needsTask || (wanted !== 'lambda' && wanted !== 'auto')) return task;
  return fitsLambda || (wanted === 'lambda' && limit === null) ? 'lambda' : task;
}

/**
 * Checks that there is a task such as a run's tags ask for. On a laptop nothing is a task, and yet a wrong tag is
 * wrong there too: it would be refused once deployed.
 *
 * @throws {TaskTagsError}
 */
export function checkTaskTags(tags: Tags, location: string, settings: EngineSettings): void {
  taskOf({ location, tags, attempt: 1 }, settings);
}

/**
 * The input of an attempt's execution.
 *
 * @throws {TaskTagsError} the settings have changed since the run was accepted
 */
export function executionInput(run: Run, settings: EngineSettings): ExecutionInput {
  const launcher = chooseLauncher(run, settings);
  return {
    runId: run.runId,
    attempt: run.attempt,
    launcher,
    ...(launcher === 'lambda' ? {} : { task: taskOf(run, settings) }),
    location: run.location,
    bundleHash: run.bundleHash,
    maxRuntimeSeconds: maxRuntimeSeconds(run.tags) ?? NO_LIMIT_SECONDS,
  };
}

function taskOf(
  run: Pick<Run, 'location' | 'tags' | 'attempt' | 'suspensions'>,
  settings: EngineSettings,
): TaskChoice {
  // Attempts that were suspended came to a good end.
  const lostWorkers = run.attempt - 1 - (run.suspensions ?? 0);
  try {
    return chooseTask(run.tags, tasksOf(run.location, settings), lostWorkers);
  } catch (error) {
    if (error instanceof TaskChoiceError) throw new TaskTagsError(run.location, error);
    throw error;
  }
}

function tasksOf(location: string, { runLauncher }: EngineSettings): TaskSettings {
  return runLauncher.tasks[location] ?? taskSettings(runLauncher);
}
