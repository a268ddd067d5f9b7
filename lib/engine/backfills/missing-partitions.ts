import type { Storage } from '../../ports/storage';
import { PlanError } from '../errors';
import type { BackfillGraph } from './backfill-graph';
import { assetTargets, type BackfillPartitions, type Moment } from './backfill-targets';

/**
 * What was never made of the selected assets, or failed the last time; what is being made now is left out.
 *
 * @throws {PlanError} `nothing-missing`, and as `assetTargets`
 */
export async function missingPartitions(
  storage: Pick<Storage, 'partitionStates' | 'assetRecords'>,
  graph: BackfillGraph,
  selection: readonly string[],
  moment: Moment,
): Promise<Extract<BackfillPartitions, { byAsset: unknown }>> {
  const all = assetTargets(graph, selection, 'all', moment);
  const keys = all.flatMap(({ asset }) => asset ?? []);
  const [states, records] = await Promise.all([storage.partitionStates(keys), storage.assetRecords(keys)]);
  const made = new Map(keys.map((key) => [key, new Set<string>()]));
  for (const { key, partition, status } of states) if (status !== 'FAILED') made.get(key)?.add(partition);
  // The partition of an asset that has none.
  for (const { key, lastMaterialization } of records)
    if (lastMaterialization !== null) made.get(key)?.add('');
  const byAsset = all.flatMap(({ asset, partitions }) => {
    const missing = partitions.filter((key) => !made.get(asset ?? '')?.has(key));
    const ranges = missing.map((key) => ({ start: key, end: key }));
    return asset === null || missing.length === 0 ? [] : [{ asset, ranges }];
  });
  if (byAsset.length > 0) return { byAsset };
  throw new PlanError(
    'nothing-missing',
    selection.join(', '),
    `Every partition of ${selection.join(', ')} is made, or is being made: nothing is missing.`,
  );
}
