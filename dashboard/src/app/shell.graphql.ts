import type {
  RunsByIdResult,
  RunsByIdVariables,
  SearchIndexResult,
  SearchIndexVariables,
} from '../graphql/generated';
import { gql } from '../graphql/gql';

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
