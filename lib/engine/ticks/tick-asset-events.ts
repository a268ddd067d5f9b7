import type { NewEvent } from '../../model/event';
import type { PartitionKeySet } from '../../model/partition-key-set';
import { type PartitionsSpec, partitionKeySet } from '../../model/partitions';
import type { InstigatorResult } from '../../model/run-request';
import type { InstigatorId } from '../../model/tick';
import type { Instance } from '../../ports/instance';
import { dynamicKeysOf } from '../dynamic-keys';
import { EngineError } from '../errors';
import type { LoadedLocation } from '../find-definitions';

/**
 * The events about assets that an evaluation reports.
 *
 * @throws {EngineError} for an asset, a check or a partition that its location does not define
 */
export async function tickAssetEvents(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  { manifest }: LoadedLocation,
  { kind, name }: InstigatorId,
  { assetEvents = [], dynamicPartitionsRequests }: InstigatorResult,
): Promise<readonly NewEvent[]> {
  const now = clock.now();
  const added = (definition: string): readonly string[] =>
    dynamicPartitionsRequests.flatMap((each) =>
      each.kind === 'add' && each.name === definition ? each.keys : [],
    );
  const keySets = new Map<PartitionsSpec, PartitionKeySet>();
  const exists = async (spec: PartitionsSpec, partition: string): Promise<boolean> => {
    let keys = keySets.get(spec);
    if (keys === undefined) {
      const stored = Object.entries(await dynamicKeysOf(spec, manifest.location, storage));
      const known = stored.map(
        ([definition, each]) => [definition, [...each, ...added(definition)]] as const,
      );
      keys = partitionKeySet(spec, now, Object.fromEntries(known));
      keySets.set(spec, keys);
    }
    return keys.indexOf(partition) >= 0;
  };
  const events: NewEvent[] = [];
  for (const { partition, ...event } of assetEvents) {
    const asset = manifest.assets.find(({ key }) => key === event.assetKey);
    const said = `The ${kind} '${name}' reports about asset '${event.assetKey}'`;
    if (asset === undefined)
      throw new EngineError(
        `${said}, which location '${manifest.location}' does not define. Report about its own assets, external ones among them.`,
      );
    const { partitions } = asset;
    if (partition !== null && (partitions === null || !(await exists(partitions, partition))))
      throw new EngineError(`${said}, which has no partition '${partition}'.`);
    if (partition === null && partitions !== null && event.type === 'ASSET_MATERIALIZATION')
      throw new EngineError(`${said}, which is partitioned: say which partition was made.`);
    if (event.type !== 'ASSET_CHECK_EVALUATION') {
      events.push({ ...event, ...common(partition) });
      continue;
    }
    const { name: checkName } = event.data;
    const check = manifest.assetChecks.find((each) => each.asset === asset.key && each.name === checkName);
    if (check === undefined) throw new EngineError(`${said}, which has no check '${checkName}'.`);
    events.push({ ...event, ...common(partition), data: { ...event.data, blocking: check.blocking } });
  }
  return events;

  function common(partition: string | null) {
    return {
      timestamp: now,
      level: 'INFO',
      message: `Reported by ${kind} ${name}.`,
      ...(partition === null ? {} : { partition }),
    } as const;
  }
}
