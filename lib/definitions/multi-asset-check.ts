import type { ZodType } from 'zod';
import type { AssetCheckKey, AssetCheckSeverity } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { PastMaterialization, PastMaterializationsQuery } from '../model/past-materialization';
import { type ComputationOptions, type ConfigOf, toComputationBasics } from './asset';
import { type AutomationConditionLike, toConditionSpec } from './asset-details';
import type { AssetReference } from './asset-reference';
import type { Computation, ComputationContext } from './computation';
import type { StepInfo } from './context';
import { toCheckResult } from './inline-checks';
import type { OpEvent, PartitionInfo } from './loaded-definitions';
import type { CheckSpec } from './multi-asset';
import type { ResourceRecord, ResourceValues } from './resource';
import { checkEvent } from './result-events';
import type { CheckResult } from './results';
import { type CapturedSource, captureSource } from './source-capture';

/** One of the checks of a `multiAssetCheck`. */
export interface MultiAssetCheckSpec extends Omit<CheckSpec, 'asset'> {
  /** The asset that is checked. */
  readonly asset: AssetReference | AssetKey;
  /** Severity of a failure, unless the result says otherwise. Default `ERROR`. */
  readonly severity?: AssetCheckSeverity;
  /** When to evaluate it by itself, beside the runs of its asset. */
  readonly automation?: AutomationConditionLike;
}

export interface MultiAssetCheckContext<R extends ResourceRecord, C extends ZodType | undefined>
  extends StepInfo {
  /** The partition that is checked, of the assets that have any; null when none has. */
  readonly partition: PartitionInfo | null;
  readonly resources: ResourceValues<R>;
  readonly config: ConfigOf<C>;
  /** Checks that the run asks for: all, unless `canSubset`. */
  readonly selectedChecks: readonly AssetCheckKey[];
  /**
   * What was last materialized of an asset that is checked, newest first, in this run too.
   *
   * @param query.limit at most 100
   * @param query.partition null = of any
   * @param query.type `ASSET_OBSERVATION` = what was last observed of it
   */
  materializations(query: PastMaterializationsQuery): Promise<readonly PastMaterialization[]>;
}

/** What a multi-asset check's `run` returns: results as they come, or all at once. */
export type MultiAssetCheckReturn =
  | AsyncIterable<CheckResult>
  | Iterable<CheckResult>
  | Promise<Iterable<CheckResult>>;

export interface MultiAssetCheckOptions<R extends ResourceRecord, C extends ZodType | undefined>
  extends ComputationOptions<R, C> {
  /** Name of its op and step. */
  readonly name: string;
  readonly description?: string;
  /** At least one. Their assets have the same partitions, or none. */
  readonly checks: readonly MultiAssetCheckSpec[];
  /** Whether a run may ask for some of the checks: `run` then looks at `selectedChecks`. Default false. */
  readonly canSubset?: boolean;
  run(context: MultiAssetCheckContext<R, C>): MultiAssetCheckReturn;
  readonly source?: CapturedSource;
}

/** Several checks with one computation. */
export interface MultiAssetCheckDefinition {
  readonly kind: 'multi_asset_check';
  readonly name: string;
  readonly computation: Computation;
}

/** A multi-asset check gave a result for a check that was not asked for, or none for one that was. */
export class MultiAssetCheckResultError extends Error {
  override readonly name = 'MultiAssetCheckResultError';
}

/**
 * Defines several checks, of one asset or more, that one step evaluates after its assets. `run` must give one result
 * for each selected check; `checkResult` says of which, as far as that is in doubt.
 *
 * @example
 * multiAssetCheck({
 *   name: 'row_counts', resources: { db }, canSubset: true,
 *   checks: [{ asset: orders, name: 'has_rows' }, { asset: customers, name: 'has_rows', blocking: true }],
 *   async *run({ selectedChecks, resources }) {
 *     const counts = await resources.db.rowCounts(selectedChecks.map(({ asset }) => asset));
 *     for (const { asset, name } of selectedChecks) yield checkResult({ asset, check: name, passed: counts[asset] > 0 });
 *   },
 * });
 */
export function multiAssetCheck<
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
>(options: MultiAssetCheckOptions<R, C>): MultiAssetCheckDefinition {
  const source = options.source ?? captureSource(multiAssetCheck);
  const severities: Severities = new Map();
  const checks = options.checks.map((check) => {
    const { name, blocking = false, description = null, metadata = {} } = check;
    const asset = typeof check.asset === 'string' ? check.asset : check.asset.key;
    const automation = toConditionSpec(check.automation);
    severities.set(idOf({ asset, name }), check.severity);
    const condition = automation === null ? {} : { automation };
    return { asset, name, blocking, description, metadata, ...condition, source };
  });
  const run = options.run as (context: unknown) => MultiAssetCheckReturn;
  return {
    kind: 'multi_asset_check',
    name: options.name,
    computation: {
      name: options.name,
      description: options.description ?? null,
      assets: [],
      checks,
      inputs: [],
      outputs: [],
      ...toComputationBasics(options),
      codeVersion: null,
      canSubset: options.canSubset ?? false,
      source,
      execute: (context) => runMultiAssetCheck(options.name, severities, run, context),
    },
  };
}

/** By check, what a failure of it is worth. */
type Severities = Map<string, AssetCheckSeverity | undefined>;

const idOf = ({ asset, name }: AssetCheckKey): string => `${asset}:${name}`;

async function* runMultiAssetCheck(
  name: string,
  severities: Severities,
  run: (context: unknown) => MultiAssetCheckReturn,
  context: ComputationContext,
): AsyncIterable<OpEvent> {
  const missing = new Map(context.selectedChecks.map((key) => [idOf(key), key]));
  for await (const result of await run(context)) {
    const key = keyOfResult(name, context.selectedChecks, result);
    missing.delete(idOf(key));
    yield checkEvent(key.asset, toCheckResult(key.name, result, severities.get(idOf(key))));
  }
  if (missing.size > 0) {
    throw new MultiAssetCheckResultError(
      `Multi-asset check ${name} ended without a result for ${[...missing.keys()].join(', ')}. Yield checkResult({ asset, check, passed }) for each selected check.`,
    );
  }
}

/** The check that a result is of: the only selected one that fits what it says. */
function keyOfResult(
  name: string,
  selected: readonly AssetCheckKey[],
  { asset, check }: CheckResult,
): AssetCheckKey {
  const fitting = selected.filter(
    (key) => (asset === undefined || key.asset === asset) && (check === undefined || key.name === check),
  );
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const said = JSON.stringify({ asset, check });
  throw new MultiAssetCheckResultError(
    only === undefined
      ? `Multi-asset check ${name} gave a result for ${said}, which is none of the selected checks: ${selected.map(idOf).join(', ')}.`
      : `Multi-asset check ${name} gave a result for ${said}, which may be ${fitting.map(idOf).join(' or ')}. Say which: checkResult({ asset, check, passed }).`,
  );
}
