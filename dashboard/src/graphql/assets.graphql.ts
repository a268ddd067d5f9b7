import type {
  AssetCatalogResult,
  AssetCatalogVariables,
  AssetStatesResult,
  AssetStatesVariables,
} from './generated';
import { gql } from './gql';

/** Every asset's definition and edges; read by the catalog and the lineage. */
export const assetCatalogDocument = gql<AssetCatalogResult, AssetCatalogVariables>`
  query AssetCatalog {
    assetCatalog {
      key
      groupName
      kinds
      description
      isPartitioned
      isMaterializable
      isObservable
      hasMaterializePermission
      hasWipePermission
      jobNames
      staleStatus
      dependencyKeys
      owners
      tags { key value }
      partitionStats { numMaterialized numPartitions numFailed numMaterializing }
      repositoryName
      repositoryLocationName
    }
  }
`;

/** What happened last to some assets, or to all; polled. */
export const assetStatesDocument = gql<AssetStatesResult, AssetStatesVariables>`
  query AssetStates($assetKeys: [AssetKeyInput!]) {
    assetStates(assetKeys: $assetKeys) {
      key
      materializationTime
      materializationRunId
      latestRunId
      latestRunStatus
      latestRunStartTime
      latestRunEndTime
      unstartedRunIds
      inProgressRunIds
    }
  }
`;
