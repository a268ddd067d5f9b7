import type {
  DeleteRunResult,
  DeleteRunVariables,
  RunCountsResult,
  RunCountsVariables,
  RunsResult,
  RunsVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** One keyset page of runs, newest first; the cursor is the last run's id. */
export const runsDocument = gql<RunsResult, RunsVariables>`
  query Runs($filter: RunsFilter!, $cursor: String, $limit: Int!) {
    runsOrError(filter: $filter, cursor: $cursor, limit: $limit) {
      __typename
      ... on Runs {
        count
        results {
          id
          runId
          status
          jobName
          tags { key value }
          creationTime
          startTime
          endTime
          canTerminate
          hasReExecutePermission
          hasDeletePermission
          assetSelection(limit: 3) { path }
          assetSelectionCount
          repositoryOrigin { id repositoryName repositoryLocationName }
        }
      }
      ... on Error { message }
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
