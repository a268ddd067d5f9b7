import type { StepInfo } from './context';
import type { RunInfo, StepContext } from './loaded-definitions';
import type { ResourceRecord, ResourceValues } from './resource';
import { type CapturedSource, captureSource } from './source-capture';

/** What a hook is given: the step that ended. */
export interface HookContext<R extends ResourceRecord> extends Pick<StepInfo, 'stepKey' | 'log'> {
  readonly run: RunInfo;
  readonly resources: ResourceValues<R>;
  /** What the step threw; null in a success hook. */
  readonly error: { readonly name: string; readonly message: string } | null;
}

/** A function that is called after each step of the jobs that name it; its errors fail nothing. */
export interface HookDefinition {
  readonly kind: 'hook';
  readonly name: string;
  readonly on: 'success' | 'failure';
  readonly resources: ResourceRecord;
  readonly source: CapturedSource;
  run(
    context: Omit<StepContext, 'resources'> & {
      readonly resources: unknown;
      readonly error: HookContext<ResourceRecord>['error'];
    },
  ): void | Promise<void>;
}

export interface HookOptions<R extends ResourceRecord> {
  readonly name: string;
  readonly resources?: R;
  run(context: HookContext<R>): void | Promise<void>;
}

/** Runs after each step that succeeded. @example successHook({ name: 'ping', run: ({ stepKey }) => ping(stepKey) }) */
export function successHook<R extends ResourceRecord = Record<never, never>>(
  options: HookOptions<R>,
): HookDefinition {
  return createHook('success', options, captureSource(successHook));
}

/** Runs after each step that failed. @example failureHook({ name: 'tell', resources: { slack }, run: ({ resources, error }) => resources.slack.post(`${error?.message}`) }) */
export function failureHook<R extends ResourceRecord = Record<never, never>>(
  options: HookOptions<R>,
): HookDefinition {
  return createHook('failure', options, captureSource(failureHook));
}

function createHook<R extends ResourceRecord>(
  on: HookDefinition['on'],
  options: HookOptions<R>,
  source: CapturedSource,
): HookDefinition {
  const run = options.run as HookDefinition['run'];
  return { kind: 'hook', name: options.name, on, resources: options.resources ?? {}, source, run };
}
