import type {
  LateResult,
  LateVariables,
  OlderRunsResult,
  OlderRunsVariables,
  TimelineResult,
  TimelineVariables,
} from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/**
 * The newest runs that ended in a window, the failed ones and how many succeeded; those under way, those that wait, the
 * ticks to come, daemons and limits. One request: the page opens fast.
 */
export const timelineDocument = gql<TimelineResult, TimelineVariables>`
  query Timeline($window: RunsFilter!, $failed: RunsFilter!, $succeeded: RunsFilter!, $inProgress: RunsFilter!, $queued: RunsFilter!, $until: Float!) {
    window: runsOrError(filter: $window, limit: 1000) {
      __typename
      ... on Runs { count results { ...TimelineRun } }
      ... on Error { message }
    }
    failed: runsOrError(filter: $failed, limit: 100) {
      __typename
      ... on Runs { count results { ...TimelineRun } }
    }
    succeeded: runsOrError(filter: $succeeded, limit: 1) { __typename ... on Runs { count } }
    inProgress: runsOrError(filter: $inProgress, limit: 100) {
      __typename
      ... on Runs { count results { ...TimelineRun } }
    }
    queued: runsOrError(filter: $queued, limit: 50) {
      __typename
      ... on Runs { count results { ...TimelineRun allPools waitingFor } }
    }
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          name
          location { id name }
          schedules {
            id
            name
            pipelineName
            cronSchedule
            scheduleState { id status ticks(limit: 1) { id status timestamp error { message } } }
            futureTicks(until: $until) { results { timestamp } }
          }
          sensors { id name sensorState { id status ticks(limit: 1) { id status timestamp error { message } } } }
        }
      }
    }
    instance {
      id
      daemonHealth {
        id
        allDaemonStatuses { id daemonType required healthy lastHeartbeatTime }
      }
      runQueueConfig { maxConcurrentRuns }
      concurrencyLimits { concurrencyKey limit slotCount activeSlotCount }
    }
    workspaceOrError {
      __typename
      ... on Workspace {
        locationEntries {
          id
          name
          updatedTimestamp
          locationOrLoadError { __typename ... on PythonError { message } }
        }
      }
    }
  }

  fragment TimelineRun on Run {
    id
    runId
    status
    jobName
    creationTime
    startTime
    endTime
    tags { key value }
    assetSelection(limit: 1) { path }
    assetSelectionCount
    repositoryOrigin { id repositoryLocationName }
  }
`;

/** Runs of a window beyond the newest, as `Timeline` has them. */
export const olderRunsDocument = gql<OlderRunsResult, OlderRunsVariables>`
  query OlderRuns($window: RunsFilter!, $cursor: String!) {
    runsOrError(filter: $window, cursor: $cursor, limit: 1000) {
      __typename
      ... on Runs {
        results {
          id
          runId
          status
          jobName
          creationTime
          startTime
          endTime
          tags { key value }
          assetSelection(limit: 1) { path }
          assetSelectionCount
          repositoryOrigin { id repositoryLocationName }
        }
      }
      ... on Error { message }
    }
  }
`;

/**
 * What changes slowly and costs more: ticks that are due and not evaluated yet or never will be, and which assets are
 * as fresh as their policies want.
 */
export const lateDocument = gql<LateResult, LateVariables>`
  query Late {
    assetNodes {
      id
      assetKey { path }
      freshnessStatusInfo { freshnessStatus since }
    }
    repositoriesOrError {
      __typename
      ... on RepositoryConnection {
        nodes {
          id
          location { id name }
          schedules {
            id
            name
            pipelineName
            scheduleState {
              id
              status
              expectedTicks(limit: 2) { timestamp }
              missedTicks(limit: 10) { timestamp reason }
            }
          }
        }
      }
    }
  }
`;
