import type { AssetKey } from '../model/asset-key';
import type { JsonObject } from '../model/json';
import { partitionKeys } from '../model/partitions';
import { ASSET_JOB, type NewRun } from '../model/run';
import { TAG, type Tags } from '../model/tags';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import { buildRun } from './build-run';
import type { EngineSettings } from './engine-settings';
import { EngineError, PlanError } from './errors';
import { findJob, findLocation } from './find-definitions';
import { dynamicNames, partitionsOfRun } from './run-partitions';
import { selectRunAssets } from './select-run-assets';
import { validateRunConfig } from './validate-run-config';

/** Partitions to be run, a run each. */
export interface LaunchBackfillRequest {
  readonly location: string | null;
  readonly jobName: string | null;
  readonly assets: readonly AssetKey[] | null;
  readonly partitions: readonly string[] | 'all';
  readonly config: JsonObject | null;
  readonly tags: Tags;
}

/** What a backfill came to. */
export interface LaunchedBackfill {
  /** Eight letters, as in Dagster; the tag `dagster/backfill` of its runs. */
  readonly backfillId: string;
  readonly runIds: readonly string[];
}

const ID_LENGTH = 8;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/**
 * Enqueues one run for each partition, in partition order and by one statement: either all of them or none. The run
 * queue's limits decide how many run at a time.
 *
 * @throws {PlanError} when the target is not partitioned, or a partition does not exist
 */
export async function launchBackfill(
  instance: Instance,
  settings: EngineSettings,
  request: LaunchBackfillRequest,
): Promise<LaunchedBackfill> {
  const target = await resolveTarget(instance, request);
  const location = await findLocation(instance, target.location);
  const job = findJob(location.manifest, request.jobName ?? ASSET_JOB);
  const spec = partitionsOfRun(location.manifest, job, target.assets ?? job.assets ?? []);
  if (spec === null) {
    throw new PlanError(
      'partition-not-allowed',
      job.name,
      `'${(target.assets ?? [job.name]).join("', '")}' is not partitioned, so there is nothing to backfill. Launch a run instead.`,
    );
  }
  const now = instance.clock.now();
  const dynamicKeys = async (name: string): Promise<readonly string[]> =>
    instance.storage.dynamicPartitionKeys(target.location, name);
  const keys =
    request.partitions === 'all'
      ? partitionKeys(
          spec,
          now,
          Object.fromEntries(
            await Promise.all(
              dynamicNames(spec).map(async (name) => [name, await dynamicKeys(name)] as const),
            ),
          ),
        )
      : request.partitions;
  const config = await validateRunConfig(instance, location, job, request.config ?? job.defaultConfig);
  const backfillId = Array.from(
    { length: ID_LENGTH },
    () => LETTERS[Math.floor(instance.ids.random() * LETTERS.length)],
  ).join('');
  const runs: NewRun[] = [];
  for (const key of keys) {
    runs.push(
      await buildRun(
        {
          runId: instance.ids.uuid(),
          job,
          assetSelection: target.assets,
          partition: { kind: 'key', key },
          config,
          tags: { ...request.tags, [TAG.backfill]: backfillId },
          origin: { kind: 'backfill', name: backfillId, runKey: key },
        },
        { settings, location, now, dynamicKeys },
      ),
    );
  }
  const created = await instance.storage.createRuns(runs);
  await afterCommit(instance, settings);
  return { backfillId, runIds: created.map(({ runId }) => runId) };
}

async function resolveTarget(
  instance: Instance,
  { location, assets, jobName }: LaunchBackfillRequest,
): Promise<{ location: string; assets: readonly AssetKey[] | null }> {
  if (assets !== null && assets.length > 0)
    return selectRunAssets(assets, await instance.codeLocations.list(), location);
  if (location !== null && jobName !== null) return { location, assets: null };
  throw new EngineError('A backfill needs assets, or a job and its code location.');
}
