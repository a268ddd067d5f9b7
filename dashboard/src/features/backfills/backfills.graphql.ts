import type {
  BackfillDetailResult,
  BackfillDetailVariables,
  BackfillEventsResult,
  BackfillEventsVariables,
  BackfillsResult,
  BackfillsVariables,
  BackfillTargetsResult,
  BackfillTargetsVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** Backfills, newest first, with how far each is. */
export const backfillsDocument = gql<BackfillsResult, BackfillsVariables>`
  query Backfills($limit: Int!) {
    partitionBackfillsOrError(limit: $limit) {
      __typename
      ... on PartitionBackfills {
        results {
          id
          status
          isPaused
          isAssetBackfill
          jobName
          assetSelection { path }
          title
          user
          cause
          creationTime
          endTime
          estimatedEndTime
          targetCounts { assetKey { path } status count }
          tags { key value }
        }
      }
      ... on Error { message }
    }
  }
`;

export const backfillDetailDocument = gql<BackfillDetailResult, BackfillDetailVariables>`
  query BackfillDetail($backfillId: String!) {
    partitionBackfillOrError(backfillId: $backfillId) {
      __typename
      ... on PartitionBackfill {
        id
        status
        isPaused
        isAssetBackfill
        jobName
        assetSelection { path }
        locationNames
        title
        description
        user
        cause
        error { message className stack }
        fromFailure
        creationTime
        endTime
        estimatedEndTime
        targetCounts { assetKey { path } status count }
        tags { key value }
        isCancelable
        hasCancelPermission
        hasResumePermission
      }
      ... on BackfillNotFoundError { message }
      ... on Error { message }
    }
  }
`;

export const backfillTargetsDocument = gql<BackfillTargetsResult, BackfillTargetsVariables>`
  query BackfillTargets($backfillId: String!) {
    partitionBackfillOrError(backfillId: $backfillId) {
      __typename
      ... on PartitionBackfill {
        id
        targets { assetKey { path } status partitionNames }
      }
      ... on BackfillNotFoundError { message }
      ... on Error { message }
    }
  }
`;

export const backfillEventsDocument = gql<BackfillEventsResult, BackfillEventsVariables>`
  query BackfillEvents($backfillId: String!, $cursor: String) {
    partitionBackfillOrError(backfillId: $backfillId) {
      __typename
      ... on PartitionBackfill {
        id
        logEvents(cursor: $cursor) {
          events { timestamp level message }
          cursor
          hasMore
        }
      }
      ... on BackfillNotFoundError { message }
      ... on Error { message }
    }
  }
`;
