import type { LateResult, LateVariables, TimelineResult, TimelineVariables } from '../../graphql/generated';
import { gql } from '../../graphql/gql';

/**
 * What ran in a window, by job and time, and its latest and failed runs; what runs and waits now, the ticks to come,
 * daemons and limits. One request: the page opens fast.
 */
export const timelineDocument = gql<TimelineResult, TimelineVariables>`
  query Timeline($from: Float!, $to: Float!, $filter: RunTimelineFilter, $rows: Int!, $latest: Int!, $inProgress: RunsFilter!, $queued: RunsFilter!) {
    runTimelineOrError(startTime: $from, endTime: $to, filter: $filter, rows: $rows) {
      __typename
      ... on RunTimeline {
        rowCount
        counts { status count }
        rows {
          locationName
          name
          jobName
          counts { status count }
          marks { startTime endTime status count runId firstCreationTime lastCreationTime }
        }
        latest: runs(limit: $latest) { ...TimelineRun }
        unrecovered: runs(limit: 50, onlyUnrecovered: true) { ...TimelineRun cause }
      }
      ... on Error { message }
    }
    inProgress: runsOrError(filter: $inProgress, limit: 1) { __typename ... on Runs { count } }
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
            futureTicks(until: $to) { results { timestamp } }
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

/**
 * What changes slowly and costs more: ticks that are due and not evaluated yet or never will be, how assets are, and
 * which are as fresh as their policies want.
 */
export const lateDocument = gql<LateResult, LateVariables>`
  query Late {
    assetCatalog { key groupName staleStatus freshnessStatus freshnessSince }
    assetStates {
      key
      materializationTime
      materializationRunId
      latestRunId
      latestRunStatus
      latestRunStartTime
      latestRunEndTime
      unstartedRunIds
      inProgressRunIds
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
