import type { AssetCheckKey } from '../../model/asset-check';
import type { AssetKey } from '../../model/asset-key';
import type { ExecutionPlan } from '../../model/execution-plan';
import type { JobManifest, Manifest } from '../../model/manifest';
import { planAssetSteps } from './plan-asset-steps';
import { planGraphSteps } from './plan-graph-steps';
import { subsetSteps } from './subset-steps';

export interface PlanRequest {
  /** Null or absent = everything in the job. */
  readonly assetSelection?: readonly AssetKey[] | null;
  /** Null or absent = every check of the selected assets. */
  readonly assetCheckSelection?: readonly AssetCheckKey[] | null;
  /** Null or absent = all steps. */
  readonly stepKeys?: readonly string[] | null;
  /** Validated by the caller, in the partitions' order. */
  readonly partitionKeys?: readonly string[];
}

/**
 * The steps of one run, in an order that respects their dependencies. Pure: the same manifest and request give
 * the same plan.
 *
 * @throws {PlanError} naming what is unknown, with near misses
 * @example createExecutionPlan(manifest, assetJob, { assetSelection: ['raw/earthquakes'] }).steps
 */
export function createExecutionPlan(
  manifest: Manifest,
  job: JobManifest,
  request: PlanRequest = {},
): ExecutionPlan {
  const steps =
    job.assets === null
      ? planGraphSteps(manifest, job)
      : planAssetSteps(manifest, job, request.assetSelection ?? null, request.assetCheckSelection ?? null);
  return {
    steps: request.stepKeys ? subsetSteps(steps, request.stepKeys) : steps,
    maxConcurrentSteps: job.maxConcurrentSteps,
    partitionKeys: request.partitionKeys ?? [],
  };
}
