import { TAG } from '../model/tags';

/** The parts of an ECS task, as `ecs:runTask.sync` reports it, that say why it stopped. */
interface StoppedTask {
  readonly StopCode?: string;
  readonly StoppedReason?: string;
  /** MB. */
  readonly Memory?: string;
  readonly Containers?: readonly {
    readonly Name?: string;
    readonly ExitCode?: number;
    readonly Reason?: string;
  }[];
}

/** What Lambda reports of a function that did not answer. */
interface FailedFunction {
  readonly errorType?: string;
  readonly errorMessage?: string;
}

/**
 * Why a task or function failed, in words for people, out of what the state machine caught.
 *
 * @param error the run coordinator's name of it, e.g. `States.TaskFailed`
 * @param cause a text, or JSON of the task or of the function's error
 */
export function explainTaskFailure(error: string, cause: string): string {
  const data = parse(cause);
  const task = (data as { Containers?: unknown } | undefined)?.Containers;
  if (Array.isArray(task)) return explainTask(data as StoppedTask);
  const { errorType, errorMessage } = (data ?? {}) as FailedFunction;
  if (typeof errorMessage === 'string') return explainFunction(errorType ?? error, errorMessage);
  return error === 'States.TaskFailed' ? cause : `${error}: ${cause}`;
}

function explainTask({ StopCode, StoppedReason = '', Memory, Containers = [] }: StoppedTask): string {
  const failed = Containers.find(({ ExitCode, Reason }) => ExitCode !== 0 || Reason !== undefined);
  const reason = failed?.Reason ?? '';
  if (reason.includes('OutOfMemory')) {
    const size = Memory === undefined ? '' : `, its task has ${Memory} MB`;
    return `out of memory${size}: raise memory of its location in workspace.yaml, or by the run's tag ${TAG.memory}`;
  }
  if (StopCode === 'SpotInterruption') return 'its Spot capacity was taken back';
  for (const text of [reason, StoppedReason]) {
    const detail = text.slice(text.indexOf(':') + 1).trim();
    if (/^CannotPull\w*Error/.test(text)) return `its image could not be pulled: ${detail}`;
    if (/^ResourceInitializationError/.test(text)) {
      return `a secret, log group or network that it needs could not be had: ${detail}`;
    }
  }
  if (failed?.ExitCode === 143) return `its task was told to stop: ${StoppedReason || 'SIGTERM'}`;
  if (failed?.ExitCode === 137) return `its task was killed (SIGKILL): ${StoppedReason}`;
  if (failed?.ExitCode !== undefined) {
    return `its task exited with code ${failed.ExitCode}${reason === '' ? '' : `: ${reason}`}`;
  }
  return `its task stopped before it ran: ${reason || StoppedReason || StopCode}`;
}

function explainFunction(type: string, message: string): string {
  if (type === 'Runtime.OutOfMemory' || /signal: killed/.test(message)) {
    return 'out of memory on Lambda: raise run_launcher.lambda.memory in headrace.yaml, or run it on Fargate';
  }
  if (/Task timed out/.test(message)) {
    return `its function ended it: ${message}. Runs that may take longer belong on Fargate`;
  }
  return message;
}

function parse(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
