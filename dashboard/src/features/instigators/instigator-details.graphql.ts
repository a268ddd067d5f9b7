import type {
  InstigatorRunsResult,
  InstigatorRunsVariables,
  InstigatorTicksResult,
  InstigatorTicksVariables,
  ScheduleTargetsResult,
  ScheduleTargetsVariables,
  SensorTargetsResult,
  SensorTargetsVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** One page of the history: ticks of some statuses, and those that a schedule missed. */
export const instigatorTicksDocument = gql<InstigatorTicksResult, InstigatorTicksVariables>`
  query InstigatorTicks(
    $selector: InstigationSelector!
    $limit: Int!
    $statuses: [InstigationTickStatus!]
    $cursor: String
    $missedLimit: Int!
    $missedCursor: Float
  ) {
    instigationStateOrError(instigationSelector: $selector) {
      __typename
      ... on InstigationState {
        id
        ticks(limit: $limit, statuses: $statuses, cursor: $cursor) {
          id
          tickId
          status
          timestamp
          endTimestamp
          runIds
          skipReason
          error { message className stack }
        }
        missedTicks(limit: $missedLimit, cursor: $missedCursor) { timestamp reason }
      }
      ... on Error { message }
    }
  }
`;

/** The newest runs of a schedule or sensor, and how many there are. */
export const instigatorRunsDocument = gql<InstigatorRunsResult, InstigatorRunsVariables>`
  query InstigatorRuns($selector: InstigationSelector!, $limit: Int!) {
    instigationStateOrError(instigationSelector: $selector) {
      __typename
      ... on InstigationState {
        id
        runsCount
        runs(limit: $limit) { id runId status jobName creationTime startTime endTime }
      }
      ... on Error { message }
    }
  }
`;

export const scheduleTargetsDocument = gql<ScheduleTargetsResult, ScheduleTargetsVariables>`
  query ScheduleTargets($selector: ScheduleSelector!) {
    scheduleOrError(scheduleSelector: $selector) {
      __typename
      ... on Schedule {
        id
        tags { key value }
        assetSelection { assetSelectionString assetKeys { path } }
      }
      ... on Error { message }
    }
  }
`;

export const sensorTargetsDocument = gql<SensorTargetsResult, SensorTargetsVariables>`
  query SensorTargets($selector: SensorSelector!) {
    sensorOrError(sensorSelector: $selector) {
      __typename
      ... on Sensor {
        id
        tags { key value }
        assetSelection { assetSelectionString assetKeys { path } }
      }
      ... on Error { message }
    }
  }
`;
