import {
  materializationFragment,
  metadataFragment,
  metadataLineFragment,
  observationFragment,
} from '../../graphql/fragments';
import type {
  AssetEventResult,
  AssetEventsResult,
  AssetEventsVariables,
  AssetEventVariables,
  AssetPartitionResult,
  AssetPartitionVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** What happened to an asset, newest first: materializations, observations and failed attempts. */
export const assetEventsDocument = gql<AssetEventsResult, AssetEventsVariables>`
  query AssetEvents(
    $assetKey: AssetKeyInput!
    $types: [AssetEventHistoryEventTypeSelector!]!
    $partitions: [String!]
    $cursor: String
    $limit: Int!
  ) {
    assetOrError(assetKey: $assetKey) {
      __typename
      ... on Asset {
        id
        assetEventHistory(eventTypeSelectors: $types, partitions: $partitions, cursor: $cursor, limit: $limit) {
          cursor
          positions
          results {
            __typename
            ... on MessageEvent { runId timestamp stepKey }
            ... on MaterializationEvent { partition description metadataEntries { ...MetadataLine } }
            ... on ObservationEvent { partition description metadataEntries { ...MetadataLine } }
            ... on FailedToMaterializeEvent { partition message error { message } }
          }
        }
      }
      ... on AssetNotFoundError { message }
    }
  }
  ${metadataLineFragment}
`;

/** One of them, with all that was said: the first before the cursor. */
export const assetEventDocument = gql<AssetEventResult, AssetEventVariables>`
  query AssetEvent($assetKey: AssetKeyInput!, $cursor: String!) {
    assetOrError(assetKey: $assetKey) {
      __typename
      ... on Asset {
        id
        assetEventHistory(
          eventTypeSelectors: [MATERIALIZATION, OBSERVATION, FAILED_TO_MATERIALIZE]
          cursor: $cursor
          limit: 1
        ) {
          positions
          results {
            __typename
            ...Materialization
            ...Observation
            ... on FailedToMaterializeEvent {
              runId
              timestamp
              stepKey
              partition
              message
              error { message className stack }
            }
          }
        }
      }
      ... on AssetNotFoundError { message }
    }
  }
  ${materializationFragment}
  ${observationFragment}
  ${metadataFragment}
`;

/** One partition: what was last made of it, by which run, and the last of what happened. */
export const assetPartitionDocument = gql<AssetPartitionResult, AssetPartitionVariables>`
  query AssetPartition($assetKey: AssetKeyInput!, $partition: String!, $partitions: [String!]!) {
    assetNodeOrError(assetKey: $assetKey) {
      __typename
      ... on AssetNode {
        id
        latestMaterializationByPartition(partitions: $partitions) { ...Materialization }
        latestRunForPartition(partition: $partition) { id runId status startTime endTime }
      }
      ... on Error { message }
    }
    assetOrError(assetKey: $assetKey) {
      __typename
      ... on Asset {
        id
        assetEventHistory(
          eventTypeSelectors: [MATERIALIZATION, OBSERVATION, FAILED_TO_MATERIALIZE]
          partitions: $partitions
          limit: 10
        ) {
          positions
          results { __typename ... on MessageEvent { runId timestamp stepKey } }
        }
      }
      ... on AssetNotFoundError { message }
    }
  }
  ${materializationFragment}
  ${metadataFragment}
`;
