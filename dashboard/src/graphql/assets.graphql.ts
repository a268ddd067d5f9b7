import type {
  AssetCatalogResult,
  AssetCatalogVariables,
  AssetsLatestResult,
  AssetsLatestVariables,
} from './generated';
import { gql } from './gql';

/** Every asset's definition and edges; read by the catalog and the lineage. */
export const assetCatalogDocument = gql<AssetCatalogResult, AssetCatalogVariables>`
  query AssetCatalog {
    assetNodes {
      id
      assetKey { path }
      groupName
      kinds
      description
      isPartitioned
      isMaterializable
      hasMaterializePermission
      jobNames
      staleStatus
      dependencyKeys { path }
      owners {
        __typename
        ... on UserAssetOwner { email }
        ... on TeamAssetOwner { team }
      }
      tags { key value }
      partitionStats { numMaterialized numPartitions numFailed numMaterializing }
      repository { id name location { id name } }
    }
  }
`;

/** What happened last to some assets; polled. */
export const assetsLatestDocument = gql<AssetsLatestResult, AssetsLatestVariables>`
  query AssetsLatest($assetKeys: [AssetKeyInput!]!) {
    assetsLatestInfo(assetKeys: $assetKeys) {
      id
      assetKey { path }
      latestMaterialization { timestamp runId }
      unstartedRunIds
      inProgressRunIds
      latestRun { id runId status startTime endTime }
    }
  }
`;
