import { type Backfill, isBackfillLive } from '../model/backfill';
import { ASSET_JOB } from '../model/run';
import { TAG } from '../model/tags';
import type { BackfillChange } from '../ports/backfill-storage';
import type { Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import type { EngineSettings } from './engine-settings';
import { BackfillNotFoundError, BackfillStateError } from './errors';
import { type LaunchedBackfill, launchBackfill } from './launch-backfill';

/** @throws {BackfillNotFoundError} */
export async function findBackfill(
  { storage }: Pick<Instance, 'storage'>,
  backfillId: string,
): Promise<Backfill> {
  const [backfill] = await storage.listBackfills({ backfillIds: [backfillId], limit: 1 });
  if (backfill === undefined) throw new BackfillNotFoundError(backfillId);
  return backfill;
}

/**
 * Cancels a backfill with its runs; pauses it, so that none of its runs is started; lets one that is paused, was
 * canceled or has failed go on with what was never made, without retrying what failed; or gives its runs another
 * priority. What makes no sense (a second cancellation, say) changes nothing.
 *
 * @throws {BackfillNotFoundError}
 */
export async function changeBackfill(
  instance: Instance,
  settings: EngineSettings,
  backfillId: string,
  change: BackfillChange,
): Promise<Backfill> {
  const changed = await instance.storage.changeBackfill(backfillId, change);
  if (changed === undefined) throw new BackfillNotFoundError(backfillId);
  // The change owes an iteration, which is what this delivers.
  await afterCommit(instance, settings);
  return findBackfill(instance, backfillId);
}

/**
 * A new backfill of an ended one: of all its partitions, or of those that it did not make.
 *
 * @throws {BackfillNotFoundError}
 * @throws {BackfillStateError} when it is still in progress, or nothing is left to be done
 */
export async function reexecuteBackfill(
  instance: Instance,
  settings: EngineSettings,
  request: {
    readonly parentBackfillId: string;
    readonly strategy: 'ALL_STEPS' | 'FROM_FAILURE' | 'FROM_ASSET_FAILURE';
    readonly user: string;
  },
): Promise<LaunchedBackfill> {
  const parent = await findBackfill(instance, request.parentBackfillId);
  if (isBackfillLive(parent)) {
    throw new BackfillStateError(
      parent.backfillId,
      `Backfill '${parent.backfillId}' is ${parent.status}: wait until it has ended, or cancel it.`,
    );
  }
  const targets = await instance.storage.backfillTargets(parent.backfillId);
  const wanted = targets.filter(({ status }) => request.strategy === 'ALL_STEPS' || status !== 'SUCCESS');
  if (wanted.length === 0) {
    throw new BackfillStateError(
      parent.backfillId,
      `Backfill '${parent.backfillId}' made all its partitions: there is no failure to start from. Re-execute all of it instead.`,
    );
  }
  const byAsset = Map.groupBy(wanted, ({ asset }) => asset);
  const isOfJob = parent.assetSelection === null;
  return launchBackfill(instance, settings, {
    location: isOfJob ? parent.location : null,
    jobName: isOfJob ? parent.jobName : ASSET_JOB,
    assets: isOfJob ? null : [...byAsset.keys()].flatMap((asset) => asset ?? []),
    partitions: isOfJob
      ? wanted.flatMap(({ partitions }) => partitions)
      : {
          byAsset: [...byAsset].flatMap(([asset, entries]) =>
            asset === null
              ? []
              : [
                  {
                    asset,
                    ranges: entries.flatMap(({ partitions }) =>
                      partitions.map((partition) => ({ start: partition, end: partition })),
                    ),
                  },
                ],
          ),
        },
    config: parent.locations.length > 1 ? null : parent.config,
    tags: { ...parent.tags, [TAG.user]: request.user },
    title: parent.title,
    description: parent.description,
    fromFailure: isOfJob && request.strategy !== 'ALL_STEPS' && parent.status !== 'CANCELED',
    lineage: {
      parentBackfillId: parent.backfillId,
      rootBackfillId: parent.rootBackfillId ?? parent.backfillId,
    },
  });
}
