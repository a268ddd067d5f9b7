import type { AssetKey } from '../model/asset-key';
import type { BackfillTarget } from '../model/backfill';
import type { JsonObject } from '../model/json';
import { ASSET_JOB } from '../model/run';
import { TAG, type Tags } from '../model/tags';
import { asSystem, type Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import { type BackfillGraph, backfillGraph } from './backfills/backfill-graph';
import type { RunSource } from './backfills/backfill-runs';
import { assetTargets, type BackfillPartitions, jobTargets, type Moment } from './backfills/backfill-targets';
import { backfillUnits } from './backfills/backfill-units';
import { chunkPartitions, decideRequests, jobMaxPerRun } from './backfills/decide-requests';
import { iterateBackfill } from './backfills/iterate-backfills';
import { missingPartitions } from './backfills/missing-partitions';
import { momentOf } from './backfills/moment-of';
import type { EngineSettings } from './engine-settings';
import { EngineError, PlanError } from './errors';
import { findJob, findLocation } from './find-definitions';
import { partitionConfigs, saysNothing } from './partition-configs';
import { createExecutionPlan } from './plan/create-execution-plan';
import { selectSteps } from './plan/select-steps';
import { partitionsOfRun } from './run-partitions';
import { outside, selectAssetsByLocation } from './select-run-assets';
import { validateRunConfig } from './validate-run-config';

/** Partitions to be made, of a job (with its location) or of assets, which may be of several locations. */
export interface LaunchBackfillRequest {
  readonly location: string | null;
  readonly jobName: string | null;
  readonly assets: readonly AssetKey[] | null;
  readonly partitions: BackfillPartitions;
  /** Null = the job's own; of a job whose config depends on the partition, an empty one is none, too. */
  readonly config: JsonObject | null;
  /** Of its runs. */
  readonly tags: Tags;
  readonly title?: string | null;
  readonly description?: string | null;
  /** Jobs only: go on from each partition's last run where that failed, and leave the others out. Default false. */
  readonly fromFailure?: boolean;
  /** Jobs only: these steps of each run; see `selectSteps`. */
  readonly stepKeys?: readonly string[] | null;
  /** The backfill that this one does again, and the first of them. */
  readonly lineage?: { readonly parentBackfillId: string; readonly rootBackfillId: string };
}

/** What a backfill came to. */
export interface LaunchedBackfill {
  readonly backfillId: string;
  /** Those that could be requested at once; the others follow as these end. */
  readonly runIds: readonly string[];
}

/** What a backfill would do. */
export interface BackfillPreview {
  readonly targets: readonly BackfillTarget[];
  /** Runs that it would make if all goes well. */
  readonly runCount: number;
}

const ID_LENGTH = 8;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Stores a backfill and requests what of it can be requested at once, by one statement: up to 10,000 runs, all or none.
 * Whoever looks next takes it from there, whatever becomes of this process. The run queue's limits decide how many run
 * at a time.
 *
 * @throws {PlanError} when the target is not partitioned, or a partition does not exist
 * @throws {RunConfigError}
 */
export async function launchBackfill(
  instance: Instance,
  settings: EngineSettings,
  request: LaunchBackfillRequest,
): Promise<LaunchedBackfill> {
  const { sources, assets, targets } = await resolve(instance, request);
  const config = await configOf(instance, sources, request.config, targets);
  const [{ location, job }] = sources;
  const backfillId = Array.from(
    { length: ID_LENGTH },
    () => LETTERS[Math.floor(instance.ids.random() * LETTERS.length)],
  ).join('');
  if (request.fromFailure === true && request.stepKeys?.length) {
    throw new EngineError('A backfill goes on from failure, or makes chosen steps: not both.');
  }
  const steps = stepsOf(sources, assets, request.stepKeys ?? null);
  await instance.storage.createBackfill({
    backfillId,
    location: location.manifest.location,
    jobName: job.name,
    locations: sources.map((source) => source.location.manifest.location),
    assetSelection: assets,
    config,
    tags: { ...request.tags, ...(steps === null ? {} : { [TAG.stepSelection]: steps.join(',') }) },
    title: request.title ?? null,
    description: request.description ?? null,
    fromFailure: request.fromFailure ?? false,
    parentBackfillId: request.lineage?.parentBackfillId ?? null,
    rootBackfillId: request.lineage?.rootBackfillId ?? null,
    targets,
  });
  const [backfill] = await instance.storage.listBackfills({ backfillIds: [backfillId], limit: 1 });
  const runIds = backfill === undefined ? [] : await iterateBackfill(asSystem(instance), settings, backfill);
  await afterCommit(instance, settings);
  return { backfillId, runIds };
}

/**
 * Which partitions a backfill would make, and by how many runs. Changes nothing.
 *
 * @throws {PlanError} as {@link launchBackfill}
 */
export async function previewBackfill(
  instance: Instance,
  request: Pick<LaunchBackfillRequest, 'location' | 'jobName' | 'assets' | 'partitions'>,
): Promise<BackfillPreview> {
  const resolved = await resolve(instance, request);
  return { targets: resolved.targets, runCount: countRuns(resolved) };
}

/** @throws {PlanError} `unknown-step` */
function stepsOf(
  [{ location, job }]: Resolved['sources'],
  assets: readonly AssetKey[] | null,
  selections: readonly string[] | null,
): readonly string[] | null {
  if (selections === null || selections.length === 0) return null;
  if (assets !== null) {
    throw new EngineError('Steps are chosen of a job; of a backfill of assets choose the assets themselves.');
  }
  const plan = (stepKeys: readonly string[] | null) =>
    createExecutionPlan(location.manifest, job, {
      assetSelection: null,
      assetCheckSelection: null,
      stepKeys,
    });
  const steps = selectSteps(plan(null).steps, selections);
  plan(steps);
  return steps;
}

/** Several locations have their own config each: its defaults are looked at now, and again when runs are made. */
async function configOf(
  instance: Instance,
  sources: Resolved['sources'],
  config: JsonObject | null,
  targets: readonly BackfillTarget[],
): Promise<JsonObject> {
  const [first, ...others] = sources;
  if (others.length > 0 && config !== null && Object.keys(config).length > 0) {
    throw new EngineError(
      `Run config belongs to one code location, but the backfill is over ${sources.map(({ location }) => location.manifest.location).join(', ')}. Leave the config out, or launch a backfill for each.`,
    );
  }
  for (const { location, job } of others) await validateRunConfig(instance, location, job, job.defaultConfig);
  const [partition] = targets[0]?.partitions ?? [];
  if (first.job.isConfiguredByPartition === true && saysNothing(config) && partition !== undefined) {
    // What does not fit for one partition is better told now; each run has its own when it is made.
    const [own] = await partitionConfigs(instance, first.location, first.job, [[partition]]);
    if (own?.config) return {};
  }
  const valid = await validateRunConfig(
    instance,
    first.location,
    first.job,
    config ?? first.job.defaultConfig,
  );
  return others.length > 0 ? {} : valid;
}

interface Resolved {
  /** One for each code location. */
  readonly sources: readonly [RunSource, ...RunSource[]];
  readonly graph: BackfillGraph;
  readonly assets: readonly AssetKey[] | null;
  readonly targets: readonly BackfillTarget[];
  readonly moment: Moment;
}

async function resolve(
  instance: Instance,
  {
    location: within,
    assets,
    jobName,
    partitions,
    fromFailure = false,
  }: Pick<LaunchBackfillRequest, 'location' | 'assets' | 'jobName' | 'partitions' | 'fromFailure'>,
): Promise<Resolved> {
  const isOfAssets = assets !== null && assets.length > 0;
  if (isOfAssets && fromFailure) {
    throw new EngineError(
      'A backfill of assets cannot start from failure: name the partitions that failed, or re-execute the earlier backfill.',
    );
  }
  if (!isOfAssets && (within === null || jobName === null)) {
    throw new EngineError('A backfill needs assets, or a job and its code location.');
  }
  const chosen = isOfAssets
    ? selectAssetsByLocation(assets, await instance.codeLocations.list())
    : new Map([[within ?? '', [] as readonly AssetKey[]]]);
  for (const [location, [asset = '']] of chosen) {
    if (isOfAssets && within !== null && location !== within) throw outside(asset, location, within);
  }
  const [first, ...others] = await Promise.all(
    [...chosen.keys()].sort().map(async (name): Promise<RunSource> => {
      const location = await findLocation(instance, name);
      return { location, job: findJob(location.manifest, isOfAssets ? ASSET_JOB : (jobName ?? '')) };
    }),
  );
  if (first === undefined) throw new Error('a selection of no assets was not refused');
  const sources = [first, ...others] as const;
  const manifests = sources.map(({ location }) => location.manifest);
  const moment = await momentOf(instance, manifests);
  const graph = backfillGraph(manifests);
  if (isOfAssets) {
    const selection = [...chosen.values()].flat();
    const asked =
      partitions === 'missing'
        ? await missingPartitions(instance.storage, graph, selection, moment)
        : partitions;
    const targets = assetTargets(graph, selection, asked, moment);
    return { sources, graph, assets: targets.flatMap(({ asset }) => asset ?? []), targets, moment };
  }
  const { job, location } = first;
  if (partitions === 'missing' || (partitions !== 'all' && 'byAsset' in partitions)) {
    throw new PlanError(
      'partition-not-allowed',
      job.name,
      `Partitions by asset, or what is missing, are for backfills of assets; of job '${job.name}' name the partitions themselves.`,
    );
  }
  const targets = jobTargets(location.manifest, job, partitions, moment);
  return { sources, graph, assets: null, targets, moment };
}

/** Plays the backfill to its end, every run succeeding. */
function countRuns({ sources, graph, assets, targets, moment }: Resolved): number {
  const [{ location, job }] = sources;
  const { manifest } = location;
  if (assets === null) {
    const selected = new Set(job.assets);
    const max = jobMaxPerRun(manifest.assets.filter(({ key }) => selected.has(key)));
    const spec = partitionsOfRun(manifest, job, job.assets ?? []);
    return targets.reduce(
      (sum, { partitions }) => sum + chunkPartitions(spec, partitions, max, moment).length,
      0,
    );
  }
  const units = backfillUnits(graph, assets);
  const statuses = new Map(
    targets.map(({ asset, partitions }) => [
      asset ?? '',
      new Map(partitions.map((partition) => [partition, 'PENDING' as 'PENDING' | 'SUCCESS'])),
    ]),
  );
  let count = 0;
  for (let groups = decideRequests(units, statuses, moment); groups.length > 0; ) {
    count += groups.length;
    for (const group of groups) {
      for (const asset of group.assets) {
        for (const partition of group.partitions) statuses.get(asset)?.set(partition, 'SUCCESS');
      }
    }
    groups = decideRequests(units, statuses, moment);
  }
  return count;
}
