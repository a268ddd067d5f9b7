import type {
  ResetScheduleResult,
  ResetScheduleVariables,
  ResetSensorResult,
  ResetSensorVariables,
  StartScheduleResult,
  StartScheduleVariables,
  StartSensorResult,
  StartSensorVariables,
  StopScheduleResult,
  StopScheduleVariables,
  StopSensorResult,
  StopSensorVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

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

export const resetScheduleDocument = gql<ResetScheduleResult, ResetScheduleVariables>`
  mutation ResetSchedule($selector: ScheduleSelector!) {
    resetSchedule(scheduleSelector: $selector) {
      __typename
      ... on ScheduleStateResult { scheduleState { id status } }
      ... on Error { message }
    }
  }
`;

export const startSensorDocument = gql<StartSensorResult, StartSensorVariables>`
  mutation StartSensor($selector: SensorSelector!) {
    startSensor(sensorSelector: $selector) {
      __typename
      ... on Sensor { id sensorState { id status } }
      ... on Error { message }
    }
  }
`;

export const stopSensorDocument = gql<StopSensorResult, StopSensorVariables>`
  mutation StopSensor($id: String!) {
    stopSensor(id: $id) {
      __typename
      ... on StopSensorMutationResult { instigationState { id status } }
      ... on Error { message }
    }
  }
`;

export const resetSensorDocument = gql<ResetSensorResult, ResetSensorVariables>`
  mutation ResetSensor($selector: SensorSelector!) {
    resetSensor(sensorSelector: $selector) {
      __typename
      ... on Sensor { id sensorState { id status } }
      ... on Error { message }
    }
  }
`;
