import type { input, ZodType } from 'zod';
import type { AssetDefinition } from '../definitions/asset';
import type { AssetReference, AssetValue, InputRecord, InputValues } from '../definitions/asset-reference';
import type { Computation } from '../definitions/computation';
import type { AnyCheck } from '../definitions/define/collect';
import type { MultiAssetDefinition } from '../definitions/multi-asset';
import type { PartitionKeyOf } from '../definitions/partitions';
import type { ResourceRecord, ResourceValues } from '../definitions/resource';
import type { AssetCheckEvaluation } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { JsonValue } from '../model/json';
import type { PartitionsSpec } from '../model/partitions';
import { type Materializable, type MaterializeManyOptions, runAssets } from './run-assets';
import { createObserver, type Observer, type RunOptions, TestRunError } from './run-in-memory';
import type { PlainMetadata, RunSummary } from './test-result';

/** How one asset is materialized in a test. */
export interface MaterializeOptions<P, R, C, I> extends RunOptions {
  /** Which partition; needed for a partitioned asset. */
  readonly partition?: P extends PartitionsSpec ? PartitionKeyOf<P> | readonly PartitionKeyOf<P>[] : never;
  /** Fakes by the name that `run` sees; a resource that is left out is set up for real, with `env`. */
  readonly resources?: R extends ResourceRecord ? Partial<ResourceValues<R>> : never;
  /** Config of the asset's op, checked by its schema. */
  readonly config?: C extends ZodType ? input<C> : never;
  /** Values of upstream assets by the name of the input. */
  readonly inputs?: I extends InputRecord ? Partial<InputValues<I, P>> : never;
}

/** What came of one asset. */
export interface MaterializeResultOf<Value> extends RunSummary {
  /** What `run` returned (behind `materializeResult`, its `value`). */
  readonly value: Value;
  /** Metadata of the materialization, as plain values. */
  readonly metadata: PlainMetadata;
  /** The asset's checks by name. */
  readonly checks: Readonly<Record<string, AssetCheckEvaluation>>;
}

/** What came of several assets. */
export interface MaterializeManyResult extends RunSummary {
  /** The value of an asset: what its `run` returned. */
  valueOf<A extends AssetReference>(asset: A): AssetValue<A>;
  /** Metadata of the latest materialization of an asset. */
  metadataOf(asset: AssetReference | AssetKey): PlainMetadata;
}

/**
 * Materializes assets in memory, with the real planning and execution: retries, checks, partitions, IO managers
 * (all replaced by memory). Assets that are not given are taken to exist. Checks of their own run when they are given,
 * also without their assets.
 *
 * @throws what user code threw, unless `raiseOnError` is false
 * @example
 * const result = await materialize(earthquakes, { partition: '2026-01-02', resources: { usgs: fakeUsgs } });
 * expect(result.metadata.rows).toBe(3);
 * @example
 * const { checkEvaluations } = await materialize([rowCounts], { resources: { db: fakeDb } });
 */
export function materialize<Value, P, R, C, I>(
  asset: AssetDefinition<Value, P, R, C, I>,
  options?: MaterializeOptions<P, R, C, I>,
): Promise<MaterializeResultOf<Value>>;
export function materialize(
  assets: MultiAssetDefinition | AnyCheck | readonly Materializable[],
  options?: MaterializeManyOptions,
): Promise<MaterializeManyResult>;
export async function materialize(
  target: Materializable | readonly Materializable[],
  options: MaterializeManyOptions & { readonly inputs?: Readonly<Record<string, unknown>> } = {},
): Promise<RunSummary> {
  const targets = isList(target) ? target : [target];
  const [only] = targets;
  const single = !isList(target) && target.kind === 'asset' ? target : undefined;
  const values =
    single === undefined ? (options.values ?? {}) : valuesOfInputs(single.computation, options.inputs ?? {});
  const config =
    single === undefined || options.config === undefined
      ? (options.config ?? {})
      : { ops: { [single.computation.name]: { config: options.config } } };
  if (only === undefined) throw new TestRunError('There is no asset to materialize.');
  const observer = createObserver();
  const summary = await runAssets(targets, { values, config, observer, options });
  if (single !== undefined) return singleResult(single, summary, observer);
  return manyResult(summary, observer);
}

/** Values by asset key, from values by the name of the input. */
function valuesOfInputs(
  { assets }: Computation,
  inputs: Readonly<Record<string, unknown>>,
): Readonly<Record<AssetKey, unknown>> {
  const edges = assets.flatMap((asset) => asset.edges);
  const entries = Object.entries(inputs).map(([name, value]) => {
    const edge = edges.find(({ input: own }) => own === name);
    if (edge === undefined) throw new TestRunError(`${assets[0]?.key} has no input "${name}".`);
    return [edge.key, value] as const;
  });
  return Object.fromEntries(entries);
}

function singleResult(
  { key }: Extract<Materializable, { kind: 'asset' }>,
  summary: RunSummary,
  observer: Observer,
): MaterializeResultOf<unknown> {
  const checks = summary.checkEvaluations.map((evaluation) => [evaluation.name, evaluation] as const);
  return {
    ...summary,
    value: observer.values.get(key),
    metadata: metadataOf(summary, key),
    checks: Object.fromEntries(checks),
  };
}

function manyResult(summary: RunSummary, observer: Observer): MaterializeManyResult {
  return {
    ...summary,
    valueOf: <A extends AssetReference>(asset: A) => valueOfAsset(asset.key, observer) as AssetValue<A>,
    metadataOf: (asset) => metadataOf(summary, typeof asset === 'string' ? asset : asset.key),
  };
}

function valueOfAsset(key: AssetKey, { values }: Observer): unknown {
  if (values.has(key)) return values.get(key);
  throw new TestRunError(`Asset ${key} was not materialized in this test.`);
}

function metadataOf({ materializations }: RunSummary, key: AssetKey): Readonly<Record<string, JsonValue>> {
  return materializations.findLast(({ asset }) => asset === key)?.metadata ?? {};
}

function isList(target: Materializable | readonly Materializable[]): target is readonly Materializable[] {
  return Array.isArray(target);
}
