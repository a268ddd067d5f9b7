import type {
  ReloadLocationResult,
  ReloadLocationVariables,
  SetPoolLimitResult,
  SetPoolLimitVariables,
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
          locationOrLoadError {
            __typename
            ... on RepositoryLocation {
              id
              isReloadSupported
              repositories {
                id
                name
                jobs { id }
                schedules { id }
                sensors { id }
                assetNodes { id }
              }
            }
            ... on PythonError { message className stack }
          }
        }
      }
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

export const setPoolLimitDocument = gql<SetPoolLimitResult, SetPoolLimitVariables>`
  mutation SetPoolLimit($key: String!, $limit: Int!) {
    setConcurrencyLimit(concurrencyKey: $key, limit: $limit)
  }
`;
