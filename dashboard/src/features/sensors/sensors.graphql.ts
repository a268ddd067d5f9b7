import type {
  PreviewSensorResult,
  PreviewSensorVariables,
  SensorsResult,
  SensorsVariables,
  SensorTicksResult,
  SensorTicksVariables,
  SetSensorCursorResult,
  SetSensorCursorVariables,
  StartSensorResult,
  StartSensorVariables,
  StopSensorResult,
  StopSensorVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

export const sensorsDocument = gql<SensorsResult, SensorsVariables>`
  query Sensors {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          name
          location { id name }
          sensors {
            id
            name
            description
            sensorType
            minIntervalSeconds
            eventSource { type webhookPath signature bucket prefix suffix }
            targets { pipelineName }
            metadata { assetKeys { path } }
            nextTick { timestamp }
            sensorState {
              id
              status
              hasStartPermission
              hasStopPermission
              ticks(limit: 20) { id status timestamp runIds skipReason error { message } }
            }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

export const sensorTicksDocument = gql<SensorTicksResult, SensorTicksVariables>`
  query SensorTicks($selector: InstigationSelector!, $limit: Int!, $statuses: [InstigationTickStatus!]) {
    instigationStateOrError(instigationSelector: $selector) {
      __typename
      ... on InstigationState {
        id
        status
        stopReason
        typeSpecificData { __typename ... on SensorData { lastCursor } }
        ticks(limit: $limit, statuses: $statuses) {
          id
          tickId
          status
          timestamp
          endTimestamp
          runIds
          skipReason
          cursor
          error { message className stack }
        }
      }
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

/** What it would do from a cursor; nothing is launched. */
export const previewSensorDocument = gql<PreviewSensorResult, PreviewSensorVariables>`
  mutation PreviewSensor($selector: SensorSelector!, $cursor: String) {
    sensorDryRun(selectorData: $selector, cursor: $cursor) {
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

export const setSensorCursorDocument = gql<SetSensorCursorResult, SetSensorCursorVariables>`
  mutation SetSensorCursor($selector: SensorSelector!, $cursor: String) {
    setSensorCursor(sensorSelector: $selector, cursor: $cursor) {
      __typename
      ... on Sensor { id }
      ... on Error { message }
    }
  }
`;
