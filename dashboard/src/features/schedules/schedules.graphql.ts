import type {
  EvaluateMissedTickResult,
  EvaluateMissedTickVariables,
  PreviewScheduleResult,
  PreviewScheduleVariables,
  ScheduleMissedTicksResult,
  ScheduleMissedTicksVariables,
  SchedulesResult,
  SchedulesVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

export const schedulesDocument = gql<SchedulesResult, SchedulesVariables>`
  query Schedules {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          name
          location { id name }
          schedules {
            id
            name
            description
            cronSchedule
            executionTimezone
            pipelineName
            defaultStatus
            canReset
            scheduleState {
              id
              status
              stopReason
              hasStartPermission
              hasStopPermission
              ticks(limit: 20) { id status timestamp runIds skipReason error { message } }
              expectedTicks(limit: 2) { timestamp }
              missedTicks(limit: 20) { timestamp reason }
            }
            futureTicks(limit: 4) { results { timestamp } }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

/** What can be made up for. */
export const scheduleMissedTicksDocument = gql<ScheduleMissedTicksResult, ScheduleMissedTicksVariables>`
  query ScheduleMissedTicks($selector: InstigationSelector!) {
    instigationStateOrError(instigationSelector: $selector) {
      __typename
      ... on InstigationState { id missedTicks(limit: 40) { timestamp reason } }
      ... on Error { message }
    }
  }
`;

/** What it would do at an instant; nothing is launched. */
export const previewScheduleDocument = gql<PreviewScheduleResult, PreviewScheduleVariables>`
  mutation PreviewSchedule($selector: ScheduleSelector!, $timestamp: Float!) {
    scheduleDryRun(selectorData: $selector, timestamp: $timestamp) {
      __typename
      ... on DryRunInstigationTick {
        timestamp
        evaluationResult {
          runRequests { runKey jobName runConfigYaml tags { key value } assetSelection { path } }
          skipReason
          cursor
          error { message stack }
        }
      }
      ... on Error { message }
    }
  }
`;

export const evaluateMissedTickDocument = gql<EvaluateMissedTickResult, EvaluateMissedTickVariables>`
  mutation EvaluateMissedTick($selector: ScheduleSelector!, $timestamp: Float!) {
    evaluateMissedTick(scheduleSelector: $selector, timestamp: $timestamp) {
      __typename
      ... on EvaluateMissedTickSuccess { tick { id runIds skipReason } }
      ... on Error { message }
    }
  }
`;
