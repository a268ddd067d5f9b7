import type {
  JobConfigSchemaResult,
  JobConfigSchemaVariables,
  JobDetailResult,
  JobDetailVariables,
  JobGraphResult,
  JobGraphVariables,
  JobLastStepsResult,
  JobLastStepsVariables,
  JobPartitionsResult,
  JobPartitionsVariables,
  JobStepRunsResult,
  JobStepRunsVariables,
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
        schedules { id name cronSchedule executionTimezone scheduleState { id status } }
        sensors { id name sensorState { id status } }
        runs(limit: 50) { id runId status creationTime startTime endTime tags { key value } }
        hasPartitions: partitionKeysOrError(limit: 1) { partitionKeys }
      }
      ... on Error { message }
    }
  }
`;

/** What a job is made of: it changes only with its code. */
export const jobGraphDocument = gql<JobGraphResult, JobGraphVariables>`
  query JobGraph($params: PipelineSelector!) {
    pipelineOrError(params: $params) {
      __typename
      ... on Pipeline {
        id
        owners { __typename ... on UserDefinitionOwner { email } ... on TeamDefinitionOwner { team } }
        runTags { key value }
        modes { id resources { name description } }
        solids {
          name
          isDynamicMapped
          definitionSource
          retryPolicy { maxRetries delaySeconds backoff jitter }
          definition {
            __typename
            name
            description
            metadata { key value }
            ... on SolidDefinition { pools requiredResources { resourceKey } }
          }
          inputs {
            isDynamicCollect
            definition { name description type { isNothing } }
            dependsOn { definition { name isDynamic } solid { name } }
          }
          outputs { definition { name description isDynamic } }
        }
      }
      ... on Error { message }
    }
  }
`;

/** What the run configuration of a job may hold. */
export const jobConfigSchemaDocument = gql<JobConfigSchemaResult, JobConfigSchemaVariables>`
  query JobConfigSchema($selector: PipelineSelector!) {
    runConfigSchemaOrError(selector: $selector) {
      __typename
      ... on RunConfigSchema { jsonSchema }
      ... on Error { message }
    }
  }
`;

/** How the steps of a job's last run ended, or how far they are. */
export const jobLastStepsDocument = gql<JobLastStepsResult, JobLastStepsVariables>`
  query JobLastSteps($params: PipelineSelector!) {
    pipelineOrError(params: $params) {
      __typename
      ... on Pipeline { id runs(limit: 1) { id runId stepStats { stepKey status } } }
      ... on Error { message }
    }
  }
`;

/** A job's partitions, newest first, and its last runs, of which each tells the status of a partition. */
export const jobPartitionsDocument = gql<JobPartitionsResult, JobPartitionsVariables>`
  query JobPartitions($params: PipelineSelector!, $runs: RunsFilter!, $somePartition: String!) {
    pipelineOrError(params: $params) {
      __typename
      ... on Pipeline {
        id
        partitionKeysOrError(reverse: true) { partitionKeys }
        partition(partitionName: $somePartition) {
          tagsOrError {
            __typename
            ... on PartitionTags { results { key value } }
            ... on Error { message }
          }
        }
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

/** How far the steps of a job's last runs came, newest first. */
export const jobStepRunsDocument = gql<JobStepRunsResult, JobStepRunsVariables>`
  query JobStepRuns($filter: RunsFilter!) {
    runsOrError(filter: $filter, limit: 60) {
      __typename
      ... on Runs { results { id runId tags { key value } stepStats { stepKey status } } }
      ... on Error { message }
    }
  }
`;
