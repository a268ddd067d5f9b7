import { materializationFragment, metadataFragment, observationFragment } from '../../graphql/fragments';
import type {
  AssetDetailResult,
  AssetDetailVariables,
  AssetPartitionsResult,
  AssetPartitionsVariables,
  CheckHistoryResult,
  CheckHistoryVariables,
  ReportEventResult,
  ReportEventVariables,
  WipeAssetsResult,
  WipeAssetsVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

export const assetDetailDocument = gql<AssetDetailResult, AssetDetailVariables>`
  query AssetDetail($assetKey: AssetKeyInput!, $limit: Int!) {
    assetNodeOrError(assetKey: $assetKey) {
      __typename
      ... on AssetNode {
        id
        assetKey { path }
        description
        groupName
        kinds
        isPartitioned
        isMaterializable
        hasMaterializePermission
        hasWipePermission
        definitionSource
        freshnessStatusInfo { freshnessStatus since }
        internalFreshnessPolicy {
          __typename
          ... on TimeWindowFreshnessPolicy { failWindowSeconds warnWindowSeconds }
          ... on CronFreshnessPolicy { deadlineCron timezone lowerBoundDeltaSeconds }
        }
        jobNames
        pools
        opVersion
        staleStatus
        automationCondition { label expandedLabel }
        staleCauses { reason key { path } dependency { path } }
        dependencyKeys { path }
        dependedByKeys { path }
        tags { key value }
        owners {
          __typename
          ... on UserAssetOwner { email }
          ... on TeamAssetOwner { team }
        }
        partitionDefinition { description type dimensionTypes { name } }
        backfillPolicy { maxPartitionsPerRun }
        partitionStats { numMaterialized numPartitions numFailed numMaterializing }
        repository { id name location { id name } }
        hasReportRunlessAssetEventPermission
        isObservable
        metadataEntries { ...Metadata }
        assetChecksOrError {
          __typename
          ... on AssetChecks {
            checks {
              name
              description
              blocking
              canExecuteIndividually
              executionForLatestMaterialization {
                id
                runId
                status
                timestamp
                evaluation { severity description }
              }
            }
          }
        }
      }
      ... on Error { message }
    }
    assetOrError(assetKey: $assetKey) {
      __typename
      ... on Asset {
        id
        assetMaterializations(limit: $limit) { ...Materialization }
        assetObservations(limit: 1) { ...Observation }
      }
    }
  }
  ${materializationFragment}
  ${observationFragment}
  ${metadataFragment}
`;

export const assetPartitionsDocument = gql<AssetPartitionsResult, AssetPartitionsVariables>`
  query AssetPartitions($assetKey: AssetKeyInput!) {
    assetNodeOrError(assetKey: $assetKey) {
      __typename
      ... on AssetNode {
        id
        partitionKeys
        partitionDefinition { dimensionTypes { name isPrimaryDimension } }
        assetPartitionStatuses {
          __typename
          ... on TimePartitionStatuses { ranges { startKey endKey status } }
          ... on DefaultPartitionStatuses {
            materializedPartitions
            failedPartitions
            materializingPartitions
          }
          ... on MultiPartitionStatuses {
            ranges {
              primaryDimStartKey
              primaryDimEndKey
              secondaryDim {
                __typename
                ... on TimePartitionStatuses { ranges { startKey endKey status } }
                ... on DefaultPartitionStatuses {
                  materializedPartitions
                  failedPartitions
                  materializingPartitions
                }
              }
            }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

/** What a check said so far, newest first. */
export const checkHistoryDocument = gql<CheckHistoryResult, CheckHistoryVariables>`
  query CheckHistory($assetKey: AssetKeyInput!, $checkName: String!, $limit: Int!) {
    assetCheckExecutions(assetKey: $assetKey, checkName: $checkName, limit: $limit) {
      id
      runId
      status
      timestamp
      partition
      evaluation { severity description metadataEntries { ...Metadata } }
    }
  }
  ${metadataFragment}
`;

export const wipeAssetsDocument = gql<WipeAssetsResult, WipeAssetsVariables>`
  mutation WipeAssets($ranges: [PartitionsByAssetSelector!]!) {
    wipeAssets(assetPartitionRanges: $ranges) {
      __typename
      ... on AssetWipeSuccess { assetPartitionRanges { assetKey { path } } }
      ... on Error { message }
    }
  }
`;

export const reportEventDocument = gql<ReportEventResult, ReportEventVariables>`
  mutation ReportEvent($eventParams: ReportRunlessAssetEventsParams!) {
    reportRunlessAssetEvents(eventParams: $eventParams) {
      __typename
      ... on ReportRunlessAssetEventsSuccess { assetKeyPath }
      ... on Error { message }
    }
  }
`;
