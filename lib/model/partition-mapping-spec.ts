import { type DynamicPartitionKeys, PartitionsError } from './partitions';

/** How partitions of two assets depend on each other, as plain data. */
export type PartitionMappingSpec =
  | TimeWindowPartitionMappingSpec
  | StaticPartitionMappingSpec
  | MultiPartitionMappingSpec
  | MultiToSinglePartitionMappingSpec
  /** Each partition needs the one with the same key. */
  | { readonly type: 'identity' }
  /** Each partition needs all. */
  | { readonly type: 'all' }
  /** Each partition needs the last. */
  | { readonly type: 'last' }
  /** Each partition needs these. */
  | { readonly type: 'specific'; readonly keys: readonly string[] };

/** Each window needs the windows that overlap with it. */
export interface TimeWindowPartitionMappingSpec {
  readonly type: 'time_window';
  /** Shifts the start of what is needed, in windows of the downstream asset; -1 adds the one before. Default 0. */
  readonly startOffset?: number;
  /** Shifts the end of what is needed, in windows of the downstream asset. Default 0. */
  readonly endOffset?: number;
  /** Whether windows that the upstream asset does not have are left out instead of missing. Default false. */
  readonly allowNonexistentUpstreamPartitions?: boolean;
}

/** Keys are matched by a table. */
export interface StaticPartitionMappingSpec {
  readonly type: 'static';
  readonly downstreamKeysByUpstreamKey: Readonly<Record<string, string | readonly string[]>>;
}

/** Dimensions are matched with dimensions; a dimension that is not matched is needed whole. */
export interface MultiPartitionMappingSpec {
  readonly type: 'multi';
  readonly byUpstreamDimension: Readonly<
    Record<string, { readonly downstreamDimension: string; readonly mapping: PartitionMappingSpec }>
  >;
}

/** One dimension is matched with the partitions of the other asset; the other dimension is needed whole. */
export interface MultiToSinglePartitionMappingSpec {
  readonly type: 'multi_to_single';
  /** Default: the one dimension that equals the other asset's partitions, or the one of time if both have time. */
  readonly dimension?: string;
}

/** When, and with which dynamic partitions, a mapping is asked. */
export interface PartitionsMoment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly dynamicKeys?: DynamicPartitionKeys;
}

/** What a downstream partition needs. */
export interface UpstreamPartitions {
  /** Those that exist, in their order. */
  readonly keys: readonly string[];
  /** Those that are needed but do not exist. */
  readonly missing: readonly string[];
}

/** A mapping that does not fit the partitions of the two assets. */
export class InvalidPartitionMappingError extends PartitionsError {
  readonly mapping: PartitionMappingSpec;

  constructor(mapping: PartitionMappingSpec, reason: string) {
    super(`Partition mapping '${mapping.type}' does not fit: ${reason}`);
    this.name = 'InvalidPartitionMappingError';
    this.mapping = mapping;
  }
}
