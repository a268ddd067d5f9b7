import type { Status } from './status';

export interface AssetLatest {
  readonly latestMaterialization: { readonly timestamp: string; readonly runId: string } | null;
  readonly unstartedRunIds: readonly string[];
  readonly inProgressRunIds: readonly string[];
  readonly latestRun: {
    readonly status: string;
    readonly runId: string;
    readonly endTime: number | null;
  } | null;
}

/** What an asset is now: what happens to it, else how its last run ended, else how current it is. */
export function assetStatus(staleStatus: string | null, latest: AssetLatest | undefined): Status {
  if (latest && latest.inProgressRunIds.length > 0) return { kind: 'running', word: 'Materializing' };
  if (latest && latest.unstartedRunIds.length > 0) return { kind: 'queued', word: 'Queued' };
  const at = latest?.latestMaterialization ? Number(latest.latestMaterialization.timestamp) : undefined;
  const run = latest?.latestRun;
  const failedSince = run?.status === 'FAILURE' && run.runId !== latest?.latestMaterialization?.runId;
  if (failedSince && (at === undefined || (run.endTime ?? 0) * 1_000 >= at))
    return { kind: 'failure', word: 'Failed' };
  // Only what is made elsewhere is fresh without ever having been made.
  if (staleStatus === 'FRESH' && latest && at === undefined) return { kind: 'none', word: 'External' };
  if (staleStatus === 'MISSING' || (latest && at === undefined)) return { kind: 'missing', word: 'Missing' };
  if (staleStatus === 'STALE') return { kind: 'stale', word: 'Stale' };
  if (staleStatus === 'FRESH' || at !== undefined) return { kind: 'success', word: 'Fresh' };
  return { kind: 'none', word: 'Unknown' };
}

export type AssetOwnerLike =
  | { readonly __typename: 'UserAssetOwner'; readonly email: string }
  | { readonly __typename: 'TeamAssetOwner'; readonly team: string };

export function ownerText(owner: AssetOwnerLike): string {
  return owner.__typename === 'UserAssetOwner' ? owner.email : `team:${owner.team}`;
}
