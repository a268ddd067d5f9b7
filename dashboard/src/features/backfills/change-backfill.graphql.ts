import type {
  BackfillPreviewResult,
  BackfillPreviewVariables,
  CancelableRunsResult,
  CancelableRunsVariables,
  CancelBackfillResult,
  CancelBackfillVariables,
  JobPartitionKeysResult,
  JobPartitionKeysVariables,
  PauseBackfillResult,
  PauseBackfillVariables,
  PrioritizeBackfillResult,
  PrioritizeBackfillVariables,
  ReexecuteBackfillResult,
  ReexecuteBackfillVariables,
  ResumeBackfillResult,
  ResumeBackfillVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** How many runs a cancellation would stop: only asked for by its question. */
export const cancelableRunsDocument = gql<CancelableRunsResult, CancelableRunsVariables>`
  query CancelableRuns($backfillId: String!) {
    partitionBackfillOrError(backfillId: $backfillId) {
      __typename
      ... on PartitionBackfill { id numCancelable }
      ... on BackfillNotFoundError { message }
      ... on Error { message }
    }
  }
`;

export const cancelBackfillDocument = gql<CancelBackfillResult, CancelBackfillVariables>`
  mutation CancelBackfill($backfillId: String!) {
    cancelPartitionBackfill(backfillId: $backfillId) {
      __typename
      ... on CancelBackfillSuccess { backfillId }
      ... on Error { message }
    }
  }
`;

export const pauseBackfillDocument = gql<PauseBackfillResult, PauseBackfillVariables>`
  mutation PauseBackfill($backfillId: String!) {
    pausePartitionBackfill(backfillId: $backfillId) {
      __typename
      ... on PauseBackfillSuccess { backfillId }
      ... on Error { message }
    }
  }
`;

export const resumeBackfillDocument = gql<ResumeBackfillResult, ResumeBackfillVariables>`
  mutation ResumeBackfill($backfillId: String!) {
    resumePartitionBackfill(backfillId: $backfillId) {
      __typename
      ... on ResumeBackfillSuccess { backfillId }
      ... on Error { message }
    }
  }
`;

export const prioritizeBackfillDocument = gql<PrioritizeBackfillResult, PrioritizeBackfillVariables>`
  mutation PrioritizeBackfill($backfillId: String!, $priority: Int!) {
    prioritizePartitionBackfill(backfillId: $backfillId, priority: $priority) {
      __typename
      ... on PrioritizeBackfillSuccess { backfillId }
      ... on Error { message }
    }
  }
`;

export const reexecuteBackfillDocument = gql<ReexecuteBackfillResult, ReexecuteBackfillVariables>`
  mutation ReexecuteBackfill($reexecutionParams: ReexecutionParams!) {
    reexecutePartitionBackfill(reexecutionParams: $reexecutionParams) {
      __typename
      ... on LaunchBackfillSuccess { backfillId }
      ... on Error { message }
    }
  }
`;

/** What a backfill would make, and by how many runs. */
export const backfillPreviewDocument = gql<BackfillPreviewResult, BackfillPreviewVariables>`
  query BackfillPreview($backfillParams: LaunchBackfillParams!) {
    partitionBackfillPreviewOrError(backfillParams: $backfillParams) {
      __typename
      ... on PartitionBackfillPreview { numRuns numPartitions }
      ... on Error { message }
    }
  }
`;

/** The partitions of a job, in their order. */
export const jobPartitionKeysDocument = gql<JobPartitionKeysResult, JobPartitionKeysVariables>`
  query JobPartitionKeys($params: PipelineSelector!) {
    pipelineOrError(params: $params) {
      __typename
      ... on Pipeline { id partitionKeysOrError { partitionKeys } }
      ... on Error { message }
    }
  }
`;
