import type { ZodType } from 'zod';
import { type AssetKey, assetOpName } from '../model/asset-key';
import type { AutomationConditionSpec } from '../model/manifest';
import type { PartitionsSpec } from '../model/partitions';
import { type AssetContext, type ComputationOptions, toComputationBasics } from './asset';
import { type AssetDescription, toAssetDetails } from './asset-details';
import type { AssetReference } from './asset-reference';
import type { Computation, ComputationContext } from './computation';
import type { OpEvent } from './loaded-definitions';
import type { PartitionKeyOf } from './partitions';
import type { ResourceRecord } from './resource';
import type { ObserveResult } from './results';
import { captureSource } from './source-capture';
import type { CONFIG, RESOURCES } from './type-keys';

/** What was seen of an asset: its data version, alone or with more about it. */
export type Observation = string | Omit<ObserveResult, 'kind' | 'asset' | 'partition'>;

/** What `run` of an observable asset returns: of a partitioned one the data version of each partition that it saw. */
export type ObservationOf<P> = P extends PartitionsSpec
  ? Readonly<Partial<Record<PartitionKeyOf<P>, string>>>
  : Observation;

/** What `run` of an observable asset is given. A run observes it as a whole, whatever its partitions. */
export type ObservableAssetContext<R extends ResourceRecord, C extends ZodType | undefined> = Omit<
  AssetContext<undefined, R, C, Record<never, never>>,
  'inputs' | 'partition'
>;

export interface ObservableAssetOptions<
  P extends PartitionsSpec | undefined,
  R extends ResourceRecord,
  C extends ZodType | undefined,
> extends Omit<AssetDescription<P>, 'deps' | 'codeVersion' | 'backfill'>,
    ComputationOptions<R, C> {
  /**
   * Observe it by itself when the last time it was asked for is so many minutes ago; instead of `automation`. The
   * automation sensor has to be on.
   */
  readonly autoObserveIntervalMinutes?: number;
  /** Looks at the asset. */
  run(context: ObservableAssetContext<R, C>): ObservationOf<P> | Promise<ObservationOf<P>>;
}

/** An asset that is made elsewhere, with the computation that looks at it. */
export interface ObservableAssetDefinition<P = PartitionsSpec | undefined, R = ResourceRecord, C = unknown>
  extends AssetReference<unknown, P> {
  readonly kind: 'observable_asset';
  readonly computation: Computation;
  readonly [RESOURCES]?: R;
  readonly [CONFIG]?: C;
}

/** The function of an observable asset returned something else than an observation. */
export class ObservationError extends Error {
  override readonly name = 'ObservationError';
  readonly asset: AssetKey;

  constructor(asset: AssetKey, message: string) {
    super(`Observing ${asset}: ${message}`);
    this.asset = asset;
  }
}

/**
 * Defines an asset that is made elsewhere and can be looked at: its function returns a data version, such as an ETag
 * or the time of the last change. Each run of it is an observation. Assets that depend on it are stale when the data
 * version is another one than they were made from, and their automation conditions see the change as an update.
 *
 * Of a partitioned one the function returns the data version of each partition that it saw.
 *
 * @example
 * export const orders = observableAsset({
 *   key: 'erp/orders',
 *   autoObserveIntervalMinutes: 10,
 *   resources: { erp },
 *   run: async ({ resources }) => ({ dataVersion: await resources.erp.etag('/orders'), metadata: { source: 'erp' } }),
 * });
 */
export function observableAsset<
  const P extends PartitionsSpec | undefined = undefined,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
>(options: ObservableAssetOptions<P, R, C>): ObservableAssetDefinition<P, R, C> {
  const source = options.source ?? captureSource(observableAsset);
  const { key, autoObserveIntervalMinutes: minutes, automation } = options;
  const described = toAssetDetails(options as AssetDescription<PartitionsSpec | undefined>, {}, source);
  const details = {
    ...described,
    isObservable: true,
    automation: described.automation ?? automationOf(minutes),
    mistakes: mistakesOf(minutes, automation !== undefined),
  };
  const isPartitioned = details.partitions !== null;
  const run = options.run as (context: unknown) => unknown;
  return {
    isAsset: true,
    kind: 'observable_asset',
    key,
    partitions: options.partitions as P,
    computation: {
      name: assetOpName(key),
      description: details.description,
      assets: [details],
      checks: [],
      inputs: [],
      outputs: [],
      ...toComputationBasics(options),
      codeVersion: null,
      canSubset: false,
      source,
      execute: (context) => observe(key, isPartitioned, run, context),
    },
  };
}

function automationOf(minutes: number | undefined): AutomationConditionSpec | null {
  if (minutes === undefined) return null;
  return { op: 'interval_passed', seconds: minutes * 60, label: `auto_observe(${minutes} min)` };
}

function mistakesOf(minutes: number | undefined, isAutomated: boolean): readonly string[] {
  if (minutes === undefined) return [];
  return [
    ...(Number.isFinite(minutes) && minutes > 0
      ? []
      : [`autoObserveIntervalMinutes is ${minutes}: it must be more than 0`]),
    ...(isAutomated ? ['it has both automation and autoObserveIntervalMinutes; give it one of them'] : []),
  ];
}

async function* observe(
  asset: AssetKey,
  isPartitioned: boolean,
  run: (context: unknown) => unknown,
  context: ComputationContext,
): AsyncIterable<OpEvent> {
  const { partition: _, ...given } = context;
  const seen = await run({ ...given, asset });
  if (isPartitioned) yield* observedPartitions(asset, seen);
  else yield observation(asset, seen);
}

function* observedPartitions(asset: AssetKey, seen: unknown): Iterable<OpEvent> {
  if (typeof seen !== 'object' || seen === null)
    throw new ObservationError(
      asset,
      `it is partitioned; return { <partition>: <data version> }, not ${kindOf(seen)}.`,
    );
  for (const [partition, dataVersion] of Object.entries(seen)) {
    if (dataVersion === undefined) continue;
    if (typeof dataVersion !== 'string')
      throw new ObservationError(
        asset,
        `the data version of partition ${partition} is ${kindOf(dataVersion)}; it must be a string.`,
      );
    yield { type: 'observation', asset, partition, dataVersion };
  }
}

function observation(asset: AssetKey, seen: unknown): OpEvent {
  if (typeof seen === 'string') return { type: 'observation', asset, dataVersion: seen };
  if (typeof seen !== 'object' || seen === null)
    throw new ObservationError(
      asset,
      `return its data version, or { dataVersion, metadata }, not ${kindOf(seen)}.`,
    );
  const { dataVersion, metadata, tags } = seen as Partial<ObserveResult>;
  if (dataVersion !== undefined && typeof dataVersion !== 'string')
    throw new ObservationError(asset, `its data version is ${kindOf(dataVersion)}; it must be a string.`);
  return {
    type: 'observation',
    asset,
    ...(dataVersion === undefined ? {} : { dataVersion }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(tags === undefined ? {} : { tags }),
  };
}

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value);
