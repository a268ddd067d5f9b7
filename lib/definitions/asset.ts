import type { output, ZodType } from 'zod';
import { type AssetKey, assetOpName } from '../model/asset-key';
import type { PartitionsSpec } from '../model/partitions';
import type { Tags } from '../model/tags';
import { type AssetDescription, toAssetDetails } from './asset-details';
import type { AssetReference, InputRecord, InputValues } from './asset-reference';
import { type Computation, type ComputationContext, SINGLE_OUTPUT } from './computation';
import type { StepInfo } from './context';
import { evaluateInlineChecks, type InlineCheck, inlineCheckDetails } from './inline-checks';
import { toComputationInputs } from './inputs';
import type { OpEvent } from './loaded-definitions';
import type { PartitionOf } from './partitions';
import type { ResourceRecord, ResourceValues } from './resource';
import { materializationEvents } from './result-events';
import { isMaterializeResult, type ValueOf } from './results';
import type { RetryOptions } from './retry';
import { captureSource } from './source-capture';
import type { CONFIG, INPUTS, RESOURCES } from './type-keys';

/** What `run` of an asset is given. */
export interface AssetContext<
  P extends PartitionsSpec | undefined,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends InputRecord,
> extends StepInfo {
  readonly asset: AssetKey;
  /** The partition to materialize; null when the asset has none. */
  readonly partition: PartitionOf<P>;
  readonly resources: ResourceValues<R>;
  /** The run config's `ops.<op>.config`, checked by the schema. */
  readonly config: ConfigOf<C>;
  /** Values of the assets named in `inputs`. */
  readonly inputs: InputValues<I, P>;
}

/** The type of config that a schema yields. */
export type ConfigOf<C> = C extends ZodType ? output<C> : undefined;

/** How a computation runs: the same for ops and assets. */
export interface ComputationOptions<R extends ResourceRecord, C extends ZodType | undefined> {
  /** Resources by the name that `run` sees. */
  readonly resources?: R;
  /** Schema of the run config at `ops.<op>.config`. */
  readonly config?: C;
  readonly retry?: RetryOptions;
  /** Steps of one pool share a limit over all runs. */
  readonly pool?: string;
  /** Tags of the step, e.g. `{ 'dagster/priority': '3' }`. */
  readonly opTags?: Tags;
  /** `process`: each step gets a process of its own. Default `shared`. */
  readonly isolation?: 'shared' | 'process';
}

export interface AssetOptions<
  Returned,
  P extends PartitionsSpec | undefined,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends InputRecord,
> extends AssetDescription<P>,
    ComputationOptions<R, C> {
  /** Assets whose values `run` gets, by the name it gets them under. */
  readonly inputs?: I;
  /** Computes the asset. What it may return is said at `asset`. */
  run(context: AssetContext<P, R, C, I>): Returned | Promise<Returned>;
  /**
   * Checks evaluated right after `run`, on the value it returned. Write them below `run`: TypeScript infers
   * the value from what stands above.
   */
  readonly checks?: Readonly<Record<string, InlineCheck<ValueOf<NoInfer<Returned>>>>>;
}

/** An asset with the computation that materializes it. */
export interface AssetDefinition<
  Value = unknown,
  P = PartitionsSpec | undefined,
  R = ResourceRecord,
  C = unknown,
  I = InputRecord,
> extends AssetReference<Value, P> {
  readonly kind: 'asset';
  readonly computation: Computation;
  readonly [RESOURCES]?: R;
  readonly [CONFIG]?: C;
  readonly [INPUTS]?: I;
}

/**
 * Defines an asset: something that lasts (a table, a file) and the function that makes it.
 *
 * What `run` returns is the asset's value; it feeds the `checks`, and then one of two things holds:
 * - **It is stored** by the IO manager if another asset of the location takes it in `inputs`, or if the asset
 *   names an `ioManager`. Stored values are data and are not shown.
 * - **Otherwise it is a report**: the fields of a plain object become the materialization's metadata, so that
 *   `return { rows: 3 }` shows "rows 3". Other values go nowhere.
 *
 * A value with a `toMetadata()` method says itself what is shown. `materializeResult({ value?, metadata,
 * dataVersion, checkResults })` says everything; without `value` it stores nothing.
 *
 * @example
 * export const earthquakes = asset({
 *   key: 'raw/earthquakes',
 *   partitions: dailyPartitions({ start: '2026-01-01' }),
 *   resources: { usgs, snowflake },
 *   retry: { maxRetries: 3, delay: '10s', backoff: 'exponential' },
 *   async run({ partition, resources }) {
 *     const events = resources.usgs.events.read(partition.window);
 *     return resources.snowflake.load(events, { table: 'raw.earthquakes', replace: partition });
 *   },
 *   checks: { hasRows: ({ rows }) => rows > 0 },
 * });
 */
export function asset<
  Returned,
  const P extends PartitionsSpec | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no inputs is the empty record
  I extends InputRecord = {},
>(options: AssetOptions<Returned, P, R, C, I>): AssetDefinition<ValueOf<Returned>, P, R, C, I> {
  const source = options.source ?? captureSource(asset);
  const inputs = options.inputs ?? {};
  const checks: Readonly<Record<string, InlineCheck<never>>> = options.checks ?? {};
  const details = toAssetDetails(options as AssetDescription<PartitionsSpec | undefined>, inputs, source);
  const run = options.run as (context: unknown) => unknown;
  return {
    isAsset: true,
    kind: 'asset',
    key: options.key,
    partitions: options.partitions as P,
    computation: {
      name: assetOpName(options.key),
      description: details.description,
      assets: [details],
      checks: inlineCheckDetails(options.key, checks, source),
      inputs: toComputationInputs(inputs, details.partitions),
      outputs: [],
      ...toComputationBasics(options),
      codeVersion: details.codeVersion,
      canSubset: false,
      source,
      execute: (context, values) => runAsset(options.key, run, checks, context, values),
    },
  };
}

/** The options that ops and assets share, with their defaults. */
export function toComputationBasics(
  options: ComputationOptions<ResourceRecord, ZodType | undefined>,
): Pick<Computation, 'config' | 'resources' | 'retry' | 'pool' | 'tags' | 'isolation'> {
  return {
    config: options.config ?? null,
    resources: options.resources ?? {},
    retry: options.retry ?? null,
    pool: options.pool ?? null,
    tags: options.opTags ?? {},
    isolation: options.isolation ?? 'shared',
  };
}

async function* runAsset(
  key: AssetKey,
  run: (context: unknown) => unknown,
  checks: Readonly<Record<string, InlineCheck<never>>>,
  context: ComputationContext,
  inputs: Readonly<Record<string, unknown>>,
): AsyncIterable<OpEvent> {
  const returned = await run({ ...context, asset: key, inputs });
  const result = isMaterializeResult(returned)
    ? { ...returned, asset: key }
    : ({ kind: 'materialize_result', asset: key, value: returned } as const);
  yield* materializationEvents(key, SINGLE_OUTPUT, result, context);
  yield* evaluateInlineChecks(key, checks, result.value, context);
}
