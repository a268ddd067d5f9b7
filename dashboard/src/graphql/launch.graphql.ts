import type {
  LaunchBackfillResult,
  LaunchBackfillVariables,
  LaunchRunResult,
  LaunchRunVariables,
} from './generated';
import { gql } from './gql';

export const launchRunDocument = gql<LaunchRunResult, LaunchRunVariables>`
  mutation LaunchRun($executionParams: ExecutionParams!) {
    launchRun(executionParams: $executionParams) {
      __typename
      ... on LaunchRunSuccess { run { id runId } }
      ... on RunConfigValidationInvalid { errors { message path reason } }
      ... on Error { message }
    }
  }
`;

export const launchBackfillDocument = gql<LaunchBackfillResult, LaunchBackfillVariables>`
  mutation LaunchBackfill($backfillParams: LaunchBackfillParams!) {
    launchPartitionBackfill(backfillParams: $backfillParams) {
      __typename
      ... on LaunchBackfillSuccess { backfillId }
      ... on Error { message }
    }
  }
`;
