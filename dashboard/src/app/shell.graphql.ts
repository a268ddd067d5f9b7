import type {
  RunsByIdResult,
  RunsByIdVariables,
  SearchIndexResult,
  SearchIndexVariables,
  ShellCountsResult,
  ShellCountsVariables,
} from '../graphql/generated';
import { gql } from '../graphql/gql';

/** The live counts of the navigation. */
export const shellCountsDocument = gql<ShellCountsResult, ShellCountsVariables>`
  query ShellCounts($inProgress: RunsFilter!) {
    runsOrError(filter: $inProgress, limit: 1) {
      __typename
      ... on Runs { count }
    }
    locationStatusesOrError {
      __typename
      ... on WorkspaceLocationStatusEntries { entries { id name loadStatus } }
    }
    workspaceOrError {
      __typename
      ... on Workspace { locationEntries { id name locationOrLoadError { __typename } } }
    }
  }
`;

/** Names of everything that the search palette finds. */
export const searchIndexDocument = gql<SearchIndexResult, SearchIndexVariables>`
  query SearchIndex {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          name
          location { id name }
          jobs { id name }
          schedules { id name }
          sensors { id name }
          allTopLevelResourceDetails { id name }
          assetNodes { id groupName isMaterializable assetKey { path } }
        }
      }
      ... on Error { message }
    }
    partitionBackfillsOrError(limit: 20) {
      __typename
      ... on PartitionBackfills { results { id title jobName assetSelection { path } } }
    }
    runsOrError(limit: 50) {
      __typename
      ... on Runs { results { id runId status jobName creationTime } }
    }
  }
`;

/** Runs whose id begins so. */
export const runsByIdDocument = gql<RunsByIdResult, RunsByIdVariables>`
  query RunsById($filter: RunsFilter!) {
    runsOrError(filter: $filter, limit: 6) {
      __typename
      ... on Runs { results { id runId status jobName creationTime } }
    }
  }
`;
