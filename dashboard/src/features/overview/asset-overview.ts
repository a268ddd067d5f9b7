import { assetStatus } from '../../components/asset-status';
import { compareStatus, type Status } from '../../components/status';
import { toLatestRows } from '../../graphql/asset-rows';
import type { LateResult } from '../../graphql/generated';

export interface AssetOverview {
  readonly freshness: {
    readonly late: readonly FreshnessItem[];
    readonly soon: readonly FreshnessItem[];
    readonly fresh: number;
    readonly unknown: number;
  };
  /** Those with the worst status first. */
  readonly groups: readonly AssetGroup[];
}

export interface FreshnessItem {
  /** `raw/earthquakes` */
  readonly key: string;
  /** Since when it is so, epoch ms; null = nobody can tell. */
  readonly since: number | null;
}

export interface AssetGroup {
  readonly name: string;
  readonly size: number;
  /** Worst first. */
  readonly statuses: readonly { readonly status: Status; readonly count: number }[];
}

/** How assets are, group by group, and which are later than their policies allow. */
export function toAssetOverview({ assetCatalog, assetStates }: LateResult): AssetOverview {
  const { key, freshnessStatus, freshnessSince } = assetCatalog;
  const of = (wanted: (typeof freshnessStatus)[number]): FreshnessItem[] =>
    key.flatMap((name, index) => {
      const since = freshnessSince[index] ?? null;
      return freshnessStatus[index] === wanted
        ? [{ key: name, since: since === null ? null : since * 1_000 }]
        : [];
    });
  return {
    freshness: {
      late: of('DEGRADED'),
      soon: of('WARNING'),
      fresh: of('HEALTHY').length,
      unknown: of('UNKNOWN').length,
    },
    groups: toGroups(assetCatalog, assetStates),
  };
}

function toGroups(catalog: LateResult['assetCatalog'], states: LateResult['assetStates']): AssetGroup[] {
  const latest = new Map(toLatestRows(states).map((row, index) => [states.key[index], row]));
  const groups = new Map<string, Map<string, { status: Status; count: number }>>();
  for (const [index, key] of catalog.key.entries()) {
    const name = catalog.groupName[index] ?? '';
    const status = assetStatus(catalog.staleStatus[index] ?? null, latest.get(key));
    const group = groups.get(name) ?? new Map<string, { status: Status; count: number }>();
    groups.set(name, group);
    group.set(status.word, { status, count: (group.get(status.word)?.count ?? 0) + 1 });
  }
  return [...groups]
    .map(([name, byWord]): AssetGroup => {
      const statuses = [...byWord.values()].sort((a, b) => compareStatus(a.status.kind, b.status.kind));
      return { name, statuses, size: statuses.reduce((sum, { count }) => sum + count, 0) };
    })
    .sort(
      (a, b) =>
        compareStatus(a.statuses[0]?.status.kind ?? 'none', b.statuses[0]?.status.kind ?? 'none') ||
        a.name.localeCompare(b.name),
    );
}
