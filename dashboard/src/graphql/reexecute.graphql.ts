import type {
  ReexecuteRunResult,
  ReexecuteRunVariables,
  ReexecuteStepsResult,
  ReexecuteStepsVariables,
} from './generated';
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

/** A run again, of chosen steps only: `executionMetadata` names it, `stepKeys` the steps. */
export const reexecuteStepsDocument = gql<ReexecuteStepsResult, ReexecuteStepsVariables>`
  mutation ReexecuteSteps($executionParams: ExecutionParams!) {
    launchRunReexecution(executionParams: $executionParams) {
      __typename
      ... on LaunchRunSuccess { run { id runId } }
      ... on Error { message }
    }
  }
`;
