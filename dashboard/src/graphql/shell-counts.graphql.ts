import type { ShellCountsResult, ShellCountsVariables } from './generated';
import { gql } from './gql';

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
