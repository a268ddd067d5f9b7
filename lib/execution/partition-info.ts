import type { PartitionInfo } from '../definitions/loaded-definitions';
import { keysByDimension, type PartitionsSpec, partitionWindow } from '../model/partitions';

/** What a step is told about the partitions that it works on; null when its definition has none. */
export function partitionInfo(spec: PartitionsSpec | null, keys: readonly string[]): PartitionInfo | null {
  const [first] = keys;
  const last = keys.at(-1);
  if (spec === null || first === undefined || last === undefined) return null;
  const start = partitionWindow(spec, first)?.start;
  const end = partitionWindow(spec, last)?.end;
  return {
    key: first,
    keys,
    window:
      start === undefined || end === undefined
        ? null
        : { start: new Date(start).toISOString(), end: new Date(end).toISOString() },
    dimensions: spec.type === 'multi' ? keysByDimension(spec, first) : null,
  };
}
