import type {
  AutomationConditionsResult,
  AutomationConditionsVariables,
  EvaluationsResult,
  EvaluationsVariables,
  TruePartitionsResult,
  TruePartitionsVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/** Assets and jobs that run by a condition. */
export const automationConditionsDocument = gql<AutomationConditionsResult, AutomationConditionsVariables>`
  query AutomationConditions {
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          location { id name }
          assetNodes { id assetKey { path } automationCondition { label expandedLabel } }
          jobs { id name automationCondition { label expandedLabel } }
        }
      }
      ... on Error { message }
    }
  }
`;

/** Why a condition did or did not ask for an asset or a job, newest first. */
export const evaluationsDocument = gql<EvaluationsResult, EvaluationsVariables>`
  query Evaluations($assetKey: AssetKeyInput, $assetJobKey: AssetJobKeyInput, $limit: Int!, $cursor: String) {
    assetConditionEvaluationRecordsOrError(
      assetKey: $assetKey
      assetJobKey: $assetJobKey
      limit: $limit
      cursor: $cursor
    ) {
      __typename
      ... on AssetConditionEvaluationRecords {
        records {
          id
          evaluationId
          timestamp
          numRequested
          runIds
          rootUniqueId
          evaluationNodes {
            uniqueId
            userLabel
            expandedLabel
            entityKey {
              __typename
              ... on AssetKey { path }
              ... on AssetCheckhandle { name assetKey { path } }
              ... on AssetJobKey { jobName }
            }
            numTrue
            numCandidates
            isPartitioned
            childUniqueIds
            operatorType
            sinceMetadata { triggerTimestamp resetTimestamp }
          }
        }
      }
      ... on AutoMaterializeAssetEvaluationNeedsMigrationError { message }
    }
  }
`;

export const truePartitionsDocument = gql<TruePartitionsResult, TruePartitionsVariables>`
  query TruePartitions($assetKey: AssetKeyInput!, $evaluationId: ID!, $nodeUniqueId: String) {
    truePartitionsForAutomationConditionEvaluationNode(
      assetKey: $assetKey
      evaluationId: $evaluationId
      nodeUniqueId: $nodeUniqueId
    )
  }
`;
