import type { AssetCheckKey } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { JsonObject } from '../model/json';
import type { JobManifest } from '../model/manifest';
import type { NewRun, RunOrigin } from '../model/run';
import { TAG, type Tags } from '../model/tags';
import type { EngineSettings } from './engine-settings';
import type { LoadedLocation } from './find-definitions';
import { createExecutionPlan } from './plan/create-execution-plan';
import {
  dynamicNames,
  type PartitionChoice,
  partitionChoiceOfTags,
  partitionsOfRun,
  resolveRunPartitions,
} from './run-partitions';

/** A run to be made, with everything that had to be asked for already answered. */
export interface RunSpec {
  readonly runId: string;
  readonly job: JobManifest;
  readonly assetSelection?: readonly AssetKey[] | null;
  readonly assetCheckSelection?: readonly AssetCheckKey[] | null;
  readonly stepKeys?: readonly string[] | null;
  /** Absent = as the tags say. */
  readonly partition?: PartitionChoice;
  /** Validated. */
  readonly config: JsonObject;
  readonly tags: Tags;
  readonly origin: RunOrigin;
  readonly idempotencyKey?: string | null;
  readonly parentRunId?: string | null;
  readonly rootRunId?: string | null;
}

/** What the world is like when a run is made. */
export interface RunSurroundings {
  readonly settings: EngineSettings;
  readonly location: LoadedLocation;
  /** Epoch ms: which time windows exist. */
  readonly now: number;
  /** Keys of one dynamic partitions definition of the location. */
  dynamicKeys(name: string): Promise<readonly string[]>;
}

/**
 * Plans a run and puts its tags together: the job's run tags, then the request's, then the system's.
 *
 * @throws {PlanError}
 */
export async function buildRun(spec: RunSpec, surroundings: RunSurroundings): Promise<NewRun> {
  const { job } = spec;
  const { manifest, bundleHash } = surroundings.location;
  const unpartitioned = createExecutionPlan(manifest, job, {
    assetSelection: spec.assetSelection ?? null,
    assetCheckSelection: spec.assetCheckSelection ?? null,
    stepKeys: spec.stepKeys ?? null,
  });
  const assets = unpartitioned.steps.flatMap((step) => [
    ...step.assets,
    ...step.checks.map((check) => check.asset),
  ]);
  const definition = partitionsOfRun(manifest, job, assets);
  const dynamicKeys = dynamicNames(definition).map(
    async (name) => [name, await surroundings.dynamicKeys(name)] as const,
  );
  const partitions = resolveRunPartitions(
    definition,
    spec.partition ?? partitionChoiceOfTags(spec.tags),
    job.name,
    surroundings.now,
    Object.fromEntries(await Promise.all(dynamicKeys)),
  );
  const { maxRuntime } = surroundings.settings.runMonitoring;
  const asked = { ...job.runTags, ...spec.tags };
  return {
    runId: spec.runId,
    location: manifest.location,
    jobName: job.name,
    bundleHash,
    config: spec.config,
    tags: {
      ...(maxRuntime > 0 && asked[TAG.maxRuntimeSeconds] === undefined
        ? { [TAG.maxRuntime]: String(maxRuntime) }
        : {}),
      ...asked,
      ...partitions.tags,
      [TAG.codeLocation]: manifest.location,
      ...(spec.stepKeys ? { [TAG.stepSelection]: spec.stepKeys.join(',') } : {}),
    },
    assetSelection: spec.assetSelection ?? null,
    assetCheckSelection: spec.assetCheckSelection ?? null,
    stepKeys: spec.stepKeys ?? null,
    plan: { ...unpartitioned, partitionKeys: partitions.keys },
    parentRunId: spec.parentRunId ?? null,
    rootRunId: spec.rootRunId ?? null,
    origin: spec.origin,
    idempotencyKey: spec.idempotencyKey ?? null,
  };
}
