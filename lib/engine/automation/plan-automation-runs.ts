import { checkId } from '../../model/asset-check';
import { isObservable } from '../../model/asset-execution';
import type { AssetKey } from '../../model/asset-key';
import { partitionsIdentity } from '../../model/partitions';
import { ASSET_JOB } from '../../model/run';
import type { RunRequest } from '../../model/run-request';
import { TAG, type Tags } from '../../model/tags';
import type { AutomationFacts } from './automation-facts';
import type { AutomationGraph } from './automation-graph';
import { automationTags } from './automation-tags';
import type { AutomationOutcome } from './evaluate-automation';
import { isJobKey } from './job-node';
import { type Subset, UNPARTITIONED } from './subset';

/**
 * The runs that evaluate checks which were asked for by themselves: one for those of assets without partitions, one for
 * each partition of the others, which are checked for the partition that was made last. Checks of assets that are made
 * by the same tick are evaluated by those runs, and checks of what was never made not at all.
 */
export function planCheckRuns(
  { graph, facts }: { readonly graph: AutomationGraph; readonly facts: AutomationFacts },
  { requests, checks }: Pick<AutomationOutcome, 'requests' | 'checks'>,
  evaluationId: number,
): readonly RunRequest[] {
  const asked = [...graph.assets.values()].flatMap((asset) => {
    if (requests.has(asset.key)) return [];
    const isPartitioned = asset.manifest.partitions !== null;
    const partition = facts.assets.get(asset.key)?.lastMaterialization?.partition ?? null;
    if (isPartitioned && partition === null) return [];
    return asset.checks
      .filter((check) => checks.has(checkId(check)))
      .map(({ asset: key, name }) => ({
        key: { asset: key, name },
        partition: isPartitioned ? partition : null,
        // Partitions of two definitions may have the same key.
        kind: asset.manifest.partitions === null ? '' : partitionsIdentity(asset.manifest.partitions),
      }));
  });
  const alike = Map.groupBy(asked, ({ partition, kind }) => `${kind}\n${partition ?? ''}`);
  return [...alike.values()].map((group) => ({
    runKey: null,
    jobName: ASSET_JOB,
    config: {},
    tags: automationTags(evaluationId),
    partitionKey: group[0]?.partition ?? null,
    assetSelection: [],
    assetCheckSelection: group.map(({ key }) => key),
  }));
}

interface Group {
  readonly partition: string;
  readonly assets: readonly AssetKey[];
}

/**
 * The runs that make what was asked for of assets: one for everything without partitions, one for each partition of what is
 * partitioned alike. Neighbouring partitions whose assets all allow it (`backfill`) share one. What is observed is
 * observed as a whole, by a run of its own: what it finds decides what is made next.
 *
 * @param order all partitions of an asset, in order
 */
export function planAutomationRuns(
  graph: AutomationGraph,
  requests: ReadonlyMap<AssetKey, Subset>,
  order: (key: AssetKey) => Subset,
  evaluationId: number,
): readonly RunRequest[] {
  const tags = automationTags(evaluationId);
  const assets = [...requests.keys()].filter((key) => !isJobKey(key));
  const observed = assets.filter((key) => isObserved(graph, key));
  const made = assets.filter((key) => !isObserved(graph, key));
  const alike = Map.groupBy(made, (key) => {
    const partitions = graph.assets.get(key)?.manifest.partitions ?? null;
    return partitions === null ? '' : `${partitions.type}\n${partitionsIdentity(partitions)}`;
  });
  const materializations = [...alike.values()].flatMap((keys) => {
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
  return observed.length === 0 ? materializations : [...materializations, observationRequest(observed, tags)];
}

function isObserved(graph: AutomationGraph, key: AssetKey): boolean {
  const manifest = graph.assets.get(key)?.manifest;
  return manifest !== undefined && isObservable(manifest);
}

function observationRequest(assets: readonly AssetKey[], tags: Tags): RunRequest {
  const all = { partition: UNPARTITIONED, assets };
  return toRequest(all, all, { ...tags, [TAG.autoObserve]: 'true' });
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
