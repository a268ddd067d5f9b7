import type { TerminateRunsResult, TerminateRunsVariables } from './generated';
import { gql } from './gql';

export const terminateRunsDocument = gql<TerminateRunsResult, TerminateRunsVariables>`
  mutation TerminateRuns($runIds: [String!]!, $policy: TerminateRunPolicy) {
    terminateRuns(runIds: $runIds, terminatePolicy: $policy) {
      __typename
      ... on TerminateRunsResult {
        terminateRunResults {
          __typename
          ... on TerminateRunSuccess { run { id runId status } }
          ... on TerminateRunFailure { message }
          ... on Error { message }
        }
      }
      ... on Error { message }
    }
  }
`;
