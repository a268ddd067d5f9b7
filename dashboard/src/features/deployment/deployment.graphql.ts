import type {
  DefinitionsResult,
  DefinitionsVariables,
  DeletePoolLimitResult,
  DeletePoolLimitVariables,
  FreeSlotsResult,
  FreeSlotsVariables,
  InstanceConfigResult,
  InstanceConfigVariables,
  ReloadLocationResult,
  ReloadLocationVariables,
  ReloadWorkspaceResult,
  ReloadWorkspaceVariables,
  SetPoolLimitResult,
  SetPoolLimitVariables,
  WaitingRunsResult,
  WaitingRunsVariables,
  WorkspaceResult,
  WorkspaceVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

export const workspaceDocument = gql<WorkspaceResult, WorkspaceVariables>`
  query Workspace {
    workspaceOrError {
      __typename
      ... on Workspace {
        id
        locationEntries {
          id
          name
          loadStatus
          updatedTimestamp
          versionKey
          displayMetadata { key value }
          lastGoodLocation {
            id
            repositories {
              id
              jobs { id name }
              schedules { id }
              sensors { id }
              assetNodes { id }
            }
          }
          locationOrLoadError {
            __typename
            ... on RepositoryLocation { id isReloadSupported }
            ... on PythonError { message className stack }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

/** Every definition by name; asked for only while its tab is open. */
export const definitionsDocument = gql<DefinitionsResult, DefinitionsVariables>`
  query Definitions {
    workspaceOrError {
      __typename
      ... on Workspace {
        id
        locationEntries {
          id
          name
          lastGoodLocation {
            id
            repositories {
              id
              name
              jobs { id name description isAssetJob }
              schedules { id name description cronSchedule pipelineName }
              sensors { id name description sensorType }
              assetNodes {
                id
                assetKey { path }
                groupName
                kinds
                description
                partitionDefinition { name description type dimensionTypes { name description } }
                assetChecksOrError {
                  __typename
                  ... on AssetChecks { checks { name description blocking } }
                }
              }
              allTopLevelResourceDetails {
                id
                name
                description
                resourceType
                configuredValues { key value type }
                assetKeysUsing { path }
                jobsOpsUsing { jobName opHandleIDs }
              }
            }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

export const instanceConfigDocument = gql<InstanceConfigResult, InstanceConfigVariables>`
  query InstanceConfig { version instance { id info } }
`;

/** The head of the queue, for what waits on which pool. */
export const waitingRunsDocument = gql<WaitingRunsResult, WaitingRunsVariables>`
  query WaitingRuns($filter: RunsFilter!) {
    runsOrError(filter: $filter, limit: 100) {
      __typename
      ... on Runs { count results { id runId jobName creationTime allPools waitingFor } }
      ... on Error { message }
    }
  }
`;

export const reloadLocationDocument = gql<ReloadLocationResult, ReloadLocationVariables>`
  mutation ReloadLocation($name: String!) {
    reloadRepositoryLocation(repositoryLocationName: $name) {
      __typename
      ... on WorkspaceLocationEntry {
        id
        loadStatus
        locationOrLoadError { __typename ... on PythonError { message } }
      }
      ... on Error { message }
    }
  }
`;

/** Loads every location anew; those that do not load keep what they served. */
export const reloadWorkspaceDocument = gql<ReloadWorkspaceResult, ReloadWorkspaceVariables>`
  mutation ReloadWorkspace {
    reloadWorkspace {
      __typename
      ... on Workspace {
        id
        locationEntries { id name locationOrLoadError { __typename } }
      }
      ... on Error { message }
    }
  }
`;

export const freeSlotsDocument = gql<FreeSlotsResult, FreeSlotsVariables>`
  mutation FreeSlots($runId: String!, $stepKey: String!) {
    freeConcurrencySlots(runId: $runId, stepKey: $stepKey)
  }
`;

export const setPoolLimitDocument = gql<SetPoolLimitResult, SetPoolLimitVariables>`
  mutation SetPoolLimit($key: String!, $limit: Int!) {
    setConcurrencyLimit(concurrencyKey: $key, limit: $limit)
  }
`;

export const deletePoolLimitDocument = gql<DeletePoolLimitResult, DeletePoolLimitVariables>`
  mutation DeletePoolLimit($key: String!) {
    deleteConcurrencyLimit(concurrencyKey: $key)
  }
`;
