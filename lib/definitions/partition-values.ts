/**
 * Values of an input by partition key, as an IO manager loads them: the input's declaration then decides
 * whether user code sees the one value or an object by key.
 */
export interface PartitionValues {
  readonly kind: typeof KIND;
  readonly values: ReadonlyMap<string, unknown>;
}

const KIND = 'headrace/partition-values';

export function partitionValues(values: ReadonlyMap<string, unknown>): PartitionValues {
  return { kind: KIND, values };
}

/** By shape, so that it works between copies of this library. */
export function isPartitionValues(value: unknown): value is PartitionValues {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === KIND;
}

/** What user code sees: the value itself where there is one partition and the declaration says one. */
export function unwrapPartitions(value: unknown, many: boolean): unknown {
  if (!isPartitionValues(value)) return value;
  if (!many && value.values.size === 1) return value.values.values().next().value;
  return Object.fromEntries(value.values);
}
