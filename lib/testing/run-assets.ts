import type { AssetDetails, Computation } from '../definitions/computation';
import type { AnyCheck } from '../definitions/define/collect';
import { define } from '../definitions/define/define';
import { externalAsset } from '../definitions/external-asset';
import type { AssetCheckKey } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { JsonObject } from '../model/json';
import type { PartitionsSpec } from '../model/partitions';
import { ASSET_JOB } from '../model/run';
import { checkPartitionKey, endOfPartitions } from './check-partition';
import { memoryValues } from './memory-io-manager';
import {
  Fakes,
  type Observer,
  prepareComputation,
  type RunOptions,
  runInMemory,
  TestRunError,
} from './run-in-memory';
import { type RunSummary, summarize } from './test-result';

/** What `materialize` takes: assets and checks of their own, in any number. */
export type Materializable =
  | { readonly kind: 'asset'; readonly key: AssetKey; readonly computation: Computation }
  | { readonly kind: 'observable_asset'; readonly key: AssetKey; readonly computation: Computation }
  | { readonly kind: 'multi_asset'; readonly computation: Computation }
  | AnyCheck;

/** How several assets are materialized in a test. */
export interface MaterializeManyOptions extends RunOptions {
  readonly partition?: string | readonly string[];
  /** Fakes by the name that the assets give them. */
  readonly resources?: Readonly<Record<string, unknown>>;
  /** The run config: `ops.<op>.config`. */
  readonly config?: JsonObject;
  /** Values of assets that are not materialized here, by key. */
  readonly values?: Readonly<Record<AssetKey, unknown>>;
}

/** Runs assets and checks in memory, observed ones as a whole. */
export async function runAssets(
  targets: readonly Materializable[],
  given: {
    readonly values: Readonly<Record<AssetKey, unknown>>;
    readonly config: JsonObject;
    readonly observer: Observer;
    readonly options: MaterializeManyOptions;
  },
): Promise<RunSummary> {
  const { values, config, observer, options } = given;
  const details = targets.flatMap(({ computation }) => computation.assets);
  const ownChecks = targets.filter(isCheck).flatMap(({ computation }) => computation.checks);
  const memory = memoryValues();
  for (const [key, value] of Object.entries(values)) {
    memory.values.set(['assets', ...key.split('/')].map(encodeURIComponent).join('/'), value);
  }
  const fakes = new Fakes(options.resources ?? {}, memory.manager);
  const prepared = targets.map((target) => {
    const computation = prepareComputation(target.computation, fakes, observer);
    return isCheck(target)
      ? { ...target, computation }
      : { kind: 'multi_asset' as const, name: computation.name, computation };
  });
  const definitions = define({
    assets: [...prepared.filter((each) => !isCheck(each)), ...othersOf(details, ownChecks)],
    assetChecks: prepared.filter(isCheck),
    resources: { io_manager: memory.manager },
  });
  const keys = options.partition === undefined ? [] : [options.partition].flat();
  const made = details.filter(({ isObservable }) => isObservable !== true);
  const spec = made.find(({ partitions }) => partitions !== null)?.partitions ?? null;
  checkPartitions(details, spec, keys);
  const request = {
    jobName: ASSET_JOB,
    assetSelection: details.map(({ key }) => key),
    ...(ownChecks.length === 0
      ? {}
      : { assetCheckSelection: targets.flatMap(({ computation }) => computation.checks) }),
    partitionKeys: keys,
    config,
    thrown: observer.thrown,
  };
  return summarize(await runInMemory(definitions, request, options, endOfPartitions(spec, keys)));
}

/** Assets that are needed or checked and not given; their values, if any, are in memory. */
function othersOf(details: readonly AssetDetails[], checks: readonly AssetCheckKey[]) {
  const given = new Set(details.map(({ key }) => key));
  const upstream = details.flatMap(({ edges }) => edges.map(({ key }) => key));
  const needed = new Set([...upstream, ...checks.map(({ asset }) => asset)]);
  return [...needed].filter((key) => !given.has(key)).map((key) => externalAsset(key));
}

function checkPartitions(
  details: readonly AssetDetails[],
  spec: PartitionsSpec | null,
  keys: readonly string[],
): void {
  const [first] = details;
  if (spec === null && keys.length > 0) {
    throw new TestRunError(`${first?.key} has no partitions: leave out partition.`);
  }
  if (spec === null) return;
  if (keys.length === 0)
    throw new TestRunError(`${first?.key} is partitioned: say which, { partition: '...' }.`);
  for (const key of keys) checkPartitionKey(spec, key);
}

function isCheck<T extends { readonly kind: string }>(target: T): target is Extract<T, AnyCheck> {
  return target.kind === 'asset_check' || target.kind === 'multi_asset_check';
}
