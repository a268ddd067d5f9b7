import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  asset,
  assetCheck,
  automation,
  backfill,
  dailyPartitions,
  define,
  defineAssetJob,
  dependency,
  dynamicPartitions,
  env,
  job,
  mapping,
  multiPartitions,
  op,
  resource,
  runRequest,
  schedule,
  secret,
  sensor,
  staticPartitions,
  z,
} from 'headrace';
import { overallHealth } from '../../../lib/api/schema/assets/asset-health';
import type { NewEvent } from '../../../lib/model/event';
import { aMaterialization, anEvent, SUCCESS } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { loadedLocation } from '../../support/api-workspace';

const daily = dailyPartitions({ start: '2026-01-01', end: '2026-01-06' });
const inner = resource({ settings: { token: secret('TOKEN') }, setUp: () => 1 });
const outer = resource({
  description: 'A service.',
  settings: { url: env('URL'), size: 3 },
  config: z.object({
    mode: z.enum(['fast', 'safe']),
    retries: z.array(z.number().int()),
    labels: z.record(z.string(), z.string()),
    note: z.string().nullable(),
  }),
  resources: { inner },
  setUp: ({ resources }) => resources.inner,
});

const grid = asset({
  key: 'grid',
  group: 'wide',
  partitions: multiPartitions({ date: daily, region: staticPartitions(['eu', 'us']) }),
  run: () => 1,
});
const days = asset({
  key: 'days',
  partitions: daily,
  backfill: backfill.singleRun(),
  metadata: { 'dagster/relation_identifier': 'db.days' },
  resources: { outer },
  opTags: { team: 'geo' },
  run: () => 1,
});
const after = asset({
  key: 'after',
  partitions: daily,
  deps: [dependency(days, mapping.last())],
  automation: automation.eager(),
  run: () => 1,
});
const checked = asset({
  key: 'checked',
  metadata: { 'dagster/relation_identifier': 'DB.DAYS' },
  run: () => 1,
});
const good = assetCheck({ name: 'good', asset: checked, run: () => true });
const warning = assetCheck({ name: 'warning', asset: checked, run: () => true });
const customers = asset({ key: 'customers', partitions: dynamicPartitions('customers'), run: () => 1 });

const read = op({ name: 'read', run: () => 7 });
const write = op({ name: 'write', inputs: { rows: z.number() }, run: () => undefined });
const copy = job({
  name: 'copy',
  owners: ['team:data', 'ann@example.com'],
  graph: () => write({ rows: read() }),
});
const everyDay = defineAssetJob({ name: 'every_day', select: 'days', partitions: daily });

const stamp = op({ name: 'stamp', run: () => 1 });
const stamped = job({
  name: 'stamped',
  partitions: daily,
  graph: () => stamp(),
  config: ({ key }) => {
    if (key === '2026-01-05') throw new RangeError('no such day');
    return { execution: { config: { maxConcurrentSteps: Number(key.slice(-1)) } } };
  },
  runTags: ({ window }) => ({ from: window.start.slice(0, 10) }),
});

const wide = define({
  assets: [grid, days, after, checked, customers],
  assetChecks: [good, warning],
  jobs: [copy, everyDay, stamped],
  schedules: [schedule({ name: 'at_noon', job: everyDay, cron: '0 12 * * *' })],
  sensors: [
    sensor({
      name: 'on_files',
      job: copy,
      evaluate: () => runRequest({ runKey: 'k' }),
    }),
  ],
});

const CONFIG = { mode: 'fast', retries: [], labels: {}, note: null };
const SELECTOR = 'repositoryLocationName: "wide", repositoryName: "__repository__"';

describe('what the definitions of a location tell', () => {
  let harness: ApiHarness;
  const runIds: string[] = [];
  beforeAll(async () => {
    harness = await createApiHarness({ definitions: { wide } });
    harness.codeLocations.set(loadedLocation('wide', wide));
    await run({ assets: ['days'], partition: '2026-01-01' }, [aMaterialization('days', '2026-01-01')]);
    await run({ assets: ['days'], partition: '2026-01-02' }, []);
    await run({ assets: ['checked'] }, [
      aMaterialization('checked'),
      anEvent('ASSET_CHECK_EVALUATION', {
        asset: 'checked',
        name: 'warning',
        passed: false,
        severity: 'WARN',
        blocking: false,
        metadata: {},
      }),
    ]);
    for (const [partition, keys] of [
      ['2026-01-01', ['eu', 'us']],
      ['2026-01-02', ['eu', 'us']],
      ['2026-01-03', ['eu']],
    ] as const) {
      await harness.storage.appendSystemEvents(
        null,
        keys.map((region) => aMaterialization('grid', `${partition}|${region}`)),
      );
    }
  });
  afterAll(() => harness.close());

  /** Makes a run and serves it; without a materialization it fails. */
  async function run(body: object, events: readonly NewEvent[]): Promise<void> {
    const launched = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { location: 'wide', config: { resources: { outer: { config: CONFIG } } }, ...body },
    });
    expect(launched).toMatchObject({ status: 201 });
    runIds.unshift(launched.body.runId);
    const failed = { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'no' } as const;
    await harness.work(launched.body.runId, events, events.length > 0 ? SUCCESS : failed);
  }
  async function ask<T = Record<string, never>>(text: string): Promise<T> {
    const { data, errors } = await harness.graphql<T>(text);
    expect({ errors, failed: harness.errors }).toEqual({ errors: undefined, failed: [] });
    return data;
  }
  const node = async (key: string, selection: string) =>
    (
      await ask<{ assetNodeOrError: Record<string, unknown> }>(
        `{ assetNodeOrError(assetKey: {path: ["${key}"]}) { ... on AssetNode { ${selection} } } }`,
      )
    ).assetNodeOrError;

  test('an asset is told with its op, its neighbours and what targets it', async () => {
    expect(
      await node(
        'days',
        `backfillPolicy { policyType maxPartitionsPerRun } storageAddress { tableName } opTags { key value }
         requiredResources { resourceKey } op { name assetNodes { id } } jobs { name }
         dependedBy { asset { id } partitionMapping { className } }
         targetingInstigators { ... on Schedule { name } ... on Sensor { name } }`,
      ),
    ).toEqual({
      backfillPolicy: { policyType: 'SINGLE_RUN', maxPartitionsPerRun: null },
      storageAddress: { tableName: 'db.days' },
      opTags: [{ key: 'team', value: 'geo' }],
      requiredResources: [{ resourceKey: 'outer' }],
      op: { name: 'days', assetNodes: [{ id: 'days' }] },
      jobs: expect.arrayContaining([{ name: 'every_day' }]),
      dependedBy: [{ asset: { id: 'after' }, partitionMapping: { className: 'last' } }],
      targetingInstigators: [{ name: 'at_noon' }],
    });
    expect(await node('after', 'dependencies { asset { id } } targetingInstigators { __typename }')).toEqual({
      dependencies: [{ asset: { id: 'days' } }],
      targetingInstigators: [{ __typename: 'Sensor' }],
    });
  });

  test('partitions come in pages, by dimension, and with what was last made of each', async () => {
    expect(
      await node(
        'days',
        `partitionKeyConnection(limit: 2, ascending: false) { results cursor hasMore }
         latestMaterializationByPartition(partitions: ["2026-01-03", "2026-01-01"]) { partition runId }
         latestRunForPartition(partition: "2026-01-02") { runId status }
         assetPartitionStatuses { ... on TimePartitionStatuses { ranges { startKey endKey startTime endTime status } } }`,
      ),
    ).toEqual({
      partitionKeyConnection: { results: ['2026-01-05', '2026-01-04'], cursor: '2026-01-04', hasMore: true },
      latestMaterializationByPartition: [null, { partition: '2026-01-01', runId: runIds[2] }],
      latestRunForPartition: { runId: runIds[1], status: 'FAILURE' },
      assetPartitionStatuses: {
        ranges: [
          {
            startKey: '2026-01-01',
            endKey: '2026-01-01',
            startTime: Date.UTC(2026, 0, 1) / 1000,
            endTime: Date.UTC(2026, 0, 2) / 1000,
            status: 'MATERIALIZED',
          },
          expect.objectContaining({ startKey: '2026-01-02', status: 'FAILED' }),
        ],
      },
    });
    expect(
      await node(
        'grid',
        `partitionDefinition { dimensionTypes { name type isPrimaryDimension } }
         partitionKeysByDimension(startIdx: 0, endIdx: 2) { name partitionKeys }
         assetPartitionStatuses { ... on MultiPartitionStatuses { primaryDimensionName ranges {
           primaryDimStartKey primaryDimEndKey secondaryDim { ... on DefaultPartitionStatuses { materializedPartitions unmaterializedPartitions } } } } }`,
      ),
    ).toEqual({
      partitionDefinition: {
        dimensionTypes: [
          { name: 'date', type: 'TIME_WINDOW', isPrimaryDimension: true },
          { name: 'region', type: 'STATIC', isPrimaryDimension: false },
        ],
      },
      partitionKeysByDimension: [
        { name: 'date', partitionKeys: ['2026-01-01', '2026-01-02'] },
        { name: 'region', partitionKeys: ['eu', 'us'] },
      ],
      assetPartitionStatuses: {
        primaryDimensionName: 'date',
        ranges: [
          {
            primaryDimStartKey: '2026-01-01',
            primaryDimEndKey: '2026-01-02',
            secondaryDim: { materializedPartitions: ['eu', 'us'], unmaterializedPartitions: [] },
          },
          {
            primaryDimStartKey: '2026-01-03',
            primaryDimEndKey: '2026-01-03',
            secondaryDim: { materializedPartitions: ['eu'], unmaterializedPartitions: ['us'] },
          },
        ],
      },
    });
  });

  test('health is the worst of what is known', async () => {
    const HEALTH = `assetHealth { assetHealth materializationStatus assetChecksStatus freshnessStatus
      assetChecksStatusMetadata { ... on AssetHealthCheckWarningMeta { numWarningChecks totalNumChecks } }
      materializationStatusMetadata { ... on AssetHealthMaterializationDegradedPartitionedMeta { numFailedPartitions numMissingPartitions totalNumPartitions latestFailedRunId } } }`;
    expect(await node('checked', HEALTH)).toEqual({
      assetHealth: {
        assetHealth: 'WARNING',
        materializationStatus: 'HEALTHY',
        assetChecksStatus: 'WARNING',
        freshnessStatus: 'NOT_APPLICABLE',
        assetChecksStatusMetadata: { numWarningChecks: 1, totalNumChecks: 2 },
        materializationStatusMetadata: null,
      },
    });
    expect(await node('days', HEALTH)).toMatchObject({
      assetHealth: {
        assetHealth: 'DEGRADED',
        assetChecksStatus: 'NOT_APPLICABLE',
        materializationStatusMetadata: {
          numFailedPartitions: 1,
          numMissingPartitions: 3,
          totalNumPartitions: 5,
          latestFailedRunId: runIds[1],
        },
      },
    });
    expect(await node('after', 'assetHealth { assetHealth }')).toEqual({
      assetHealth: { assetHealth: 'UNKNOWN' },
    });
    expect(overallHealth(['NOT_APPLICABLE', 'UNKNOWN', 'HEALTHY'])).toBe('HEALTHY');
  });

  test('the health of a list of assets takes a statement for each kind of record', async () => {
    harness.calls.length = 0;
    await ask('{ assetNodes { id assetHealth { assetHealth } } }');
    const counts = Map.groupBy(harness.calls, (name) => name);
    for (const name of ['assetRecords', 'checkRecords', 'partitionStates'])
      expect({ name, calls: counts.get(name)?.length }).toEqual({ name, calls: 1 });
  });

  test('what happened to an asset comes in one list, in pages', async () => {
    const page = (cursor: string) =>
      ask<{
        assetOrError: {
          assetEventHistory: { results: { __typename: string }[]; positions: string[]; cursor: string };
        };
      }>(
        `{ assetOrError(assetKey: {path: ["days"]}) { ... on Asset { assetEventHistory(limit: 1, eventTypeSelectors: [MATERIALIZATION, FAILED_TO_MATERIALIZE] ${cursor}) {
          cursor positions results { __typename ... on FailedToMaterializeEvent { partition materializationFailureType } } } } } }`,
      );
    const first = (await page('')).assetOrError.assetEventHistory;
    expect(first.results).toEqual([
      {
        __typename: 'FailedToMaterializeEvent',
        partition: '2026-01-02',
        materializationFailureType: 'FAILED',
      },
    ]);
    const second = (await page(`, cursor: "${first.cursor}"`)).assetOrError.assetEventHistory;
    expect(second.results).toEqual([{ __typename: 'MaterializationEvent' }]);
    const at = Number(second.positions[0]);
    const again = (await page(`, cursor: "${at + 1}"`)).assetOrError.assetEventHistory;
    expect(again).toEqual(second);
  });

  test('a graph is told by its nodes, their inputs and outputs', async () => {
    const data = await ask(
      `{ graphOrError(selector: {graphName: "copy", ${SELECTOR}}) { ... on Graph { solidHandles { handleID solid {
          inputs { isDynamicCollect definition { name type { displayName } } dependsOn { solid { name } definition { name } } }
          outputs { definition { name } dependedBy { solid { name } definition { name } } } } } } }
        pipelineOrError(params: {pipelineName: "copy", ${SELECTOR}}) { ... on Pipeline { owners { ... on TeamDefinitionOwner { team } ... on UserDefinitionOwner { email } } modes { name resources { name } } } } }`,
    );
    expect(data).toEqual({
      graphOrError: {
        solidHandles: [
          {
            handleID: 'read',
            solid: {
              inputs: [],
              outputs: [
                {
                  definition: { name: 'result' },
                  dependedBy: [{ solid: { name: 'write' }, definition: { name: 'rows' } }],
                },
              ],
            },
          },
          {
            handleID: 'write',
            solid: {
              inputs: [
                {
                  isDynamicCollect: false,
                  definition: { name: 'rows', type: { displayName: 'Any' } },
                  dependsOn: [{ solid: { name: 'read' }, definition: { name: 'result' } }],
                },
              ],
              outputs: [{ definition: { name: 'result' }, dependedBy: [] }],
            },
          },
        ],
      },
      pipelineOrError: {
        owners: [{ team: 'data' }, { email: 'ann@example.com' }],
        modes: [{ name: 'default', resources: [{ name: 'io_manager' }] }],
      },
    });
  });

  test('values are of one type, which jobs and assets tell', async () => {
    const type = (name: string) =>
      `${name.toLowerCase()}: dagsterTypeOrError(dagsterTypeName: "${name}") { __typename ... on Error { message } ... on RegularDagsterType { name isNothing } }`;
    expect(
      await ask(
        `{ pipelineOrError(params: {pipelineName: "copy", ${SELECTOR}}) { ... on Pipeline { dagsterTypes { displayName } ${type('Nothing')} ${type('Int')} } } }`,
      ),
    ).toEqual({
      pipelineOrError: {
        dagsterTypes: [{ displayName: 'Any' }, { displayName: 'Nothing' }],
        nothing: { __typename: 'RegularDagsterType', name: 'Nothing', isNothing: true },
        int: { __typename: 'DagsterTypeNotFoundError', message: expect.stringContaining("no type 'Int'") },
      },
    });
    expect(await node('days', 'type { name } freshnessPolicy { cronSchedule }')).toEqual({
      type: { name: 'Any' },
      freshnessPolicy: null,
    });
  });

  test('assets in one table know each other, in whatever case it is written', async () => {
    const others = 'assetsForSameStorageAddress { assetKey { path } }';
    expect(await node('days', others)).toEqual({
      assetsForSameStorageAddress: [{ assetKey: { path: ['checked'] } }],
    });
    expect(await node('grid', others)).toEqual({ assetsForSameStorageAddress: [] });
  });

  test('a partition of a job is one of the assets that are chosen of it', async () => {
    const ofJob = (selected: string) =>
      ask<{ pipelineOrError: object }>(
        `{ pipelineOrError(params: {pipelineName: "every_day", ${SELECTOR}}) { ... on Pipeline {
          partition(partitionName: "2026-01-02"${selected}) { name tagsOrError { ... on PartitionTags { results { key value } } } }
          partitionKeysOrError(limit: 1${selected}) { partitionKeys } } } }`,
      );
    const found = {
      partition: { name: '2026-01-02' },
      partitionKeysOrError: { partitionKeys: ['2026-01-01'] },
    };
    expect(await ofJob('')).toMatchObject({ pipelineOrError: found });
    expect(await ofJob(', selectedAssetKeys: [{path: ["days"]}]')).toMatchObject({ pipelineOrError: found });
    expect(await ofJob(', selectedAssetKeys: [{path: ["checked"]}]')).toEqual({
      pipelineOrError: { partition: null, partitionKeysOrError: { partitionKeys: [] } },
    });
  });

  test('a node tells how its step did in the latest runs of its job', async () => {
    const launched = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { location: 'wide', job: 'copy' },
    });
    await harness.work(
      launched.body.runId,
      ['read', 'write'].map((stepKey) => anEvent('STEP_SUCCESS', { seconds: 2 }, { stepKey })),
      SUCCESS,
    );
    const stats = '__typename ... on SolidStepStatsConnection { nodes { runId stepKey status } }';
    expect(
      await ask(
        `{ pipelineOrError(params: {pipelineName: "copy", ${SELECTOR}}) { ... on Pipeline { solidHandle(handleID: "read") { stepStats(limit: 5) { ${stats} } } } } }`,
      ),
    ).toEqual({
      pipelineOrError: {
        solidHandle: {
          stepStats: {
            __typename: 'SolidStepStatsConnection',
            nodes: [{ runId: launched.body.runId, stepKey: 'read', status: 'SUCCESS' }],
          },
        },
      },
    });
  });

  test('a resource is told with its config, its users and its secrets by name', async () => {
    const { topLevelResourceDetailsOrError: found } = await ask<Record<string, unknown>>(
      `{ topLevelResourceDetailsOrError(resourceSelector: {resourceName: "outer", ${SELECTOR}}) { ... on ResourceDetails {
          description configuredValues { key value type } nestedResources { name resource { configuredValues { value type } } }
          assetKeysUsing { path } jobsOpsUsing { jobName opHandleIDs }
          configFields { name isRequired configType { __typename ... on EnumConfigType { values { value } } ... on NullableConfigType { ofType { key } } ... on ArrayConfigType { ofType { key } } ... on MapConfigType { valueType { key } } } } } } }`,
    );
    expect(found).toEqual({
      description: 'A service.',
      configuredValues: [
        { key: 'url', value: 'URL', type: 'ENV_VAR' },
        { key: 'size', value: '3', type: 'VALUE' },
      ],
      nestedResources: [
        { name: 'inner', resource: { configuredValues: [{ value: 'TOKEN', type: 'SECRET' }] } },
      ],
      assetKeysUsing: [{ path: ['days'] }],
      jobsOpsUsing: expect.arrayContaining([{ jobName: 'every_day', opHandleIDs: ['days'] }]),
      configFields: [
        {
          name: 'mode',
          isRequired: true,
          configType: { __typename: 'EnumConfigType', values: [{ value: 'fast' }, { value: 'safe' }] },
        },
        {
          name: 'retries',
          isRequired: true,
          configType: { __typename: 'ArrayConfigType', ofType: { key: 'Int' } },
        },
        {
          name: 'labels',
          isRequired: true,
          configType: { __typename: 'MapConfigType', valueType: { key: 'String' } },
        },
        {
          name: 'note',
          isRequired: true,
          configType: { __typename: 'NullableConfigType', ofType: { key: 'String' } },
        },
      ],
    });
    expect(
      await ask(
        `{ utilizedEnvVarsOrError(repositorySelector: {${SELECTOR}}) { ... on EnvVarWithConsumersList { results { envVarName envVarConsumers { name } } } } }`,
      ),
    ).toMatchObject({
      utilizedEnvVarsOrError: {
        results: expect.arrayContaining([{ envVarName: 'URL', envVarConsumers: [{ name: 'outer' }] }]),
      },
    });
  });

  test('a repository is told by groups, pages of assets and the places where an op is used', async () => {
    const { repositoryOrError: found } = await ask<Record<string, Record<string, unknown>>>(
      `{ repositoryOrError(repositorySelector: {${SELECTOR}}) { ... on Repository { assetGroups { groupName assetKeys { path } }
          assetNodesConnection(limit: 2, cursor: "after") { nodes { id } cursor hasMore }
          usedSolid(name: "read") { invocations { pipeline { name } solidHandle { handleID } } }
          partitionSets { name partition(partitionName: "2026-01-01") { status tagsOrError { ... on PartitionTags { results { key value } } } } }
          sensors(sensorType: AUTOMATION) { assetSelection { assetKeys { path } } } } } }`,
    );
    expect(found?.assetGroups).toContainEqual({ groupName: 'wide', assetKeys: [{ path: ['grid'] }] });
    expect(found).toMatchObject({
      assetNodesConnection: {
        nodes: [{ id: 'checked' }, { id: 'customers' }],
        cursor: 'customers',
        hasMore: true,
      },
      usedSolid: { invocations: [{ pipeline: { name: 'copy' }, solidHandle: { handleID: 'read' } }] },
      partitionSets: expect.arrayContaining([
        {
          name: 'every_day_partition_set',
          partition: {
            status: null,
            tagsOrError: { results: [{ key: 'dagster/partition', value: '2026-01-01' }] },
          },
        },
      ]),
      sensors: [{ assetSelection: { assetKeys: [{ path: ['after'] }] } }],
    });
  });

  test('a job whose config depends on the partition is asked for that of each, once for all', async () => {
    const calls = harness.codeLocationClient.calls.length;
    const { pipelineOrError: found } = await ask<Record<string, unknown>>(
      `{ pipelineOrError(params: { pipelineName: "stamped", ${SELECTOR} }) { ... on Pipeline {
          a: partition(partitionName: "2026-01-02") { ...P } b: partition(partitionName: "2026-01-03") { ...P } } } }
        fragment P on PartitionTagsAndConfig {
          runConfigOrError { ... on PartitionRunConfig { yaml } }
          tagsOrError { ... on PartitionTags { results { key value } } } }`,
    );
    const of = (day: string, steps: number) => ({
      runConfigOrError: { yaml: `execution:\n  config:\n    maxConcurrentSteps: ${steps}\n` },
      tagsOrError: {
        results: [
          { key: 'from', value: day },
          { key: 'dagster/partition', value: day },
        ],
      },
    });
    expect(found).toEqual({ a: of('2026-01-02', 2), b: of('2026-01-03', 3) });
    expect(harness.codeLocationClient.calls.slice(calls)).toMatchObject([{ kind: 'partition-config' }]);
    const broken = await ask(
      `{ pipelineOrError(params: { pipelineName: "stamped", ${SELECTOR} }) { ... on Pipeline {
          partition(partitionName: "2026-01-05") { runConfigOrError { __typename ... on PythonError { message } } } } } }`,
    );
    expect(broken).toMatchObject({
      pipelineOrError: {
        partition: {
          runConfigOrError: { __typename: 'PythonError', message: expect.stringContaining('no such day') },
        },
      },
    });
  });

  test('the instants of a schedule are told around one', async () => {
    const start = Date.UTC(2026, 0, 2, 12) / 1000;
    expect(
      await ask(
        `{ scheduleOrError(scheduleSelector: {scheduleName: "at_noon", ${SELECTOR}}) { ... on Schedule {
            potentialTickTimestamps(startTimestamp: ${start}, lowerLimit: 1, upperLimit: 2) assetSelection { assetKeys { path } } } } }`,
      ),
    ).toEqual({
      scheduleOrError: {
        potentialTickTimestamps: [start - 86_400, start, start + 86_400],
        assetSelection: { assetKeys: [{ path: ['days'] }] },
      },
    });
  });

  test('a plan is told before anything is launched', async () => {
    const plan = (extra: string, pipelineName = 'copy') =>
      ask(
        `{ executionPlanOrError(mode: "default", pipeline: {pipelineName: "${pipelineName}", ${SELECTOR} ${extra}}) { __typename ... on ExecutionPlan { steps { key outputs { name } metadata { key value } } } } }`,
      );
    expect(await plan('')).toMatchObject({
      executionPlanOrError: {
        __typename: 'ExecutionPlan',
        steps: [
          { key: 'read', outputs: [{ name: 'result' }] },
          { key: 'write', outputs: [{ name: 'result' }] },
        ],
      },
    });
    expect(await plan('', 'every_day')).toMatchObject({
      executionPlanOrError: { steps: [{ key: 'days', metadata: [{ key: 'team', value: 'geo' }] }] },
    });
    expect(await plan(', solidSelection: ["read"]')).toMatchObject({
      executionPlanOrError: { steps: [{ key: 'read' }] },
    });
    expect(await plan(', solidSelection: ["nothing"]')).toMatchObject({
      executionPlanOrError: { __typename: 'InvalidSubsetError' },
    });
  });

  test('a key that two locations define is shown as a collision', async () => {
    const collisions = () =>
      ask('{ assetNodeDefinitionCollisions { assetKey { path } repositories { location { name } } } }');
    expect(await collisions()).toEqual({ assetNodeDefinitionCollisions: [] });

    harness.codeLocations.set(loadedLocation('twin', define({ assets: [days] })));
    expect(await collisions()).toEqual({
      assetNodeDefinitionCollisions: [
        {
          assetKey: { path: ['days'] },
          repositories: [{ location: { name: 'twin' } }, { location: { name: 'wide' } }],
        },
      ],
    });
  });
});
