import type { AssetKey } from '../model/asset-key';
import type { BackfillTarget } from '../model/backfill';
import type { JsonObject } from '../model/json';
import type { JobManifest } from '../model/manifest';
import { ASSET_JOB } from '../model/run';
import type { Tags } from '../model/tags';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import { assetTargets, type BackfillPartitions, jobTargets, type Moment } from './backfills/backfill-targets';
import { backfillUnits } from './backfills/backfill-units';
import { chunkPartitions, decideRequests, jobMaxPerRun } from './backfills/decide-requests';
import { iterateBackfill } from './backfills/iterate-backfills';
import { momentOf } from './backfills/moment-of';
import type { EngineSettings } from './engine-settings';
import { EngineError, PlanError } from './errors';
import { findJob, findLocation, type LoadedLocation } from './find-definitions';
import { partitionsOfRun } from './run-partitions';
import { selectRunAssets } from './select-run-assets';
import { validateRunConfig } from './validate-run-config';

/** Partitions to be made, of a job (with its location) or of assets. */
export interface LaunchBackfillRequest {
  readonly location: string | null;
  readonly jobName: string | null;
  readonly assets: readonly AssetKey[] | null;
  readonly partitions: BackfillPartitions;
  readonly config: JsonObject | null;
  /** Of its runs. */
  readonly tags: Tags;
  readonly title?: string | null;
  readonly description?: string | null;
  /** Jobs only: go on from each partition's last run where that failed, and leave the others out. Default false. */
  readonly fromFailure?: boolean;
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
  const { location, job, assets, targets } = await resolve(instance, request);
  const config = await validateRunConfig(instance, location, job, request.config ?? job.defaultConfig);
  const backfillId = Array.from(
    { length: ID_LENGTH },
    () => LETTERS[Math.floor(instance.ids.random() * LETTERS.length)],
  ).join('');
  await instance.storage.createBackfill({
    backfillId,
    location: location.manifest.location,
    jobName: job.name,
    assetSelection: assets,
    config,
    tags: request.tags,
    title: request.title ?? null,
    description: request.description ?? null,
    fromFailure: request.fromFailure ?? false,
    parentBackfillId: request.lineage?.parentBackfillId ?? null,
    rootBackfillId: request.lineage?.rootBackfillId ?? null,
    targets,
  });
  const [backfill] = await instance.storage.listBackfills({ backfillIds: [backfillId], limit: 1 });
  const runIds = backfill === undefined ? [] : await iterateBackfill(instance, settings, backfill);
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
  const { location, job, assets, targets, moment } = await resolve(instance, request);
  return { targets, runCount: countRuns({ location, job, assets, targets, moment }) };
}

interface Resolved {
  readonly location: LoadedLocation;
  readonly job: JobManifest;
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
  const target = isOfAssets
    ? selectRunAssets(assets, await instance.codeLocations.list(), within)
    : { location: within, assets: null };
  if (target.location === null || (!isOfAssets && jobName === null)) {
    throw new EngineError('A backfill needs assets, or a job and its code location.');
  }
  const location = await findLocation(instance, target.location);
  const { manifest } = location;
  const job = findJob(manifest, isOfAssets ? ASSET_JOB : (jobName ?? ''));
  const moment = await momentOf(instance, manifest);
  if (target.assets !== null) {
    const targets = assetTargets(manifest, target.assets, partitions, moment);
    return { location, job, assets: targets.flatMap(({ asset }) => asset ?? []), targets, moment };
  }
  if (partitions !== 'all' && 'byAsset' in partitions) {
    throw new PlanError(
      'partition-not-allowed',
      job.name,
      `Partitions by asset are for backfills of assets; of job '${job.name}' name the partitions themselves.`,
    );
  }
  return { location, job, assets: null, targets: jobTargets(manifest, job, partitions, moment), moment };
}

/** Plays the backfill to its end, every run succeeding. */
function countRuns({ location, job, assets, targets, moment }: Resolved): number {
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
  const units = backfillUnits(manifest, assets);
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
