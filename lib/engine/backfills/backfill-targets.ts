import type { AssetKey } from '../../model/asset-key';
import type { BackfillTarget } from '../../model/backfill';
import type { AssetManifest, JobManifest, Manifest } from '../../model/manifest';
import { downstreamKeys } from '../../model/partition-mappings';
import {
  type DynamicPartitionKeys,
  type PartitionsSpec,
  partitionKeySet,
  partitionRange,
  partitionsIdentity,
} from '../../model/partitions';
import { PlanError } from '../errors';
import { partitionsOfRun, requirePartitions } from '../run-partitions';
import type { BackfillGraph } from './backfill-graph';
import { type BackfillUnit, backfillUnits } from './backfill-units';

/** Partitions of one definition. */
type AskedKeys =
  | 'all'
  | readonly string[]
  /** Both ends included; of two dimensions a box. */
  | { readonly range: { readonly start: string; readonly end: string } };

/** Which partitions a backfill is asked for. */
export type BackfillPartitions =
  /** Of the assets that come first; those after them get what depends on these. */
  | AskedKeys
  /** Of assets: those that were never made, or failed the last time. */
  | 'missing'
  /** Of each asset; `ranges` null = all of them. */
  | {
      readonly byAsset: readonly {
        readonly asset: AssetKey;
        readonly ranges: readonly { readonly start: string; readonly end: string }[] | null;
      }[];
    };

/** When, and with which dynamic partitions. */
export interface Moment {
  readonly now: number;
  readonly dynamicKeys: DynamicPartitionKeys;
}

/** The partition of an asset that has none. */
export const UNPARTITIONED = '';

/**
 * The partitions of a job that a backfill makes.
 *
 * @throws {PlanError} when the job is not partitioned, or a partition does not exist
 */
export function jobTargets(
  manifest: Manifest,
  job: JobManifest,
  partitions: AskedKeys,
  moment: Moment,
): readonly BackfillTarget[] {
  const spec = partitionsOfRun(manifest, job, job.assets ?? []);
  if (spec === null) throw notPartitioned(job.name, [job.name]);
  return [{ asset: null, partitions: keysOf(spec, partitions, moment) }];
}

/**
 * The partitions of each asset that a backfill makes, in topological order.
 *
 * @throws {PlanError} when none of the assets is partitioned, the first of them are partitioned differently, or a
 *   partition does not exist
 */
export function assetTargets(
  graph: BackfillGraph,
  selection: readonly AssetKey[],
  partitions: Exclude<BackfillPartitions, 'missing'>,
  moment: Moment,
): readonly BackfillTarget[] {
  const units = backfillUnits(graph, selection);
  const assets = units.flatMap((unit) => unit.assets);
  const partitioned = assets.filter((asset) => asset.partitions !== null);
  if (partitioned.length === 0) throw notPartitioned(assets[0]?.key ?? '', selection);
  const targets =
    partitions === 'all'
      ? new Map(assets.map((asset) => [asset.key, allKeys(asset, moment)]))
      : 'byAsset' in partitions
        ? targetsByAsset(assets, partitions.byAsset, moment)
        : targetsFromRoots(units, partitions, moment);
  return assets.flatMap(({ key }) => {
    const keys = targets.get(key) ?? [];
    return keys.length === 0 ? [] : [{ asset: key, partitions: keys }];
  });
}

function allKeys({ partitions }: AssetManifest, moment: Moment): readonly string[] {
  return partitions === null ? [UNPARTITIONED] : keysOf(partitions, 'all', moment);
}

function targetsByAsset(
  assets: readonly AssetManifest[],
  asked: Extract<BackfillPartitions, { byAsset: unknown }>['byAsset'],
  moment: Moment,
): Map<AssetKey, readonly string[]> {
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  const targets = new Map<AssetKey, readonly string[]>();
  for (const { asset: key, ranges } of asked) {
    const asset = byKey.get(key);
    if (asset === undefined) continue;
    const spec = asset.partitions;
    if (ranges === null || spec === null) {
      targets.set(key, allKeys(asset, moment));
      continue;
    }
    const set = partitionKeySet(spec, moment.now, moment.dynamicKeys);
    const keys = ranges.flatMap(({ start, end }) => {
      requirePartitions(set, [start, end]);
      return partitionRange(spec, start, end, moment.now, moment.dynamicKeys);
    });
    targets.set(key, inOrder(keys, set.indexOf));
  }
  return targets;
}

function targetsFromRoots(
  units: readonly BackfillUnit[],
  keys: AskedKeys,
  moment: Moment,
): Map<AssetKey, readonly string[]> {
  const assets = units.flatMap((unit) => unit.assets);
  const selected = new Set(assets.map(({ key }) => key));
  const specs = new Map(assets.map(({ key, partitions }) => [key, partitions]));
  const all = new Set(assets.flatMap(({ partitions }) => partitions ?? []).map(partitionsIdentity));
  const isRoot = ({ key, dependencies }: AssetManifest): boolean =>
    !dependencies.some((dependency) => dependency.key !== key && selected.has(dependency.key));
  const isFirst = (asset: AssetManifest): boolean => all.size === 1 || isRoot(asset);
  const first = assets.filter((asset) => asset.partitions !== null && isFirst(asset));
  const [one, ...others] = first;
  const identity = one?.partitions ? partitionsIdentity(one.partitions) : null;
  const other = others.find(({ partitions }) => partitions && partitionsIdentity(partitions) !== identity);
  if (one === undefined || other !== undefined) {
    throw new PlanError(
      'mixed-partitions',
      other?.key ?? assets[0]?.key ?? '',
      one === undefined
        ? `None of the assets that come first is partitioned, so it is not clear of which asset the partitions are. Say them by asset.`
        : `Assets '${one.key}' and '${other?.key}' come first and are partitioned differently, so one list of partitions cannot be meant for both. Say the partitions by asset, or ask for all.`,
    );
  }
  const targets = new Map<AssetKey, readonly string[]>();
  for (const asset of assets) {
    const { key, partitions: spec, dependencies } = asset;
    if (spec === null) targets.set(key, [UNPARTITIONED]);
    else if (isFirst(asset)) targets.set(key, keysOf(spec, keys, moment));
    else {
      const found = new Set<string>();
      for (const { key: upstream, mapping } of dependencies) {
        const made = targets.get(upstream);
        if (upstream === key || made === undefined) continue;
        const upstreamSpec = specs.get(upstream) ?? null;
        const partitions = { upstream: upstreamSpec, downstream: spec };
        for (const each of downstreamKeys(mapping, partitions, upstreamSpec === null ? null : made, moment))
          found.add(each);
      }
      targets.set(key, inOrder(found, partitionKeySet(spec, moment.now, moment.dynamicKeys).indexOf));
    }
  }
  return targets;
}

function keysOf(spec: PartitionsSpec, asked: AskedKeys, moment: Moment): readonly string[] {
  const set = partitionKeySet(spec, moment.now, moment.dynamicKeys);
  if (asked === 'all') return Array.from({ length: set.count }, (_, index) => set.keyAt(index));
  if ('range' in asked) {
    const { start, end } = asked.range;
    requirePartitions(set, [start, end]);
    const keys = partitionRange(spec, start, end, moment.now, moment.dynamicKeys);
    if (keys.length > 0) return keys;
    throw new PlanError(
      'unknown-partition',
      start,
      `Partition '${start}' comes after '${end}'. Swap the two.`,
    );
  }
  requirePartitions(set, asked);
  return inOrder(asked, set.indexOf);
}

function inOrder(keys: Iterable<string>, indexOf: (key: string) => number): readonly string[] {
  return [...new Set(keys)].sort((a, b) => indexOf(a) - indexOf(b));
}

function notPartitioned(subject: string, names: readonly string[]): PlanError {
  return new PlanError(
    'partition-not-allowed',
    subject,
    `'${names.join("', '")}' is not partitioned, so there is nothing to backfill. Launch a run instead.`,
  );
}
