import type { JobDetailResult, JobDetailVariables, JobsResult, JobsVariables } from '../../graphql/generated';
import { gql } from '../../graphql/gql';

export const jobsDocument = gql<JobsResult, JobsVariables>`
  query Jobs {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          name
          location { id name }
          jobs {
            id
            name
            description
            isAssetJob
            hasLaunchExecutionPermission
            tags { key value }
            schedules { id name cronSchedule executionTimezone scheduleState { id status } }
            sensors { id name sensorState { id status } }
            runs(limit: 10) { id runId status creationTime startTime endTime }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

export const jobDetailDocument = gql<JobDetailResult, JobDetailVariables>`
  query JobDetail($params: PipelineSelector!) {
    pipelineOrError(params: $params) {
      __typename
      ... on Pipeline {
        id
        name
        description
        isAssetJob
        hasLaunchExecutionPermission
        tags { key value }
        solids {
          name
          isDynamicMapped
          definition { __typename name description }
          inputs { dependsOn { solid { name } } }
        }
        schedules { id name cronSchedule executionTimezone scheduleState { id status } }
        sensors { id name sensorState { id status } }
        runs(limit: 50) { id runId status creationTime startTime endTime tags { key value } }
        partitionKeysOrError(limit: 500, reverse: true) { partitionKeys }
      }
      ... on Error { message }
    }
    runConfigSchemaOrError(selector: $params) {
      __typename
      ... on RunConfigSchema { rootDefaultYaml }
    }
  }
`;
