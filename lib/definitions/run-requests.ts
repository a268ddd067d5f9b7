import type { AssetCheckKey } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { JsonObject } from '../model/json';
import type { AfterRequest } from '../model/run-dependency';
import type { DynamicPartitionsRequest, InstigatorResult, RunRequest } from '../model/run-request';
import type { Tags } from '../model/tags';
import type { AssetReference } from './asset-reference';
import { checkEvaluationReturn } from './check-evaluation-return';
import type { JobDefinition } from './job';
import type { DynamicPartitions } from './partitions';
import type { CheckResult, MaterializeResult, ObserveResult } from './results';
import { seenAssetEvents } from './seen-asset-events';

/** A run that a schedule or sensor asks for. */
export interface RunRequestDefinition {
  readonly kind: 'run_request';
  readonly request: RunRequest;
}

export interface RunRequestOptions {
  /** At most one run per key: for ever (sensors), or per tick (schedules). Default: always a new run. */
  readonly runKey?: string;
  /** Which of the targets; default: the only one. */
  readonly job?: JobDefinition | string;
  readonly partition?: string;
  readonly config?: JsonObject;
  readonly tags?: Tags;
  /** Some of the job's assets; default all. */
  readonly assets?: readonly (AssetReference | AssetKey)[];
  readonly checks?: readonly AssetCheckKey[];
  /**
   * True: of these assets (or all of the job's) only those that are missing or stale when the tick is evaluated; no
   * run when there are none. A job without assets runs all the same. Default false.
   *
   * @example return runRequest({ staleAssetsOnly: true });
   */
  readonly staleAssetsOnly?: boolean;
  /**
   * Stays in the queue until these have come to their end; when that can no longer be, the run is canceled with the
   * cause. A job stands for its newest run, or for its first to come. Default: the success of all of them.
   *
   * @example after: { jobs: ['ingest'] }
   */
  readonly after?: Omit<AfterRequest, 'jobs'> & { readonly jobs?: readonly (JobDefinition | string)[] };
}

/** Asks for a run. @example return runRequest({ runKey: file.name, config: { ops: { load: { config: { file: file.name } } } } }); */
export function runRequest(options: RunRequestOptions = {}): RunRequestDefinition {
  const { job, assets, after } = options;
  return {
    kind: 'run_request',
    request: {
      runKey: options.runKey ?? null,
      jobName: job === undefined ? null : typeof job === 'string' ? job : job.name,
      config: options.config ?? {},
      tags: options.tags ?? {},
      partitionKey: options.partition ?? null,
      assetSelection: assets?.map((asset) => (typeof asset === 'string' ? asset : asset.key)) ?? null,
      assetCheckSelection: options.checks ?? null,
      ...(options.staleAssetsOnly ? { staleAssetsOnly: true } : {}),
      ...(after === undefined
        ? {}
        : {
            after: {
              ...after,
              jobs: after.jobs?.map((each) => (typeof each === 'string' ? each : each.name)),
            },
          }),
    },
  };
}

/** Why there is nothing to run. */
export interface SkipReason {
  readonly kind: 'skip';
  readonly reason: string;
}

/** Asks for nothing, and says why; shown on the tick. @example return skip('No new files'); */
export const skip = (reason: string): SkipReason => ({ kind: 'skip', reason });

/** Everything that an evaluation can say at once. */
export interface SensorResult {
  readonly runRequests?: readonly RunRequestDefinition[];
  readonly skipReason?: string;
  /** New cursor, stored with the tick; default: unchanged. */
  readonly cursor?: string;
  /** Applied before the run requests. @example [addPartitions(customers, ['acme'])] */
  readonly dynamicPartitions?: readonly DynamicPartitionsRequest[];
  /**
   * What it saw of assets of its location, external ones among them: stored without a run, with the tick. Each names its
   * asset; a check result its check, too.
   *
   * @example [materializeResult({ asset: 'erp/orders', metadata: { rows: 3 } }), observeResult({ asset: 'erp/stock' })]
   */
  readonly assetEvents?: readonly (MaterializeResult | ObserveResult | CheckResult)[];
}

/** Adds keys to dynamic partitions. */
export const addPartitions = (
  partitions: DynamicPartitions,
  keys: readonly string[],
): DynamicPartitionsRequest => ({
  kind: 'add',
  name: partitions.name,
  keys,
});

/** Removes keys from dynamic partitions. */
export const deletePartitions = (
  partitions: DynamicPartitions,
  keys: readonly string[],
): DynamicPartitionsRequest => ({
  kind: 'delete',
  name: partitions.name,
  keys,
});

/** What a schedule's or sensor's function may return. Nothing = skip without a reason. */
export type EvaluationReturn =
  | RunRequestDefinition
  | readonly RunRequestDefinition[]
  | SkipReason
  | SensorResult
  | null
  | undefined
  // biome-ignore lint/suspicious/noConfusingVoidType: a function that returns nothing is one of the choices
  | void;

/**
 * What an evaluation returned, as the host reads it.
 *
 * @throws TypeError it is none of what may be returned
 */
export function toInstigatorResult(returned: EvaluationReturn): InstigatorResult {
  checkEvaluationReturn(returned);
  const nothing = { runRequests: [], skipReason: null, cursor: null, dynamicPartitionsRequests: [] };
  if (returned === null || returned === undefined) return nothing;
  if (isList(returned)) return { ...nothing, runRequests: returned.map(({ request }) => request) };
  if ('kind' in returned) {
    return returned.kind === 'skip'
      ? { ...nothing, skipReason: returned.reason }
      : { ...nothing, runRequests: [returned.request] };
  }
  return {
    runRequests: returned.runRequests?.map(({ request }) => request) ?? [],
    skipReason: returned.skipReason ?? null,
    cursor: returned.cursor ?? null,
    dynamicPartitionsRequests: returned.dynamicPartitions ?? [],
    assetEvents: returned.assetEvents?.flatMap((each) => seenAssetEvents(each)) ?? [],
  };
}

function isList(returned: EvaluationReturn): returned is readonly RunRequestDefinition[] {
  return Array.isArray(returned);
}
