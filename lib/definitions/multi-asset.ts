import type { ZodType } from 'zod';
import type { AssetCheckKey } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { PartitionsSpec } from '../model/partitions';
import { type ComputationOptions, type ConfigOf, toComputationBasics } from './asset';
import { type AssetDescription, toAssetDetails } from './asset-details';
import type { AssetReference, InputRecord, InputValues } from './asset-reference';
import {
  type AssetDetails,
  assetOutputName,
  type CheckDetails,
  type Computation,
  type ComputationContext,
} from './computation';
import type { StepInfo } from './context';
import { toComputationInputs } from './inputs';
import type { OpEvent } from './loaded-definitions';
import type { PartitionOf } from './partitions';
import type { ResourceRecord, ResourceValues } from './resource';
import { checkEvent, materializationEvents } from './result-events';
import { type CheckResult, isCheckResult, isMaterializeResult, type MaterializeResult } from './results';
import { captureSource } from './source-capture';
import type { VALUE } from './type-keys';

/** An asset of a multi-asset, described; what computes it is the multi-asset's `run`. */
export interface AssetSpec<Value = unknown, K extends AssetKey = AssetKey>
  extends AssetDescription<PartitionsSpec | undefined> {
  readonly key: K;
  /** Whether `run` may leave it out; then assets downstream are skipped. Default false. */
  readonly optional?: boolean;
  readonly [VALUE]?: Value;
}

/**
 * Describes an asset of a multi-asset, with the type of its value if others take it as an input.
 *
 * @example assetSpec<number>()({ key: 'stats/total', deps: [events] })
 */
export function assetSpec<Value = unknown>(): <const K extends AssetKey>(
  spec: Omit<AssetSpec<Value, K>, typeof VALUE>,
) => AssetSpec<Value, K> {
  return (spec) => spec;
}

/** A check that a multi-asset's `run` evaluates. */
export interface CheckSpec extends AssetCheckKey {
  readonly blocking?: boolean;
  readonly description?: string;
  readonly metadata?: AssetDescription<undefined>['metadata'];
}

export interface MultiAssetContext<
  P extends PartitionsSpec | undefined,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends InputRecord,
> extends StepInfo {
  readonly partition: PartitionOf<P>;
  readonly resources: ResourceValues<R>;
  readonly config: ConfigOf<C>;
  readonly inputs: InputValues<I, P>;
  /** Checks that the run asks for. */
  readonly selectedChecks: readonly AssetCheckKey[];
}

/** What a multi-asset's `run` yields. */
export type MultiAssetResult = MaterializeResult | CheckResult;

/** What a multi-asset's `run` returns: results as they come, all at once, or nothing when all went well. */
export type MultiAssetReturn =
  | AsyncIterable<MultiAssetResult>
  | Iterable<MultiAssetResult>
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one of the choices
  | Promise<Iterable<MultiAssetResult> | void>
  | void;

export interface MultiAssetOptions<
  S extends readonly AssetSpec[],
  P extends PartitionsSpec | undefined,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  I extends InputRecord,
> extends ComputationOptions<R, C> {
  /** Name of its op and step. */
  readonly name: string;
  readonly description?: string;
  readonly specs: S;
  readonly checks?: readonly CheckSpec[];
  /** Partitions of all its assets. */
  readonly partitions?: P;
  readonly inputs?: I;
  /** Whether a run may ask for some of the assets: `run` then looks at `selectedAssets`. Default false. */
  readonly canSubset?: boolean;
  /** Group of the assets that name none. */
  readonly group?: string;
  run(context: MultiAssetContext<P, R, C, I>): MultiAssetReturn;
  readonly source?: AssetDescription<undefined>['source'];
}

/** Several assets with one computation. */
export interface MultiAssetDefinition<
  S extends readonly AssetSpec[] = readonly AssetSpec[],
  P = PartitionsSpec | undefined,
> {
  readonly kind: 'multi_asset';
  readonly name: string;
  /** Its assets by key, to depend on. @example inputs: { total: stats.assets['stats/total'] } */
  readonly assets: {
    readonly [Spec in S[number] as Spec['key']]: AssetReference<
      Spec extends AssetSpec<infer Value> ? Value : unknown,
      P
    >;
  };
  readonly computation: Computation;
}

/** A multi-asset ended without a result for an asset that was asked for, or gave one for an asset that it does not have. */
export class MultiAssetResultError extends Error {
  override readonly name = 'MultiAssetResultError';
}

/**
 * Defines several assets that one computation makes. If `run` yields or returns results, it must give one for
 * each selected asset (except optional ones); if it returns nothing, all selected assets count as materialized.
 *
 * @example
 * multiAsset({
 *   name: 'export_crm', canSubset: true,
 *   specs: [{ key: 'raw/accounts' }, { key: 'raw/contacts' }],
 *   async *run({ selectedAssets }) {
 *     for (const asset of selectedAssets) yield materializeResult({ asset, metadata: { rows: await load(asset) } });
 *   },
 * });
 */
export function multiAsset<
  const S extends readonly AssetSpec[],
  const P extends PartitionsSpec | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no inputs is the empty record
  I extends InputRecord = {},
>(options: MultiAssetOptions<S, P, R, C, I>): MultiAssetDefinition<S, P> {
  const source = options.source ?? captureSource(multiAsset);
  const partitions: PartitionsSpec | undefined = options.partitions;
  const inputs: InputRecord = options.inputs ?? {};
  const assets = options.specs.map((spec) => {
    const described = { group: options.group, ...spec, partitions: spec.partitions ?? partitions };
    return toAssetDetails(
      described as AssetDescription<PartitionsSpec | undefined>,
      inputs,
      source,
      spec.optional,
    );
  });
  const checks = (options.checks ?? []).map(
    (check): CheckDetails => ({
      asset: check.asset,
      name: check.name,
      blocking: check.blocking ?? false,
      description: check.description ?? null,
      metadata: check.metadata ?? {},
      source,
    }),
  );
  const run = options.run as (context: unknown) => MultiAssetReturn;
  const references = assets.map(
    ({ key, partitions }) => [key, { isAsset: true, key, partitions: partitions ?? undefined }] as const,
  );
  return {
    kind: 'multi_asset',
    name: options.name,
    assets: Object.fromEntries(references) as MultiAssetDefinition<S, P>['assets'],
    computation: {
      name: options.name,
      description: options.description ?? null,
      assets,
      checks,
      inputs: toComputationInputs(inputs, partitions ?? null),
      outputs: [],
      ...toComputationBasics(options),
      codeVersion: null,
      canSubset: options.canSubset ?? false,
      source,
      execute: (context, values) => runMultiAsset(options.name, assets, run, context, values),
    },
  };
}

async function* runMultiAsset(
  name: string,
  assets: readonly AssetDetails[],
  run: (context: unknown) => MultiAssetReturn,
  context: ComputationContext,
  inputs: Readonly<Record<string, unknown>>,
): AsyncIterable<OpEvent> {
  const missing = new Set(context.selectedAssets);
  const results = await run({ ...context, inputs });
  if (results === undefined) {
    for (const key of missing) {
      yield* materializationEvents(
        key,
        assetOutputName({ name, assets }, key),
        { kind: 'materialize_result' },
        context,
      );
    }
    return;
  }
  for await (const result of results) {
    if (isCheckResult(result)) {
      yield checkEvent(result.asset ?? '', result);
    } else if (isMaterializeResult(result)) {
      const key = keyOfResult(name, assets, result);
      yield* materializationEvents(key, assetOutputName({ name, assets }, key), result, context);
      missing.delete(key);
    }
  }
  const forgotten = assets.filter(({ key, isOptional }) => missing.has(key) && !isOptional);
  if (forgotten.length > 0) {
    throw new MultiAssetResultError(
      `Multi-asset ${name} ended without a result for ${forgotten.map(({ key }) => key).join(', ')}. Yield materializeResult({ asset }) for each selected asset, or mark the asset optional.`,
    );
  }
}

function keyOfResult(name: string, assets: readonly AssetDetails[], result: MaterializeResult): AssetKey {
  const [only] = assets;
  const key = result.asset ?? (assets.length === 1 ? only?.key : undefined);
  if (key !== undefined && assets.some((asset) => asset.key === key)) return key;
  throw new MultiAssetResultError(
    key === undefined
      ? `Multi-asset ${name} gave a result without an asset: materializeResult({ asset: '...' }).`
      : `Multi-asset ${name} gave a result for ${key}, which is none of its assets.`,
  );
}
