import type {
  AssetDetailResult,
  AssetDetailVariables,
  AssetPartitionsResult,
  AssetPartitionsVariables,
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
        partitionDefinition { description type }
        partitionStats { numMaterialized numPartitions numFailed numMaterializing }
        repository { id name location { id name } }
        assetChecksOrError {
          __typename
          ... on AssetChecks {
            checks {
              name
              description
              blocking
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
        assetMaterializations(limit: $limit) {
          runId
          timestamp
          partition
          stepKey
          metadataEntries {
            __typename
            label
            description
            ... on IntMetadataEntry { intRepr }
            ... on FloatMetadataEntry { floatRepr }
            ... on TextMetadataEntry { text }
            ... on BoolMetadataEntry { boolValue }
            ... on UrlMetadataEntry { url }
            ... on PathMetadataEntry { path }
            ... on MarkdownMetadataEntry { mdStr }
            ... on JsonMetadataEntry { jsonString }
            ... on TimestampMetadataEntry { timestamp }
            ... on TableSchemaMetadataEntry {
              schema { columns { name type description constraints { nullable unique other } } }
            }
          }
        }
      }
    }
  }
`;

export const assetPartitionsDocument = gql<AssetPartitionsResult, AssetPartitionsVariables>`
  query AssetPartitions($assetKey: AssetKeyInput!) {
    assetNodeOrError(assetKey: $assetKey) {
      __typename
      ... on AssetNode {
        id
        partitionKeys
        assetPartitionStatuses {
          __typename
          ... on TimePartitionStatuses { ranges { startKey endKey status } }
          ... on DefaultPartitionStatuses {
            materializedPartitions
            failedPartitions
            materializingPartitions
          }
        }
      }
      ... on Error { message }
    }
  }
`;
