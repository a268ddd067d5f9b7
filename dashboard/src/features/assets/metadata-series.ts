import type { AssetDetailResult } from '../../graphql/generated';

type Asset = Extract<AssetDetailResult['assetOrError'], { readonly __typename: 'Asset' }>;
export type Materialization = Asset['assetMaterializations'][number];

export interface MetadataPoint {
  /** Epoch ms. */
  readonly at: number;
  readonly value: number;
  readonly partition: string | null;
  readonly runId: string;
}

function numberOf(entry: Materialization['metadataEntries'][number]): number | undefined {
  const text =
    entry.__typename === 'IntMetadataEntry'
      ? entry.intRepr
      : entry.__typename === 'FloatMetadataEntry'
        ? entry.floatRepr
        : undefined;
  const value = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Labels of the numeric metadata, those with most points first. */
export function numericLabels(materializations: readonly Materialization[]): string[] {
  const counts = new Map<string, number>();
  for (const each of materializations) {
    for (const entry of each.metadataEntries) {
      if (numberOf(entry) !== undefined) counts.set(entry.label, (counts.get(entry.label) ?? 0) + 1);
    }
  }
  return [...counts].sort((a, b) => b[1] - a[1]).map(([label]) => label);
}

/** One numeric entry over time, oldest first. */
export function metadataSeries(materializations: readonly Materialization[], label: string): MetadataPoint[] {
  return materializations
    .flatMap((each) => {
      const entry = each.metadataEntries.find((candidate) => candidate.label === label);
      const value = entry && numberOf(entry);
      return value === undefined
        ? []
        : [{ at: Number(each.timestamp), value, partition: each.partition, runId: each.runId }];
    })
    .sort((a, b) => a.at - b.at);
}

/** The last value of every partition, in the order of their keys. */
export function byPartition(points: readonly MetadataPoint[]): MetadataPoint[] {
  const last = new Map<string, MetadataPoint>();
  for (const point of points) if (point.partition !== null) last.set(point.partition, point);
  return [...last].sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })).map(([, point]) => point);
}

/**
 * The band in which each value was to be expected: median ± 3 scaled median absolute deviations of up to 28
 * values before it. None before five values.
 */
export function expectedBand(
  values: readonly number[],
): readonly ({ low: number; high: number } | undefined)[] {
  const middle = (list: readonly number[]) => {
    const sorted = [...list].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  };
  return values.map((_, index) => {
    const before = values.slice(Math.max(0, index - 28), index);
    if (before.length < 5) return undefined;
    const center = middle(before);
    const spread = 3 * 1.4826 * middle(before.map((value) => Math.abs(value - center)));
    const margin = Math.max(spread, Math.abs(center) * 0.05);
    return { low: center - margin, high: center + margin };
  });
}
