import type { ReexecuteRunResult, ReexecuteRunVariables } from './generated';
import { gql } from './gql';

export const reexecuteRunDocument = gql<ReexecuteRunResult, ReexecuteRunVariables>`
  mutation ReexecuteRun($reexecutionParams: ReexecutionParams!) {
    launchRunReexecution(reexecutionParams: $reexecutionParams) {
      __typename
      ... on LaunchRunSuccess { run { id runId } }
      ... on Error { message }
    }
  }
`;
