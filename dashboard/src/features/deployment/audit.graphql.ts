import type { AuditEntriesResult, AuditEntriesVariables } from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** One keyset page of the audit log, newest first. */
export const auditEntriesDocument = gql<AuditEntriesResult, AuditEntriesVariables>`
  query AuditEntries($limit: Int!, $cursor: String, $user: String, $action: String, $outcome: AuditOutcome) {
    auditEntriesOrError(limit: $limit, cursor: $cursor, user: $user, action: $action, outcome: $outcome) {
      __typename
      ... on AuditEntries {
        cursor
        results {
          id
          timestamp
          user
          role
          via
          action
          input
          before
          after
          outcome
          message
          requestId
        }
      }
      ... on Error { message }
    }
  }
`;
