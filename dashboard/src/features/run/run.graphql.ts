import { loggedMetadataFragment, metadataFragment } from '../../graphql/fragments';
import type {
  CapturedLogsResult,
  CapturedLogsVariables,
  EarlierRunsResult,
  EarlierRunsVariables,
  EventMetadataResult,
  EventMetadataVariables,
  RunEventsResult,
  RunEventsVariables,
  RunGroupResult,
  RunGroupVariables,
  RunPlanResult,
  RunPlanVariables,
  RunStatusResult,
  RunStatusVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** What changes while a run is alive; polled. */
export const runStatusDocument = gql<RunStatusResult, RunStatusVariables>`
  query RunStatus($runId: ID!) {
    runOrError(runId: $runId) {
      __typename
      ... on Run {
        id
        runId
        status
        jobName
        creationTime
        startTime
        endTime
        canTerminate
        rootRunId
        parentRunId
        attempt
        cause
        waitingFor
        queuePlace { place of }
        pipelineSnapshotId
        hasReExecutePermission
        hasTerminatePermission
        hasDeletePermission
        tags { key value }
        assetSelection(limit: 100) { path }
        assetSelectionCount
        repositoryOrigin { id repositoryName repositoryLocationName }
        stepStats { stepKey status startTime endTime attempts { startTime endTime } }
      }
      ... on Error { message }
    }
  }
`;

/** What never changes: the plan and the config. */
export const runPlanDocument = gql<RunPlanResult, RunPlanVariables>`
  query RunPlan($runId: ID!) {
    runOrError(runId: $runId) {
      __typename
      ... on Run {
        id
        runConfigYaml
        executionPlan { steps { key kind pool assetKeys { path } inputs { dependsOn { key } } } }
      }
      ... on Error { message }
    }
  }
`;

/** A run with those that execute it again, or that it executes again. */
export const runGroupDocument = gql<RunGroupResult, RunGroupVariables>`
  query RunGroup($runId: ID!) {
    runGroupOrError(runId: $runId) {
      __typename
      ... on RunGroup {
        rootRunId
        runs { id runId status creationTime startTime endTime parentRunId stepKeysToExecute tags { key value } }
      }
      ... on RunGroupNotFoundError { message }
      ... on Error { message }
    }
  }
`;

/** Runs of a job before one, newest first: what it can be compared with. */
export const earlierRunsDocument = gql<EarlierRunsResult, EarlierRunsVariables>`
  query EarlierRuns($filter: RunsFilter!, $limit: Int!) {
    runsOrError(filter: $filter, limit: $limit) {
      __typename
      ... on Runs { results { id runId status creationTime assetSelection(limit: 100) { path } } }
      ... on Error { message }
    }
  }
`;

/** A page of events. Of what was said with them, what fits on a line: `EventMetadata` has the rest of one. */
export const runEventsDocument = gql<RunEventsResult, RunEventsVariables>`
  ${loggedMetadataFragment}
  query RunEvents($runId: ID!, $afterCursor: String, $limit: Int!) {
    logsForRun(runId: $runId, afterCursor: $afterCursor, limit: $limit) {
      __typename
      ... on EventConnection {
        cursor
        hasMore
        events {
          __typename
          ... on MessageEvent { cursor message timestamp level stepKey eventType }
          ... on ErrorEvent { error { message className stack causes { message className stack } } }
          ... on AssetMaterializationPlannedEvent { assetKey { path } }
          ... on LogsCapturedEvent { fileKey stepKeys }
          ... on FailedToMaterializeEvent { assetKey { path } partition }
          ... on MaterializationEvent { assetKey { path } partition }
          ... on DisplayableEvent { metadataEntries { ...LoggedMetadata } }
          ... on AssetCheckEvaluationEvent {
            evaluation {
              assetKey { path }
              checkName
              success
              severity
              description
              metadataEntries { ...LoggedMetadata }
            }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

/** All that was said with one event, tables and texts included. */
export const eventMetadataDocument = gql<EventMetadataResult, EventMetadataVariables>`
  query EventMetadata($runId: ID!, $before: String) {
    logsForRun(runId: $runId, afterCursor: $before, limit: 1) {
      __typename
      ... on EventConnection {
        events {
          __typename
          ... on DisplayableEvent { metadataEntries { ...Metadata } }
          ... on AssetCheckEvaluationEvent { evaluation { metadataEntries { ...Metadata } } }
        }
      }
      ... on Error { message }
    }
  }
  ${metadataFragment}
`;

export const capturedLogsDocument = gql<CapturedLogsResult, CapturedLogsVariables>`
  query CapturedLogs($logKey: [String!]!, $cursor: String) {
    capturedLogs(logKey: $logKey, cursor: $cursor, limit: 500000) {
      stdout
      stderr
      cursor
      unreadable { stream offset bytes reason }
    }
  }
`;
