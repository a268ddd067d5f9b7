/* Written by dashboard/generate-graphql.mjs from the API schema. Do not edit. */

export type AssetCheckCanExecuteIndividually =
  | 'CAN_EXECUTE'
  | 'NEEDS_USER_CODE_UPGRADE'
  | 'REQUIRES_MATERIALIZATION';

export type AssetCheckExecutionResolvedStatus =
  | 'EXECUTION_FAILED'
  | 'FAILED'
  | 'IN_PROGRESS'
  | 'SKIPPED'
  | 'SUCCEEDED';

export type AssetCheckSeverity =
  | 'ERROR'
  | 'WARN';

export type AssetEventHistoryEventTypeSelector =
  | 'FAILED_TO_MATERIALIZE'
  | 'MATERIALIZATION'
  | 'OBSERVATION';

export type AssetEventType =
  | 'ASSET_MATERIALIZATION'
  | 'ASSET_OBSERVATION';

export type AssetHealthStatus =
  | 'DEGRADED'
  | 'HEALTHY'
  | 'NOT_APPLICABLE'
  | 'UNKNOWN'
  | 'WARNING';

export type AuditOutcome =
  | 'DONE'
  | 'FAILED'
  | 'REFUSED';

export type BackfillTargetStatus =
  | 'BLOCKED'
  | 'CANCELED'
  | 'FAILED'
  | 'PENDING'
  | 'REQUESTED'
  | 'SKIPPED'
  | 'SUCCESS';

export type BulkActionStatus =
  | 'CANCELED'
  | 'CANCELING'
  | 'COMPLETED'
  | 'COMPLETED_FAILED'
  | 'COMPLETED_SUCCESS'
  | 'FAILED'
  | 'FAILING'
  | 'REQUESTED';

export type ConfiguredValueType =
  | 'ENV_VAR'
  | 'SECRET'
  | 'VALUE';

export type DagsterEventType =
  | 'ASSET_CHECK_EVALUATION'
  | 'ASSET_CHECK_EVALUATION_PLANNED'
  | 'ASSET_FAILED_TO_MATERIALIZE'
  | 'ASSET_MATERIALIZATION'
  | 'ASSET_MATERIALIZATION_PLANNED'
  | 'ASSET_OBSERVATION'
  | 'ENGINE_EVENT'
  | 'FRESHNESS_STATE_CHANGE'
  | 'HANDLED_OUTPUT'
  | 'HOOK_COMPLETED'
  | 'HOOK_ERRORED'
  | 'HOOK_SKIPPED'
  | 'LOADED_INPUT'
  | 'LOGS_CAPTURED'
  | 'RESOURCE_INIT_FAILURE'
  | 'RESOURCE_INIT_STARTED'
  | 'RESOURCE_INIT_SUCCESS'
  | 'RUN_CANCELED'
  | 'RUN_CANCELING'
  | 'RUN_DEQUEUED'
  | 'RUN_ENQUEUED'
  | 'RUN_FAILURE'
  | 'RUN_START'
  | 'RUN_STARTING'
  | 'RUN_SUCCESS'
  | 'STEP_FAILURE'
  | 'STEP_INPUT'
  | 'STEP_OUTPUT'
  | 'STEP_RESTARTED'
  | 'STEP_SKIPPED'
  | 'STEP_START'
  | 'STEP_SUCCESS'
  | 'STEP_UP_FOR_RETRY'
  | 'STEP_WAITING'
  | 'STEP_WORKER_STARTED';

export type EvaluationErrorReason =
  | 'FIELDS_NOT_DEFINED'
  | 'FIELD_NOT_DEFINED'
  | 'MISSING_REQUIRED_FIELD'
  | 'MISSING_REQUIRED_FIELDS'
  | 'RUNTIME_TYPE_MISMATCH'
  | 'SELECTOR_FIELD_ERROR';

export type InstigationStatus =
  | 'RUNNING'
  | 'STOPPED';

export type InstigationTickStatus =
  | 'FAILURE'
  | 'SKIPPED'
  | 'STARTED'
  | 'SUCCESS';

export type LogLevel =
  | 'CRITICAL'
  | 'DEBUG'
  | 'ERROR'
  | 'INFO'
  | 'WARNING';

export type PartitionDefinitionType =
  | 'DYNAMIC'
  | 'MULTIPARTITIONED'
  | 'STATIC'
  | 'TIME_WINDOW';

export type PartitionRangeStatus =
  | 'FAILED'
  | 'MATERIALIZED'
  | 'MATERIALIZING';

export type ReexecutionStrategy =
  | 'ALL_STEPS'
  | 'FROM_ASSET_FAILURE'
  | 'FROM_FAILURE';

export type RepositoryLocationLoadStatus =
  | 'LOADED'
  | 'LOADING';

export type RunStatus =
  | 'CANCELED'
  | 'CANCELING'
  | 'FAILURE'
  | 'MANAGED'
  | 'NOT_STARTED'
  | 'QUEUED'
  | 'STARTED'
  | 'STARTING'
  | 'SUCCESS'
  | 'SUSPENDED';

export type SensorEventSourceType =
  | 'OBJECT_CREATED'
  | 'QUEUE_MESSAGE'
  | 'WEBHOOK';

export type SensorType =
  | 'ASSET'
  | 'AUTOMATION'
  | 'AUTO_MATERIALIZE'
  | 'FRESHNESS_POLICY'
  | 'MULTI_ASSET'
  | 'RUN_STATUS'
  | 'STANDARD'
  | 'UNKNOWN';

export type StaleStatus =
  | 'FRESH'
  | 'MISSING'
  | 'STALE';

export type StepEventStatus =
  | 'FAILURE'
  | 'IN_PROGRESS'
  | 'SKIPPED'
  | 'SUCCESS';

export type StepKind =
  | 'COMPUTE'
  | 'UNRESOLVED_COLLECT'
  | 'UNRESOLVED_MAPPED';

export type TerminateRunPolicy =
  | 'MARK_AS_CANCELED_IMMEDIATELY'
  | 'SAFE_TERMINATE';

export type WebhookSignature =
  | 'GITHUB'
  | 'STANDARD';

export type AssetCheckHandleInput = {
  readonly assetKey: AssetKeyInput;
  readonly name: string;
};

export type AssetJobKeyInput = {
  readonly jobName: string;
};

export type AssetKeyInput = {
  readonly path: readonly string[];
};

export type ExecutionMetadata = {
  readonly parentRunId?: string | null | undefined;
  readonly rootRunId?: string | null | undefined;
  readonly tags?: readonly ExecutionTag[] | null | undefined;
};

export type ExecutionParams = {
  readonly executionMetadata?: ExecutionMetadata | null | undefined;
  readonly mode?: string | null | undefined;
  readonly preset?: string | null | undefined;
  readonly runConfigData?: unknown | null | undefined;
  readonly selector: JobOrPipelineSelector;
  readonly stepKeys?: readonly string[] | null | undefined;
};

export type ExecutionTag = {
  readonly key: string;
  readonly value: string;
};

export type InstigationSelector = {
  readonly name: string;
  readonly repositoryLocationName: string;
  readonly repositoryName: string;
};

export type JobOrPipelineSelector = {
  readonly assetCheckSelection?: readonly AssetCheckHandleInput[] | null | undefined;
  readonly assetSelection?: readonly AssetKeyInput[] | null | undefined;
  readonly jobName?: string | null | undefined;
  readonly pipelineName?: string | null | undefined;
  readonly repositoryLocationName: string;
  readonly repositoryName: string;
  readonly solidSelection?: readonly string[] | null | undefined;
};

export type LaunchBackfillParams = {
  readonly allPartitions?: boolean | null | undefined;
  readonly assetSelection?: readonly AssetKeyInput[] | null | undefined;
  readonly description?: string | null | undefined;
  readonly forceSynchronousSubmission?: boolean | null | undefined;
  readonly fromFailure?: boolean | null | undefined;
  readonly partitionNames?: readonly string[] | null | undefined;
  readonly partitionsByAssets?: readonly (PartitionsByAssetSelector | null)[] | null | undefined;
  readonly reexecutionSteps?: readonly string[] | null | undefined;
  readonly runConfigData?: unknown | null | undefined;
  readonly selector?: PartitionSetSelector | null | undefined;
  readonly tags?: readonly ExecutionTag[] | null | undefined;
  readonly title?: string | null | undefined;
};

export type PartitionRangeSelector = {
  readonly end: string;
  readonly start: string;
};

export type PartitionsByAssetSelector = {
  readonly assetKey: AssetKeyInput;
  readonly partitions?: PartitionsSelector | null | undefined;
};

export type PartitionSetSelector = {
  readonly partitionSetName: string;
  readonly repositoryLocationName?: string | null | undefined;
  readonly repositoryName?: string | null | undefined;
  readonly repositorySelector?: RepositorySelector | null | undefined;
};

export type PartitionsSelector = {
  readonly range?: PartitionRangeSelector | null | undefined;
  readonly ranges?: readonly PartitionRangeSelector[] | null | undefined;
};

export type PipelineSelector = {
  readonly assetCheckSelection?: readonly AssetCheckHandleInput[] | null | undefined;
  readonly assetSelection?: readonly AssetKeyInput[] | null | undefined;
  readonly pipelineName: string;
  readonly repositoryLocationName: string;
  readonly repositoryName: string;
  readonly solidSelection?: readonly string[] | null | undefined;
};

export type ReexecutionParams = {
  readonly extraTags?: readonly ExecutionTag[] | null | undefined;
  readonly parentRunId: string;
  readonly strategy: ReexecutionStrategy;
  readonly useParentRunTags?: boolean | null | undefined;
};

export type ReportRunlessAssetEventsParams = {
  readonly assetKey: AssetKeyInput;
  readonly description?: string | null | undefined;
  readonly eventType: AssetEventType;
  readonly partitionKeys?: readonly (string | null)[] | null | undefined;
};

export type RepositorySelector = {
  readonly repositoryLocationName: string;
  readonly repositoryName: string;
};

export type RunsFilter = {
  readonly createdAfter?: number | null | undefined;
  readonly createdBefore?: number | null | undefined;
  readonly mode?: string | null | undefined;
  readonly pipelineName?: string | null | undefined;
  readonly pipelineNames?: readonly string[] | null | undefined;
  readonly runIds?: readonly (string | null)[] | null | undefined;
  readonly snapshotId?: string | null | undefined;
  readonly statuses?: readonly RunStatus[] | null | undefined;
  readonly tags?: readonly ExecutionTag[] | null | undefined;
  readonly updatedAfter?: number | null | undefined;
  readonly updatedBefore?: number | null | undefined;
};

export type RunTimelineFilter = {
  readonly excludedLocations?: readonly string[] | null | undefined;
  readonly excludedNames?: readonly string[] | null | undefined;
  readonly locations?: readonly string[] | null | undefined;
  readonly names?: readonly string[] | null | undefined;
  readonly statuses?: readonly RunStatus[] | null | undefined;
  readonly tags?: readonly ExecutionTag[] | null | undefined;
};

export type ScheduleSelector = {
  readonly repositoryLocationName: string;
  readonly repositoryName: string;
  readonly scheduleName: string;
};

export type SensorSelector = {
  readonly repositoryLocationName: string;
  readonly repositoryName: string;
  readonly sensorName: string;
};

export type SearchIndexResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly {
      readonly id: string;
      readonly name: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly jobs: readonly {
        readonly id: string;
        readonly name: string;
      }[];
      readonly schedules: readonly {
        readonly id: string;
        readonly name: string;
      }[];
      readonly sensors: readonly {
        readonly id: string;
        readonly name: string;
      }[];
      readonly allTopLevelResourceDetails: readonly {
        readonly id: string;
        readonly name: string;
      }[];
      readonly assetNodes: readonly {
        readonly id: string;
        readonly groupName: string;
        readonly isMaterializable: boolean;
        readonly assetKey: {
          readonly path: readonly string[];
        };
      }[];
    }[];
  });
  readonly partitionBackfillsOrError: ({
    readonly __typename: 'PartitionBackfills';
    readonly results: readonly ({
      readonly id: string;
      readonly title: string | null;
      readonly jobName: string | null;
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
    })[];
  } | {
    readonly __typename: 'PythonError';
  });
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly results: readonly {
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly creationTime: number;
    }[];
  });
};

export type SearchIndexVariables = Readonly<Record<string, never>>;

export type RunsByIdResult = {
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly results: readonly {
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly creationTime: number;
    }[];
  });
};

export type RunsByIdVariables = {
  readonly filter: RunsFilter;
};

export type AssetEventsResult = {
  readonly assetOrError: ({
    readonly __typename: 'Asset';
    readonly id: string;
    readonly assetEventHistory: {
      readonly cursor: string;
      readonly positions: readonly string[];
      readonly results: readonly (({
        readonly __typename: 'FailedToMaterializeEvent';
        readonly runId: string;
        readonly timestamp: string;
        readonly stepKey: string | null;
        readonly partition: string | null;
        readonly message: string;
        readonly error: {
          readonly message: string;
        } | null;
      } | {
        readonly __typename: 'MaterializationEvent' | 'ObservationEvent';
        readonly runId: string;
        readonly timestamp: string;
        readonly stepKey: string | null;
        readonly partition: string | null;
        readonly description: string | null;
        readonly metadataEntries: readonly (({
          readonly __typename: 'AssetMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly assetKey: {
            readonly path: readonly string[];
          };
        } | {
          readonly __typename: 'BoolMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly boolValue: boolean | null;
        } | {
          readonly __typename: 'CodeReferencesMetadataEntry' | 'JsonMetadataEntry' | 'MarkdownMetadataEntry' | 'NullMetadataEntry' | 'TableColumnLineageMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry';
          readonly label: string;
          readonly description: string | null;
        } | {
          readonly __typename: 'FloatMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly floatRepr: string;
        } | {
          readonly __typename: 'IntMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly intRepr: string;
        } | {
          readonly __typename: 'JobMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly jobName: string;
          readonly locationName: string;
        } | {
          readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly path: string;
        } | {
          readonly __typename: 'PipelineRunMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly runId: string;
        } | {
          readonly __typename: 'PoolMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly pool: string;
        } | {
          readonly __typename: 'TextMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly text: string;
        } | {
          readonly __typename: 'TimestampMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly timestamp: number;
        } | {
          readonly __typename: 'UrlMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly url: string;
        }))[];
      }))[];
    };
  } | {
    readonly __typename: 'AssetNotFoundError';
    readonly message: string;
  });
};

export type AssetEventsVariables = {
  readonly assetKey: AssetKeyInput;
  readonly types: readonly AssetEventHistoryEventTypeSelector[];
  readonly partitions?: readonly string[] | null | undefined;
  readonly cursor?: string | null | undefined;
  readonly limit: number;
};

export type AssetEventResult = {
  readonly assetOrError: ({
    readonly __typename: 'Asset';
    readonly id: string;
    readonly assetEventHistory: {
      readonly positions: readonly string[];
      readonly results: readonly (({
        readonly __typename: 'FailedToMaterializeEvent';
        readonly runId: string;
        readonly timestamp: string;
        readonly stepKey: string | null;
        readonly partition: string | null;
        readonly message: string;
        readonly error: {
          readonly message: string;
          readonly className: string | null;
          readonly stack: readonly string[];
        } | null;
      } | {
        readonly __typename: 'MaterializationEvent' | 'ObservationEvent';
        readonly runId: string;
        readonly timestamp: string;
        readonly stepKey: string | null;
        readonly partition: string | null;
        readonly description: string | null;
        readonly tags: readonly {
          readonly key: string;
          readonly value: string;
        }[];
        readonly metadataEntries: readonly (({
          readonly __typename: 'AssetMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly assetKey: {
            readonly path: readonly string[];
          };
        } | {
          readonly __typename: 'BoolMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly boolValue: boolean | null;
        } | {
          readonly __typename: 'CodeReferencesMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly codeReferences: readonly (({
            readonly __typename: 'LocalFileCodeReference';
            readonly filePath: string;
            readonly lineNumber: number | null;
          } | {
            readonly __typename: 'UrlCodeReference';
            readonly url: string;
            readonly label: string | null;
          }))[];
        } | {
          readonly __typename: 'FloatMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly floatRepr: string;
        } | {
          readonly __typename: 'IntMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly intRepr: string;
        } | {
          readonly __typename: 'JobMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly jobName: string;
          readonly locationName: string;
        } | {
          readonly __typename: 'JsonMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly jsonString: string;
        } | {
          readonly __typename: 'MarkdownMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly mdStr: string;
        } | {
          readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly path: string;
        } | {
          readonly __typename: 'NullMetadataEntry';
          readonly label: string;
          readonly description: string | null;
        } | {
          readonly __typename: 'PipelineRunMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly runId: string;
        } | {
          readonly __typename: 'PoolMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly pool: string;
        } | {
          readonly __typename: 'TableColumnLineageMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly lineage: readonly {
            readonly columnName: string;
            readonly columnDeps: readonly {
              readonly assetKey: {
                readonly path: readonly string[];
              };
              readonly columnName: string;
            }[];
          }[];
        } | {
          readonly __typename: 'TableMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly table: {
            readonly records: readonly string[];
            readonly schema: {
              readonly columns: readonly ({
                readonly name: string;
                readonly type: string;
                readonly description: string | null;
              })[];
            };
          };
        } | {
          readonly __typename: 'TableSchemaMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly schema: {
            readonly columns: readonly ({
              readonly name: string;
              readonly type: string;
              readonly description: string | null;
              readonly constraints: {
                readonly nullable: boolean;
                readonly unique: boolean;
                readonly other: readonly string[];
              };
            })[];
          };
        } | {
          readonly __typename: 'TextMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly text: string;
        } | {
          readonly __typename: 'TimestampMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly timestamp: number;
        } | {
          readonly __typename: 'UrlMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly url: string;
        }))[];
      }))[];
    };
  } | {
    readonly __typename: 'AssetNotFoundError';
    readonly message: string;
  });
};

export type AssetEventVariables = {
  readonly assetKey: AssetKeyInput;
  readonly cursor: string;
};

export type AssetPartitionResult = {
  readonly assetNodeOrError: ({
    readonly __typename: 'AssetNode';
    readonly id: string;
    readonly latestMaterializationByPartition: readonly ({
      readonly __typename: 'MaterializationEvent';
      readonly runId: string;
      readonly timestamp: string;
      readonly stepKey: string | null;
      readonly partition: string | null;
      readonly description: string | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly assetKey: {
          readonly path: readonly string[];
        };
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'CodeReferencesMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly codeReferences: readonly (({
          readonly __typename: 'LocalFileCodeReference';
          readonly filePath: string;
          readonly lineNumber: number | null;
        } | {
          readonly __typename: 'UrlCodeReference';
          readonly url: string;
          readonly label: string | null;
        }))[];
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JobMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jobName: string;
        readonly locationName: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jsonString: string;
      } | {
        readonly __typename: 'MarkdownMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly mdStr: string;
      } | {
        readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly path: string;
      } | {
        readonly __typename: 'NullMetadataEntry';
        readonly label: string;
        readonly description: string | null;
      } | {
        readonly __typename: 'PipelineRunMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly runId: string;
      } | {
        readonly __typename: 'PoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly pool: string;
      } | {
        readonly __typename: 'TableColumnLineageMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly lineage: readonly {
          readonly columnName: string;
          readonly columnDeps: readonly {
            readonly assetKey: {
              readonly path: readonly string[];
            };
            readonly columnName: string;
          }[];
        }[];
      } | {
        readonly __typename: 'TableMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly table: {
          readonly records: readonly string[];
          readonly schema: {
            readonly columns: readonly ({
              readonly name: string;
              readonly type: string;
              readonly description: string | null;
            })[];
          };
        };
      } | {
        readonly __typename: 'TableSchemaMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly schema: {
          readonly columns: readonly ({
            readonly name: string;
            readonly type: string;
            readonly description: string | null;
            readonly constraints: {
              readonly nullable: boolean;
              readonly unique: boolean;
              readonly other: readonly string[];
            };
          })[];
        };
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly text: string;
      } | {
        readonly __typename: 'TimestampMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly timestamp: number;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly url: string;
      }))[];
    } | null)[];
    readonly latestRunForPartition: {
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly startTime: number | null;
      readonly endTime: number | null;
    } | null;
  } | {
    readonly __typename: 'AssetNotFoundError';
    readonly message: string;
  });
  readonly assetOrError: ({
    readonly __typename: 'Asset';
    readonly id: string;
    readonly assetEventHistory: {
      readonly positions: readonly string[];
      readonly results: readonly ({
        readonly __typename: 'FailedToMaterializeEvent' | 'MaterializationEvent' | 'ObservationEvent';
        readonly runId: string;
        readonly timestamp: string;
        readonly stepKey: string | null;
      })[];
    };
  } | {
    readonly __typename: 'AssetNotFoundError';
    readonly message: string;
  });
};

export type AssetPartitionVariables = {
  readonly assetKey: AssetKeyInput;
  readonly partition: string;
  readonly partitions: readonly string[];
};

export type AssetDetailResult = {
  readonly assetNodeOrError: ({
    readonly __typename: 'AssetNode';
    readonly id: string;
    readonly assetKey: {
      readonly path: readonly string[];
    };
    readonly description: string | null;
    readonly groupName: string;
    readonly kinds: readonly string[];
    readonly isPartitioned: boolean;
    readonly isMaterializable: boolean;
    readonly hasMaterializePermission: boolean;
    readonly hasWipePermission: boolean;
    readonly definitionSource: string;
    readonly freshnessStatusInfo: {
      readonly freshnessStatus: AssetHealthStatus;
      readonly since: number | null;
    } | null;
    readonly internalFreshnessPolicy: ({
      readonly __typename: 'CronFreshnessPolicy';
      readonly deadlineCron: string;
      readonly timezone: string;
      readonly lowerBoundDeltaSeconds: number;
    } | {
      readonly __typename: 'TimeWindowFreshnessPolicy';
      readonly failWindowSeconds: number;
      readonly warnWindowSeconds: number | null;
    }) | null;
    readonly jobNames: readonly string[];
    readonly pools: readonly string[];
    readonly opVersion: string | null;
    readonly staleStatus: StaleStatus | null;
    readonly automationCondition: {
      readonly label: string | null;
      readonly expandedLabel: readonly string[];
    } | null;
    readonly staleCauses: readonly ({
      readonly reason: string;
      readonly key: {
        readonly path: readonly string[];
      };
      readonly dependency: {
        readonly path: readonly string[];
      } | null;
    })[];
    readonly dependencyKeys: readonly {
      readonly path: readonly string[];
    }[];
    readonly dependedByKeys: readonly {
      readonly path: readonly string[];
    }[];
    readonly tags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly owners: readonly (({
      readonly __typename: 'TeamAssetOwner';
      readonly team: string;
    } | {
      readonly __typename: 'UserAssetOwner';
      readonly email: string;
    }))[];
    readonly partitionDefinition: {
      readonly description: string;
      readonly type: PartitionDefinitionType;
      readonly dimensionTypes: readonly {
        readonly name: string;
      }[];
    } | null;
    readonly backfillPolicy: {
      readonly maxPartitionsPerRun: number | null;
    } | null;
    readonly partitionStats: {
      readonly numMaterialized: number;
      readonly numPartitions: number;
      readonly numFailed: number;
      readonly numMaterializing: number;
    } | null;
    readonly repository: {
      readonly id: string;
      readonly name: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
    };
    readonly hasReportRunlessAssetEventPermission: boolean;
    readonly isObservable: boolean;
    readonly metadataEntries: readonly (({
      readonly __typename: 'AssetMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly assetKey: {
        readonly path: readonly string[];
      };
    } | {
      readonly __typename: 'BoolMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly boolValue: boolean | null;
    } | {
      readonly __typename: 'CodeReferencesMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly codeReferences: readonly (({
        readonly __typename: 'LocalFileCodeReference';
        readonly filePath: string;
        readonly lineNumber: number | null;
      } | {
        readonly __typename: 'UrlCodeReference';
        readonly url: string;
        readonly label: string | null;
      }))[];
    } | {
      readonly __typename: 'FloatMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly floatRepr: string;
    } | {
      readonly __typename: 'IntMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly intRepr: string;
    } | {
      readonly __typename: 'JobMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly jobName: string;
      readonly locationName: string;
    } | {
      readonly __typename: 'JsonMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly jsonString: string;
    } | {
      readonly __typename: 'MarkdownMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly mdStr: string;
    } | {
      readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly path: string;
    } | {
      readonly __typename: 'NullMetadataEntry';
      readonly label: string;
      readonly description: string | null;
    } | {
      readonly __typename: 'PipelineRunMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly runId: string;
    } | {
      readonly __typename: 'PoolMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly pool: string;
    } | {
      readonly __typename: 'TableColumnLineageMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly lineage: readonly {
        readonly columnName: string;
        readonly columnDeps: readonly {
          readonly assetKey: {
            readonly path: readonly string[];
          };
          readonly columnName: string;
        }[];
      }[];
    } | {
      readonly __typename: 'TableMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly table: {
        readonly records: readonly string[];
        readonly schema: {
          readonly columns: readonly ({
            readonly name: string;
            readonly type: string;
            readonly description: string | null;
          })[];
        };
      };
    } | {
      readonly __typename: 'TableSchemaMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly schema: {
        readonly columns: readonly ({
          readonly name: string;
          readonly type: string;
          readonly description: string | null;
          readonly constraints: {
            readonly nullable: boolean;
            readonly unique: boolean;
            readonly other: readonly string[];
          };
        })[];
      };
    } | {
      readonly __typename: 'TextMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly text: string;
    } | {
      readonly __typename: 'TimestampMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly timestamp: number;
    } | {
      readonly __typename: 'UrlMetadataEntry';
      readonly label: string;
      readonly description: string | null;
      readonly url: string;
    }))[];
    readonly assetChecksOrError: ({
      readonly __typename: 'AssetCheckNeedsAgentUpgradeError' | 'AssetCheckNeedsMigrationError' | 'AssetCheckNeedsUserCodeUpgrade';
    } | {
      readonly __typename: 'AssetChecks';
      readonly checks: readonly ({
        readonly name: string;
        readonly description: string | null;
        readonly blocking: boolean;
        readonly canExecuteIndividually: AssetCheckCanExecuteIndividually;
        readonly executionForLatestMaterialization: {
          readonly id: string;
          readonly runId: string;
          readonly status: AssetCheckExecutionResolvedStatus;
          readonly timestamp: number;
          readonly evaluation: {
            readonly severity: AssetCheckSeverity;
            readonly description: string | null;
          } | null;
        } | null;
      })[];
    });
  } | {
    readonly __typename: 'AssetNotFoundError';
    readonly message: string;
  });
  readonly assetOrError: ({
    readonly __typename: 'Asset';
    readonly id: string;
    readonly assetMaterializations: readonly ({
      readonly __typename: 'MaterializationEvent';
      readonly runId: string;
      readonly timestamp: string;
      readonly stepKey: string | null;
      readonly partition: string | null;
      readonly description: string | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly assetKey: {
          readonly path: readonly string[];
        };
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'CodeReferencesMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly codeReferences: readonly (({
          readonly __typename: 'LocalFileCodeReference';
          readonly filePath: string;
          readonly lineNumber: number | null;
        } | {
          readonly __typename: 'UrlCodeReference';
          readonly url: string;
          readonly label: string | null;
        }))[];
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JobMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jobName: string;
        readonly locationName: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jsonString: string;
      } | {
        readonly __typename: 'MarkdownMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly mdStr: string;
      } | {
        readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly path: string;
      } | {
        readonly __typename: 'NullMetadataEntry';
        readonly label: string;
        readonly description: string | null;
      } | {
        readonly __typename: 'PipelineRunMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly runId: string;
      } | {
        readonly __typename: 'PoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly pool: string;
      } | {
        readonly __typename: 'TableColumnLineageMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly lineage: readonly {
          readonly columnName: string;
          readonly columnDeps: readonly {
            readonly assetKey: {
              readonly path: readonly string[];
            };
            readonly columnName: string;
          }[];
        }[];
      } | {
        readonly __typename: 'TableMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly table: {
          readonly records: readonly string[];
          readonly schema: {
            readonly columns: readonly ({
              readonly name: string;
              readonly type: string;
              readonly description: string | null;
            })[];
          };
        };
      } | {
        readonly __typename: 'TableSchemaMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly schema: {
          readonly columns: readonly ({
            readonly name: string;
            readonly type: string;
            readonly description: string | null;
            readonly constraints: {
              readonly nullable: boolean;
              readonly unique: boolean;
              readonly other: readonly string[];
            };
          })[];
        };
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly text: string;
      } | {
        readonly __typename: 'TimestampMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly timestamp: number;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly url: string;
      }))[];
    })[];
    readonly assetObservations: readonly ({
      readonly __typename: 'ObservationEvent';
      readonly runId: string;
      readonly timestamp: string;
      readonly stepKey: string | null;
      readonly partition: string | null;
      readonly description: string | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly assetKey: {
          readonly path: readonly string[];
        };
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'CodeReferencesMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly codeReferences: readonly (({
          readonly __typename: 'LocalFileCodeReference';
          readonly filePath: string;
          readonly lineNumber: number | null;
        } | {
          readonly __typename: 'UrlCodeReference';
          readonly url: string;
          readonly label: string | null;
        }))[];
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JobMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jobName: string;
        readonly locationName: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jsonString: string;
      } | {
        readonly __typename: 'MarkdownMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly mdStr: string;
      } | {
        readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly path: string;
      } | {
        readonly __typename: 'NullMetadataEntry';
        readonly label: string;
        readonly description: string | null;
      } | {
        readonly __typename: 'PipelineRunMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly runId: string;
      } | {
        readonly __typename: 'PoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly pool: string;
      } | {
        readonly __typename: 'TableColumnLineageMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly lineage: readonly {
          readonly columnName: string;
          readonly columnDeps: readonly {
            readonly assetKey: {
              readonly path: readonly string[];
            };
            readonly columnName: string;
          }[];
        }[];
      } | {
        readonly __typename: 'TableMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly table: {
          readonly records: readonly string[];
          readonly schema: {
            readonly columns: readonly ({
              readonly name: string;
              readonly type: string;
              readonly description: string | null;
            })[];
          };
        };
      } | {
        readonly __typename: 'TableSchemaMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly schema: {
          readonly columns: readonly ({
            readonly name: string;
            readonly type: string;
            readonly description: string | null;
            readonly constraints: {
              readonly nullable: boolean;
              readonly unique: boolean;
              readonly other: readonly string[];
            };
          })[];
        };
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly text: string;
      } | {
        readonly __typename: 'TimestampMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly timestamp: number;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly url: string;
      }))[];
    })[];
  } | {
    readonly __typename: 'AssetNotFoundError';
  });
};

export type AssetDetailVariables = {
  readonly assetKey: AssetKeyInput;
  readonly limit: number;
};

export type AssetPartitionsResult = {
  readonly assetNodeOrError: ({
    readonly __typename: 'AssetNode';
    readonly id: string;
    readonly partitionKeys: readonly string[];
    readonly partitionDefinition: {
      readonly dimensionTypes: readonly {
        readonly name: string;
        readonly isPrimaryDimension: boolean;
      }[];
    } | null;
    readonly assetPartitionStatuses: ({
      readonly __typename: 'DefaultPartitionStatuses';
      readonly materializedPartitions: readonly string[];
      readonly failedPartitions: readonly string[];
      readonly materializingPartitions: readonly string[];
    } | {
      readonly __typename: 'MultiPartitionStatuses';
      readonly ranges: readonly ({
        readonly primaryDimStartKey: string;
        readonly primaryDimEndKey: string;
        readonly secondaryDim: ({
          readonly __typename: 'DefaultPartitionStatuses';
          readonly materializedPartitions: readonly string[];
          readonly failedPartitions: readonly string[];
          readonly materializingPartitions: readonly string[];
        } | {
          readonly __typename: 'TimePartitionStatuses';
          readonly ranges: readonly {
            readonly startKey: string;
            readonly endKey: string;
            readonly status: PartitionRangeStatus;
          }[];
        });
      })[];
    } | {
      readonly __typename: 'TimePartitionStatuses';
      readonly ranges: readonly {
        readonly startKey: string;
        readonly endKey: string;
        readonly status: PartitionRangeStatus;
      }[];
    });
  } | {
    readonly __typename: 'AssetNotFoundError';
    readonly message: string;
  });
};

export type AssetPartitionsVariables = {
  readonly assetKey: AssetKeyInput;
};

export type CheckHistoryResult = {
  readonly assetCheckExecutions: readonly ({
    readonly id: string;
    readonly runId: string;
    readonly status: AssetCheckExecutionResolvedStatus;
    readonly timestamp: number;
    readonly partition: string | null;
    readonly evaluation: {
      readonly severity: AssetCheckSeverity;
      readonly description: string | null;
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly assetKey: {
          readonly path: readonly string[];
        };
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'CodeReferencesMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly codeReferences: readonly (({
          readonly __typename: 'LocalFileCodeReference';
          readonly filePath: string;
          readonly lineNumber: number | null;
        } | {
          readonly __typename: 'UrlCodeReference';
          readonly url: string;
          readonly label: string | null;
        }))[];
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JobMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jobName: string;
        readonly locationName: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jsonString: string;
      } | {
        readonly __typename: 'MarkdownMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly mdStr: string;
      } | {
        readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly path: string;
      } | {
        readonly __typename: 'NullMetadataEntry';
        readonly label: string;
        readonly description: string | null;
      } | {
        readonly __typename: 'PipelineRunMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly runId: string;
      } | {
        readonly __typename: 'PoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly pool: string;
      } | {
        readonly __typename: 'TableColumnLineageMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly lineage: readonly {
          readonly columnName: string;
          readonly columnDeps: readonly {
            readonly assetKey: {
              readonly path: readonly string[];
            };
            readonly columnName: string;
          }[];
        }[];
      } | {
        readonly __typename: 'TableMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly table: {
          readonly records: readonly string[];
          readonly schema: {
            readonly columns: readonly ({
              readonly name: string;
              readonly type: string;
              readonly description: string | null;
            })[];
          };
        };
      } | {
        readonly __typename: 'TableSchemaMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly schema: {
          readonly columns: readonly ({
            readonly name: string;
            readonly type: string;
            readonly description: string | null;
            readonly constraints: {
              readonly nullable: boolean;
              readonly unique: boolean;
              readonly other: readonly string[];
            };
          })[];
        };
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly text: string;
      } | {
        readonly __typename: 'TimestampMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly timestamp: number;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly url: string;
      }))[];
    } | null;
  })[];
};

export type CheckHistoryVariables = {
  readonly assetKey: AssetKeyInput;
  readonly checkName: string;
  readonly limit: number;
};

export type WipeAssetsResult = {
  readonly wipeAssets: ({
    readonly __typename: 'AssetNotFoundError' | 'PythonError' | 'UnauthorizedError' | 'UnsupportedOperationError';
    readonly message: string;
  } | {
    readonly __typename: 'AssetWipeSuccess';
    readonly assetPartitionRanges: readonly {
      readonly assetKey: {
        readonly path: readonly string[];
      };
    }[];
  });
};

export type WipeAssetsVariables = {
  readonly ranges: readonly PartitionsByAssetSelector[];
};

export type ReportEventResult = {
  readonly reportRunlessAssetEvents: ({
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'ReportRunlessAssetEventsSuccess';
    readonly assetKeyPath: readonly string[];
  });
};

export type ReportEventVariables = {
  readonly eventParams: ReportRunlessAssetEventsParams;
};

export type AutomationConditionsResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly assetNodes: readonly ({
        readonly id: string;
        readonly assetKey: {
          readonly path: readonly string[];
        };
        readonly automationCondition: {
          readonly label: string | null;
          readonly expandedLabel: readonly string[];
        } | null;
      })[];
      readonly jobs: readonly ({
        readonly id: string;
        readonly name: string;
        readonly automationCondition: {
          readonly label: string | null;
          readonly expandedLabel: readonly string[];
        } | null;
      })[];
    })[];
  });
};

export type AutomationConditionsVariables = Readonly<Record<string, never>>;

export type EvaluationsResult = {
  readonly assetConditionEvaluationRecordsOrError: ({
    readonly __typename: 'AssetConditionEvaluationRecords';
    readonly records: readonly ({
      readonly id: string;
      readonly evaluationId: string;
      readonly timestamp: number;
      readonly numRequested: number | null;
      readonly runIds: readonly string[];
      readonly rootUniqueId: string;
      readonly evaluationNodes: readonly ({
        readonly uniqueId: string;
        readonly userLabel: string | null;
        readonly expandedLabel: readonly string[];
        readonly entityKey: ({
          readonly __typename: 'AssetCheckhandle';
          readonly name: string;
          readonly assetKey: {
            readonly path: readonly string[];
          };
        } | {
          readonly __typename: 'AssetJobKey';
          readonly jobName: string;
        } | {
          readonly __typename: 'AssetKey';
          readonly path: readonly string[];
        });
        readonly numTrue: number | null;
        readonly numCandidates: number | null;
        readonly isPartitioned: boolean;
        readonly childUniqueIds: readonly string[];
        readonly operatorType: string;
        readonly sinceMetadata: {
          readonly triggerTimestamp: number | null;
          readonly resetTimestamp: number | null;
        } | null;
      })[];
    })[];
  } | {
    readonly __typename: 'AutoMaterializeAssetEvaluationNeedsMigrationError';
    readonly message: string;
  }) | null;
};

export type EvaluationsVariables = {
  readonly assetKey?: AssetKeyInput | null | undefined;
  readonly assetJobKey?: AssetJobKeyInput | null | undefined;
  readonly limit: number;
  readonly cursor?: string | null | undefined;
};

export type TruePartitionsResult = {
  readonly truePartitionsForAutomationConditionEvaluationNode: readonly string[];
};

export type TruePartitionsVariables = {
  readonly assetKey: AssetKeyInput;
  readonly evaluationId: string;
  readonly nodeUniqueId?: string | null | undefined;
};

export type BackfillsResult = {
  readonly partitionBackfillsOrError: ({
    readonly __typename: 'PartitionBackfills';
    readonly results: readonly ({
      readonly id: string;
      readonly status: BulkActionStatus;
      readonly isPaused: boolean;
      readonly isAssetBackfill: boolean;
      readonly jobName: string | null;
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
      readonly title: string | null;
      readonly user: string | null;
      readonly cause: string | null;
      readonly creationTime: number;
      readonly endTime: number | null;
      readonly estimatedEndTime: number | null;
      readonly targetCounts: readonly ({
        readonly assetKey: {
          readonly path: readonly string[];
        } | null;
        readonly status: BackfillTargetStatus;
        readonly count: number;
      })[];
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
    })[];
  } | {
    readonly __typename: 'PythonError';
    readonly message: string;
  });
};

export type BackfillsVariables = {
  readonly limit: number;
};

export type BackfillDetailResult = {
  readonly partitionBackfillOrError: ({
    readonly __typename: 'BackfillNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'PartitionBackfill';
    readonly id: string;
    readonly status: BulkActionStatus;
    readonly isPaused: boolean;
    readonly isAssetBackfill: boolean;
    readonly jobName: string | null;
    readonly assetSelection: readonly {
      readonly path: readonly string[];
    }[] | null;
    readonly locationNames: readonly string[];
    readonly title: string | null;
    readonly description: string | null;
    readonly user: string | null;
    readonly cause: string | null;
    readonly error: {
      readonly message: string;
      readonly className: string | null;
      readonly stack: readonly string[];
    } | null;
    readonly fromFailure: boolean;
    readonly creationTime: number;
    readonly endTime: number | null;
    readonly estimatedEndTime: number | null;
    readonly targetCounts: readonly ({
      readonly assetKey: {
        readonly path: readonly string[];
      } | null;
      readonly status: BackfillTargetStatus;
      readonly count: number;
    })[];
    readonly tags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly isCancelable: boolean;
    readonly hasCancelPermission: boolean;
    readonly hasResumePermission: boolean;
  });
};

export type BackfillDetailVariables = {
  readonly backfillId: string;
};

export type BackfillTargetsResult = {
  readonly partitionBackfillOrError: ({
    readonly __typename: 'BackfillNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'PartitionBackfill';
    readonly id: string;
    readonly targets: readonly ({
      readonly assetKey: {
        readonly path: readonly string[];
      } | null;
      readonly status: BackfillTargetStatus;
      readonly partitionNames: readonly string[];
    })[];
  });
};

export type BackfillTargetsVariables = {
  readonly backfillId: string;
};

export type BackfillEventsResult = {
  readonly partitionBackfillOrError: ({
    readonly __typename: 'BackfillNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'PartitionBackfill';
    readonly id: string;
    readonly logEvents: {
      readonly events: readonly {
        readonly timestamp: string;
        readonly level: LogLevel;
        readonly message: string;
      }[];
      readonly cursor: string;
      readonly hasMore: boolean;
    };
  });
};

export type BackfillEventsVariables = {
  readonly backfillId: string;
  readonly cursor?: string | null | undefined;
};

export type CancelableRunsResult = {
  readonly partitionBackfillOrError: ({
    readonly __typename: 'BackfillNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'PartitionBackfill';
    readonly id: string;
    readonly numCancelable: number;
  });
};

export type CancelableRunsVariables = {
  readonly backfillId: string;
};

export type CancelBackfillResult = {
  readonly cancelPartitionBackfill: ({
    readonly __typename: 'CancelBackfillSuccess';
    readonly backfillId: string;
  } | {
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type CancelBackfillVariables = {
  readonly backfillId: string;
};

export type PauseBackfillResult = {
  readonly pausePartitionBackfill: ({
    readonly __typename: 'PauseBackfillSuccess';
    readonly backfillId: string;
  } | {
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type PauseBackfillVariables = {
  readonly backfillId: string;
};

export type ResumeBackfillResult = {
  readonly resumePartitionBackfill: ({
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'ResumeBackfillSuccess';
    readonly backfillId: string;
  });
};

export type ResumeBackfillVariables = {
  readonly backfillId: string;
};

export type PrioritizeBackfillResult = {
  readonly prioritizePartitionBackfill: ({
    readonly __typename: 'PrioritizeBackfillSuccess';
    readonly backfillId: string;
  } | {
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type PrioritizeBackfillVariables = {
  readonly backfillId: string;
  readonly priority: number;
};

export type ReexecuteBackfillResult = {
  readonly reexecutePartitionBackfill: ({
    readonly __typename: 'ConflictingExecutionParamsError' | 'InvalidOutputError' | 'InvalidStepError' | 'InvalidSubsetError' | 'NoModeProvidedError' | 'PartitionKeysNotFoundError' | 'PartitionSetNotFoundError' | 'PipelineNotFoundError' | 'PresetNotFoundError' | 'PythonError' | 'RunConflict' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'LaunchBackfillSuccess';
    readonly backfillId: string;
  } | {
    readonly __typename: 'RunConfigValidationInvalid';
  });
};

export type ReexecuteBackfillVariables = {
  readonly reexecutionParams: ReexecutionParams;
};

export type BackfillPreviewResult = {
  readonly partitionBackfillPreviewOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'PartitionBackfillPreview';
    readonly numRuns: number;
    readonly numPartitions: number;
  });
};

export type BackfillPreviewVariables = {
  readonly backfillParams: LaunchBackfillParams;
};

export type JobPartitionKeysResult = {
  readonly pipelineOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Pipeline';
    readonly id: string;
    readonly partitionKeysOrError: {
      readonly partitionKeys: readonly string[];
    };
  });
};

export type JobPartitionKeysVariables = {
  readonly params: PipelineSelector;
};

export type ColumnLineageResult = {
  readonly assetNodes: readonly ({
    readonly id: string;
    readonly assetKey: {
      readonly path: readonly string[];
    };
    readonly dependedByKeys: readonly {
      readonly path: readonly string[];
    }[];
    readonly metadataEntries: readonly (({
      readonly __typename: 'AssetMetadataEntry' | 'BoolMetadataEntry' | 'CodeReferencesMetadataEntry' | 'FloatMetadataEntry' | 'IntMetadataEntry' | 'JobMetadataEntry' | 'JsonMetadataEntry' | 'MarkdownMetadataEntry' | 'NotebookMetadataEntry' | 'NullMetadataEntry' | 'PathMetadataEntry' | 'PipelineRunMetadataEntry' | 'PoolMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry' | 'TextMetadataEntry' | 'TimestampMetadataEntry' | 'UrlMetadataEntry';
    } | {
      readonly __typename: 'TableColumnLineageMetadataEntry';
      readonly lineage: readonly {
        readonly columnName: string;
        readonly columnDeps: readonly {
          readonly assetKey: {
            readonly path: readonly string[];
          };
          readonly columnName: string;
        }[];
      }[];
    }))[];
    readonly assetMaterializations: readonly ({
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry' | 'BoolMetadataEntry' | 'CodeReferencesMetadataEntry' | 'FloatMetadataEntry' | 'IntMetadataEntry' | 'JobMetadataEntry' | 'JsonMetadataEntry' | 'MarkdownMetadataEntry' | 'NotebookMetadataEntry' | 'NullMetadataEntry' | 'PathMetadataEntry' | 'PipelineRunMetadataEntry' | 'PoolMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry' | 'TextMetadataEntry' | 'TimestampMetadataEntry' | 'UrlMetadataEntry';
      } | {
        readonly __typename: 'TableColumnLineageMetadataEntry';
        readonly lineage: readonly {
          readonly columnName: string;
          readonly columnDeps: readonly {
            readonly assetKey: {
              readonly path: readonly string[];
            };
            readonly columnName: string;
          }[];
        }[];
      }))[];
    })[];
  })[];
};

export type ColumnLineageVariables = {
  readonly assetKeys: readonly AssetKeyInput[];
};

export type AuditEntriesResult = {
  readonly auditEntriesOrError: ({
    readonly __typename: 'AuditEntries';
    readonly cursor: string | null;
    readonly results: readonly ({
      readonly id: string;
      readonly timestamp: number;
      readonly user: string;
      readonly role: string;
      readonly via: string;
      readonly action: string;
      readonly input: unknown;
      readonly before: unknown | null;
      readonly after: unknown | null;
      readonly outcome: AuditOutcome;
      readonly message: string | null;
      readonly requestId: string;
    })[];
  } | {
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type AuditEntriesVariables = {
  readonly limit: number;
  readonly cursor?: string | null | undefined;
  readonly user?: string | null | undefined;
  readonly action?: string | null | undefined;
  readonly outcome?: AuditOutcome | null | undefined;
};

export type WorkspaceResult = {
  readonly workspaceOrError: ({
    readonly __typename: 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Workspace';
    readonly id: string;
    readonly locationEntries: readonly ({
      readonly id: string;
      readonly name: string;
      readonly loadStatus: RepositoryLocationLoadStatus;
      readonly updatedTimestamp: number;
      readonly versionKey: string;
      readonly displayMetadata: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly lastGoodLocation: {
        readonly id: string;
        readonly repositories: readonly {
          readonly id: string;
          readonly jobs: readonly {
            readonly id: string;
            readonly name: string;
          }[];
          readonly schedules: readonly {
            readonly id: string;
          }[];
          readonly sensors: readonly {
            readonly id: string;
          }[];
          readonly assetNodes: readonly {
            readonly id: string;
          }[];
        }[];
      } | null;
      readonly locationOrLoadError: ({
        readonly __typename: 'PythonError';
        readonly message: string;
        readonly className: string | null;
        readonly stack: readonly string[];
      } | {
        readonly __typename: 'RepositoryLocation';
        readonly id: string;
        readonly isReloadSupported: boolean;
      }) | null;
    })[];
  });
};

export type WorkspaceVariables = Readonly<Record<string, never>>;

export type DefinitionsResult = {
  readonly workspaceOrError: ({
    readonly __typename: 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Workspace';
    readonly id: string;
    readonly locationEntries: readonly ({
      readonly id: string;
      readonly name: string;
      readonly lastGoodLocation: {
        readonly id: string;
        readonly repositories: readonly ({
          readonly id: string;
          readonly name: string;
          readonly jobs: readonly ({
            readonly id: string;
            readonly name: string;
            readonly description: string | null;
            readonly isAssetJob: boolean;
          })[];
          readonly schedules: readonly ({
            readonly id: string;
            readonly name: string;
            readonly description: string | null;
            readonly cronSchedule: string;
            readonly pipelineName: string;
          })[];
          readonly sensors: readonly ({
            readonly id: string;
            readonly name: string;
            readonly description: string | null;
            readonly sensorType: SensorType;
          })[];
          readonly assetNodes: readonly ({
            readonly id: string;
            readonly assetKey: {
              readonly path: readonly string[];
            };
            readonly groupName: string;
            readonly kinds: readonly string[];
            readonly description: string | null;
            readonly partitionDefinition: {
              readonly name: string | null;
              readonly description: string;
              readonly type: PartitionDefinitionType;
              readonly dimensionTypes: readonly {
                readonly name: string;
                readonly description: string;
              }[];
            } | null;
            readonly assetChecksOrError: ({
              readonly __typename: 'AssetCheckNeedsAgentUpgradeError' | 'AssetCheckNeedsMigrationError' | 'AssetCheckNeedsUserCodeUpgrade';
            } | {
              readonly __typename: 'AssetChecks';
              readonly checks: readonly ({
                readonly name: string;
                readonly description: string | null;
                readonly blocking: boolean;
              })[];
            });
          })[];
          readonly allTopLevelResourceDetails: readonly ({
            readonly id: string;
            readonly name: string;
            readonly description: string | null;
            readonly resourceType: string;
            readonly configuredValues: readonly {
              readonly key: string;
              readonly value: string;
              readonly type: ConfiguredValueType;
            }[];
            readonly assetKeysUsing: readonly {
              readonly path: readonly string[];
            }[];
            readonly jobsOpsUsing: readonly {
              readonly jobName: string;
              readonly opHandleIDs: readonly string[];
            }[];
          })[];
        })[];
      } | null;
    })[];
  });
};

export type DefinitionsVariables = Readonly<Record<string, never>>;

export type InstanceConfigResult = {
  readonly version: string;
  readonly instance: {
    readonly id: string;
    readonly info: string | null;
  };
};

export type InstanceConfigVariables = Readonly<Record<string, never>>;

export type WaitingRunsResult = {
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
    readonly results: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly jobName: string;
      readonly creationTime: number;
      readonly allPools: readonly string[] | null;
      readonly waitingFor: string | null;
    })[];
  });
};

export type WaitingRunsVariables = {
  readonly filter: RunsFilter;
};

export type ReloadLocationResult = {
  readonly reloadRepositoryLocation: ({
    readonly __typename: 'PythonError' | 'ReloadNotSupported' | 'RepositoryLocationNotFound' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'WorkspaceLocationEntry';
    readonly id: string;
    readonly loadStatus: RepositoryLocationLoadStatus;
    readonly locationOrLoadError: ({
      readonly __typename: 'PythonError';
      readonly message: string;
    } | {
      readonly __typename: 'RepositoryLocation';
    }) | null;
  });
};

export type ReloadLocationVariables = {
  readonly name: string;
};

export type ReloadWorkspaceResult = {
  readonly reloadWorkspace: ({
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'Workspace';
    readonly id: string;
    readonly locationEntries: readonly ({
      readonly id: string;
      readonly name: string;
      readonly locationOrLoadError: {
        readonly __typename: 'PythonError' | 'RepositoryLocation';
      } | null;
    })[];
  });
};

export type ReloadWorkspaceVariables = Readonly<Record<string, never>>;

export type FreeSlotsResult = {
  readonly freeConcurrencySlots: boolean;
};

export type FreeSlotsVariables = {
  readonly runId: string;
  readonly stepKey: string;
};

export type SetPoolLimitResult = {
  readonly setConcurrencyLimit: boolean;
};

export type SetPoolLimitVariables = {
  readonly key: string;
  readonly limit: number;
};

export type DeletePoolLimitResult = {
  readonly deleteConcurrencyLimit: boolean;
};

export type DeletePoolLimitVariables = {
  readonly key: string;
};

export type InstanceStatusResult = {
  readonly version: string;
  readonly instance: {
    readonly id: string;
    readonly daemonHealth: {
      readonly id: string;
      readonly allDaemonStatuses: readonly ({
        readonly id: string;
        readonly daemonType: string;
        readonly required: boolean;
        readonly healthy: boolean | null;
        readonly lastHeartbeatTime: number | null;
        readonly lastHeartbeatErrors: readonly ({
          readonly message: string;
          readonly className: string | null;
          readonly stack: readonly string[];
        })[];
      })[];
    };
    readonly runQueuingSupported: boolean;
    readonly runQueueConfig: {
      readonly maxConcurrentRuns: number;
      readonly tagConcurrencyLimitsYaml: string | null;
    } | null;
    readonly poolConfig: {
      readonly poolGranularity: string | null;
      readonly defaultPoolLimit: number | null;
    } | null;
    readonly concurrencyLimits: readonly ({
      readonly concurrencyKey: string;
      readonly limit: number | null;
      readonly usingDefaultLimit: boolean | null;
      readonly slotCount: number;
      readonly activeSlotCount: number;
      readonly activeRunIds: readonly string[];
      readonly claimedSlots: readonly {
        readonly runId: string;
        readonly stepKey: string;
      }[];
      readonly pendingStepCount: number;
      readonly pendingStepRunIds: readonly string[];
    })[];
  };
};

export type InstanceStatusVariables = Readonly<Record<string, never>>;

export type OpDefinitionsResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly usedSolids: readonly ({
        readonly definition: {
          readonly __typename: 'SolidDefinition';
          readonly name: string;
          readonly description: string | null;
          readonly pools: readonly string[];
          readonly assetNodes: readonly {
            readonly id: string;
          }[];
        };
        readonly invocations: readonly {
          readonly pipeline: {
            readonly id: string;
            readonly name: string;
          };
          readonly solidHandle: {
            readonly handleID: string;
          };
        }[];
      })[];
    })[];
  });
};

export type OpDefinitionsVariables = Readonly<Record<string, never>>;

export type OpDetailsResult = {
  readonly repositoryOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'Repository';
    readonly id: string;
    readonly usedSolid: {
      readonly definition: {
        readonly __typename: 'SolidDefinition';
        readonly name: string;
        readonly inputDefinitions: readonly ({
          readonly name: string;
          readonly description: string | null;
          readonly type: {
            readonly isNothing: boolean;
          };
        })[];
        readonly outputDefinitions: readonly ({
          readonly name: string;
          readonly description: string | null;
          readonly isDynamic: boolean | null;
        })[];
        readonly requiredResources: readonly {
          readonly resourceKey: string;
        }[];
        readonly configField: {
          readonly name: string;
          readonly configType: ({
            readonly __typename: 'ArrayConfigType' | 'EnumConfigType' | 'MapConfigType' | 'NullableConfigType' | 'RegularConfigType';
          } | {
            readonly __typename: 'CompositeConfigType';
            readonly fields: readonly ({
              readonly name: string;
              readonly description: string | null;
              readonly isRequired: boolean;
              readonly defaultValueAsJson: string | null;
              readonly configType: ({
                readonly __typename: 'ArrayConfigType' | 'NullableConfigType';
                readonly key: string;
                readonly ofType: {
                  readonly __typename: 'ArrayConfigType' | 'CompositeConfigType' | 'EnumConfigType' | 'MapConfigType' | 'NullableConfigType' | 'RegularConfigType';
                  readonly key: string;
                };
              } | {
                readonly __typename: 'CompositeConfigType' | 'MapConfigType' | 'RegularConfigType';
                readonly key: string;
              } | {
                readonly __typename: 'EnumConfigType';
                readonly key: string;
                readonly values: readonly {
                  readonly value: string;
                }[];
              });
            })[];
          });
        } | null;
      };
    } | null;
  });
};

export type OpDetailsVariables = {
  readonly selector: RepositorySelector;
  readonly name: string;
};

export type StartScheduleResult = {
  readonly startSchedule: ({
    readonly __typename: 'PythonError' | 'ScheduleNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'ScheduleStateResult';
    readonly scheduleState: {
      readonly id: string;
      readonly status: InstigationStatus;
    };
  });
};

export type StartScheduleVariables = {
  readonly selector: ScheduleSelector;
};

export type StopScheduleResult = {
  readonly stopRunningSchedule: ({
    readonly __typename: 'PythonError' | 'ScheduleNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'ScheduleStateResult';
    readonly scheduleState: {
      readonly id: string;
      readonly status: InstigationStatus;
    };
  });
};

export type StopScheduleVariables = {
  readonly id: string;
};

export type ResetScheduleResult = {
  readonly resetSchedule: ({
    readonly __typename: 'PythonError' | 'ScheduleNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'ScheduleStateResult';
    readonly scheduleState: {
      readonly id: string;
      readonly status: InstigationStatus;
    };
  });
};

export type ResetScheduleVariables = {
  readonly selector: ScheduleSelector;
};

export type StartSensorResult = {
  readonly startSensor: ({
    readonly __typename: 'PythonError' | 'SensorNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'Sensor';
    readonly id: string;
    readonly sensorState: {
      readonly id: string;
      readonly status: InstigationStatus;
    };
  });
};

export type StartSensorVariables = {
  readonly selector: SensorSelector;
};

export type StopSensorResult = {
  readonly stopSensor: ({
    readonly __typename: 'PythonError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'StopSensorMutationResult';
    readonly instigationState: {
      readonly id: string;
      readonly status: InstigationStatus;
    } | null;
  });
};

export type StopSensorVariables = {
  readonly id: string;
};

export type ResetSensorResult = {
  readonly resetSensor: ({
    readonly __typename: 'PythonError' | 'SensorNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'Sensor';
    readonly id: string;
    readonly sensorState: {
      readonly id: string;
      readonly status: InstigationStatus;
    };
  });
};

export type ResetSensorVariables = {
  readonly selector: SensorSelector;
};

export type InstigatorTicksResult = {
  readonly instigationStateOrError: ({
    readonly __typename: 'InstigationState';
    readonly id: string;
    readonly ticks: readonly ({
      readonly id: string;
      readonly tickId: string;
      readonly status: InstigationTickStatus;
      readonly timestamp: number;
      readonly endTimestamp: number | null;
      readonly runIds: readonly string[];
      readonly skipReason: string | null;
      readonly error: {
        readonly message: string;
        readonly className: string | null;
        readonly stack: readonly string[];
      } | null;
    })[];
    readonly missedTicks: readonly ({
      readonly timestamp: number;
      readonly reason: string | null;
    })[];
  } | {
    readonly __typename: 'InstigationStateNotFoundError' | 'PythonError';
    readonly message: string;
  });
};

export type InstigatorTicksVariables = {
  readonly selector: InstigationSelector;
  readonly limit: number;
  readonly statuses?: readonly InstigationTickStatus[] | null | undefined;
  readonly cursor?: string | null | undefined;
  readonly missedLimit: number;
  readonly missedCursor?: number | null | undefined;
};

export type InstigatorRunsResult = {
  readonly instigationStateOrError: ({
    readonly __typename: 'InstigationState';
    readonly id: string;
    readonly runsCount: number;
    readonly runs: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
    })[];
  } | {
    readonly __typename: 'InstigationStateNotFoundError' | 'PythonError';
    readonly message: string;
  });
};

export type InstigatorRunsVariables = {
  readonly selector: InstigationSelector;
  readonly limit: number;
};

export type ScheduleTargetsResult = {
  readonly scheduleOrError: ({
    readonly __typename: 'PythonError' | 'ScheduleNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'Schedule';
    readonly id: string;
    readonly tags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly assetSelection: {
      readonly assetSelectionString: string | null;
      readonly assetKeys: readonly {
        readonly path: readonly string[];
      }[];
    } | null;
  });
};

export type ScheduleTargetsVariables = {
  readonly selector: ScheduleSelector;
};

export type SensorTargetsResult = {
  readonly sensorOrError: ({
    readonly __typename: 'PythonError' | 'SensorNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'Sensor';
    readonly id: string;
    readonly tags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly assetSelection: {
      readonly assetSelectionString: string | null;
      readonly assetKeys: readonly {
        readonly path: readonly string[];
      }[];
    } | null;
  });
};

export type SensorTargetsVariables = {
  readonly selector: SensorSelector;
};

export type TickLogResult = {
  readonly instigationStateOrError: ({
    readonly __typename: 'InstigationState';
    readonly id: string;
    readonly tick: {
      readonly id: string;
      readonly logEvents: {
        readonly events: readonly {
          readonly timestamp: string;
          readonly level: LogLevel;
          readonly message: string;
        }[];
      };
    };
  } | {
    readonly __typename: 'InstigationStateNotFoundError' | 'PythonError';
    readonly message: string;
  });
};

export type TickLogVariables = {
  readonly selector: InstigationSelector;
  readonly tickId: string;
};

export type JobsResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly name: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly jobs: readonly ({
        readonly id: string;
        readonly name: string;
        readonly description: string | null;
        readonly isAssetJob: boolean;
        readonly hasLaunchExecutionPermission: boolean;
        readonly tags: readonly {
          readonly key: string;
          readonly value: string;
        }[];
        readonly schedules: readonly ({
          readonly id: string;
          readonly name: string;
          readonly cronSchedule: string;
          readonly executionTimezone: string | null;
          readonly scheduleState: {
            readonly id: string;
            readonly status: InstigationStatus;
          };
        })[];
        readonly sensors: readonly {
          readonly id: string;
          readonly name: string;
          readonly sensorState: {
            readonly id: string;
            readonly status: InstigationStatus;
          };
        }[];
        readonly runs: readonly ({
          readonly id: string;
          readonly runId: string;
          readonly status: RunStatus;
          readonly creationTime: number;
          readonly startTime: number | null;
          readonly endTime: number | null;
        })[];
      })[];
    })[];
  });
};

export type JobsVariables = Readonly<Record<string, never>>;

export type JobDetailResult = {
  readonly pipelineOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Pipeline';
    readonly id: string;
    readonly name: string;
    readonly description: string | null;
    readonly isAssetJob: boolean;
    readonly hasLaunchExecutionPermission: boolean;
    readonly tags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly schedules: readonly ({
      readonly id: string;
      readonly name: string;
      readonly cronSchedule: string;
      readonly executionTimezone: string | null;
      readonly scheduleState: {
        readonly id: string;
        readonly status: InstigationStatus;
      };
    })[];
    readonly sensors: readonly {
      readonly id: string;
      readonly name: string;
      readonly sensorState: {
        readonly id: string;
        readonly status: InstigationStatus;
      };
    }[];
    readonly runs: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
    })[];
    readonly hasPartitions: {
      readonly partitionKeys: readonly string[];
    };
  });
};

export type JobDetailVariables = {
  readonly params: PipelineSelector;
};

export type JobGraphResult = {
  readonly pipelineOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Pipeline';
    readonly id: string;
    readonly owners: readonly (({
      readonly __typename: 'TeamDefinitionOwner';
      readonly team: string;
    } | {
      readonly __typename: 'UserDefinitionOwner';
      readonly email: string;
    }))[];
    readonly runTags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly modes: readonly ({
      readonly id: string;
      readonly resources: readonly ({
        readonly name: string;
        readonly description: string | null;
      })[];
    })[];
    readonly solids: readonly ({
      readonly name: string;
      readonly isDynamicMapped: boolean;
      readonly definitionSource: string;
      readonly retryPolicy: {
        readonly maxRetries: number;
        readonly delaySeconds: number;
        readonly backoff: string | null;
        readonly jitter: string | null;
      } | null;
      readonly definition: {
        readonly __typename: 'SolidDefinition';
        readonly name: string;
        readonly description: string | null;
        readonly metadata: readonly {
          readonly key: string;
          readonly value: string;
        }[];
        readonly pools: readonly string[];
        readonly requiredResources: readonly {
          readonly resourceKey: string;
        }[];
      };
      readonly inputs: readonly ({
        readonly isDynamicCollect: boolean;
        readonly definition: {
          readonly name: string;
          readonly description: string | null;
          readonly type: {
            readonly isNothing: boolean;
          };
        };
        readonly dependsOn: readonly ({
          readonly definition: {
            readonly name: string;
            readonly isDynamic: boolean | null;
          };
          readonly solid: {
            readonly name: string;
          };
        })[];
      })[];
      readonly outputs: readonly ({
        readonly definition: {
          readonly name: string;
          readonly description: string | null;
          readonly isDynamic: boolean | null;
        };
      })[];
    })[];
  });
};

export type JobGraphVariables = {
  readonly params: PipelineSelector;
};

export type JobConfigSchemaResult = {
  readonly runConfigSchemaOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'ModeNotFoundError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'RunConfigSchema';
    readonly jsonSchema: unknown;
  });
};

export type JobConfigSchemaVariables = {
  readonly selector: PipelineSelector;
};

export type JobLastStepsResult = {
  readonly pipelineOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Pipeline';
    readonly id: string;
    readonly runs: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly stepStats: readonly ({
        readonly stepKey: string;
        readonly status: StepEventStatus | null;
      })[];
    })[];
  });
};

export type JobLastStepsVariables = {
  readonly params: PipelineSelector;
};

export type JobPartitionsResult = {
  readonly pipelineOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Pipeline';
    readonly id: string;
    readonly partitionKeysOrError: {
      readonly partitionKeys: readonly string[];
    };
    readonly partition: {
      readonly tagsOrError: ({
        readonly __typename: 'PartitionTags';
        readonly results: readonly {
          readonly key: string;
          readonly value: string;
        }[];
      } | {
        readonly __typename: 'PythonError';
        readonly message: string;
      });
    } | null;
  });
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
    readonly results: readonly {
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
    }[];
  });
};

export type JobPartitionsVariables = {
  readonly params: PipelineSelector;
  readonly runs: RunsFilter;
  readonly somePartition: string;
};

export type JobStepRunsResult = {
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Runs';
    readonly results: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly stepStats: readonly ({
        readonly stepKey: string;
        readonly status: StepEventStatus | null;
      })[];
    })[];
  });
};

export type JobStepRunsVariables = {
  readonly filter: RunsFilter;
};

export type LaunchpadResult = {
  readonly runConfigSchemaOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'ModeNotFoundError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'RunConfigSchema';
    readonly rootDefaultYaml: string;
    readonly jsonSchema: unknown;
  });
  readonly pipelineOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Pipeline';
    readonly id: string;
    readonly runTags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly partitionKeysOrError: {
      readonly partitionKeys: readonly string[];
    };
    readonly partition: {
      readonly tagsOrError: ({
        readonly __typename: 'PartitionTags';
        readonly results: readonly {
          readonly key: string;
          readonly value: string;
        }[];
      } | {
        readonly __typename: 'PythonError';
        readonly message: string;
      });
    } | null;
    readonly solids: readonly {
      readonly name: string;
      readonly definition: {
        readonly __typename: 'SolidDefinition';
        readonly name: string;
        readonly pools: readonly string[];
      };
    }[];
  });
};

export type LaunchpadVariables = {
  readonly selector: PipelineSelector;
  readonly somePartition: string;
};

export type PartitionConfigResult = {
  readonly pipelineOrError: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Pipeline';
    readonly id: string;
    readonly partition: {
      readonly runConfigOrError: ({
        readonly __typename: 'PartitionRunConfig';
        readonly yaml: string;
      } | {
        readonly __typename: 'PythonError';
        readonly message: string;
      });
    } | null;
  });
};

export type PartitionConfigVariables = {
  readonly selector: PipelineSelector;
  readonly partition: string;
};

export type LaunchLimitsResult = {
  readonly active: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
  readonly queued: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
  readonly instance: {
    readonly id: string;
    readonly runQueueConfig: {
      readonly maxConcurrentRuns: number;
    } | null;
    readonly concurrencyLimits: readonly ({
      readonly concurrencyKey: string;
      readonly limit: number | null;
      readonly slotCount: number;
      readonly activeSlotCount: number;
      readonly pendingStepCount: number;
    })[];
  };
};

export type LaunchLimitsVariables = {
  readonly active: RunsFilter;
  readonly queued: RunsFilter;
};

export type RunToReuseResult = {
  readonly runOrError: ({
    readonly __typename: 'PythonError' | 'RunNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'Run';
    readonly id: string;
    readonly runId: string;
    readonly runConfigYaml: string;
    readonly tags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly assetSelection: readonly {
      readonly path: readonly string[];
    }[] | null;
    readonly solidSelection: readonly string[] | null;
  });
};

export type RunToReuseVariables = {
  readonly runId: string;
};

export type ValidateConfigResult = {
  readonly isPipelineConfigValid: ({
    readonly __typename: 'InvalidSubsetError' | 'PipelineNotFoundError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'PipelineConfigValidationValid';
  } | {
    readonly __typename: 'RunConfigValidationInvalid';
    readonly errors: readonly {
      readonly message: string;
      readonly path: readonly string[];
    }[];
  });
};

export type ValidateConfigVariables = {
  readonly selector: PipelineSelector;
  readonly config?: unknown | null | undefined;
};

export type TimelineResult = {
  readonly runTimelineOrError: ({
    readonly __typename: 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'RunTimeline';
    readonly rowCount: number;
    readonly counts: readonly {
      readonly status: RunStatus;
      readonly count: number;
    }[];
    readonly rows: readonly ({
      readonly locationName: string;
      readonly name: string;
      readonly jobName: string;
      readonly counts: readonly {
        readonly status: RunStatus;
        readonly count: number;
      }[];
      readonly marks: {
        readonly startTime: readonly number[];
        readonly endTime: readonly number[];
        readonly status: readonly RunStatus[];
        readonly count: readonly number[];
        readonly runId: readonly (string | null)[];
        readonly firstCreationTime: readonly number[];
        readonly lastCreationTime: readonly number[];
      } | null;
    })[];
    readonly latest: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
      readonly assetSelectionCount: number;
      readonly repositoryOrigin: {
        readonly id: string;
        readonly repositoryLocationName: string;
      } | null;
    })[];
    readonly unrecovered: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
      readonly assetSelectionCount: number;
      readonly repositoryOrigin: {
        readonly id: string;
        readonly repositoryLocationName: string;
      } | null;
      readonly cause: string | null;
    })[];
  });
  readonly inProgress: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
  readonly queued: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
    readonly results: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
      readonly assetSelectionCount: number;
      readonly repositoryOrigin: {
        readonly id: string;
        readonly repositoryLocationName: string;
      } | null;
      readonly allPools: readonly string[] | null;
      readonly waitingFor: string | null;
    })[];
  });
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly name: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly schedules: readonly ({
        readonly id: string;
        readonly name: string;
        readonly pipelineName: string;
        readonly cronSchedule: string;
        readonly scheduleState: {
          readonly id: string;
          readonly status: InstigationStatus;
          readonly ticks: readonly ({
            readonly id: string;
            readonly status: InstigationTickStatus;
            readonly timestamp: number;
            readonly error: {
              readonly message: string;
            } | null;
          })[];
        };
        readonly futureTicks: {
          readonly results: readonly ({
            readonly timestamp: number | null;
          })[];
        };
      })[];
      readonly sensors: readonly ({
        readonly id: string;
        readonly name: string;
        readonly sensorState: {
          readonly id: string;
          readonly status: InstigationStatus;
          readonly ticks: readonly ({
            readonly id: string;
            readonly status: InstigationTickStatus;
            readonly timestamp: number;
            readonly error: {
              readonly message: string;
            } | null;
          })[];
        };
      })[];
    })[];
  });
  readonly instance: {
    readonly id: string;
    readonly daemonHealth: {
      readonly id: string;
      readonly allDaemonStatuses: readonly ({
        readonly id: string;
        readonly daemonType: string;
        readonly required: boolean;
        readonly healthy: boolean | null;
        readonly lastHeartbeatTime: number | null;
      })[];
    };
    readonly runQueueConfig: {
      readonly maxConcurrentRuns: number;
    } | null;
    readonly concurrencyLimits: readonly ({
      readonly concurrencyKey: string;
      readonly limit: number | null;
      readonly slotCount: number;
      readonly activeSlotCount: number;
    })[];
  };
  readonly workspaceOrError: ({
    readonly __typename: 'PythonError';
  } | {
    readonly __typename: 'Workspace';
    readonly locationEntries: readonly ({
      readonly id: string;
      readonly name: string;
      readonly updatedTimestamp: number;
      readonly locationOrLoadError: ({
        readonly __typename: 'PythonError';
        readonly message: string;
      } | {
        readonly __typename: 'RepositoryLocation';
      }) | null;
    })[];
  });
};

export type TimelineVariables = {
  readonly from: number;
  readonly to: number;
  readonly filter?: RunTimelineFilter | null | undefined;
  readonly rows: number;
  readonly latest: number;
  readonly inProgress: RunsFilter;
  readonly queued: RunsFilter;
};

export type LateResult = {
  readonly assetCatalog: {
    readonly key: readonly string[];
    readonly groupName: readonly string[];
    readonly staleStatus: readonly StaleStatus[];
    readonly freshnessStatus: readonly AssetHealthStatus[];
    readonly freshnessSince: readonly (number | null)[];
  };
  readonly assetStates: {
    readonly key: readonly string[];
    readonly materializationTime: readonly (number | null)[];
    readonly materializationRunId: readonly (string | null)[];
    readonly latestRunId: readonly (string | null)[];
    readonly latestRunStatus: readonly (RunStatus | null)[];
    readonly latestRunStartTime: readonly (number | null)[];
    readonly latestRunEndTime: readonly (number | null)[];
    readonly unstartedRunIds: readonly (readonly string[])[];
    readonly inProgressRunIds: readonly (readonly string[])[];
  };
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly schedules: readonly ({
        readonly id: string;
        readonly name: string;
        readonly pipelineName: string;
        readonly scheduleState: {
          readonly id: string;
          readonly status: InstigationStatus;
          readonly expectedTicks: readonly {
            readonly timestamp: number;
          }[];
          readonly missedTicks: readonly ({
            readonly timestamp: number;
            readonly reason: string | null;
          })[];
        };
      })[];
    })[];
  });
};

export type LateVariables = Readonly<Record<string, never>>;

export type RunStatusResult = {
  readonly runOrError: ({
    readonly __typename: 'PythonError' | 'RunNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'Run';
    readonly id: string;
    readonly runId: string;
    readonly status: RunStatus;
    readonly jobName: string;
    readonly creationTime: number;
    readonly startTime: number | null;
    readonly endTime: number | null;
    readonly canTerminate: boolean;
    readonly rootRunId: string | null;
    readonly parentRunId: string | null;
    readonly attempt: number;
    readonly cause: string | null;
    readonly waitingFor: string | null;
    readonly queuePlace: {
      readonly place: number;
      readonly of: number;
    } | null;
    readonly pipelineSnapshotId: string | null;
    readonly hasReExecutePermission: boolean;
    readonly hasTerminatePermission: boolean;
    readonly hasDeletePermission: boolean;
    readonly tags: readonly {
      readonly key: string;
      readonly value: string;
    }[];
    readonly assetSelection: readonly {
      readonly path: readonly string[];
    }[] | null;
    readonly assetSelectionCount: number;
    readonly repositoryOrigin: {
      readonly id: string;
      readonly repositoryName: string;
      readonly repositoryLocationName: string;
    } | null;
    readonly stepStats: readonly ({
      readonly stepKey: string;
      readonly status: StepEventStatus | null;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly attempts: readonly ({
        readonly startTime: number | null;
        readonly endTime: number | null;
      })[];
    })[];
  });
};

export type RunStatusVariables = {
  readonly runId: string;
};

export type RunPlanResult = {
  readonly runOrError: ({
    readonly __typename: 'PythonError' | 'RunNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'Run';
    readonly id: string;
    readonly runConfigYaml: string;
    readonly executionPlan: {
      readonly steps: readonly ({
        readonly key: string;
        readonly kind: StepKind;
        readonly pool: string | null;
        readonly assetKeys: readonly {
          readonly path: readonly string[];
        }[];
        readonly inputs: readonly {
          readonly dependsOn: readonly {
            readonly key: string;
          }[];
        }[];
      })[];
    } | null;
  });
};

export type RunPlanVariables = {
  readonly runId: string;
};

export type RunGroupResult = {
  readonly runGroupOrError: ({
    readonly __typename: 'PythonError' | 'RunGroupNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RunGroup';
    readonly rootRunId: string;
    readonly runs: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly parentRunId: string | null;
      readonly stepKeysToExecute: readonly string[] | null;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
    } | null)[] | null;
  });
};

export type RunGroupVariables = {
  readonly runId: string;
};

export type EarlierRunsResult = {
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Runs';
    readonly results: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly creationTime: number;
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
    })[];
  });
};

export type EarlierRunsVariables = {
  readonly filter: RunsFilter;
  readonly limit: number;
};

export type RunEventsResult = {
  readonly logsForRun: ({
    readonly __typename: 'EventConnection';
    readonly cursor: string;
    readonly hasMore: boolean;
    readonly events: readonly (({
      readonly __typename: 'AlertFailureEvent' | 'AlertStartEvent' | 'AlertSuccessEvent' | 'AssetCheckEvaluationPlannedEvent' | 'ExecutionStepInputEvent' | 'ExecutionStepRestartEvent' | 'ExecutionStepSkippedEvent' | 'ExecutionStepStartEvent' | 'ExecutionStepSuccessEvent' | 'HookCompletedEvent' | 'HookSkippedEvent' | 'LogMessageEvent' | 'ObjectStoreOperationEvent' | 'RunCancelingEvent' | 'RunDequeuedEvent' | 'RunEnqueuedEvent' | 'RunResumedEvent' | 'RunStartEvent' | 'RunStartingEvent' | 'RunSuccessEvent' | 'RunSuspendedEvent' | 'StepExpectationResultEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
    } | {
      readonly __typename: 'AssetCheckEvaluationEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly evaluation: {
        readonly assetKey: {
          readonly path: readonly string[];
        };
        readonly checkName: string;
        readonly success: boolean;
        readonly severity: AssetCheckSeverity;
        readonly description: string | null;
        readonly metadataEntries: readonly (({
          readonly __typename: 'AssetMetadataEntry' | 'CodeReferencesMetadataEntry' | 'JobMetadataEntry' | 'MarkdownMetadataEntry' | 'NotebookMetadataEntry' | 'NullMetadataEntry' | 'PipelineRunMetadataEntry' | 'PoolMetadataEntry' | 'TableColumnLineageMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry' | 'TimestampMetadataEntry';
          readonly label: string;
        } | {
          readonly __typename: 'BoolMetadataEntry';
          readonly label: string;
          readonly boolValue: boolean | null;
        } | {
          readonly __typename: 'FloatMetadataEntry';
          readonly label: string;
          readonly floatRepr: string;
        } | {
          readonly __typename: 'IntMetadataEntry';
          readonly label: string;
          readonly intRepr: string;
        } | {
          readonly __typename: 'JsonMetadataEntry';
          readonly label: string;
          readonly jsonString: string;
        } | {
          readonly __typename: 'PathMetadataEntry';
          readonly label: string;
          readonly path: string;
        } | {
          readonly __typename: 'TextMetadataEntry';
          readonly label: string;
          readonly text: string;
        } | {
          readonly __typename: 'UrlMetadataEntry';
          readonly label: string;
          readonly url: string;
        }))[];
      };
    } | {
      readonly __typename: 'AssetMaterializationPlannedEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly assetKey: {
        readonly path: readonly string[];
      } | null;
    } | {
      readonly __typename: 'EngineEvent' | 'ExecutionStepFailureEvent' | 'ExecutionStepUpForRetryEvent' | 'ResourceInitFailureEvent' | 'ResourceInitStartedEvent' | 'ResourceInitSuccessEvent' | 'StepWorkerStartedEvent' | 'StepWorkerStartingEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly error: {
        readonly message: string;
        readonly className: string | null;
        readonly stack: readonly string[];
        readonly causes: readonly ({
          readonly message: string;
          readonly className: string | null;
          readonly stack: readonly string[];
        })[];
      } | null;
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry' | 'CodeReferencesMetadataEntry' | 'JobMetadataEntry' | 'MarkdownMetadataEntry' | 'NotebookMetadataEntry' | 'NullMetadataEntry' | 'PipelineRunMetadataEntry' | 'PoolMetadataEntry' | 'TableColumnLineageMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry' | 'TimestampMetadataEntry';
        readonly label: string;
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly jsonString: string;
      } | {
        readonly __typename: 'PathMetadataEntry';
        readonly label: string;
        readonly path: string;
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly text: string;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly url: string;
      }))[];
    } | {
      readonly __typename: 'ExecutionStepOutputEvent' | 'HandledOutputEvent' | 'HealthChangedEvent' | 'LoadedInputEvent' | 'ObservationEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry' | 'CodeReferencesMetadataEntry' | 'JobMetadataEntry' | 'MarkdownMetadataEntry' | 'NotebookMetadataEntry' | 'NullMetadataEntry' | 'PipelineRunMetadataEntry' | 'PoolMetadataEntry' | 'TableColumnLineageMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry' | 'TimestampMetadataEntry';
        readonly label: string;
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly jsonString: string;
      } | {
        readonly __typename: 'PathMetadataEntry';
        readonly label: string;
        readonly path: string;
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly text: string;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly url: string;
      }))[];
    } | {
      readonly __typename: 'FailedToMaterializeEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly error: {
        readonly message: string;
        readonly className: string | null;
        readonly stack: readonly string[];
        readonly causes: readonly ({
          readonly message: string;
          readonly className: string | null;
          readonly stack: readonly string[];
        })[];
      } | null;
      readonly assetKey: {
        readonly path: readonly string[];
      } | null;
      readonly partition: string | null;
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry' | 'CodeReferencesMetadataEntry' | 'JobMetadataEntry' | 'MarkdownMetadataEntry' | 'NotebookMetadataEntry' | 'NullMetadataEntry' | 'PipelineRunMetadataEntry' | 'PoolMetadataEntry' | 'TableColumnLineageMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry' | 'TimestampMetadataEntry';
        readonly label: string;
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly jsonString: string;
      } | {
        readonly __typename: 'PathMetadataEntry';
        readonly label: string;
        readonly path: string;
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly text: string;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly url: string;
      }))[];
    } | {
      readonly __typename: 'HookErroredEvent' | 'RunCanceledEvent' | 'RunFailureEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly error: {
        readonly message: string;
        readonly className: string | null;
        readonly stack: readonly string[];
        readonly causes: readonly ({
          readonly message: string;
          readonly className: string | null;
          readonly stack: readonly string[];
        })[];
      } | null;
    } | {
      readonly __typename: 'LogsCapturedEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly fileKey: string;
      readonly stepKeys: readonly string[] | null;
    } | {
      readonly __typename: 'MaterializationEvent';
      readonly cursor: string;
      readonly message: string;
      readonly timestamp: string;
      readonly level: LogLevel;
      readonly stepKey: string | null;
      readonly eventType: DagsterEventType | null;
      readonly assetKey: {
        readonly path: readonly string[];
      } | null;
      readonly partition: string | null;
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry' | 'CodeReferencesMetadataEntry' | 'JobMetadataEntry' | 'MarkdownMetadataEntry' | 'NotebookMetadataEntry' | 'NullMetadataEntry' | 'PipelineRunMetadataEntry' | 'PoolMetadataEntry' | 'TableColumnLineageMetadataEntry' | 'TableMetadataEntry' | 'TableSchemaMetadataEntry' | 'TimestampMetadataEntry';
        readonly label: string;
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly jsonString: string;
      } | {
        readonly __typename: 'PathMetadataEntry';
        readonly label: string;
        readonly path: string;
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly text: string;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly url: string;
      }))[];
    }))[];
  } | {
    readonly __typename: 'PythonError' | 'RunNotFoundError';
    readonly message: string;
  });
};

export type RunEventsVariables = {
  readonly runId: string;
  readonly afterCursor?: string | null | undefined;
  readonly limit: number;
};

export type EventMetadataResult = {
  readonly logsForRun: ({
    readonly __typename: 'EventConnection';
    readonly events: readonly (({
      readonly __typename: 'AlertFailureEvent' | 'AlertStartEvent' | 'AlertSuccessEvent' | 'AssetCheckEvaluationPlannedEvent' | 'AssetMaterializationPlannedEvent' | 'ExecutionStepInputEvent' | 'ExecutionStepRestartEvent' | 'ExecutionStepSkippedEvent' | 'ExecutionStepStartEvent' | 'ExecutionStepSuccessEvent' | 'HookCompletedEvent' | 'HookErroredEvent' | 'HookSkippedEvent' | 'LogMessageEvent' | 'LogsCapturedEvent' | 'ObjectStoreOperationEvent' | 'RunCanceledEvent' | 'RunCancelingEvent' | 'RunDequeuedEvent' | 'RunEnqueuedEvent' | 'RunFailureEvent' | 'RunResumedEvent' | 'RunStartEvent' | 'RunStartingEvent' | 'RunSuccessEvent' | 'RunSuspendedEvent' | 'StepExpectationResultEvent';
    } | {
      readonly __typename: 'AssetCheckEvaluationEvent';
      readonly evaluation: {
        readonly metadataEntries: readonly (({
          readonly __typename: 'AssetMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly assetKey: {
            readonly path: readonly string[];
          };
        } | {
          readonly __typename: 'BoolMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly boolValue: boolean | null;
        } | {
          readonly __typename: 'CodeReferencesMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly codeReferences: readonly (({
            readonly __typename: 'LocalFileCodeReference';
            readonly filePath: string;
            readonly lineNumber: number | null;
          } | {
            readonly __typename: 'UrlCodeReference';
            readonly url: string;
            readonly label: string | null;
          }))[];
        } | {
          readonly __typename: 'FloatMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly floatRepr: string;
        } | {
          readonly __typename: 'IntMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly intRepr: string;
        } | {
          readonly __typename: 'JobMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly jobName: string;
          readonly locationName: string;
        } | {
          readonly __typename: 'JsonMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly jsonString: string;
        } | {
          readonly __typename: 'MarkdownMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly mdStr: string;
        } | {
          readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly path: string;
        } | {
          readonly __typename: 'NullMetadataEntry';
          readonly label: string;
          readonly description: string | null;
        } | {
          readonly __typename: 'PipelineRunMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly runId: string;
        } | {
          readonly __typename: 'PoolMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly pool: string;
        } | {
          readonly __typename: 'TableColumnLineageMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly lineage: readonly {
            readonly columnName: string;
            readonly columnDeps: readonly {
              readonly assetKey: {
                readonly path: readonly string[];
              };
              readonly columnName: string;
            }[];
          }[];
        } | {
          readonly __typename: 'TableMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly table: {
            readonly records: readonly string[];
            readonly schema: {
              readonly columns: readonly ({
                readonly name: string;
                readonly type: string;
                readonly description: string | null;
              })[];
            };
          };
        } | {
          readonly __typename: 'TableSchemaMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly schema: {
            readonly columns: readonly ({
              readonly name: string;
              readonly type: string;
              readonly description: string | null;
              readonly constraints: {
                readonly nullable: boolean;
                readonly unique: boolean;
                readonly other: readonly string[];
              };
            })[];
          };
        } | {
          readonly __typename: 'TextMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly text: string;
        } | {
          readonly __typename: 'TimestampMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly timestamp: number;
        } | {
          readonly __typename: 'UrlMetadataEntry';
          readonly label: string;
          readonly description: string | null;
          readonly url: string;
        }))[];
      };
    } | {
      readonly __typename: 'EngineEvent' | 'ExecutionStepFailureEvent' | 'ExecutionStepOutputEvent' | 'ExecutionStepUpForRetryEvent' | 'FailedToMaterializeEvent' | 'HandledOutputEvent' | 'HealthChangedEvent' | 'LoadedInputEvent' | 'MaterializationEvent' | 'ObservationEvent' | 'ResourceInitFailureEvent' | 'ResourceInitStartedEvent' | 'ResourceInitSuccessEvent' | 'StepWorkerStartedEvent' | 'StepWorkerStartingEvent';
      readonly metadataEntries: readonly (({
        readonly __typename: 'AssetMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly assetKey: {
          readonly path: readonly string[];
        };
      } | {
        readonly __typename: 'BoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly boolValue: boolean | null;
      } | {
        readonly __typename: 'CodeReferencesMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly codeReferences: readonly (({
          readonly __typename: 'LocalFileCodeReference';
          readonly filePath: string;
          readonly lineNumber: number | null;
        } | {
          readonly __typename: 'UrlCodeReference';
          readonly url: string;
          readonly label: string | null;
        }))[];
      } | {
        readonly __typename: 'FloatMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly floatRepr: string;
      } | {
        readonly __typename: 'IntMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly intRepr: string;
      } | {
        readonly __typename: 'JobMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jobName: string;
        readonly locationName: string;
      } | {
        readonly __typename: 'JsonMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly jsonString: string;
      } | {
        readonly __typename: 'MarkdownMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly mdStr: string;
      } | {
        readonly __typename: 'NotebookMetadataEntry' | 'PathMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly path: string;
      } | {
        readonly __typename: 'NullMetadataEntry';
        readonly label: string;
        readonly description: string | null;
      } | {
        readonly __typename: 'PipelineRunMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly runId: string;
      } | {
        readonly __typename: 'PoolMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly pool: string;
      } | {
        readonly __typename: 'TableColumnLineageMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly lineage: readonly {
          readonly columnName: string;
          readonly columnDeps: readonly {
            readonly assetKey: {
              readonly path: readonly string[];
            };
            readonly columnName: string;
          }[];
        }[];
      } | {
        readonly __typename: 'TableMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly table: {
          readonly records: readonly string[];
          readonly schema: {
            readonly columns: readonly ({
              readonly name: string;
              readonly type: string;
              readonly description: string | null;
            })[];
          };
        };
      } | {
        readonly __typename: 'TableSchemaMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly schema: {
          readonly columns: readonly ({
            readonly name: string;
            readonly type: string;
            readonly description: string | null;
            readonly constraints: {
              readonly nullable: boolean;
              readonly unique: boolean;
              readonly other: readonly string[];
            };
          })[];
        };
      } | {
        readonly __typename: 'TextMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly text: string;
      } | {
        readonly __typename: 'TimestampMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly timestamp: number;
      } | {
        readonly __typename: 'UrlMetadataEntry';
        readonly label: string;
        readonly description: string | null;
        readonly url: string;
      }))[];
    }))[];
  } | {
    readonly __typename: 'PythonError' | 'RunNotFoundError';
    readonly message: string;
  });
};

export type EventMetadataVariables = {
  readonly runId: string;
  readonly before?: string | null | undefined;
};

export type CapturedLogsResult = {
  readonly capturedLogs: {
    readonly stdout: string | null;
    readonly stderr: string | null;
    readonly cursor: string | null;
    readonly unreadable: readonly {
      readonly stream: string;
      readonly offset: number;
      readonly bytes: number;
      readonly reason: string;
    }[];
  };
};

export type CapturedLogsVariables = {
  readonly logKey: readonly string[];
  readonly cursor?: string | null | undefined;
};

export type RunsResult = {
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
    readonly results: readonly ({
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly cause: string | null;
      readonly waitingFor: string | null;
      readonly canTerminate: boolean;
      readonly hasReExecutePermission: boolean;
      readonly hasDeletePermission: boolean;
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
      readonly assetSelectionCount: number;
      readonly repositoryOrigin: {
        readonly id: string;
        readonly repositoryName: string;
        readonly repositoryLocationName: string;
      } | null;
    })[];
  });
};

export type RunsVariables = {
  readonly filter: RunsFilter;
  readonly cursor?: string | null | undefined;
  readonly limit: number;
};

export type RunsFeedResult = {
  readonly runsFeedCountOrError: ({
    readonly __typename: 'PythonError';
  } | {
    readonly __typename: 'RunsFeedCount';
    readonly count: number;
  });
  readonly runsFeedOrError: ({
    readonly __typename: 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'RunsFeedConnection';
    readonly cursor: string;
    readonly hasMore: boolean;
    readonly results: readonly (({
      readonly __typename: 'PartitionBackfill';
      readonly id: string;
      readonly backfillStatus: BulkActionStatus;
      readonly isPaused: boolean;
      readonly isAssetBackfill: boolean;
      readonly backfillJob: string | null;
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
      readonly title: string | null;
      readonly user: string | null;
      readonly cause: string | null;
      readonly creationTime: number;
      readonly endTime: number | null;
      readonly estimatedEndTime: number | null;
      readonly targetCounts: readonly ({
        readonly assetKey: {
          readonly path: readonly string[];
        } | null;
        readonly status: BackfillTargetStatus;
        readonly count: number;
      })[];
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
    } | {
      readonly __typename: 'Run';
      readonly id: string;
      readonly runId: string;
      readonly status: RunStatus;
      readonly jobName: string;
      readonly tags: readonly {
        readonly key: string;
        readonly value: string;
      }[];
      readonly creationTime: number;
      readonly startTime: number | null;
      readonly endTime: number | null;
      readonly cause: string | null;
      readonly waitingFor: string | null;
      readonly canTerminate: boolean;
      readonly hasReExecutePermission: boolean;
      readonly hasDeletePermission: boolean;
      readonly assetSelection: readonly {
        readonly path: readonly string[];
      }[] | null;
      readonly assetSelectionCount: number;
      readonly repositoryOrigin: {
        readonly id: string;
        readonly repositoryName: string;
        readonly repositoryLocationName: string;
      } | null;
    }))[];
  });
};

export type RunsFeedVariables = {
  readonly filter: RunsFilter;
  readonly cursor?: string | null | undefined;
  readonly limit: number;
};

export type ScheduledTicksResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly schedules: readonly ({
        readonly id: string;
        readonly name: string;
        readonly pipelineName: string;
        readonly cronSchedule: string;
        readonly executionTimezone: string | null;
        readonly scheduleState: {
          readonly id: string;
          readonly status: InstigationStatus;
        };
        readonly futureTicks: {
          readonly results: readonly ({
            readonly timestamp: number | null;
          })[];
        };
      })[];
    })[];
  });
};

export type ScheduledTicksVariables = {
  readonly until: number;
  readonly limit: number;
};

export type RunFilterNamesResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly {
      readonly id: string;
      readonly jobs: readonly {
        readonly id: string;
        readonly name: string;
      }[];
    }[];
  });
};

export type RunFilterNamesVariables = Readonly<Record<string, never>>;

export type RunTagKeysResult = {
  readonly runTagKeysOrError: ({
    readonly __typename: 'PythonError';
  } | {
    readonly __typename: 'RunTagKeys';
    readonly keys: readonly string[];
  }) | null;
};

export type RunTagKeysVariables = Readonly<Record<string, never>>;

export type RunTagValuesResult = {
  readonly runTagsOrError: ({
    readonly __typename: 'PythonError';
  } | {
    readonly __typename: 'RunTags';
    readonly tags: readonly {
      readonly key: string;
      readonly values: readonly string[];
    }[];
  }) | null;
};

export type RunTagValuesVariables = {
  readonly key: string;
  readonly prefix: string;
  readonly limit: number;
};

export type RunCountsResult = {
  readonly all: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
  readonly queued: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
  readonly inProgress: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
  readonly failed: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
};

export type RunCountsVariables = {
  readonly all: RunsFilter;
  readonly queued: RunsFilter;
  readonly inProgress: RunsFilter;
  readonly failed: RunsFilter;
};

export type DeleteRunResult = {
  readonly deleteRun: ({
    readonly __typename: 'DeletePipelineRunSuccess';
    readonly runId: string;
  } | {
    readonly __typename: 'PythonError' | 'RunNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type DeleteRunVariables = {
  readonly runId: string;
};

export type SchedulesResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly name: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly schedules: readonly ({
        readonly id: string;
        readonly name: string;
        readonly description: string | null;
        readonly cronSchedule: string;
        readonly executionTimezone: string | null;
        readonly pipelineName: string;
        readonly defaultStatus: InstigationStatus;
        readonly canReset: boolean;
        readonly scheduleState: {
          readonly id: string;
          readonly status: InstigationStatus;
          readonly stopReason: string | null;
          readonly hasStartPermission: boolean;
          readonly hasStopPermission: boolean;
          readonly ticks: readonly ({
            readonly id: string;
            readonly status: InstigationTickStatus;
            readonly timestamp: number;
            readonly runIds: readonly string[];
            readonly skipReason: string | null;
            readonly error: {
              readonly message: string;
            } | null;
          })[];
          readonly expectedTicks: readonly {
            readonly timestamp: number;
          }[];
          readonly missedTicks: readonly ({
            readonly timestamp: number;
            readonly reason: string | null;
          })[];
        };
        readonly futureTicks: {
          readonly results: readonly ({
            readonly timestamp: number | null;
          })[];
        };
      })[];
    })[];
  });
};

export type SchedulesVariables = Readonly<Record<string, never>>;

export type ScheduleMissedTicksResult = {
  readonly instigationStateOrError: ({
    readonly __typename: 'InstigationState';
    readonly id: string;
    readonly missedTicks: readonly ({
      readonly timestamp: number;
      readonly reason: string | null;
    })[];
  } | {
    readonly __typename: 'InstigationStateNotFoundError' | 'PythonError';
    readonly message: string;
  });
};

export type ScheduleMissedTicksVariables = {
  readonly selector: InstigationSelector;
};

export type PreviewScheduleResult = {
  readonly scheduleDryRun: ({
    readonly __typename: 'DryRunInstigationTick';
    readonly timestamp: number | null;
    readonly evaluationResult: {
      readonly runRequests: readonly ({
        readonly runKey: string | null;
        readonly jobName: string | null;
        readonly runConfigYaml: string;
        readonly tags: readonly {
          readonly key: string;
          readonly value: string;
        }[];
        readonly assetSelection: readonly {
          readonly path: readonly string[];
        }[] | null;
      })[] | null;
      readonly skipReason: string | null;
      readonly cursor: string | null;
      readonly error: {
        readonly message: string;
        readonly stack: readonly string[];
      } | null;
    } | null;
  } | {
    readonly __typename: 'PythonError' | 'ScheduleNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type PreviewScheduleVariables = {
  readonly selector: ScheduleSelector;
  readonly timestamp: number;
};

export type EvaluateMissedTickResult = {
  readonly evaluateMissedTick: ({
    readonly __typename: 'EvaluateMissedTickSuccess';
    readonly tick: {
      readonly id: string;
      readonly runIds: readonly string[];
      readonly skipReason: string | null;
    };
  } | {
    readonly __typename: 'PythonError' | 'ScheduleNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type EvaluateMissedTickVariables = {
  readonly selector: ScheduleSelector;
  readonly timestamp: number;
};

export type SensorsResult = {
  readonly repositoriesOrError: ({
    readonly __typename: 'PythonError' | 'RepositoryNotFoundError';
    readonly message: string;
  } | {
    readonly __typename: 'RepositoryConnection';
    readonly nodes: readonly ({
      readonly id: string;
      readonly name: string;
      readonly location: {
        readonly id: string;
        readonly name: string;
      };
      readonly sensors: readonly ({
        readonly id: string;
        readonly name: string;
        readonly description: string | null;
        readonly sensorType: SensorType;
        readonly defaultStatus: InstigationStatus;
        readonly canReset: boolean;
        readonly minIntervalSeconds: number;
        readonly eventSource: {
          readonly type: SensorEventSourceType;
          readonly webhookPath: string | null;
          readonly signature: WebhookSignature | null;
          readonly bucket: string | null;
          readonly prefix: string | null;
          readonly suffix: string | null;
        } | null;
        readonly targets: readonly {
          readonly pipelineName: string;
        }[] | null;
        readonly metadata: {
          readonly assetKeys: readonly {
            readonly path: readonly string[];
          }[] | null;
        };
        readonly nextTick: {
          readonly timestamp: number | null;
        } | null;
        readonly sensorState: {
          readonly id: string;
          readonly status: InstigationStatus;
          readonly hasStartPermission: boolean;
          readonly hasStopPermission: boolean;
          readonly ticks: readonly ({
            readonly id: string;
            readonly status: InstigationTickStatus;
            readonly timestamp: number;
            readonly runIds: readonly string[];
            readonly skipReason: string | null;
            readonly error: {
              readonly message: string;
            } | null;
          })[];
        };
      })[];
    })[];
  });
};

export type SensorsVariables = Readonly<Record<string, never>>;

export type SensorCursorResult = {
  readonly instigationStateOrError: ({
    readonly __typename: 'InstigationState';
    readonly id: string;
    readonly stopReason: string | null;
    readonly typeSpecificData: ({
      readonly __typename: 'ScheduleData';
    } | {
      readonly __typename: 'SensorData';
      readonly lastCursor: string | null;
    }) | null;
  } | {
    readonly __typename: 'InstigationStateNotFoundError' | 'PythonError';
    readonly message: string;
  });
};

export type SensorCursorVariables = {
  readonly selector: InstigationSelector;
};

export type PreviewSensorResult = {
  readonly sensorDryRun: ({
    readonly __typename: 'DryRunInstigationTick';
    readonly timestamp: number | null;
    readonly evaluationResult: {
      readonly runRequests: readonly ({
        readonly runKey: string | null;
        readonly jobName: string | null;
        readonly runConfigYaml: string;
        readonly tags: readonly {
          readonly key: string;
          readonly value: string;
        }[];
        readonly assetSelection: readonly {
          readonly path: readonly string[];
        }[] | null;
      })[] | null;
      readonly skipReason: string | null;
      readonly cursor: string | null;
      readonly error: {
        readonly message: string;
        readonly stack: readonly string[];
      } | null;
    } | null;
  } | {
    readonly __typename: 'PythonError' | 'SensorNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  });
};

export type PreviewSensorVariables = {
  readonly selector: SensorSelector;
  readonly cursor?: string | null | undefined;
};

export type SetSensorCursorResult = {
  readonly setSensorCursor: ({
    readonly __typename: 'PythonError' | 'SensorNotFoundError' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'Sensor';
    readonly id: string;
  });
};

export type SetSensorCursorVariables = {
  readonly selector: SensorSelector;
  readonly cursor?: string | null | undefined;
};

export type AssetCatalogResult = {
  readonly assetCatalog: {
    readonly key: readonly string[];
    readonly groupName: readonly string[];
    readonly kinds: readonly (readonly string[])[];
    readonly description: readonly (string | null)[];
    readonly isPartitioned: readonly boolean[];
    readonly isMaterializable: readonly boolean[];
    readonly isObservable: readonly boolean[];
    readonly hasMaterializePermission: readonly boolean[];
    readonly hasWipePermission: readonly boolean[];
    readonly jobNames: readonly (readonly string[])[];
    readonly staleStatus: readonly StaleStatus[];
    readonly dependencyKeys: readonly (readonly string[])[];
    readonly owners: readonly (readonly string[])[];
    readonly tags: readonly (readonly {
      readonly key: string;
      readonly value: string;
    }[])[];
    readonly partitionStats: readonly ({
      readonly numMaterialized: number;
      readonly numPartitions: number;
      readonly numFailed: number;
      readonly numMaterializing: number;
    } | null)[];
    readonly repositoryName: readonly string[];
    readonly repositoryLocationName: readonly string[];
  };
};

export type AssetCatalogVariables = Readonly<Record<string, never>>;

export type AssetStatesResult = {
  readonly assetStates: {
    readonly key: readonly string[];
    readonly materializationTime: readonly (number | null)[];
    readonly materializationRunId: readonly (string | null)[];
    readonly latestRunId: readonly (string | null)[];
    readonly latestRunStatus: readonly (RunStatus | null)[];
    readonly latestRunStartTime: readonly (number | null)[];
    readonly latestRunEndTime: readonly (number | null)[];
    readonly unstartedRunIds: readonly (readonly string[])[];
    readonly inProgressRunIds: readonly (readonly string[])[];
  };
};

export type AssetStatesVariables = {
  readonly assetKeys?: readonly AssetKeyInput[] | null | undefined;
};

export type LaunchRunResult = {
  readonly launchRun: ({
    readonly __typename: 'ConflictingExecutionParamsError' | 'InvalidOutputError' | 'InvalidStepError' | 'InvalidSubsetError' | 'NoModeProvidedError' | 'PipelineNotFoundError' | 'PresetNotFoundError' | 'PythonError' | 'RunConflict' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'LaunchRunSuccess';
    readonly run: {
      readonly id: string;
      readonly runId: string;
    };
  } | {
    readonly __typename: 'RunConfigValidationInvalid';
    readonly errors: readonly {
      readonly message: string;
      readonly path: readonly string[];
      readonly reason: EvaluationErrorReason;
    }[];
  });
};

export type LaunchRunVariables = {
  readonly executionParams: ExecutionParams;
};

export type LaunchBackfillResult = {
  readonly launchPartitionBackfill: ({
    readonly __typename: 'ConflictingExecutionParamsError' | 'InvalidOutputError' | 'InvalidStepError' | 'InvalidSubsetError' | 'NoModeProvidedError' | 'PartitionKeysNotFoundError' | 'PartitionSetNotFoundError' | 'PipelineNotFoundError' | 'PresetNotFoundError' | 'PythonError' | 'RunConflict' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'LaunchBackfillSuccess';
    readonly backfillId: string;
  } | {
    readonly __typename: 'RunConfigValidationInvalid';
  });
};

export type LaunchBackfillVariables = {
  readonly backfillParams: LaunchBackfillParams;
};

export type PermissionsResult = {
  readonly permissions: readonly ({
    readonly permission: string;
    readonly value: boolean;
    readonly disabledReason: string | null;
  })[];
  readonly locationStatusesOrError: ({
    readonly __typename: 'PythonError';
  } | {
    readonly __typename: 'WorkspaceLocationStatusEntries';
    readonly entries: readonly ({
      readonly id: string;
      readonly name: string;
      readonly permissions: readonly ({
        readonly permission: string;
        readonly value: boolean;
        readonly disabledReason: string | null;
      })[];
    })[];
  });
};

export type PermissionsVariables = Readonly<Record<string, never>>;

export type ReexecuteRunResult = {
  readonly launchRunReexecution: ({
    readonly __typename: 'ConflictingExecutionParamsError' | 'InvalidOutputError' | 'InvalidStepError' | 'InvalidSubsetError' | 'NoModeProvidedError' | 'PipelineNotFoundError' | 'PresetNotFoundError' | 'PythonError' | 'RunConflict' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'LaunchRunSuccess';
    readonly run: {
      readonly id: string;
      readonly runId: string;
    };
  } | {
    readonly __typename: 'RunConfigValidationInvalid';
  });
};

export type ReexecuteRunVariables = {
  readonly reexecutionParams: ReexecutionParams;
};

export type ReexecuteStepsResult = {
  readonly launchRunReexecution: ({
    readonly __typename: 'ConflictingExecutionParamsError' | 'InvalidOutputError' | 'InvalidStepError' | 'InvalidSubsetError' | 'NoModeProvidedError' | 'PipelineNotFoundError' | 'PresetNotFoundError' | 'PythonError' | 'RunConflict' | 'UnauthorizedError';
    readonly message: string;
  } | {
    readonly __typename: 'LaunchRunSuccess';
    readonly run: {
      readonly id: string;
      readonly runId: string;
    };
  } | {
    readonly __typename: 'RunConfigValidationInvalid';
  });
};

export type ReexecuteStepsVariables = {
  readonly executionParams: ExecutionParams;
};

export type ShellCountsResult = {
  readonly runsOrError: ({
    readonly __typename: 'InvalidPipelineRunsFilterError' | 'PythonError';
  } | {
    readonly __typename: 'Runs';
    readonly count: number;
  });
  readonly locationStatusesOrError: ({
    readonly __typename: 'PythonError';
  } | {
    readonly __typename: 'WorkspaceLocationStatusEntries';
    readonly entries: readonly {
      readonly id: string;
      readonly name: string;
      readonly loadStatus: RepositoryLocationLoadStatus;
    }[];
  });
  readonly workspaceOrError: ({
    readonly __typename: 'PythonError';
  } | {
    readonly __typename: 'Workspace';
    readonly locationEntries: readonly ({
      readonly id: string;
      readonly name: string;
      readonly locationOrLoadError: {
        readonly __typename: 'PythonError' | 'RepositoryLocation';
      } | null;
    })[];
  });
};

export type ShellCountsVariables = {
  readonly inProgress: RunsFilter;
};

export type TerminateRunsResult = {
  readonly terminateRuns: ({
    readonly __typename: 'PythonError';
    readonly message: string;
  } | {
    readonly __typename: 'TerminateRunsResult';
    readonly terminateRunResults: readonly (({
      readonly __typename: 'PythonError' | 'RunNotFoundError' | 'TerminateRunFailure' | 'UnauthorizedError';
      readonly message: string;
    } | {
      readonly __typename: 'TerminateRunSuccess';
      readonly run: {
        readonly id: string;
        readonly runId: string;
        readonly status: RunStatus;
      };
    }))[];
  });
};

export type TerminateRunsVariables = {
  readonly runIds: readonly string[];
  readonly policy?: TerminateRunPolicy | null | undefined;
};
