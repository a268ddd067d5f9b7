import type { IoContext, IoManager } from '../definitions/loaded-definitions';
import type { AssetKey } from '../model/asset-key';
import type { StepInputSource } from '../model/execution-plan';
import type { RawMetadata } from '../model/metadata';
import { nodeName } from './expand-mapped-step';
import { inputPartitionKeys } from './input-partitions';
import { opOf } from './manifest-index';
import type { RunStep } from './plan-progress';
import type { Emit, RunScope } from './run-scope';

/** IO manager of values whose definition names none. */
const DEFAULT_IO_MANAGER = 'io_manager';

interface StoredValue {
  readonly ioManager: string;
  readonly context: IoContext;
}

/** Loads a step's inputs, each through the IO manager that stored it. */
export async function loadInputs(
  scope: RunScope,
  { step, mappingKey }: RunStep,
  emit: Emit,
): Promise<Readonly<Record<string, unknown>>> {
  const values: Record<string, unknown> = {};
  for (const { name, sources } of step.inputs) {
    const available = sources.filter((source) =>
      scope.progress.isAvailable(source, step.mappedOver, mappingKey),
    );
    const loaded: unknown[] = [];
    let ioManager = DEFAULT_IO_MANAGER;
    for (const source of available) {
      const stored = await storedValues(scope, { step, mappingKey }, source);
      for (const value of stored) {
        loaded.push(await load(scope, value));
        ioManager = value.ioManager;
      }
    }
    const isList = sources.length > 1 || sources[0]?.kind === 'collect';
    values[name] = isList ? loaded : loaded[0];
    const from = upstreamOf(sources);
    emit('LOADED_INPUT', `Loaded input "${name}" with ${ioManager}.`, { input: name, ioManager, ...from });
    emit('STEP_INPUT', `Got input "${name}".`, { input: name });
  }
  return values;
}

/** The one step whose stored value an input is. */
function upstreamOf([only, ...others]: readonly StepInputSource[]): {
  readonly upstreamStep?: string;
  readonly upstreamOutput?: string;
} {
  if (only === undefined || others.length > 0 || only.kind === 'collect' || only.stepKey === null) return {};
  return {
    upstreamStep: only.stepKey,
    ...(only.kind === 'step' ? { upstreamOutput: only.output } : {}),
  };
}

/** Stores a value; returns the IO manager's name and its metadata. */
export async function storeValue(scope: RunScope, value: unknown, stored: StoredValue): Promise<RawMetadata> {
  const manager = await ioManagerOf(scope, stored.ioManager);
  return (await manager.handleOutput(stored.context, value)) ?? {};
}

/** IO managers that a step's outputs need: set up before its code runs, so that it does not run in vain. */
export function outputIoManagers(
  scope: RunScope,
  { op, assets, observes }: RunStep['step'],
): readonly string[] {
  if (observes !== undefined) return [];
  const outputs = opOf(scope.index, op).outputs;
  if (assets.length === 0) return outputs.map(({ name }) => ioManagerName(scope, op, name, null));
  return outputs.length === 0 ? [] : assets.map((asset) => ioManagerName(scope, op, '', asset));
}

/** Name of the IO manager of an asset or of an op's output. */
export function ioManagerName(scope: RunScope, op: string, output: string, asset: AssetKey | null): string {
  if (asset !== null) {
    const named = scope.index.assets.get(asset)?.ioManager;
    if (named !== undefined) return named;
  }
  const declared = scope.index.ops.get(op)?.outputs.find(({ name }) => name === output);
  return declared?.ioManager ?? DEFAULT_IO_MANAGER;
}

async function load(scope: RunScope, { ioManager, context }: StoredValue): Promise<unknown> {
  return (await ioManagerOf(scope, ioManager)).loadInput(context);
}

async function ioManagerOf(scope: RunScope, name: string): Promise<IoManager> {
  const values = await scope.resources.values([name]);
  return values[name] as IoManager;
}

async function storedValues(
  scope: RunScope,
  { step, mappingKey }: RunStep,
  source: StepInputSource,
): Promise<StoredValue[]> {
  if (source.kind === 'asset') return [await storedAsset(scope, step.assets, source)];
  if (source.kind === 'collect') {
    const isDynamicItself = scope.progress.resultOf(source.stepKey)?.mappingKeys[source.output] !== undefined;
    return scope.progress
      .collected(source)
      .map(({ stepKey, mappingKey: key, result }) =>
        storedOutput(scope, stepKey, source.output, isDynamicItself ? key : null, result.runId),
      );
  }
  const over = step.mappedOver;
  const isMapped = over?.stepKey === source.stepKey && over.output === source.output;
  const runId = source.runId ?? scope.progress.resultOf(source.stepKey)?.runId;
  return [storedOutput(scope, source.stepKey, source.output, isMapped ? mappingKey : null, runId)];
}

function storedOutput(
  scope: RunScope,
  stepKey: string,
  output: string,
  mappingKey: string | null,
  runId = scope.run.runId,
): StoredValue {
  const plan = scope.assignment.plan.steps;
  const maker = plan.find(({ key }) => key === stepKey || nodeName(key) === nodeName(stepKey));
  return {
    ioManager: ioManagerName(scope, maker?.op ?? nodeName(stepKey), output, null),
    context: {
      run: { ...scope.run, runId },
      asset: null,
      stepKey,
      output,
      mappingKey,
      partitionKeys: null,
      metadata: {},
    },
  };
}

async function storedAsset(
  scope: RunScope,
  consumers: readonly AssetKey[],
  source: Extract<StepInputSource, { kind: 'asset' }>,
): Promise<StoredValue> {
  const asset = scope.index.assets.get(source.asset);
  return {
    ioManager: asset?.ioManager ?? DEFAULT_IO_MANAGER,
    context: {
      run: scope.run,
      asset: source.asset,
      stepKey: source.stepKey ?? asset?.op ?? '',
      output: asset?.op == null ? 'result' : (opOf(scope.index, asset.op).outputs[0]?.name ?? 'result'),
      mappingKey: null,
      partitionKeys: await inputPartitionKeys(scope, consumers, source.asset),
      metadata: asset?.metadata ?? {},
    },
  };
}
