/** Why our schema differs from the one that clients of Dagster were written for, with the differences that follow from it. */
export interface Difference {
  readonly reason: string;
  /** As `compareSchemas` tells them. */
  readonly lines: readonly string[];
}

export const DIFFERENCES: readonly Difference[] = [
  {
    reason:
      'Stricter or looser in the safe direction: an argument that clients always give may be left out, an answer that may be null never is.',
    lines: [
      'PartitionSetSelector.repositorySelector: RepositorySelector! is RepositorySelector',
      'Query.schedulesOrError(repositorySelector): RepositorySelector! is RepositorySelector',
      'Query.sensorsOrError(repositorySelector): RepositorySelector! is RepositorySelector',
      'Query.isPipelineConfigValid(mode): String! is String',
      'Query.executionPlanOrError(mode): String! is String',
      'Query.assetNodeDefinitionCollisions(assetKeys): [AssetKeyInput!]! is [AssetKeyInput!]',
    ],
  },
  {
    reason:
      'Events that were reported from outside have no run, and so no step of one: Dagster fails the whole answer there.',
    lines: [
      'MaterializationEvent.stepStats: RunStepStats! is RunStepStats',
      'ObservationEvent.stepStats: RunStepStats! is RunStepStats',
      'FailedToMaterializeEvent.stepStats: RunStepStats! is RunStepStats',
    ],
  },
  {
    reason:
      "What no event here is of: expectations, an object store of its own, alerts and health as events, Dagster Cloud's agents; suspensions are engine events. Of runs Dagster itself answers RUN_*, not PIPELINE_*.",
    lines: [
      'DagsterEventType.STEP_WORKER_STARTING: missing',
      'DagsterEventType.STEP_EXPECTATION_RESULT: missing',
      'DagsterEventType.ASSET_HEALTH_CHANGED: missing',
      'DagsterEventType.ASSET_WIPED: missing',
      'DagsterEventType.RUN_SUSPENDED: missing',
      'DagsterEventType.RUN_RESUMED: missing',
      'DagsterEventType.PIPELINE_ENQUEUED: missing',
      'DagsterEventType.PIPELINE_DEQUEUED: missing',
      'DagsterEventType.PIPELINE_STARTING: missing',
      'DagsterEventType.PIPELINE_START: missing',
      'DagsterEventType.PIPELINE_SUCCESS: missing',
      'DagsterEventType.PIPELINE_FAILURE: missing',
      'DagsterEventType.PIPELINE_CANCELING: missing',
      'DagsterEventType.PIPELINE_CANCELED: missing',
      'DagsterEventType.OBJECT_STORE_OPERATION: missing',
      'DagsterEventType.ASSET_STORE_OPERATION: missing',
      'DagsterEventType.ALERT_START: missing',
      'DagsterEventType.ALERT_SUCCESS: missing',
      'DagsterEventType.ALERT_FAILURE: missing',
      'DagsterEventType.FRESHNESS_STATE_EVALUATION: missing',
      'DagsterEventType.CODE_LOCATION_UPDATED: missing',
    ],
  },
  {
    reason:
      'Auto-materialize policies and lag-based freshness policies are what automation conditions and freshness policies replaced; the latter two are there.',
    lines: [
      'AssetNode.lastAutoMaterializationEvaluationRecord: missing',
      'AssetNode.currentAutoMaterializeEvaluationId: missing',
      'Query.autoMaterializeAssetEvaluationsOrError: missing',
      'Query.autoMaterializeEvaluationsForEvaluationId: missing',
      'Query.autoMaterializeTicks: missing',
    ],
  },
  {
    reason:
      'Sensors evaluate automation conditions, each with a switch of its own; a pause is of the whole instance, which is more than this asks.',
    lines: ['Mutation.setAutoMaterializePaused: missing'],
  },
  {
    reason: 'Staleness is told of whole assets, not of single partitions.',
    lines: ['AssetNode.staleStatusByPartition: missing', 'AssetNode.staleCausesByPartition: missing'],
  },
  {
    reason:
      'Not kept: which versions of its inputs a materialization read at which time, and how single partitions of a check stand.',
    lines: ['AssetNode.assetMaterializationUsedData: missing', 'AssetCheck.partitionStatuses: missing'],
  },
  {
    reason:
      'An asset whose latest attempt failed is degraded, whatever was made of it before: there is no state between.',
    lines: [
      'AssetHealthMaterializationMeta.AssetHealthMaterializationWarningPartitionedMeta: missing',
      'AssetHealthMaterializationMeta.AssetHealthMaterializationWarningNotPartitionedMeta: missing',
    ],
  },
  {
    reason:
      'Manifests of other programs, and components that are edited in the web pages, are features of Dagster that there are not.',
    lines: [
      'Repository.assetManifest: missing',
      'Query.appManagedComponentsForLocationOrError: missing',
      'Query.componentsForLocationOrError: missing',
      'Query.componentTypesForLocationOrError: missing',
      'Mutation.setAppManagedComponent: missing',
      'Mutation.deleteAppManagedComponent: missing',
      'Mutation.refreshComponentState: missing',
    ],
  },
  {
    reason: 'A subset may be of no job: of assets that are launched together.',
    lines: ['InvalidSubsetError.pipeline: missing'],
  },
  {
    reason: 'Of a tick its outcome is kept, not which of its requests for partitions changed anything.',
    lines: ['InstigationTick.dynamicPartitionsRequestResults: missing'],
  },
  {
    reason:
      'Told by other fields: partitionStatuses of a backfill, stepStats of its runs, runs of a partition.',
    lines: [
      'BulkActionsFilter.selectorId: missing',
      'PartitionSet.partitionStatusesOrError: missing',
      'PartitionSet.partitionRuns: missing',
    ],
  },
  {
    reason: 'Nothing is sent to anybody, and no tour is shown.',
    lines: ['Mutation.logTelemetry: missing', 'Mutation.setNuxSeen: missing'],
  },
  {
    reason: "A leftover of Dagster's own tests.",
    lines: ['Query.test: missing'],
  },
];
