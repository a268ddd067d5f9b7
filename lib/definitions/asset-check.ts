import type { ZodType } from 'zod';
import type { AssetCheckSeverity } from '../model/asset-check';
import { type AssetKey, assetOpName } from '../model/asset-key';
import type { RawMetadata } from '../model/metadata';
import type { PartitionsSpec } from '../model/partitions';
import type { PastMaterialization, PastMaterializationsQuery } from '../model/past-materialization';
import { type ComputationOptions, type ConfigOf, toComputationBasics } from './asset';
import { type AutomationConditionLike, toConditionSpec } from './asset-details';
import type { AssetPartitions, AssetReference, AssetValue } from './asset-reference';
import type { Computation, ComputationContext } from './computation';
import type { StepInfo } from './context';
import { toCheckResult } from './inline-checks';
import type { OpEvent } from './loaded-definitions';
import type { PartitionOf } from './partitions';
import type { ResourceRecord, ResourceValues } from './resource';
import { checkEvent } from './result-events';
import type { CheckReturn } from './results';
import { type CapturedSource, captureSource } from './source-capture';

/** How much of the past, of which partition: of any, unless it is named. */
interface PastOptions {
  readonly limit?: number;
  readonly partition?: string | null;
}

export interface AssetCheckContext<
  A extends AssetReference,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  L extends boolean,
> extends StepInfo {
  readonly asset: AssetKey;
  readonly partition: PartitionOf<AssetPartitions<A>>;
  readonly resources: ResourceValues<R>;
  readonly config: ConfigOf<C>;
  /**
   * What was last materialized of the asset, newest first, in this run too. Default: the latest one, of any partition.
   *
   * @param options.limit at most 100
   */
  materializations(options?: PastOptions): Promise<readonly PastMaterialization[]>;
  /** The same of observations: what was seen of the asset without making it. */
  observations(options?: PastOptions): Promise<readonly PastMaterialization[]>;
  /** The asset's stored value, with `loadsValue: true`. */
  readonly value: L extends true ? AssetValue<A> : undefined;
}

export interface AssetCheckOptions<
  A extends AssetReference,
  R extends ResourceRecord,
  C extends ZodType | undefined,
  L extends boolean,
> extends ComputationOptions<R, C> {
  /** The asset that is checked. */
  readonly asset: A | AssetKey;
  /** Unique within the asset. */
  readonly name: string;
  readonly description?: string;
  readonly metadata?: RawMetadata;
  /** True: a failure of severity ERROR keeps assets downstream from running in the same run. Default false. */
  readonly blocking?: boolean;
  /** Severity of a failure, unless the result says otherwise. Default `ERROR`. */
  readonly severity?: AssetCheckSeverity;
  /**
   * When to evaluate it by itself, beside the runs of its asset, which is its only dependency.
   *
   * @example automation.onCron('0 6 * * *')
   */
  readonly automation?: AutomationConditionLike;
  /** Whether `run` gets the asset's value, loaded by its IO manager. Default false. */
  readonly loadsValue?: L;
  run(context: AssetCheckContext<A, R, C, L>): CheckReturn | Promise<CheckReturn>;
  readonly source?: CapturedSource;
}

/** A check with a computation of its own. */
export interface AssetCheckDefinition {
  readonly kind: 'asset_check';
  readonly asset: AssetKey;
  readonly name: string;
  readonly loadsValue: boolean;
  readonly computation: Computation;
}

/**
 * Defines a check that runs in a step of its own, after its asset.
 *
 * @example
 * assetCheck({
 *   asset: earthquakes, name: 'fresh_enough', blocking: true, resources: { snowflake },
 *   async run({ resources }) {
 *     const age = await resources.snowflake.queryValue('select ...');
 *     return { passed: age < 24, metadata: { hours: age } };
 *   },
 * });
 */
export function assetCheck<
  A extends AssetReference<unknown, PartitionsSpec | undefined>,
  // biome-ignore lint/complexity/noBannedTypes: no resources is the empty record
  R extends ResourceRecord = {},
  C extends ZodType | undefined = undefined,
  const L extends boolean = false,
>(options: AssetCheckOptions<A, R, C, L>): AssetCheckDefinition {
  const source = options.source ?? captureSource(assetCheck);
  const key = typeof options.asset === 'string' ? options.asset : options.asset.key;
  const { name, severity } = options;
  const loadsValue = options.loadsValue ?? false;
  const automation = toConditionSpec(options.automation);
  const run = options.run as (context: unknown) => CheckReturn | Promise<CheckReturn>;
  return {
    kind: 'asset_check',
    asset: key,
    name,
    loadsValue,
    computation: {
      name: checkOpName(key, name),
      description: options.description ?? null,
      assets: [],
      checks: [
        {
          asset: key,
          name,
          blocking: options.blocking ?? false,
          description: options.description ?? null,
          metadata: options.metadata ?? {},
          ...(automation === null ? {} : { automation }),
          source,
        },
      ],
      inputs: loadsValue ? [{ name: VALUE_INPUT, description: null, schema: null, many: false }] : [],
      outputs: [],
      ...toComputationBasics(options),
      codeVersion: null,
      canSubset: false,
      source,
      execute: (context, values) => runCheck(key, name, severity, run, context, values),
    },
  };
}

/** Name of the input that carries the checked asset's value. */
const VALUE_INPUT = 'value';

/** Name of the op that evaluates a check of its own. */
export const checkOpName = (asset: AssetKey, check: string): string =>
  `${assetOpName(asset)}__check__${check.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;

async function* runCheck(
  asset: AssetKey,
  name: string,
  severity: AssetCheckSeverity | undefined,
  run: (context: unknown) => CheckReturn | Promise<CheckReturn>,
  context: ComputationContext,
  inputs: Readonly<Record<string, unknown>>,
): AsyncIterable<OpEvent> {
  const past =
    (type: PastMaterializationsQuery['type'] & string) =>
    ({ limit = 1, partition = null }: PastOptions = {}) =>
      context.materializations({ asset, limit, partition, type });
  const materializations = past('ASSET_MATERIALIZATION');
  const observations = past('ASSET_OBSERVATION');
  const returned = await run({
    ...context,
    asset,
    materializations,
    observations,
    value: inputs[VALUE_INPUT],
  });
  yield checkEvent(asset, toCheckResult(name, returned, severity));
}
