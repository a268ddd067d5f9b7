import type {
  JobDetailResult,
  JobDetailVariables,
  JobPartitionsResult,
  JobPartitionsVariables,
  JobsResult,
  JobsVariables,
} from '../../graphql/generated';
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
            runs(limit: 25) { id runId status creationTime startTime endTime }
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
        hasPartitions: partitionKeysOrError(limit: 1) { partitionKeys }
      }
      ... on Error { message }
    }
  }
`;

/** A job's partitions, newest first, and its last runs, of which each tells the status of a partition. */
export const jobPartitionsDocument = gql<JobPartitionsResult, JobPartitionsVariables>`
  query JobPartitions($params: PipelineSelector!, $runs: RunsFilter!) {
    pipelineOrError(params: $params) {
      __typename
      ... on Pipeline {
        id
        partitionKeysOrError(reverse: true) { partitionKeys }
      }
      ... on Error { message }
    }
    runsOrError(filter: $runs, limit: 1000) {
      __typename
      ... on Runs { count results { id runId status tags { key value } } }
      ... on Error { message }
    }
  }
`;
