import type { OpEvent } from '../definitions/loaded-definitions';
import { type AssetCheckEvaluation, checkId } from '../model/asset-check';
import { type AssetKey, assetOpName } from '../model/asset-key';
import type { OpManifest, OpOutputManifest } from '../model/manifest';
import { type RawMetadata, toMetadata } from '../model/metadata';
import { computeDataVersion } from './data-version';
import { BlockingCheckFailedError, StepOutputError } from './errors';
import type { RunStep } from './plan-progress';
import type { Emit, EventSubject, RunScope } from './run-scope';
import { assetOutput, type StepResult } from './step-result';
import { ioManagerName, storeValue } from './step-values';

type Yielded<T extends OpEvent['type']> = Extract<OpEvent, { readonly type: T }>;

/**
 * Turns what a step's code yields into events and stored values, and holds it to its declaration. One per try.
 */
export class StepRecorder {
  private readonly scope: RunScope;
  private readonly target: RunStep;
  private readonly op: OpManifest;
  private readonly emit: Emit;
  private readonly outputs = new Set<string>();
  private readonly mappingKeys: Record<string, string[]> = {};
  private readonly materialized = new Set<AssetKey>();
  /** Assets whose value was yielded, with its metadata: materialized at the end unless told before. */
  private readonly valued = new Map<AssetKey, RawMetadata>();
  private readonly failedBlocking: AssetCheckEvaluation[] = [];

  constructor(scope: RunScope, target: RunStep, op: OpManifest, emit: Emit) {
    this.scope = scope;
    this.target = target;
    this.op = op;
    this.emit = emit;
  }

  /** Assets made so far in this try. */
  get materializedAssets(): ReadonlySet<AssetKey> {
    return this.materialized;
  }

  async record(event: OpEvent): Promise<void> {
    switch (event.type) {
      case 'output':
        return this.recordOutput(event);
      case 'materialization':
        return this.recordMaterialization(event);
      case 'observation':
        return this.recordObservation(event);
      case 'check':
        return this.recordCheck(event);
      case 'log':
        return this.emit(
          'LOG_MESSAGE',
          event.message,
          event.fields === undefined ? {} : { fields: event.fields },
          {
            level: event.level,
          },
        );
    }
  }

  /**
   * The code has ended: materializes the assets whose value it yielded without more words.
   *
   * @throws {StepOutputError} when a required output or asset is missing
   * @throws {BlockingCheckFailedError}
   */
  finish(): StepResult {
    const { step } = this.target;
    for (const [asset, metadata] of this.valued) {
      if (!this.materialized.has(asset))
        this.recordMaterialization({ type: 'materialization', asset, metadata });
    }
    for (const asset of step.assets) {
      const output = this.outputOf(asset);
      const isOptional = output !== undefined && !output.isRequired && !this.outputs.has(output.name);
      if (!isOptional && !this.materialized.has(asset)) {
        throw new StepOutputError(
          step.key,
          output?.name ?? asset,
          `it ended without materializing ${asset}.`,
        );
      }
    }
    for (const { name, isRequired, isDynamic } of this.op.outputs) {
      const isAsset = this.op.assets.some((asset) => this.outputOf(asset)?.name === name);
      if (isRequired && !isDynamic && !isAsset && !this.outputs.has(name)) {
        throw new StepOutputError(step.key, name, `the required output "${name}" was not yielded.`);
      }
      if (isDynamic) this.mappingKeys[name] ??= [];
    }
    if (this.failedBlocking.length > 0) throw new BlockingCheckFailedError(this.failedBlocking.map(checkId));
    const made = [...this.materialized].map(assetOutput);
    return { status: 'SUCCESS', outputs: [...this.outputs, ...made], mappingKeys: this.mappingKeys };
  }

  private async recordOutput({ name, value, mappingKey, metadata }: Yielded<'output'>): Promise<void> {
    const output = this.declared(name, mappingKey);
    this.outputs.add(name);
    const mapped = mappingKey === undefined ? {} : { mappingKey };
    const label = mappingKey === undefined ? name : `${name}[${mappingKey}]`;
    this.emit('STEP_OUTPUT', `Yielded output "${label}".`, { output: name, ...mapped });
    const asset = this.assetOf(name);
    const { step } = this.target;
    const ioManager = ioManagerName(this.scope, step.op, output.name, asset);
    const stored = await storeValue(this.scope, value, {
      ioManager,
      context: {
        run: this.scope.run,
        asset,
        stepKey: step.key,
        output: name,
        mappingKey: mappingKey ?? null,
        partitionKeys: asset === null ? null : this.partitionsOf(asset),
        metadata: metadata ?? {},
      },
    });
    this.emit('HANDLED_OUTPUT', `Stored output "${label}" with ${ioManager}.`, {
      output: name,
      ioManager,
      metadata: toMetadata(stored),
    });
    if (asset !== null) this.valued.set(asset, { ...stored, ...metadata });
  }

  private declared(name: string, mappingKey: string | undefined): OpOutputManifest {
    const { step } = this.target;
    const output = this.op.outputs.find((declared) => declared.name === name);
    if (output === undefined) {
      const known = this.op.outputs.map((declared) => declared.name).join(', ') || 'none';
      throw new StepOutputError(
        step.key,
        name,
        `it yielded output "${name}", which is not declared (declared: ${known}).`,
      );
    }
    if (output.isDynamic !== (mappingKey !== undefined)) {
      const problem = output.isDynamic
        ? 'is dynamic and needs a mapping key'
        : 'is not dynamic: it takes no mapping key';
      throw new StepOutputError(step.key, name, `output "${name}" ${problem}.`);
    }
    if (mappingKey === undefined) {
      if (this.outputs.has(name))
        throw new StepOutputError(step.key, name, `output "${name}" was yielded twice.`);
      return output;
    }
    if (!/^[A-Za-z0-9_.-]+$/.test(mappingKey)) {
      throw new StepOutputError(
        step.key,
        name,
        `mapping key "${mappingKey}" of output "${name}" may hold letters, digits, "_", "-" and "." only.`,
      );
    }
    this.mappingKeys[name] ??= [];
    if (this.mappingKeys[name].includes(mappingKey)) {
      throw new StepOutputError(
        step.key,
        name,
        `mapping key "${mappingKey}" of output "${name}" was yielded twice.`,
      );
    }
    this.mappingKeys[name].push(mappingKey);
    return output;
  }

  private recordMaterialization(event: Yielded<'materialization'>): void {
    const { asset, partition, metadata, tags, description } = event;
    const manifest = this.scope.index.assets.get(asset);
    const codeVersion = manifest?.codeVersion ?? null;
    const inputs = manifest?.dependencies.map(({ key }) => key).filter((key) => key !== asset) ?? [];
    const versions = this.scope.dataVersions;
    const known = inputs.flatMap((key) =>
      versions[key] === undefined ? [] : [[key, versions[key]] as const],
    );
    const dataVersion = event.dataVersion ?? computeDataVersion(codeVersion, inputs, versions);
    const data = {
      metadata: toMetadata({ ...(this.materialized.has(asset) ? {} : this.valued.get(asset)), ...metadata }),
      tags: tags ?? {},
      ...(description === undefined ? {} : { description }),
      ...(dataVersion === undefined ? {} : { dataVersion }),
      ...(codeVersion === null ? {} : { codeVersion }),
      inputDataVersions: Object.fromEntries(known),
    };
    for (const key of this.partitionsToReport(asset, partition)) {
      const where = key === undefined ? '' : `, partition ${key}`;
      this.emit('ASSET_MATERIALIZATION', `Materialized ${asset}${where}.`, data, {
        ...subjectOf(asset, key),
        level: 'INFO',
      });
    }
    this.materialized.add(asset);
    if (dataVersion === undefined) delete versions[asset];
    else versions[asset] = dataVersion;
  }

  private recordObservation(event: Yielded<'observation'>): void {
    const { asset, partition, metadata, dataVersion, tags } = event;
    const data = {
      metadata: toMetadata(metadata ?? {}),
      tags: tags ?? {},
      ...(dataVersion === undefined ? {} : { dataVersion }),
    };
    for (const key of this.partitionsToReport(asset, partition)) {
      const where = key === undefined ? '' : `, partition ${key}`;
      this.emit('ASSET_OBSERVATION', `Observed ${asset}${where}.`, data, {
        ...subjectOf(asset, key),
        level: 'INFO',
      });
    }
    if (dataVersion !== undefined) this.scope.dataVersions[asset] = dataVersion;
  }

  private recordCheck({
    asset,
    name,
    passed,
    severity = 'ERROR',
    description,
    metadata,
    partition,
  }: Yielded<'check'>): void {
    const blocking = this.scope.index.checks.get(checkId({ asset, name }))?.blocking ?? false;
    const keys = this.partitionsToReport(asset, partition);
    const outcome = passed ? 'passed' : `failed with severity ${severity}`;
    for (const key of keys) {
      const evaluation = {
        asset,
        name,
        passed,
        severity,
        metadata: toMetadata(metadata ?? {}),
        ...(description === undefined ? {} : { description }),
        ...(key === undefined ? {} : { partition: key }),
      };
      this.emit(
        'ASSET_CHECK_EVALUATION',
        `Check "${name}" of ${asset} ${outcome}.`,
        { ...evaluation, blocking },
        {
          ...subjectOf(asset, key),
          level: passed ? 'INFO' : severity === 'ERROR' ? 'ERROR' : 'WARNING',
        },
      );
      if (!passed && severity === 'ERROR' && blocking) this.failedBlocking.push(evaluation);
    }
    if (!passed && severity === 'ERROR' && blocking) this.scope.progress.failCheck({ asset, name });
  }

  /** The asset that an output is the value of. */
  private assetOf(output: string): AssetKey | null {
    return this.op.assets.find((asset) => this.outputOf(asset)?.name === output) ?? null;
  }

  /** An op with one asset has one output; with several, each output has the name that Dagster gives it. */
  private outputOf(asset: AssetKey): OpOutputManifest | undefined {
    const { assets, outputs } = this.op;
    if (assets.length === 1 && outputs.length === 1) return outputs[0];
    return outputs.find(({ name }) => name === assetOpName(asset) || name === asset);
  }

  private partitionsOf(asset: AssetKey): readonly string[] | null {
    const partitioned = this.scope.index.assets.get(asset)?.partitions != null;
    const keys = this.scope.assignment.plan.partitionKeys;
    return partitioned && keys.length > 0 ? keys : null;
  }

  private partitionsToReport(asset: AssetKey, explicit: string | undefined): readonly (string | undefined)[] {
    return explicit === undefined ? (this.partitionsOf(asset) ?? [undefined]) : [explicit];
  }
}

function subjectOf(assetKey: AssetKey, partition: string | undefined): EventSubject {
  return partition === undefined ? { assetKey } : { assetKey, partition };
}
