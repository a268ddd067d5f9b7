import type { AssetCheckKey } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { PartitionConfig } from '../model/code-location';
import type { JsonObject } from '../model/json';
import type { JobManifest } from '../model/manifest';
import { dynamicNames } from '../model/partitions';
import type { NewRun, RunOrigin } from '../model/run';
import type { RunDependencies } from '../model/run-dependency';
import { TAG, type Tags } from '../model/tags';
import type { EngineSettings } from './engine-settings';
import { checkTaskTags } from './execution-input';
import type { LoadedLocation } from './find-definitions';
import { createExecutionPlan } from './plan/create-execution-plan';
import {
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
  /** What its job gives it for its partition: a config instead of `config`, and tags beside the job's own. */
  readonly ofPartition?: PartitionConfig;
  readonly tags: Tags;
  readonly origin: RunOrigin;
  readonly idempotencyKey?: string | null;
  readonly parentRunId?: string | null;
  readonly rootRunId?: string | null;
  /** What it starts after. */
  readonly dependencies?: RunDependencies | null;
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

/** What differs between runs of one plan. */
export type RunOfPlan = Pick<RunSpec, 'runId' | 'partition' | 'ofPartition' | 'tags' | 'origin'>;

/**
 * Plans a run and puts its tags together: the job's run tags, those of the partition, then the request's, then the system's.
 *
 * @throws {PlanError}
 * @throws {TaskTagsError}
 */
export async function buildRun(spec: RunSpec, surroundings: RunSurroundings): Promise<NewRun> {
  return (await prepareRuns(spec, surroundings))(spec);
}

/**
 * Plans once for any number of runs that differ in their partition, what it gives them, tags and origin only. Those runs share the steps.
 *
 * @throws {PlanError} here, or when a partition does not exist
 * @throws {TaskTagsError} when a run is made
 */
export async function prepareRuns(
  spec: Omit<RunSpec, keyof RunOfPlan>,
  surroundings: RunSurroundings,
): Promise<(run: RunOfPlan) => NewRun> {
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
  const dynamicKeys = Object.fromEntries(
    await Promise.all(
      dynamicNames(definition).map(async (name) => [name, await surroundings.dynamicKeys(name)] as const),
    ),
  );
  const { maxRuntime } = surroundings.settings.runMonitoring;
  return ({ runId, partition, ofPartition, tags, origin }) => {
    const partitions = resolveRunPartitions(
      definition,
      partition ?? partitionChoiceOfTags(tags),
      job.name,
      surroundings.now,
      dynamicKeys,
    );
    const asked = { ...job.runTags, ...ofPartition?.tags, ...tags };
    checkTaskTags(asked, manifest.location, surroundings.settings);
    return {
      runId,
      location: manifest.location,
      jobName: job.name,
      bundleHash,
      config: ofPartition?.config ?? spec.config,
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
      origin,
      idempotencyKey: spec.idempotencyKey ?? null,
      ...(spec.dependencies == null ? {} : { dependencies: spec.dependencies }),
    };
  };
}
