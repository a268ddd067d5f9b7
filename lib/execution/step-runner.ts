import type { ExecutableHook, StepContext } from '../definitions/loaded-definitions';
import type { AssetKey } from '../model/asset-key';
import { toLogKey } from '../model/compute-log';
import type { JsonObject, JsonValue } from '../model/json';
import {
  MAX_PAST_MATERIALIZATIONS,
  type PastMaterialization,
  type PastMaterializationsQuery,
} from '../model/past-materialization';
import { errorSummary, toSerializableError } from '../model/serializable-error';
import { DefinitionNotFoundError, ExecutionError, RunAbortedError } from './errors';
import { nodeName } from './expand-mapped-step';
import { errorSource, failureMetadata } from './failure-details';
import { opOf } from './manifest-index';
import { partitionInfo } from './partition-info';
import type { RunStep } from './plan-progress';
import { inSeconds, secondsToRetry } from './retry-decision';
import { createEmit, createLogger, type Emit, type RunScope } from './run-scope';
import { StepRecorder } from './step-recorder';
import type { StepResult } from './step-result';
import { loadInputs, outputIoManagers } from './step-values';

/** How one try of a step ended. */
export type TryOutcome =
  | { readonly kind: 'success'; readonly result: StepResult }
  | { readonly kind: 'retry'; readonly secondsToWait: number }
  | { readonly kind: 'failure'; readonly cause: string }
  /** The worker itself is being stopped: the step neither failed nor succeeded. */
  | { readonly kind: 'interrupted' };

export interface StepTry extends RunStep {
  /** 1 for the step's first try of its first attempt. */
  readonly tryNumber: number;
  /** Retries made before this try, in this attempt. */
  readonly retriesUsed: number;
}

/** Runs one try of one step, with all its events. Never throws. */
export async function runStepTry(scope: RunScope, target: StepTry): Promise<TryOutcome> {
  const { step, tryNumber, retriesUsed } = target;
  const { host, signal } = scope;
  const emit = stepEmit(scope, step.key, tryNumber);
  const logKey = toLogKey({ runId: scope.run.runId, stepKey: step.key, tryNumber });
  emit('LOGS_CAPTURED', `Output of step "${step.key}" is captured.`, { logKey });
  if (retriesUsed === 0) {
    emit('STEP_START', `Started step "${step.key}".`, {});
  } else {
    emit('STEP_RESTARTED', `Started step "${step.key}" again (try ${tryNumber}).`, {});
  }
  const started = host.clock.now();
  const reached: { context?: StepContext; recorder?: StepRecorder } = {};
  try {
    const result = await host.captureOutput(step.key, tryNumber, async () => {
      const context = await createContext(scope, target, emit);
      const recorder = new StepRecorder(scope, target, opOf(scope.index, step.op), emit);
      Object.assign(reached, { context, recorder });
      return runOp(scope, target, context, recorder, emit);
    });
    const seconds = (host.clock.now() - started) / 1_000;
    emit('STEP_SUCCESS', `Finished step "${step.key}" in ${seconds} s.`, { seconds });
    await runHooks(scope, target, reached.context, null, emit);
    return { kind: 'success', result };
  } catch (thrown) {
    if (isInterruption(signal)) {
      emit('ENGINE_EVENT', `Step "${step.key}" was interrupted with its worker.`, {}, { level: 'WARNING' });
      return { kind: 'interrupted' };
    }
    const error = toSerializableError(thrown);
    const wait = signal.aborted ? null : secondsToRetry(thrown, step.retryPolicy, retriesUsed, host.random());
    if (wait !== null) {
      const message = `Step "${step.key}" failed and is up for retry in ${inSeconds(wait)}: ${errorSummary(error)}`;
      const data = { error, secondsToWait: wait, ...failureMetadata(thrown) };
      emit('STEP_UP_FOR_RETRY', message, data, { level: 'WARNING' });
      return { kind: 'retry', secondsToWait: wait };
    }
    const data = { error, errorSource: errorSource(thrown, signal), ...failureMetadata(thrown) };
    emit('STEP_FAILURE', `Step "${step.key}" failed: ${errorSummary(error)}`, data, { level: 'ERROR' });
    const reason = signal.aborted ? 'RUN_TERMINATED' : 'FAILED_TO_MATERIALIZE';
    const missing = step.assets.filter((asset) => !reached.recorder?.materializedAssets.has(asset));
    reportNotMaterialized(scope, missing, reason, emit, errorSummary(error));
    await runHooks(scope, target, reached.context, thrown, emit);
    return { kind: 'failure', cause: errorSummary(error) };
  }
}

/** Says of each asset (and partition) that this run will not make it. */
export function reportNotMaterialized(
  scope: RunScope,
  assets: readonly AssetKey[],
  reason: 'FAILED_TO_MATERIALIZE' | 'UPSTREAM_FAILED_TO_MATERIALIZE' | 'RUN_TERMINATED',
  emit: Emit,
  cause?: string,
): void {
  for (const assetKey of assets) {
    const isPartitioned = scope.index.assets.get(assetKey)?.partitions != null;
    const keys = isPartitioned ? scope.assignment.plan.partitionKeys : [];
    for (const partition of keys.length === 0 ? [undefined] : keys) {
      const subject = partition === undefined ? { assetKey } : { assetKey, partition };
      const where = partition === undefined ? '' : `, partition ${partition}`;
      emit(
        'ASSET_FAILED_TO_MATERIALIZE',
        `Did not materialize ${assetKey}${where}${cause === undefined ? '' : `: ${cause}`}.`,
        { reason },
        {
          ...subject,
          level: 'ERROR',
        },
      );
    }
  }
}

/** Writes events of one step's try. */
export function stepEmit(scope: RunScope, stepKey: string, tryNumber: number): Emit {
  const emit = createEmit(scope.host, scope.mask);
  return (type, message, data, subject = {}) => emit(type, message, data, { ...subject, stepKey, tryNumber });
}

async function runOp(
  scope: RunScope,
  target: StepTry,
  context: StepContext,
  recorder: StepRecorder,
  emit: Emit,
): Promise<StepResult> {
  const { step } = target;
  const op = scope.definitions.ops[step.op];
  if (op === undefined) throw new DefinitionNotFoundError('op', step.op, Object.keys(scope.definitions.ops));
  const inputs = await loadInputs(scope, target, emit);
  scope.signal.throwIfAborted();
  for await (const event of op.run(context, inputs)) await recorder.record(event);
  return recorder.finish();
}

async function createContext(scope: RunScope, target: StepTry, emit: Emit): Promise<StepContext> {
  const { step, tryNumber } = target;
  const op = opOf(scope.index, step.op);
  const values = await scope.resources.values([...op.resources, ...outputIoManagers(scope, step)]);
  const specs = [...step.assets, ...step.checks.map(({ asset }) => asset)].map(
    (asset) => scope.index.assets.get(asset)?.partitions ?? null,
  );
  const spec =
    specs.length > 0
      ? (specs.find((each) => each !== null) ?? null)
      : (scope.index.jobs.get(scope.run.jobName)?.partitions ?? null);
  return {
    run: scope.run,
    stepKey: step.key,
    tryNumber,
    config: opConfig(scope.config, nodeName(step.key), step.op),
    resources: Object.fromEntries(op.resources.map((name) => [name, values[name]])),
    partition: partitionInfo(spec, scope.assignment.plan.partitionKeys),
    selectedAssets: step.assets,
    selectedChecks: step.checks,
    startedAt: scope.host.clock.now(),
    materializations: (query) => materializationsFor(scope, step, query),
    log: createLogger(emit, {}),
    signal: scope.signal,
  };
}

async function materializationsFor(
  { host }: RunScope,
  { key, checks }: StepTry['step'],
  query: PastMaterializationsQuery,
): Promise<readonly PastMaterialization[]> {
  if (!checks.some(({ asset }) => asset === query.asset)) {
    throw new ExecutionError(
      `Step "${key}" asks for materializations of ${query.asset}, of which it evaluates no check. Ask for those of the assets that it checks.`,
    );
  }
  const limit = Math.min(Math.max(1, Math.floor(query.limit)), MAX_PAST_MATERIALIZATIONS);
  return host.materializations({ ...query, limit });
}

/** `ops.<node>.config` of the run config; nested graphs also as `ops.<graph>.ops.<node>.config`. */
export function opConfig(config: JsonObject, node: string, op: string): JsonValue {
  const ops = asObject(config['ops']);
  const nested = node
    .split('.')
    .reduce<JsonObject>((at, part, index) => asObject((index === 0 ? ops : asObject(at['ops']))[part]), {});
  for (const entry of [asObject(ops[node]), nested, asObject(ops[op])]) {
    if (entry['config'] !== undefined) return entry['config'];
  }
  return {};
}

/** Runs the job's hooks for an ended step; a hook's error is an event and changes nothing else. */
async function runHooks(
  scope: RunScope,
  { step, tryNumber }: StepTry,
  context: StepContext | undefined,
  thrown: unknown,
  emit: Emit,
): Promise<void> {
  for (const name of scope.index.jobs.get(scope.run.jobName)?.hooks ?? []) {
    const hook: ExecutableHook | undefined = scope.definitions.hooks[name];
    if (
      hook === undefined ||
      context === undefined ||
      hook.on !== (thrown === null ? 'success' : 'failure')
    ) {
      emit('HOOK_SKIPPED', `Hook "${name}" does not apply.`, { hook: name });
      continue;
    }
    try {
      const error = thrown === null ? null : toSerializableError(thrown);
      const resources = { ...context.resources, ...(await scope.resources.values(hook.resources)) };
      const hookContext = { ...context, resources, error };
      await scope.host.captureOutput(step.key, tryNumber, () => hook.run(hookContext));
      emit('HOOK_COMPLETED', `Hook "${name}" finished.`, { hook: name });
    } catch (failure) {
      const data = { hook: name, error: toSerializableError(failure) };
      emit('HOOK_ERRORED', `Hook "${name}" failed; the step is not affected.`, data, { level: 'ERROR' });
    }
  }
}

function isInterruption(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof RunAbortedError && signal.reason.why === 'interrupt';
}

function asObject(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}
