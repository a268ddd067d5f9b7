import type {
  EvaluateMissedTickResult,
  EvaluateMissedTickVariables,
  PreviewScheduleResult,
  PreviewScheduleVariables,
  SchedulesResult,
  SchedulesVariables,
  ScheduleTicksResult,
  ScheduleTicksVariables,
  StartScheduleResult,
  StartScheduleVariables,
  StopScheduleResult,
  StopScheduleVariables,
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
            scheduleState {
              id
              status
              stopReason
              hasStartPermission
              hasStopPermission
              ticks(limit: 20) { id status timestamp runIds skipReason error { message } }
            }
            futureTicks(limit: 4) { results { timestamp } }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

export const scheduleTicksDocument = gql<ScheduleTicksResult, ScheduleTicksVariables>`
  query ScheduleTicks($selector: InstigationSelector!, $limit: Int!, $statuses: [InstigationTickStatus!]) {
    instigationStateOrError(instigationSelector: $selector) {
      __typename
      ... on InstigationState {
        id
        status
        ticks(limit: $limit, statuses: $statuses) {
          id
          tickId
          status
          timestamp
          endTimestamp
          runIds
          skipReason
          error { message className stack }
        }
        missedTicks(limit: $limit) { timestamp reason }
      }
      ... on Error { message }
    }
  }
`;

export const startScheduleDocument = gql<StartScheduleResult, StartScheduleVariables>`
  mutation StartSchedule($selector: ScheduleSelector!) {
    startSchedule(scheduleSelector: $selector) {
      __typename
      ... on ScheduleStateResult { scheduleState { id status } }
      ... on Error { message }
    }
  }
`;

export const stopScheduleDocument = gql<StopScheduleResult, StopScheduleVariables>`
  mutation StopSchedule($id: String!) {
    stopRunningSchedule(id: $id) {
      __typename
      ... on ScheduleStateResult { scheduleState { id status } }
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
