import type { AssetKey } from '../../model/asset-key';
import { partitionsIdentity } from '../../model/partitions';
import { ASSET_JOB } from '../../model/run';
import type { RunRequest } from '../../model/run-request';
import { TAG, type Tags } from '../../model/tags';
import type { AutomationGraph } from './automation-graph';
import { type Subset, UNPARTITIONED } from './subset';

interface Group {
  readonly partition: string;
  readonly assets: readonly AssetKey[];
}

/**
 * The runs that make what was asked for: one for everything without partitions, one for each partition of what is
 * partitioned alike. Neighbouring partitions whose assets all allow it (`backfill`) share one.
 *
 * @param order all partitions of an asset, in order
 */
export function planAutomationRuns(
  graph: AutomationGraph,
  requests: ReadonlyMap<AssetKey, Subset>,
  order: (key: AssetKey) => Subset,
  evaluationId: number,
): readonly RunRequest[] {
  const tags: Tags = {
    [TAG.autoMaterialize]: 'true',
    [TAG.fromAutomationCondition]: 'true',
    [TAG.assetEvaluationId]: String(evaluationId),
  };
  const alike = Map.groupBy(requests.keys(), (key) => {
    const partitions = graph.assets.get(key)?.manifest.partitions ?? null;
    return partitions === null ? '' : `${partitions.type}\n${partitionsIdentity(partitions)}`;
  });
  return [...alike.values()].flatMap((keys) => {
    const [first] = keys;
    if (first === undefined) return [];
    const groups: (Group | null)[] = [...order(first)].map((partition) => {
      const assets = keys.filter((key) => requests.get(key)?.has(partition));
      return assets.length === 0 ? null : { partition, assets };
    });
    return ranges(groups, (assets) => mostPartitions(graph, assets)).map(([from, to]) =>
      toRequest(from, to, tags),
    );
  });
}

/** First and last group of each run, in partition order. */
function ranges(
  groups: readonly (Group | null)[],
  most: (assets: readonly AssetKey[]) => number,
): [Group, Group][] {
  const found: [Group, Group][] = [];
  let length = 0;
  let previous: Group | null = null;
  for (const group of groups) {
    const open = found.at(-1);
    if (group !== null) {
      const isSame = previous !== null && previous.assets.join('\n') === group.assets.join('\n');
      if (open !== undefined && isSame && length < most(group.assets)) {
        open[1] = group;
        length += 1;
      } else {
        found.push([group, group]);
        length = 1;
      }
    }
    previous = group;
  }
  return found;
}

/** Keys of two dimensions are no line: a range of them is a box. */
function mostPartitions(graph: AutomationGraph, assets: readonly AssetKey[]): number {
  return Math.min(
    ...assets.map((key) => {
      const manifest = graph.assets.get(key)?.manifest;
      if (manifest?.backfillPolicy == null || manifest.partitions?.type === 'multi') return 1;
      return manifest.backfillPolicy.maxPartitionsPerRun ?? Number.POSITIVE_INFINITY;
    }),
  );
}

function toRequest(from: Group, to: Group, tags: Tags): RunRequest {
  const isRange = from.partition !== to.partition;
  return {
    runKey: null,
    jobName: ASSET_JOB,
    config: {},
    tags: isRange
      ? { ...tags, [TAG.partitionRangeStart]: from.partition, [TAG.partitionRangeEnd]: to.partition }
      : tags,
    partitionKey: isRange || from.partition === UNPARTITIONED ? null : from.partition,
    assetSelection: from.assets,
    assetCheckSelection: null,
  };
}
