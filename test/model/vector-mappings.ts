import type { PartitionMappingSpec } from '../../lib/model/partition-mappings';

/** A partition mapping as the data files write it. */
export type VectorMapping =
  | {
      readonly type: 'time_window';
      readonly start_offset?: number;
      readonly end_offset?: number;
      readonly allow_nonexistent_upstream_partitions?: boolean;
    }
  | { readonly type: 'default' }
  | { readonly type: 'identity' }
  | { readonly type: 'all' }
  | { readonly type: 'last' }
  | { readonly type: 'specific'; readonly keys: readonly string[] }
  | { readonly type: 'static'; readonly downstream_keys_by_upstream_key: Readonly<Record<string, string>> }
  | { readonly type: 'multi_to_single'; readonly dimension?: string }
  | {
      readonly type: 'multi';
      readonly by_upstream_dimension: Readonly<
        Record<string, { readonly downstream_dimension: string; readonly mapping: VectorMapping }>
      >;
    };

/** The mapping that a data file means; null = inferred. */
export function mappingOf(mapping: VectorMapping): PartitionMappingSpec | null {
  switch (mapping.type) {
    case 'default':
      return null;
    case 'time_window':
      return {
        type: 'time_window',
        startOffset: mapping.start_offset ?? 0,
        endOffset: mapping.end_offset ?? 0,
        allowNonexistentUpstreamPartitions: mapping.allow_nonexistent_upstream_partitions ?? false,
      };
    case 'static':
      return { type: 'static', downstreamKeysByUpstreamKey: mapping.downstream_keys_by_upstream_key };
    case 'multi':
      return {
        type: 'multi',
        byUpstreamDimension: Object.fromEntries(
          Object.entries(mapping.by_upstream_dimension).map(([name, each]) => [
            name,
            {
              downstreamDimension: each.downstream_dimension,
              mapping: mappingOf(each.mapping) ?? { type: 'identity' },
            },
          ]),
        ),
      };
    default:
      return mapping;
  }
}
