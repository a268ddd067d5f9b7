import type { PermissionsResult, PermissionsVariables } from './generated';
import { gql } from './gql';

/** What the reader may do: anywhere, and in each code location. */
export const permissionsDocument = gql<PermissionsResult, PermissionsVariables>`
  query Permissions {
    permissions { permission value disabledReason }
    locationStatusesOrError {
      __typename
      ... on WorkspaceLocationStatusEntries {
        entries { id name permissions { permission value disabledReason } }
      }
    }
  }
`;
