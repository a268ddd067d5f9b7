import type { AssetOwnerLike } from '../components/asset-status';
import type { AssetCatalogResult, AssetStatesResult } from './generated';

type CatalogColumns = AssetCatalogResult['assetCatalog'];
type StateColumns = AssetStatesResult['assetStates'];

interface Key {
  readonly path: readonly string[];
}

/** An asset of the catalog. */
export interface AssetCatalogNode {
  readonly id: string;
  readonly assetKey: Key;
  readonly groupName: string;
  readonly kinds: readonly string[];
  readonly description: string | null;
  readonly isPartitioned: boolean;
  readonly isMaterializable: boolean;
  readonly isObservable: boolean;
  readonly hasMaterializePermission: boolean;
  /** To wipe it and to report events of it. */
  readonly hasWipePermission: boolean;
  readonly jobNames: readonly string[];
  readonly staleStatus: CatalogColumns['staleStatus'][number] | null;
  readonly dependencyKeys: readonly Key[];
  readonly owners: readonly AssetOwnerLike[];
  readonly tags: CatalogColumns['tags'][number];
  readonly partitionStats: CatalogColumns['partitionStats'][number];
  readonly repository: { readonly name: string; readonly location: { readonly name: string } };
}

/** What happened last to an asset. */
export interface AssetLatestRow {
  readonly assetKey: Key;
  readonly latestMaterialization: { readonly timestamp: string; readonly runId: string } | null;
  readonly unstartedRunIds: readonly string[];
  readonly inProgressRunIds: readonly string[];
  readonly latestRun: {
    readonly id: string;
    readonly runId: string;
    readonly status: NonNullable<StateColumns['latestRunStatus'][number]>;
    readonly startTime: number | null;
    readonly endTime: number | null;
  } | null;
}

const toKey = (key: string): Key => ({ path: key.split('/') });

const team = 'team:';
const toOwner = (owner: string): AssetOwnerLike =>
  owner.startsWith(team)
    ? { __typename: 'TeamAssetOwner', team: owner.slice(team.length) }
    : { __typename: 'UserAssetOwner', email: owner };

/** One entry of a column; all columns of an answer are of one length. */
function at<T>(column: readonly T[], index: number): T {
  return column[index] as T;
}

export function toCatalogNodes(columns: CatalogColumns): readonly AssetCatalogNode[] {
  return columns.key.map((key, index) => ({
    id: key,
    assetKey: toKey(key),
    groupName: at(columns.groupName, index),
    kinds: at(columns.kinds, index),
    description: at(columns.description, index),
    isPartitioned: at(columns.isPartitioned, index),
    isMaterializable: at(columns.isMaterializable, index),
    isObservable: at(columns.isObservable, index),
    hasMaterializePermission: at(columns.hasMaterializePermission, index),
    hasWipePermission: at(columns.hasWipePermission, index),
    jobNames: at(columns.jobNames, index),
    staleStatus: at(columns.staleStatus, index),
    dependencyKeys: at(columns.dependencyKeys, index).map(toKey),
    owners: at(columns.owners, index).map(toOwner),
    tags: at(columns.tags, index),
    partitionStats: at(columns.partitionStats, index),
    repository: {
      name: at(columns.repositoryName, index),
      location: { name: at(columns.repositoryLocationName, index) },
    },
  }));
}

export function toLatestRows(columns: StateColumns): readonly AssetLatestRow[] {
  return columns.key.map((key, index) => {
    const seconds = at(columns.materializationTime, index);
    const runId = at(columns.latestRunId, index);
    const status = at(columns.latestRunStatus, index);
    return {
      assetKey: toKey(key),
      latestMaterialization:
        seconds === null
          ? null
          : {
              timestamp: String(Math.round(seconds * 1_000)),
              runId: at(columns.materializationRunId, index) ?? '',
            },
      unstartedRunIds: at(columns.unstartedRunIds, index),
      inProgressRunIds: at(columns.inProgressRunIds, index),
      latestRun:
        runId === null || status === null
          ? null
          : {
              id: runId,
              runId,
              status,
              startTime: at(columns.latestRunStartTime, index),
              endTime: at(columns.latestRunEndTime, index),
            },
    };
  });
}
