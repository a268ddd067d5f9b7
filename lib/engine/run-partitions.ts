import { isObservable } from '../model/asset-execution';
import type { AssetKey } from '../model/asset-key';
import type { JobManifest, Manifest } from '../model/manifest';
import {
  type DynamicPartitionKeys,
  keysByDimension,
  type PartitionsSpec,
  partitionKeySet,
  partitionRange,
  partitionsIdentity,
  UnknownPartitionKeyError,
} from '../model/partitions';
import { partitionDimensionTag, TAG, type Tags } from '../model/tags';
import { PlanError } from './errors';

/** The partition, or contiguous partitions, that a run is asked for. Null = none named. */
export type PartitionChoice =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'range'; readonly start: string; readonly end: string }
  | null;

export interface RunPartitions {
  /** In order; empty for an unpartitioned run. */
  readonly keys: readonly string[];
  readonly tags: Tags;
}

/** Up to so many keys are searched for one that may have been meant. */
const SEARCHED_KEYS = 5_000;

/** What the tags of a request say, as clients written for Dagster ask for partitions. */
export function partitionChoiceOfTags(tags: Tags): PartitionChoice {
  const start = tags[TAG.partitionRangeStart];
  const end = tags[TAG.partitionRangeEnd];
  if (start !== undefined && end !== undefined) return { kind: 'range', start, end };
  const key = tags[TAG.partition];
  return key === undefined ? null : { kind: 'key', key };
}

/**
 * The one partitions definition of a run: the job's, or that of all its partitioned assets. Null = unpartitioned.
 *
 * @throws {PlanError} `mixed-partitions` when assets are partitioned differently
 */
export function partitionsOfRun(
  manifest: Manifest,
  job: JobManifest,
  assets: readonly AssetKey[],
): PartitionsSpec | null {
  if (job.assets === null) return job.partitions;
  const selected = new Set(assets);
  let first: { readonly key: AssetKey; readonly spec: PartitionsSpec; readonly identity: string } | null =
    null;
  for (const asset of manifest.assets) {
    const { key, partitions } = asset;
    // An asset is observed as a whole.
    if (partitions === null || !selected.has(key) || isObservable(asset)) continue;
    const identity = partitionsIdentity(partitions);
    if (first === null) first = { key, spec: partitions, identity };
    else if (first.identity !== identity) {
      throw new PlanError(
        'mixed-partitions',
        key,
        `Assets '${first.key}' and '${key}' are partitioned differently, so one run cannot materialize both. Launch a run for each.`,
      );
    }
  }
  return first?.spec ?? null;
}

/**
 * The keys that a choice stands for, and the tags that say so.
 *
 * @throws {PlanError} `partition-required`, `partition-not-allowed`, `unknown-partition`
 */
export function resolveRunPartitions(
  spec: PartitionsSpec | null,
  choice: PartitionChoice,
  jobName: string,
  now: number,
  dynamicKeys: DynamicPartitionKeys = {},
): RunPartitions {
  if (spec === null) {
    if (choice === null) return { keys: [], tags: {} };
    const subject = choice.kind === 'key' ? choice.key : `${choice.start}...${choice.end}`;
    throw new PlanError(
      'partition-not-allowed',
      subject,
      `Partition '${subject}' is asked for, but nothing in this run of '${jobName}' is partitioned. Leave the partition out.`,
    );
  }
  const set = partitionKeySet(spec, now, dynamicKeys);
  if (choice === null) {
    const example = set.count === 0 ? '' : ` such as '${set.keyAt(set.count - 1)}'`;
    throw new PlanError(
      'partition-required',
      jobName,
      `This run of '${jobName}' is partitioned: name a partition${example}.`,
    );
  }
  if (choice.kind === 'key') {
    requirePartitions(set, [choice.key]);
    const dimensions = spec.type === 'multi' ? keysByDimension(spec, choice.key) : {};
    const dimensionTags = Object.entries(dimensions).map(([name, key]) => [partitionDimensionTag(name), key]);
    return {
      keys: [choice.key],
      tags: { [TAG.partition]: choice.key, ...Object.fromEntries(dimensionTags) },
    };
  }
  requirePartitions(set, [choice.start, choice.end]);
  const keys = rangeOf(spec, choice, now, dynamicKeys);
  if (keys.length === 0) {
    throw new PlanError(
      'unknown-partition',
      choice.start,
      `Partition '${choice.start}' comes after '${choice.end}'. Swap the two.`,
    );
  }
  return {
    keys,
    tags: { [TAG.partitionRangeStart]: choice.start, [TAG.partitionRangeEnd]: choice.end },
  };
}

/** @throws {PlanError} `unknown-partition` for the first key that does not exist */
export function requirePartitions(set: ReturnType<typeof partitionKeySet>, keys: readonly string[]): void {
  for (const key of keys) if (set.indexOf(key) < 0) throw unknownPartition(key, set);
}

function rangeOf(
  spec: PartitionsSpec,
  { start, end }: { readonly start: string; readonly end: string },
  now: number,
  dynamicKeys: DynamicPartitionKeys,
): string[] {
  try {
    return partitionRange(spec, start, end, now, dynamicKeys);
  } catch (error) {
    if (error instanceof UnknownPartitionKeyError) {
      throw new PlanError('unknown-partition', error.key, error.message, { cause: error });
    }
    throw error;
  }
}

function unknownPartition(key: string, set: ReturnType<typeof partitionKeySet>): PlanError {
  const extent =
    set.count === 0
      ? 'there is none yet'
      : `they run from '${set.keyAt(0)}' to '${set.keyAt(set.count - 1)}'`;
  const searched = Math.min(set.count, SEARCHED_KEYS);
  const known = Array.from({ length: searched }, (_, index) => set.keyAt(set.count - 1 - index));
  return new PlanError('unknown-partition', key, `Partition '${key}' does not exist: ${extent}.`, { known });
}
