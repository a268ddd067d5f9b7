import type { AssetKey } from '../../model/asset-key';
import type { BackfillTargetStatus } from '../../model/backfill';
import type { AssetDependency, AssetManifest } from '../../model/manifest';
import { DIMENSION_SEPARATOR } from '../../model/partition-key-set';
import { upstreamKeys } from '../../model/partition-mappings';
import { type PartitionsSpec, partitionKeySet, partitionsIdentity } from '../../model/partitions';
import type { BackfillAsset } from './backfill-graph';
import { type Moment, UNPARTITIONED } from './backfill-targets';
import type { BackfillUnit } from './backfill-units';

/** Statuses of the partitions of each asset of a backfill. */
export type TargetStatuses = ReadonlyMap<AssetKey, ReadonlyMap<string, BackfillTargetStatus>>;

/** One run: these partitions of these assets. */
export interface RunGroup {
  readonly location: string;
  readonly assets: readonly AssetKey[];
  /** Contiguous; `['']` for assets without partitions. */
  readonly partitions: readonly string[];
}

/**
 * The runs that can be requested now. A partition is ready when all that it needs and the backfill makes is made: so a
 * partition that failed holds back only what depends on it. Assets of one location with the same partitions and policy, each partition
 * of which needs only its like, are made by the same runs, in whose plan they stand one after the other.
 *
 * @param units in topological order
 */
export function decideRequests(
  units: readonly BackfillUnit[],
  statuses: TargetStatuses,
  moment: Moment,
): readonly RunGroup[] {
  const assets = new Map(units.flatMap((unit) => unit.assets.map((asset) => [asset.key, asset] as const)));
  const ready = new Map<AssetKey, Set<string>>();

  /** Pending, but not made ready in this pass: what they need is still under way. */
  const waiting = new Map<AssetKey, Set<string>>();

  const stateOf = (asset: BackfillAsset, partition: string, dependency: AssetDependency): Readiness => {
    const upstream = assets.get(dependency.key);
    const known = statuses.get(dependency.key);
    if (upstream === undefined || known === undefined) return 'ready';
    const needed = neededKeys(upstream, asset, dependency, partition, moment);
    return worst(
      needed.map((key) => {
        const status = known.get(key);
        if (status === undefined || status === 'SUCCESS') return 'ready';
        if (status === 'REQUESTED') return 'waiting';
        if (status !== 'PENDING') return 'blocked';
        if (ready.get(dependency.key)?.has(key)) {
          const isInOrder = dependency.key === asset.key && isSingleRun(asset);
          const isAlike = needed.length === 1 && key === partition && canShareRun(upstream, asset);
          return isInOrder || isAlike ? 'ready' : 'waiting';
        }
        return waiting.get(dependency.key)?.has(key) ? 'waiting' : 'blocked';
      }),
    );
  };

  for (const unit of units) {
    const members = new Set(unit.assets.map(({ key }) => key));
    for (const { key } of unit.assets) {
      ready.set(key, new Set());
      waiting.set(key, new Set());
    }
    for (const partition of pendingOf(unit, statuses)) {
      const wanted = unit.assets.filter(({ key }) => statuses.get(key)?.get(partition) === 'PENDING');
      const state = worst(
        wanted.flatMap((asset) =>
          asset.dependencies
            .filter(({ key }) => key === asset.key || !members.has(key))
            .map((dependency) => stateOf(asset, partition, dependency)),
        ),
      );
      if (state === 'blocked') continue;
      for (const { key } of wanted) (state === 'ready' ? ready : waiting).get(key)?.add(partition);
    }
  }
  return groupRuns([...assets.values()], ready, waiting, moment);
}

/** Blocked: something before it was not made, and will not be. */
type Readiness = 'ready' | 'waiting' | 'blocked';

function worst(states: readonly Readiness[]): Readiness {
  if (states.includes('blocked')) return 'blocked';
  return states.includes('waiting') ? 'waiting' : 'ready';
}

/** What is pending of a unit, in the order of its partitions. */
function pendingOf(unit: BackfillUnit, statuses: TargetStatuses): Set<string> {
  const pending = new Set<string>();
  for (const { key } of unit.assets) {
    for (const [partition, status] of statuses.get(key) ?? []) {
      if (status === 'PENDING') pending.add(partition);
    }
  }
  return pending;
}

function neededKeys(
  upstream: AssetManifest,
  asset: AssetManifest,
  { mapping }: AssetDependency,
  partition: string,
  moment: Moment,
): readonly string[] {
  if (upstream.partitions === null) return [UNPARTITIONED];
  const partitions = { upstream: upstream.partitions, downstream: asset.partitions };
  return upstreamKeys(mapping, partitions, asset.partitions === null ? null : [partition], moment).keys;
}

const isSingleRun = ({ backfillPolicy }: AssetManifest): boolean =>
  backfillPolicy !== null && backfillPolicy.maxPartitionsPerRun === null;

const identityOf = ({ partitions }: AssetManifest): string =>
  partitions === null ? '' : partitionsIdentity(partitions);

const maxPerRun = ({ backfillPolicy }: AssetManifest): number =>
  backfillPolicy === null ? 1 : (backfillPolicy.maxPartitionsPerRun ?? Number.POSITIVE_INFINITY);

/** Of one code location, partitioned alike, with the same policy. */
const kindOf = (asset: BackfillAsset): string => `${maxPerRun(asset)} ${asset.location} ${identityOf(asset)}`;

const canShareRun = (a: BackfillAsset, b: BackfillAsset): boolean => kindOf(a) === kindOf(b);

/**
 * Partitions that the same assets are ready for go together, as many to a run as the policy says. A run over several
 * waits until all of them are ready or never will be: else each would be requested alone, as it becomes ready.
 */
function groupRuns(
  assets: readonly BackfillAsset[],
  ready: ReadonlyMap<AssetKey, ReadonlySet<string>>,
  waiting: ReadonlyMap<AssetKey, ReadonlySet<string>>,
  moment: Moment,
): readonly RunGroup[] {
  const byKind = Map.groupBy(
    assets.filter(({ key }) => (ready.get(key)?.size ?? 0) > 0),
    kindOf,
  );
  return [...byKind.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const assetsOf = new Map<string, AssetKey[]>();
    for (const { key } of alike) {
      for (const partition of ready.get(key) ?? []) {
        const list = assetsOf.get(partition);
        if (list === undefined) assetsOf.set(partition, [key]);
        else list.push(key);
      }
    }
    const bySelection = Map.groupBy(
      assetsOf.keys(),
      (partition) => assetsOf.get(partition)?.join('\n') ?? '',
    );
    return [...bySelection.values()].flatMap((partitions) => {
      const selection = assetsOf.get(partitions[0] ?? '') ?? [];
      const max = maxPerRun(first);
      const held = new Set(max === 1 ? [] : selection.flatMap((key) => [...(waiting.get(key) ?? [])]));
      return chunkPartitions(first.partitions, [...partitions, ...held], max, moment)
        .filter((chunk) => !chunk.some((partition) => held.has(partition)))
        .map((chunk) => ({ location: first.location, assets: selection, partitions: chunk }));
    });
  });
}

/**
 * Partitions as runs: contiguous, because a run over several names only the first and the last, and at most `max` each.
 * Of two dimensions, a run stays within one key of the first.
 */
export function chunkPartitions(
  spec: PartitionsSpec | null,
  partitions: readonly string[],
  max: number,
  moment: Moment,
): readonly (readonly string[])[] {
  if (spec === null || max === 1) return partitions.map((partition) => [partition]);
  const set = partitionKeySet(spec, moment.now, moment.dynamicKeys);
  const outer = (key: string): string =>
    spec.type === 'multi' ? (key.split(DIMENSION_SEPARATOR)[0] ?? '') : '';
  const sorted = partitions
    .map((key) => ({ key, index: set.indexOf(key) }))
    .sort((a, b) => a.index - b.index);
  const chunks: string[][] = [];
  let last: { readonly key: string; readonly index: number } | null = null;
  for (const each of sorted) {
    const chunk = chunks.at(-1);
    const goesOn =
      last !== null &&
      each.index === last.index + 1 &&
      outer(each.key) === outer(last.key) &&
      (chunk?.length ?? max) < max;
    if (goesOn) chunk?.push(each.key);
    else chunks.push([each.key]);
    last = each;
  }
  return chunks;
}

/** How many partitions of a job go into one run: as its assets agree, else one. */
export function jobMaxPerRun(assets: readonly AssetManifest[]): number {
  const all = new Set(assets.filter(({ partitions }) => partitions !== null).map(maxPerRun));
  const [only] = all;
  return all.size === 1 && only !== undefined ? only : 1;
}
