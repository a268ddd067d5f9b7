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
      'AssetNode.freshnessStatusInfo: FreshnessStatusInfo is FreshnessStatusInfo!',
      'LaunchBackfillSuccess.launchedRunIds: [String] is [String!]',
      'PartitionSetSelector.repositorySelector: RepositorySelector! is RepositorySelector',
      'Query.schedulesOrError(repositorySelector): RepositorySelector! is RepositorySelector',
      'Query.sensorsOrError(repositorySelector): RepositorySelector! is RepositorySelector',
      'Query.isPipelineConfigValid(mode): String! is String',
      'Query.executionPlanOrError(mode): String! is String',
      'Query.assetNodeDefinitionCollisions(assetKeys): [AssetKeyInput!]! is [AssetKeyInput!]',
    ],
  },
  {
    reason: 'Null among the items of an input list says nothing, and is refused.',
    lines: [
      'LaunchBackfillParams.partitionsByAssets: [PartitionsByAssetSelector] is [PartitionsByAssetSelector!]',
      'ReportRunlessAssetEventsParams.partitionKeys: [String] is [String!]',
    ],
  },
  {
    reason:
      'Events that were reported from outside have no run, and so no step of one: Dagster fails the whole answer there.',
    lines: [
      'MaterializationEvent.stepStats: RunStepStats! is RunStepStats',
      'ObservationEvent.stepStats: RunStepStats! is RunStepStats',
      'FailedToMaterializeEvent.stepStats: RunStepStats! is RunStepStats',
      'SolidHandle.stepStats: missing',
    ],
  },
  {
    reason:
      "Event types of features that there are not: expectations, the object store, alerts and health as events, Dagster Cloud's agents. Of runs Dagster itself answers RUN_*, not PIPELINE_*.",
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
      'RunStepStats.expectationResults: missing',
      'DagsterRunEvent.HealthChangedEvent: missing',
      'DagsterRunEvent.RunSuspendedEvent: missing',
      'DagsterRunEvent.RunResumedEvent: missing',
      'DagsterRunEvent.StepWorkerStartingEvent: missing',
      'DagsterRunEvent.ObjectStoreOperationEvent: missing',
      'DagsterRunEvent.StepExpectationResultEvent: missing',
      'DagsterRunEvent.AlertStartEvent: missing',
      'DagsterRunEvent.AlertSuccessEvent: missing',
      'DagsterRunEvent.AlertFailureEvent: missing',
      'RunStatsSnapshot.expectations: missing',
    ],
  },
  {
    reason:
      "Outputs are not typed or checked at run time, so there is no outcome of a type check and no list of types; an asset's value is of any type.",
    lines: [
      'ExecutionStepInputEvent.typeCheck: missing',
      'ExecutionStepOutputEvent.typeCheck: missing',
      'AssetNode.type: missing',
      'IPipelineSnapshot.dagsterTypes: missing',
      'IPipelineSnapshot.dagsterTypeOrError: missing',
      'Pipeline.dagsterTypes: missing',
      'Pipeline.dagsterTypeOrError: missing',
      'PipelineSnapshot.dagsterTypes: missing',
      'PipelineSnapshot.dagsterTypeOrError: missing',
      'Job.dagsterTypes: missing',
      'Job.dagsterTypeOrError: missing',
    ],
  },
  {
    reason:
      "What a step's events do not say: the kind of code that failed, and which step stored what it loads.",
    lines: [
      'ExecutionStepFailureEvent.errorSource: missing',
      'ExecutionStepFailureEvent.failureMetadata: missing',
      'LoadedInputEvent.upstreamOutputName: missing',
      'LoadedInputEvent.upstreamStepKey: missing',
    ],
  },
  {
    reason:
      'Logs are read through this API alone: there is no page of another service to link to, and no command to run.',
    lines: [
      'LogsCapturedEvent.externalUrl: missing',
      'LogsCapturedEvent.externalStdoutUrl: missing',
      'LogsCapturedEvent.externalStderrUrl: missing',
      'LogsCapturedEvent.shellCmd: missing',
    ],
  },
  {
    reason:
      'Auto-materialize policies and lag-based freshness policies are what automation conditions and freshness policies replaced; the latter two are there.',
    lines: [
      'AssetNode.lastAutoMaterializationEvaluationRecord: missing',
      'AssetNode.freshnessPolicy: missing',
      'AssetNode.autoMaterializePolicy: missing',
      'AssetNode.currentAutoMaterializeEvaluationId: missing',
      'AssetFreshnessInfo.currentLagMinutes: missing',
      'AssetFreshnessInfo.latestMaterializationMinutesLate: missing',
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
    lines: [
      'AssetNode.staleStatusByPartition: missing',
      'AssetNode.staleCausesByPartition: missing',
      'StaleCause.partitionKey: missing',
      'StaleCause.dependencyPartitionKey: missing',
    ],
  },
  {
    reason:
      'Not kept: which versions of its inputs a materialization read at which time, which one a check looked at, and how single partitions of a check stand.',
    lines: [
      'AssetNode.assetMaterializationUsedData: missing',
      'AssetCheck.partitionStatuses: missing',
      'AssetCheckEvaluation.targetMaterialization: missing',
    ],
  },
  {
    reason: 'Assets are not looked up by where they are stored.',
    lines: ['AssetNode.assetsForSameStorageAddress: missing'],
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
    reason: 'A partition of a job asks all its assets: what is selected is asked of the assets.',
    lines: ['Pipeline.partition(selectedAssetKeys): missing', 'Job.partition(selectedAssetKeys): missing'],
  },
  {
    reason:
      'Config is checked against a JSON schema, whose complaints name a path and a reason, not a value.',
    lines: [
      'EvaluationStackEntry.EvaluationStackMapKeyEntry: missing',
      'EvaluationStackEntry.EvaluationStackMapValueEntry: missing',
      'RuntimeMismatchConfigError.valueRep: missing',
    ],
  },
  {
    reason:
      'Jobs of other orchestrators, components, their state, and branch deployments are features of Dagster that there are not.',
    lines: [
      'PipelineSnapshot.externalJobSource: missing',
      'WorkspaceLocationEntry.defsStateInfo: missing',
      'Repository.assetManifest: missing',
      'RunQueueConfig.maxConcurrentRunsAllBranchDeployments: missing',
      'Query.latestDefsStateInfo: missing',
      'Query.appManagedComponentsForLocationOrError: missing',
      'Query.componentsForLocationOrError: missing',
      'Query.componentTypesForLocationOrError: missing',
      'Mutation.setAppManagedComponent: missing',
      'Mutation.deleteAppManagedComponent: missing',
      'Mutation.refreshComponentState: missing',
    ],
  },
  {
    reason: 'An error says in words what it is about, as its message does everywhere.',
    lines: ['PartitionKeysNotFoundError.partitionKeys: missing', 'InvalidSubsetError.pipeline: missing'],
  },
  {
    reason: 'A plan is frozen with its run: steps name the op, whose outputs and tags the manifest tells.',
    lines: ['ExecutionStep.outputs: missing', 'ExecutionStep.metadata: missing'],
  },
  {
    reason: 'Which runner carries a run is decided run by run, so that the instance has none to name.',
    lines: ['Instance.runLauncher: missing'],
  },
  {
    reason: 'Of a tick its outcome is kept, not which of its requests for partitions changed anything.',
    lines: ['InstigationTick.dynamicPartitionsRequestResults: missing'],
  },
  {
    reason: 'Code is referred to as files of the project only.',
    lines: ['CodeReferencesMetadataEntry.codeReferences: [SourceLocation!]! is [LocalFileCodeReference!]!'],
  },
  {
    reason:
      'Told by other fields: partitionStatuses of a backfill, stepStats of its runs, runs of a partition.',
    lines: [
      'BulkActionsFilter.selectorId: missing',
      'PartitionSet.partitionStatusesOrError: missing',
      'PartitionSet.partitionRuns: missing',
      'PartitionBackfill.reexecutionSteps: missing',
    ],
  },
  {
    reason: 'A table as a whole has no constraints in its metadata.',
    lines: ['TableSchema.constraints: missing'],
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
