import type {
  OpDefinitionsResult,
  OpDefinitionsVariables,
  OpDetailsResult,
  OpDetailsVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** Every op of the workspace and where it is used; asked for only while definitions are shown. */
export const opDefinitionsDocument = gql<OpDefinitionsResult, OpDefinitionsVariables>`
  query OpDefinitions {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          location { id name }
          usedSolids {
            definition { __typename name description pools assetNodes { id } }
            invocations { pipeline { id name } solidHandle { handleID } }
          }
        }
      }
      ... on Error { message }
    }
  }
`;

/** What an op needs and can be told. */
export const opDetailsDocument = gql<OpDetailsResult, OpDetailsVariables>`
  query OpDetails($selector: RepositorySelector!, $name: String!) {
    repositoryOrError(repositorySelector: $selector) {
      __typename
      ... on Repository {
        id
        usedSolid(name: $name) {
          definition {
            __typename
            name
            inputDefinitions { name description type { isNothing } }
            outputDefinitions { name description isDynamic }
            ... on SolidDefinition {
              requiredResources { resourceKey }
              configField {
                name
                configType {
                  __typename
                  ... on CompositeConfigType {
                    fields {
                      name
                      description
                      isRequired
                      defaultValueAsJson
                      configType {
                        __typename
                        key
                        ... on EnumConfigType { values { value } }
                        ... on ArrayConfigType { ofType { __typename key } }
                        ... on NullableConfigType { ofType { __typename key } }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
      ... on Error { message }
    }
  }
`;
