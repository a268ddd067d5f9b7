import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execute, parse } from 'graphql';
import { ForbiddenError } from '../../../lib/api/client-facing-error';
import type { Identity } from '../../../lib/api/identity';
import { schema } from '../../../lib/api/schema';
import { PlanError } from '../../../lib/engine/errors';
import { chunkObjectKey } from '../../../lib/model/compute-log';
import type { NewEvent } from '../../../lib/model/event';
import { aMaterialization, anEvent, SUCCESS } from '../../contracts/storage-builders';
import { directContext } from '../../support/api-direct-context';
import { fullQuery, typesBelow } from '../../support/api-full-query';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { lab, loadedLocation } from '../../support/api-workspace';

const ERROR = {
  name: 'TypeError',
  message: 'no',
  stack: 'TypeError: no\n    at a.ts:1:1',
  cause: { name: 'Error', message: 'why' },
};
const ORDERS = '{path: ["raw", "orders"]}';
const REPOSITORY = 'repositoryLocationName: "shop", repositoryName: "__repository__"';

/** One of each type of event, as far as a worker writes it. */
const EVENTS: readonly NewEvent[] = [
  anEvent('STEP_WORKER_STARTED', { pid: 7 }),
  anEvent('RESOURCE_INIT_STARTED', { resources: ['db'] }),
  anEvent('RESOURCE_INIT_SUCCESS', { resources: ['db'], seconds: 1 }),
  anEvent('RESOURCE_INIT_FAILURE', { resources: ['db'], error: ERROR }),
  anEvent('LOGS_CAPTURED', { logKey: ['r', 'compute_logs', 'raw__orders.1'] }, { stepKey: 'raw__orders' }),
  anEvent('STEP_START', {}, { stepKey: 'raw__orders' }),
  anEvent('STEP_INPUT', { input: 'a' }, { stepKey: 'raw__orders' }),
  anEvent('LOADED_INPUT', { input: 'a', ioManager: 'io_manager' }, { stepKey: 'raw__orders' }),
  anEvent('LOG_MESSAGE', { fields: { rows: 3 } }, { stepKey: 'raw__orders' }),
  anEvent('STEP_UP_FOR_RETRY', { error: ERROR, secondsToWait: 1 }, { stepKey: 'raw__orders' }),
  anEvent('STEP_RESTARTED', {}, { stepKey: 'raw__orders' }),
  anEvent('STEP_WAITING', { pool: 'warehouse', holders: [] }, { stepKey: 'raw__orders' }),
  anEvent('STEP_OUTPUT', { output: 'result' }, { stepKey: 'raw__orders' }),
  anEvent(
    'HANDLED_OUTPUT',
    { output: 'result', ioManager: 'io_manager', metadata: {} },
    { stepKey: 'raw__orders' },
  ),
  aMaterialization('raw/orders', '2026-01-02'),
  anEvent(
    'ASSET_OBSERVATION',
    { metadata: everyKind(), tags: { a: 'b' } },
    { assetKey: 'raw/orders', partition: '2026-01-02' },
  ),
  anEvent('ASSET_CHECK_EVALUATION', {
    asset: 'raw/orders',
    name: 'hasRows',
    passed: true,
    severity: 'ERROR',
    blocking: true,
    metadata: everyKind(),
  }),
  anEvent('ASSET_FAILED_TO_MATERIALIZE', { reason: 'no', error: ERROR }, { assetKey: 'clean/orders' }),
  anEvent('HOOK_COMPLETED', { hook: 'h' }, { stepKey: 'raw__orders' }),
  anEvent('HOOK_ERRORED', { hook: 'h', error: ERROR }, { stepKey: 'raw__orders' }),
  anEvent('HOOK_SKIPPED', { hook: 'h' }, { stepKey: 'raw__orders' }),
  anEvent('STEP_SUCCESS', { seconds: 1 }, { stepKey: 'raw__orders' }),
  anEvent(
    'STEP_FAILURE',
    { error: ERROR, exitReason: 'out of memory', metadata: { file: { kind: 'text', value: 'a' } } },
    { stepKey: 'clean__orders' },
  ),
  anEvent('STEP_SKIPPED', { reason: 'upstream' }, { stepKey: 'reports__orders' }),
  anEvent('ENGINE_EVENT', { error: ERROR, metadata: { pid: { kind: 'int', value: 3 } } }),
];

function everyKind() {
  return {
    text: { kind: 'text', value: 'a' },
    url: { kind: 'url', value: 'https://x.y' },
    path: { kind: 'path', value: '/a' },
    notebook: { kind: 'notebook', value: '/a.ipynb' },
    md: { kind: 'md', value: '**a**' },
    json: { kind: 'json', value: { a: [1] } },
    int: { kind: 'int', value: 2 ** 40 },
    float: { kind: 'float', value: 1.5 },
    bool: { kind: 'bool', value: true },
    timestamp: { kind: 'timestamp', value: 1_700_000_000 },
    run: { kind: 'run', value: 'r' },
    job: { kind: 'job', value: 'plain', location: 'shop' },
    asset: { kind: 'asset', value: 'raw/orders' },
    pool: { kind: 'pool', value: 'warehouse' },
    table: { kind: 'table', columns: [{ name: 'a', type: 'int' }], records: [{ a: 1 }] },
    schema: { kind: 'table_schema', columns: [{ name: 'a', type: 'int', description: 'b' }] },
    lineage: { kind: 'column_lineage', value: { a: [{ asset: 'raw/orders', column: 'b' }] } },
    code: { kind: 'code_references', value: [{ file: 'a.ts', line: 1 }] },
    none: { kind: 'null' },
  } as const;
}

describe('every query', () => {
  let harness: ApiHarness;
  let runId: string;
  let failedRunId: string;
  let canceledRunId: string;
  const backfillIds: string[] = [];
  /** The types that were met in the answers. */
  const met = new Set<string>();
  /** All answers, one after another. */
  let shown = '';

  beforeAll(async () => {
    harness = await createApiHarness({
      settings: { runQueue: { maxConcurrentRuns: 1, tagConcurrencyLimits: [{ key: 'a', limit: 1 }] } },
    });
    const launched = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { assets: ['raw/orders', 'clean/orders'], partition: '2026-01-02', tags: { team: 'data' } },
    });
    runId = launched.body.runId;
    // Of what this step printed the first 3 bytes are lost.
    const output = { runId, stepKey: 'raw__orders', tryNumber: 1 };
    await harness.objectStore.put(chunkObjectKey(output, 'stdout', 3), Buffer.from('loaded\n'));
    await harness.work(runId, EVENTS, SUCCESS);
    await fail(await launchPlain());
    await cancel(await launchPlain());
    await harness.rest('POST', '/api/assets/reports/orders/materializations');
    await harness.rest('POST', '/api/assets/vendor/rates/materializations');
    harness.codeLocations.set(loadedLocation('lab-copy', lab));
    for (const params of [
      `partitionsByAssets: [{assetKey: ${ORDERS}, partitions: {range: {start: "2026-01-02", end: "2026-01-03"}}}, {assetKey: {path: ["reports", "orders"]}}]`,
      'selector: {partitionSetName: "raw_daily_partition_set", repositoryLocationName: "shop"}, partitionNames: ["2026-01-02"]',
    ]) {
      const { data } = await harness.graphql<{ launchPartitionBackfill: { backfillId: string } }>(
        `mutation { launchPartitionBackfill(backfillParams: {${params}}) { ... on LaunchBackfillSuccess { backfillId } } }`,
      );
      backfillIds.push(data.launchPartitionBackfill.backfillId);
    }
    // One that holds the only place of the queue, and one that waits for it.
    for (const _ of [1, 2])
      await harness.rest('POST', '/api/runs', { body: { job: 'plain', location: 'shop' } });
    await harness.storage.setPoolLimit('warehouse', 2);
    await harness.storage.changeDynamicPartitions('shop', 'add', 'customers', ['acme']);
    await tick('schedule', 'every_night', 'SUCCESS');
    await harness.storage.recordExpectedTicks(
      {
        withdrawn: [],
        expected: [
          {
            location: 'shop',
            name: 'every_night',
            cron: ['0 0 * * *'],
            timezone: 'UTC',
            through: 2,
            refillAt: null,
            ticks: [1, 2],
          },
        ],
        missed: [{ location: 'shop', name: 'every_night', scheduledAt: 1, reason: 'nobody was there' }],
      },
      3,
    );
    await tick('sensor', 'new_files', 'FAILURE');
  });
  afterAll(() => harness.close());

  async function launchPlain(): Promise<string> {
    const body = { job: 'plain', location: 'shop' };
    return (await harness.rest<{ runId: string }>('POST', '/api/runs', { body })).body.runId;
  }

  async function fail(id: string): Promise<void> {
    failedRunId = id;
    await harness.work(id, [], { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'no' });
  }

  async function cancel(id: string): Promise<void> {
    canceledRunId = id;
    await harness.work(id);
    await harness.rest('POST', `/api/runs/${id}/cancel`);
  }

  async function tick(
    kind: 'schedule' | 'sensor',
    name: string,
    status: 'SUCCESS' | 'FAILURE',
  ): Promise<void> {
    const id = { location: 'shop', kind, name };
    const opened = await harness.storage.startTick(id, Date.now() - 1_000, Date.now(), 60);
    if (opened === undefined) throw new Error('the tick was not opened');
    await harness.storage.finishTick(opened, {
      status,
      runs: [],
      skipReason: null,
      cursor: 'c',
      error: status === 'FAILURE' ? ERROR : null,
      dynamicPartitions: [],
      endedAt: Date.now(),
    });
  }

  /** Arguments of each query; a list where several answers are to be seen. */
  const QUERIES: Readonly<Record<string, readonly (string | (() => string))[]>> = {
    assetBackfillPreview: [`params: {assetSelection: [${ORDERS}], partitionNames: ["2026-01-02"]}`],
    assetConditionEvaluationForPartition: [`assetKey: ${ORDERS}, evaluationId: "1", partition: "2026-01-01"`],
    assetConditionEvaluationRecordsOrError: [`assetKey: ${ORDERS}, limit: 5`],
    assetConditionEvaluationsForEvaluationId: [`evaluationId: "1"`],
    truePartitionsForAutomationConditionEvaluationNode: [`assetKey: ${ORDERS}, evaluationId: "1"`],
    allTopLevelResourceDetailsOrError: [
      `repositorySelector: {${REPOSITORY}}`,
      'repositorySelector: {repositoryLocationName: "x", repositoryName: "x"}',
    ],
    assetCatalog: [''],
    assetStates: ['', `assetKeys: [${ORDERS}, {path: ["nothing"]}]`],
    assetCheckExecutions: [`assetKey: ${ORDERS}, checkName: "hasRows", limit: 5`],
    canBulkTerminate: [''],
    assetNodeAdditionalRequiredKeys: [`assetKeys: [${ORDERS}]`],
    assetNodeDefinitionCollisions: ['', `assetKeys: [${ORDERS}]`],
    assetNodeOrError: [`assetKey: ${ORDERS}`, 'assetKey: {path: ["nothing"]}'],
    assetNodes: ['', `assetKeys: [${ORDERS}]`],
    assetOrError: [`assetKey: ${ORDERS}`, 'assetKey: {path: ["nothing"]}'],
    assetRecordsOrError: ['', 'limit: 2, cursor: "clean/orders"', 'prefix: ["raw"]'],
    assetsLatestInfo: [`assetKeys: [${ORDERS}, {path: ["nothing"]}]`],
    assetsOrError: ['', 'limit: 2, prefix: ["raw"]'],
    capturedLogs: [() => `logKey: ["${runId}", "compute_logs", "raw__orders.1"]`],
    capturedLogsMetadata: [() => `logKey: ["${runId}", "compute_logs", "raw__orders.1"]`],
    executionPlanOrError: [
      `pipeline: {${REPOSITORY}, pipelineName: "nightly"}`,
      `pipeline: {${REPOSITORY}, pipelineName: "raw_daily"}`,
      `pipeline: {${REPOSITORY}, pipelineName: "nothing"}`,
      `pipeline: {${REPOSITORY}, pipelineName: "nightly", solidSelection: ["nothing"]}`,
    ],
    graphOrError: [
      `selector: {${REPOSITORY}, graphName: "nightly"}`,
      `selector: {${REPOSITORY}, graphName: "nothing"}`,
    ],
    instance: [''],
    instigationStatesOrError: ['repositoryID: "shop"'],
    instigationStateOrError: [
      `instigationSelector: {${REPOSITORY}, name: "every_night"}`,
      `instigationSelector: {${REPOSITORY}, name: "new_files"}`,
      `instigationSelector: {${REPOSITORY}, name: "nothing"}`,
    ],
    isPipelineConfigValid: [
      `pipeline: {${REPOSITORY}, pipelineName: "plain"}, runConfigData: {}`,
      `pipeline: {${REPOSITORY}, pipelineName: "nightly"}, runConfigData: "{\\"ops\\": {}}"`,
      `pipeline: {${REPOSITORY}, pipelineName: "nothing"}`,
    ],
    latestDefsStateInfo: [''],
    locationStatusesOrError: [''],
    logsForRun: [
      () => `runId: "${runId}"`,
      () => `runId: "${failedRunId}"`,
      () => `runId: "${canceledRunId}"`,
      'runId: "nothing"',
    ],
    partitionBackfillOrError: [
      () => `backfillId: "${backfillIds[0]}"`,
      () => `backfillId: "${backfillIds[1]}"`,
      'backfillId: "nothing"',
    ],
    partitionBackfillPreviewOrError: [
      `backfillParams: {assetSelection: [${ORDERS}], allPartitions: true}`,
      'backfillParams: {selector: {partitionSetName: "nothing", repositoryLocationName: "shop"}, allPartitions: true}',
    ],
    partitionBackfillsOrError: ['', 'status: REQUESTED, limit: 1'],
    partitionSetOrError: [
      `repositorySelector: {${REPOSITORY}}, partitionSetName: "raw_daily_partition_set"`,
      `repositorySelector: {${REPOSITORY}}, partitionSetName: "nothing"`,
    ],
    partitionSetsOrError: [
      `repositorySelector: {${REPOSITORY}}, pipelineName: "raw_daily"`,
      `repositorySelector: {${REPOSITORY}}, pipelineName: "nothing"`,
    ],
    permissions: [''],
    pipelineOrError: [
      `params: {${REPOSITORY}, pipelineName: "nightly"}`,
      `params: {${REPOSITORY}, pipelineName: "raw_daily"}`,
      `params: {${REPOSITORY}, pipelineName: "nothing"}`,
    ],
    pipelineRunOrError: [() => `runId: "${runId}"`],
    pipelineRunsOrError: ['limit: 3'],
    pipelineSnapshotOrError: [
      `activePipelineSelector: {${REPOSITORY}, pipelineName: "nightly"}`,
      `activePipelineSelector: {${REPOSITORY}, pipelineName: "nothing"}`,
      'snapshotId: "shop-1:plain"',
      'snapshotId: "nothing"',
    ],
    repositoriesOrError: [
      '',
      `repositorySelector: {${REPOSITORY}}`,
      'repositorySelector: {repositoryLocationName: "x", repositoryName: "x"}',
    ],
    repositoryOrError: [
      `repositorySelector: {${REPOSITORY}}`,
      'repositorySelector: {repositoryLocationName: "x", repositoryName: "x"}',
    ],
    resourcesOrError: [
      `pipelineSelector: {${REPOSITORY}, pipelineName: "nightly"}`,
      `pipelineSelector: {${REPOSITORY}, pipelineName: "nothing"}`,
    ],
    runConfigSchemaOrError: [
      `selector: {${REPOSITORY}, pipelineName: "nightly"}`,
      `selector: {${REPOSITORY}, pipelineName: "nothing"}`,
    ],
    runGroupOrError: [() => `runId: "${runId}"`, 'runId: "nothing"'],
    runIdsOrError: ['filter: {statuses: [QUEUED]}'],
    runOrError: [() => `runId: "${runId}"`, 'runId: "nothing"'],
    auditEntriesOrError: ['', 'limit: 1, outcome: REFUSED', 'cursor: "1"'],
    runTagKeysOrError: [''],
    runTimelineOrError: [
      'startTime: 0, endTime: 4000000000',
      'startTime: 0, endTime: 1, rows: 2, filter: {names: ["nightly"], statuses: [SUCCESS]}',
    ],
    runTagsOrError: ['', 'tagKeys: ["team"], valuePrefix: "d"'],
    runsOrError: ['', 'limit: 2, filter: {tags: [{key: "team", value: "data"}]}'],
    runsFeedCountOrError: ['view: ROOTS', 'view: BACKFILLS', 'view: RUNS, filter: {statuses: [SUCCESS]}'],
    runsFeedOrError: ['view: ROOTS, limit: 20', 'view: RUNS, limit: 2', 'view: BACKFILLS, limit: 2'],
    scheduleOrError: [
      `scheduleSelector: {${REPOSITORY}, scheduleName: "every_night"}`,
      `scheduleSelector: {${REPOSITORY}, scheduleName: "nothing"}`,
    ],
    scheduler: [''],
    schedulesOrError: ['', `repositorySelector: {${REPOSITORY}}, scheduleStatus: STOPPED`],
    sensorOrError: [
      `sensorSelector: {${REPOSITORY}, sensorName: "new_files"}`,
      `sensorSelector: {${REPOSITORY}, sensorName: "nothing"}`,
    ],
    sensorsOrError: ['', `repositorySelector: {${REPOSITORY}}, sensorStatus: STOPPED`],
    shouldShowNux: [''],
    topLevelResourceDetailsOrError: [
      `resourceSelector: {${REPOSITORY}, resourceName: "io_manager"}`,
      `resourceSelector: {${REPOSITORY}, resourceName: "nothing"}`,
    ],
    utilizedEnvVarsOrError: [`repositorySelector: {${REPOSITORY}}`],
    version: [''],
    workspaceLocationEntryOrError: ['name: "shop"', 'name: "broken"', 'name: "nothing"'],
    workspaceOrError: [''],
  };

  const context = (identity?: Identity) => directContext(harness, identity);

  test('is asked here', () => {
    expect(Object.keys(QUERIES).sort()).toEqual(Object.keys(schema.getQueryType()?.getFields() ?? {}).sort());
  });

  test.each(Object.keys(QUERIES))('%s answers everything that can be asked of it', async (field) => {
    for (const args of QUERIES[field] ?? []) {
      const text = fullQuery(schema, 'query', field, typeof args === 'string' ? args : args(), 3);
      const answer = await execute({ schema, document: parse(text), contextValue: await context() });
      expect((answer.errors ?? []).map((error) => `${error.path?.join('.')}: ${error.message}`)).toEqual([]);
      collectTypes(answer.data, met);
      shown += JSON.stringify(answer.data);
    }
  });

  /** What only `shop` has, its runs and backfills, and who holds a pool. */
  const markers = () => [
    'Every order of a day.',
    'Copies a table.',
    'weekdays',
    '"new_files',
    'acme',
    'shop-1',
    'nobody was there',
    ...[runId, failedRunId, canceledRunId, ...backfillIds],
  ];

  test.each(
    Object.keys(QUERIES),
  )('%s says nothing of another code location to who has roles in one only', async (field) => {
    const identity: Identity = {
      user: 'ann',
      role: 'admin',
      grants: { everywhere: null, locations: { lab: 'admin' } },
    };
    for (const each of QUERIES[field] ?? []) {
      const args = typeof each === 'string' ? each : each();
      const document = parse(fullQuery(schema, 'query', field, args, 3));
      const answer = await execute({ schema, document, contextValue: await context(identity) });
      const text = JSON.stringify(answer.data ?? null);
      // What was asked for by name may be named in the refusal.
      const told = markers().filter(
        (marker) => !args.includes(marker.replaceAll('"', '')) && text.includes(marker),
      );
      expect([field, args, told]).toEqual([field, args, []]);
      for (const { originalError } of answer.errors ?? []) {
        const isRefusal = originalError instanceof ForbiddenError || originalError instanceof PlanError;
        expect([field, originalError?.message, isRefusal]).toEqual([field, originalError?.message, true]);
      }
    }
  });

  test('which everybody else is told', () => {
    expect(markers().filter((marker) => !shown.includes(marker))).toEqual([]);
  });

  test('together they meet every type that a query can answer', () => {
    const reachable = [...typesBelow(schema, 'Query')].filter((name) => !met.has(name));
    expect(reachable.sort()).toEqual([...NOT_MET].sort());
  });
});

/** Types that no query answers at this depth. */
const NOT_MET: readonly string[] = [
  // Of definitions, and of arguments, of which there are none here: definitions.test.ts.
  'DagsterTypeNotFoundError',
  'SolidStepStatusUnavailableError',
  'ArrayConfigType',
  'AssetCheckNotFoundError',
  'AssetHealthCheckDegradedMeta',
  'AssetHealthCheckUnknownMeta',
  'AssetHealthCheckWarningMeta',
  'AssetHealthMaterializationDegradedNotPartitionedMeta',
  'AssetHealthMaterializationDegradedPartitionedMeta',
  'AssetHealthMaterializationHealthyPartitionedMeta',
  'AssetNodeConnection',
  'AssetResultEventHistoryConnection',
  'AssetSelection',
  'BackfillPolicy',
  'ClaimedConcurrencySlot',
  'PendingConcurrencyStep',
  'ConfiguredValue',
  'DynamicPartitionRequest',
  'EnumConfigType',
  'EnumConfigValue',
  'EnvVarConsumer',
  'EnvVarWithConsumers',
  'MapConfigType',
  'MaterializedPartitionRangeStatuses2D',
  'MetadataItemDefinition',
  'MultiPartitionStatuses',
  'NestedResourceEntry',
  'NullableConfigType',
  'PartitionKeyConnection',
  'PartitionMapping',
  'PartitionTagsAndConfig',
  'RequestedMaterializationsForAsset',
  'RequestedRunsForJob',
  'ResourceRequirement',
  'RetryPolicy',
  'StorageAddress',
  'TeamDefinitionOwner',
  'UserDefinitionOwner',
  // Dagster has them; nothing here answers them.
  'AlertFailureEvent',
  'AlertStartEvent',
  'AlertSuccessEvent',
  'AssetCheckEvaluationTargetMaterializationData',
  'AutoMaterializePolicy',
  'AutoMaterializeRule',
  'DefsKeyStateInfo',
  'DefsStateInfo',
  'DefsStateInfoEntry',
  'EvaluationStackMapKeyEntry',
  'EvaluationStackMapValueEntry',
  'ExpectationResult',
  'FreshnessPolicy',
  'HealthChangedEvent',
  'LogRetrievalShellCommand',
  'ObjectStoreOperationEvent',
  'ObjectStoreOperationResult',
  'RunLauncher',
  'RunResumedEvent',
  'RunSuspendedEvent',
  'StepExpectationResultEvent',
  'StepWorkerStartingEvent',
  'AssetCheckNeedsAgentUpgradeError',
  'AssetCheckNeedsMigrationError',
  'AssetCheckNeedsUserCodeUpgrade',
  'AssetLineageInfo',
  'EvaluationStackListItemEntry',
  'FeatureFlag',
  'Logger',
  'ModeNotFoundError',
  'PipelinePreset',
  'SchedulerNotDefinedError',
  // Of assets with conditions or freshness policies, of which there is none here: automation.test.ts.
  'AssetConditionEvaluation',
  'AssetConditionEvaluationRecord',
  'AssetFreshnessInfo',
  'AssetHealthFreshnessMeta',
  'FreshnessStatusInfo',
  'AssetJobKey',
  // Dagster's unions have them; nothing here answers them.
  'AutoMaterializeAssetEvaluationNeedsMigrationError',
  'AutomationCondition',
  'AutomationConditionEvaluationNode',
  'CronFreshnessPolicy',
  'InvalidPipelineRunsFilterError',
  // Partitions of backfills are answered one by one.
  'PartitionKeyRange',
  'PartitionedAssetConditionEvaluationNode',
  // Only what a dry run, a mutation, evaluates.
  'RunRequest',
  // Of sensors of pushed events, of which there is none here.
  'SensorEventSource',
  'SinceConditionMetadata',
  'SpecificPartitionAssetConditionEvaluationNode',
  // Deeper than asked here: events.test.ts.
  'TableConstraints',
  'UrlCodeReference',
  'TableColumn',
  'TableColumnConstraints',
  'TableColumnDep',
  'TickEvaluation',
  'TimeWindowFreshnessPolicy',
  // Only who is no admin: audit.test.ts.
  'UnauthorizedError',
  'UnpartitionedAssetConditionEvaluationNode',
];

function collectTypes(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (key === '__typename') into.add(String(item));
    else collectTypes(item, into);
  }
}
