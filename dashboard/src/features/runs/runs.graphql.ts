import { runRowFragment } from '../../graphql/fragments';
import type {
  DeleteRunResult,
  DeleteRunVariables,
  RunCountsResult,
  RunCountsVariables,
  RunFilterNamesResult,
  RunFilterNamesVariables,
  RunsFeedResult,
  RunsFeedVariables,
  RunsResult,
  RunsVariables,
  RunTagKeysResult,
  RunTagKeysVariables,
  RunTagValuesResult,
  RunTagValuesVariables,
  ScheduledTicksResult,
  ScheduledTicksVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** One keyset page of runs, newest first; the cursor is the last run's id. */
export const runsDocument = gql<RunsResult, RunsVariables>`
  ${runRowFragment}
  query Runs($filter: RunsFilter!, $cursor: String, $limit: Int!) {
    runsOrError(filter: $filter, cursor: $cursor, limit: $limit) {
      __typename
      ... on Runs {
        count
        results { ...RunRow }
      }
      ... on Error { message }
    }
  }
`;

/** Runs that no backfill made, and backfills in the place of theirs, newest first. */
export const runsFeedDocument = gql<RunsFeedResult, RunsFeedVariables>`
  ${runRowFragment}
  query RunsFeed($filter: RunsFilter!, $cursor: String, $limit: Int!) {
    runsFeedCountOrError(view: ROOTS, filter: $filter) { __typename ... on RunsFeedCount { count } }
    runsFeedOrError(view: ROOTS, filter: $filter, cursor: $cursor, limit: $limit) {
      __typename
      ... on RunsFeedConnection {
        cursor
        hasMore
        results {
          __typename
          ... on Run { ...RunRow }
          ... on PartitionBackfill {
            id
            backfillStatus: status
            isPaused
            isAssetBackfill
            backfillJob: jobName
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
      }
      ... on Error { message }
    }
  }
`;

/** What schedules that are on will launch. */
export const scheduledTicksDocument = gql<ScheduledTicksResult, ScheduledTicksVariables>`
  query ScheduledTicks($until: Float!, $limit: Int!) {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          location { id name }
          schedules {
            id
            name
            pipelineName
            cronSchedule
            executionTimezone
            scheduleState { id status }
            futureTicks(until: $until, limit: $limit) { results { timestamp } }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

export const runFilterNamesDocument = gql<RunFilterNamesResult, RunFilterNamesVariables>`
  query RunFilterNames {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection { nodes { id jobs { id name } } }
    }
  }
`;

export const runTagKeysDocument = gql<RunTagKeysResult, RunTagKeysVariables>`
  query RunTagKeys {
    runTagKeysOrError { __typename ... on RunTagKeys { keys } }
  }
`;

export const runTagValuesDocument = gql<RunTagValuesResult, RunTagValuesVariables>`
  query RunTagValues($key: String!, $prefix: String!, $limit: Int!) {
    runTagsOrError(tagKeys: [$key], valuePrefix: $prefix, limit: $limit) {
      __typename
      ... on RunTags { tags { key values } }
    }
  }
`;

export const runCountsDocument = gql<RunCountsResult, RunCountsVariables>`
  query RunCounts($all: RunsFilter!, $queued: RunsFilter!, $inProgress: RunsFilter!, $failed: RunsFilter!) {
    all: runsOrError(filter: $all, limit: 1) { __typename ... on Runs { count } }
    queued: runsOrError(filter: $queued, limit: 1) { __typename ... on Runs { count } }
    inProgress: runsOrError(filter: $inProgress, limit: 1) { __typename ... on Runs { count } }
    failed: runsOrError(filter: $failed, limit: 1) { __typename ... on Runs { count } }
  }
`;

export const deleteRunDocument = gql<DeleteRunResult, DeleteRunVariables>`
  mutation DeleteRun($runId: String!) {
    deleteRun(runId: $runId) {
      __typename
      ... on DeletePipelineRunSuccess { runId }
      ... on Error { message }
    }
  }
`;
