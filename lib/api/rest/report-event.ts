import { z } from 'zod';
import { PlanError } from '../../engine/errors';
import type { EventData, NewEvent } from '../../model/event';
import type { AssetManifest } from '../../model/manifest';
import { partitionKeySet } from '../../model/partitions';
import { dynamicKeysOf } from '../dynamic-keys';
import type { Located } from '../workspace-index';
import type { Answer } from './operation';
import type { RestContext } from './rest-context';
import { named } from './schemas';

/** Answer of every report. */
export const reportedSchema = z
  .object({
    asset: z.string(),
    partition: z.string().nullable(),
    timestamp: z.int().describe('Epoch milliseconds.'),
  })
  .register(named, { id: 'Reported' });

/** Up to so many keys are searched for one that may have been meant. */
const SEARCHED_KEYS = 5_000;

/** @throws {PlanError} `unknown-asset` */
export function requireAsset(
  key: string,
  { workspace }: Pick<RestContext, 'workspace'>,
): Located<AssetManifest> {
  const asset = workspace.asset(key);
  if (asset !== undefined) return asset;
  throw new PlanError('unknown-asset', key, `There is no asset '${key}' in any code location.`, {
    known: workspace.assets().map(({ definition }) => definition.key),
  });
}

/** @throws {PlanError} `partition-required`, `partition-not-allowed`, `unknown-partition` */
export async function requirePartition(
  { location, definition: { key, partitions } }: Located<AssetManifest>,
  partition: string | undefined,
  { needed }: { readonly needed: boolean },
  { instance, now }: Pick<RestContext, 'instance' | 'now'>,
): Promise<void> {
  if (partition === undefined) {
    if (partitions === null || !needed) return;
    throw new PlanError(
      'partition-required',
      key,
      `Asset '${key}' is partitioned: say which partition it is about.`,
    );
  }
  if (partitions === null) {
    throw new PlanError(
      'partition-not-allowed',
      partition,
      `Asset '${key}' is not partitioned: leave out '${partition}'.`,
    );
  }
  const keys = partitionKeySet(partitions, now, await dynamicKeysOf(partitions, location, instance.storage));
  if (keys.indexOf(partition) >= 0) return;
  const searched = Math.min(keys.count, SEARCHED_KEYS);
  throw new PlanError('unknown-partition', partition, `Asset '${key}' has no partition '${partition}'.`, {
    known: Array.from({ length: searched }, (_, index) => keys.keyAt(keys.count - 1 - index)),
  });
}

type ReportedType = 'ASSET_MATERIALIZATION' | 'ASSET_OBSERVATION' | 'ASSET_CHECK_EVALUATION';
type Reported = { [T in ReportedType]: { readonly type: T; readonly data: EventData[T] } }[ReportedType];

/** Stores an event that belongs to no run. */
export async function reportEvent(
  reported: Reported,
  { assetKey, partition }: { readonly assetKey: string; readonly partition: string | undefined },
  { instance, identity, now }: RestContext,
): Promise<Answer> {
  const event: NewEvent = {
    ...reported,
    timestamp: now,
    level: 'INFO',
    message: `Reported by ${identity.user}.`,
    assetKey,
    ...(partition === undefined ? {} : { partition }),
  };
  await instance.storage.appendSystemEvents(null, [event]);
  return { status: 201, body: { asset: assetKey, partition: partition ?? null, timestamp: now } };
}
