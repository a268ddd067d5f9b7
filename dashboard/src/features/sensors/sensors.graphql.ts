import type {
  PreviewSensorResult,
  PreviewSensorVariables,
  SensorCursorResult,
  SensorCursorVariables,
  SensorsResult,
  SensorsVariables,
  SetSensorCursorResult,
  SetSensorCursorVariables,
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
            defaultStatus
            canReset
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

export const sensorCursorDocument = gql<SensorCursorResult, SensorCursorVariables>`
  query SensorCursor($selector: InstigationSelector!) {
    instigationStateOrError(instigationSelector: $selector) {
      __typename
      ... on InstigationState {
        id
        stopReason
        typeSpecificData { __typename ... on SensorData { lastCursor } }
      }
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
