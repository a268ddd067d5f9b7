import type { LoadedDefinitions } from '../definitions/loaded-definitions';
import type { PartitionConfigAnswer } from '../model/code-location';
import type { JobManifest } from '../model/manifest';
import { partitionInfo } from './partition-info';

/**
 * What a job gives to runs for their partitions; the job's functions are called once for each run.
 *
 * @param runs the partition keys of each run, in order
 * @throws what user code throws; {UnknownPartitionKeyError} a key that the partitions cannot have
 */
export function partitionConfigsOf(
  definitions: LoadedDefinitions,
  { name, partitions }: Pick<JobManifest, 'name' | 'partitions'>,
  runs: readonly (readonly string[])[],
): readonly PartitionConfigAnswer[] {
  return runs.map((keys) => {
    const partition = partitionInfo(partitions, keys);
    const answer = partition === null ? undefined : definitions.partitionConfig?.(name, partition);
    return answer ?? { ok: true, config: null, tags: {} };
  });
}
