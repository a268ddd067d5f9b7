import type { TickLogResult, TickLogVariables } from '../../graphql/generated';
import { gql } from '../../graphql/gql';

export const tickLogDocument = gql<TickLogResult, TickLogVariables>`
  query TickLog($selector: InstigationSelector!, $tickId: ID!) {
    instigationStateOrError(instigationSelector: $selector) {
      __typename
      ... on InstigationState {
        id
        tick(tickId: $tickId) {
          id
          logEvents { events { timestamp level message } }
        }
      }
      ... on Error { message }
    }
  }
`;
