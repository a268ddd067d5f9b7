import { dynamicKeysOf } from '../engine/dynamic-keys';
import { PlanError } from '../engine/errors';
import { setNextAlarm } from '../engine/next-alarm';
import type { EventData, NewEvent } from '../model/event';
import type { AssetManifest } from '../model/manifest';
import { partitionKeySet } from '../model/partitions';
import { asSystem } from '../ports/instance';
import type { ApiContext } from './api-context';
import type { Located } from './workspace-index';

/** Up to so many keys are searched for one that may have been meant. */
const SEARCHED_KEYS = 5_000;

/** @throws {PlanError} `unknown-asset` */
export function requireAsset(
  key: string,
  { workspace }: Pick<ApiContext, 'workspace'>,
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
  { instance, now }: Pick<ApiContext, 'instance' | 'now'>,
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

/** What is reported of an asset. */
export type ReportedData = {
  [T in ReportedType]: { readonly type: T; readonly data: EventData[T] };
}[ReportedType];

/** Stores what happened to an asset elsewhere, once for each partition; it belongs to no run. */
export async function reportAssetEvent(
  reported: ReportedData,
  {
    assetKey,
    partitions,
  }: { readonly assetKey: string; readonly partitions: readonly (string | undefined)[] },
  { instance, options, identity, now }: Pick<ApiContext, 'instance' | 'options' | 'identity' | 'now'>,
): Promise<void> {
  const events = partitions.map(
    (partition): NewEvent => ({
      ...reported,
      timestamp: now,
      level: 'INFO',
      message: `Reported by ${identity.user}.`,
      assetKey,
      ...(partition === undefined ? {} : { partition }),
    }),
  );
  await instance.storage.appendSystemEvents(null, events);
  // For sensors that follow the asset: no run's end wakes them.
  await setNextAlarm(asSystem(instance), options.engine);
}
