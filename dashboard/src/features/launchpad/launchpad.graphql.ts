import type {
  LaunchLimitsResult,
  LaunchLimitsVariables,
  LaunchpadResult,
  LaunchpadVariables,
  PartitionConfigResult,
  PartitionConfigVariables,
  RunToReuseResult,
  RunToReuseVariables,
  ValidateConfigResult,
  ValidateConfigVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** What a job's configuration may hold, its partitions, newest first, and the tags of the run of one of them. */
export const launchpadDocument = gql<LaunchpadResult, LaunchpadVariables>`
  query Launchpad($selector: PipelineSelector!, $somePartition: String!) {
    runConfigSchemaOrError(selector: $selector) {
      __typename
      ... on RunConfigSchema { rootDefaultYaml jsonSchema }
      ... on Error { message }
    }
    pipelineOrError(params: $selector) {
      __typename
      ... on Pipeline {
        id
        runTags { key value }
        partitionKeysOrError(reverse: true) { partitionKeys }
        partition(partitionName: $somePartition) {
          tagsOrError {
            __typename
            ... on PartitionTags { results { key value } }
            ... on Error { message }
          }
        }
        solids { name definition { __typename name ... on SolidDefinition { pools } } }
      }
      ... on Error { message }
    }
  }
`;

/** What a job is configured with for a run of one partition. */
export const partitionConfigDocument = gql<PartitionConfigResult, PartitionConfigVariables>`
  query PartitionConfig($selector: PipelineSelector!, $partition: String!) {
    pipelineOrError(params: $selector) {
      __typename
      ... on Pipeline {
        id
        partition(partitionName: $partition) {
          runConfigOrError {
            __typename
            ... on PartitionRunConfig { yaml }
            ... on Error { message }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

/** What a run launched now would have to wait for. */
export const launchLimitsDocument = gql<LaunchLimitsResult, LaunchLimitsVariables>`
  query LaunchLimits($active: RunsFilter!, $queued: RunsFilter!) {
    active: runsOrError(filter: $active, limit: 1) { __typename ... on Runs { count } }
    queued: runsOrError(filter: $queued, limit: 1) { __typename ... on Runs { count } }
    instance {
      id
      runQueueConfig { maxConcurrentRuns }
      concurrencyLimits { concurrencyKey limit slotCount activeSlotCount pendingStepCount }
    }
  }
`;

export const runToReuseDocument = gql<RunToReuseResult, RunToReuseVariables>`
  query RunToReuse($runId: ID!) {
    runOrError(runId: $runId) {
      __typename
      ... on Run {
        id
        runId
        runConfigYaml
        tags { key value }
        assetSelection { path }
        solidSelection
      }
      ... on Error { message }
    }
  }
`;

export const validateConfigDocument = gql<ValidateConfigResult, ValidateConfigVariables>`
  query ValidateConfig($selector: PipelineSelector!, $config: RunConfigData) {
    isPipelineConfigValid(pipeline: $selector, runConfigData: $config) {
      __typename
      ... on RunConfigValidationInvalid { errors { message path } }
      ... on Error { message }
    }
  }
`;
