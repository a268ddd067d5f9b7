import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getNamedType, isUnionType } from 'graphql';
import { ROLES, type Role } from '../../../lib/api/identity';
import { schema } from '../../../lib/api/schema';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const REPOSITORY = 'repositoryLocationName: "shop", repositoryName: "__repository__"';
const SCHEDULE = `{${REPOSITORY}, scheduleName: "every_night"}`;
const SENSOR = `{${REPOSITORY}, sensorName: "new_files"}`;
const RUN = `executionParams: {selector: {${REPOSITORY}, jobName: "plain"}}`;
const AGAIN = 'reexecutionParams: {parentRunId: "x", strategy: ALL_STEPS}';
const ORDERS = '{path: ["raw", "orders"]}';

/** Every mutation: the least role that may use it, and arguments. */
const MUTATIONS: Readonly<Record<string, readonly [Role, string]>> = {
  addDynamicPartition: [
    'editor',
    `repositorySelector: {${REPOSITORY}}, partitionsDefName: "customers", partitionKey: "a"`,
  ],
  deleteConcurrencyLimit: ['admin', 'concurrencyKey: "a"'],
  deleteDynamicPartitions: [
    'editor',
    `repositorySelector: {${REPOSITORY}}, partitionsDefName: "customers", partitionKeys: ["a"]`,
  ],
  cancelPartitionBackfill: ['launcher', 'backfillId: "x"'],
  pausePartitionBackfill: ['launcher', 'backfillId: "x"'],
  prioritizePartitionBackfill: ['launcher', 'backfillId: "x", priority: 1'],
  reexecutePartitionBackfill: ['launcher', 'reexecutionParams: {parentRunId: "x", strategy: ALL_STEPS}'],
  resumePartitionBackfill: ['launcher', 'backfillId: "x"'],
  deletePipelineRun: ['editor', 'runId: "x"'],
  deleteRun: ['editor', 'runId: "x"'],
  launchMultipleRuns: ['launcher', `executionParamsList: [{selector: {${REPOSITORY}, jobName: "plain"}}]`],
  launchPartitionBackfill: [
    'launcher',
    `backfillParams: {assetSelection: [${ORDERS}], partitionNames: ["2026-01-02"]}`,
  ],
  launchPipelineExecution: ['launcher', RUN],
  launchPipelineReexecution: ['launcher', AGAIN],
  launchRun: ['launcher', RUN],
  launchRunReexecution: ['launcher', AGAIN],
  reloadRepositoryLocation: ['editor', 'repositoryLocationName: "shop"'],
  reloadWorkspace: ['editor', ''],
  reportRunlessAssetEvents: ['editor', `eventParams: {eventType: ASSET_OBSERVATION, assetKey: ${ORDERS}}`],
  resetSchedule: ['editor', `scheduleSelector: ${SCHEDULE}`],
  resetSensor: ['editor', `sensorSelector: ${SENSOR}`],
  scheduleDryRun: ['launcher', `selectorData: ${SCHEDULE}`],
  sensorDryRun: ['launcher', `selectorData: ${SENSOR}`],
  setConcurrencyLimit: ['admin', 'concurrencyKey: "a", limit: 1'],
  setSensorCursor: ['editor', `sensorSelector: ${SENSOR}, cursor: "1"`],
  startSchedule: ['editor', `scheduleSelector: ${SCHEDULE}`],
  startSensor: ['editor', `sensorSelector: ${SENSOR}`],
  stopRunningSchedule: ['editor', 'id: "shop:schedule:every_night"'],
  stopSensor: ['editor', 'id: "shop:sensor:new_files"'],
  terminatePipelineExecution: ['launcher', 'runId: "x"'],
  terminateRun: ['launcher', 'runId: "x"'],
  terminateRuns: ['launcher', 'runIds: ["x"]'],
  wipeAssets: ['editor', `assetPartitionRanges: [{assetKey: ${ORDERS}}]`],
};

/** Storage calls that only look, and the one that keeps the refusal. */
const READS =
  /^(appendAudit$|get|list|count|find|run(Tag|Events|Status)|step|safe|asset(Records|Events|Updates)|partitionStates|check|dynamicPartitionKeys|latest|instigatorStates|poolStates)/;

describe('the role that a mutation needs', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());

  const mutate = (name: string, role: Role) => {
    const [, args] = MUTATIONS[name] ?? ['admin', ''];
    const type = getNamedType(schema.getMutationType()?.getFields()[name]?.type);
    const nested: Record<string, string> = {
      launchMultipleRuns: '... on LaunchMultipleRunsResult { launchMultipleRunsResult { __typename } }',
      terminateRuns: '... on TerminateRunsResult { terminateRunResults { __typename } }',
    };
    const selection = isUnionType(type) ? `{ __typename ${nested[name] ?? ''} }` : '';
    return harness.graphql<Record<string, unknown>>(
      `mutation { ${name}${args === '' ? '' : `(${args})`} ${selection} }`,
      {},
      role,
    );
  };
  const isRefused = (answer: Awaited<ReturnType<typeof mutate>>) =>
    JSON.stringify(answer).includes('UnauthorizedError') ||
    /needs (admin|editor|launcher)/.test(JSON.stringify(answer.errors ?? ''));

  test('is settled here for every mutation', () => {
    expect(Object.keys(MUTATIONS).sort()).toEqual(
      Object.keys(schema.getMutationType()?.getFields() ?? {}).sort(),
    );
  });

  test.each(Object.entries(MUTATIONS))('%s: %s', async (name, [needed]) => {
    for (const role of ROLES) {
      harness.calls.length = 0;
      harness.codeLocations.reloaded.length = 0;
      const answer = await mutate(name, role);
      const mayAct = ROLES.indexOf(role) >= ROLES.indexOf(needed);
      expect({ name, role, isRefused: isRefused(answer) }).toEqual({ name, role, isRefused: !mayAct });
      if (mayAct) continue;
      expect(harness.calls.filter((call) => !READS.test(call))).toEqual([]);
      expect(harness.codeLocations.reloaded).toEqual([]);
    }
  });

  test('what a caller may do is told before it is tried', async () => {
    const { data } = await harness.graphql<{ permissions: { permission: string; value: boolean }[] }>(
      '{ permissions { permission value disabledReason } }',
      {},
      'launcher',
    );
    const may = Object.fromEntries(data.permissions.map(({ permission, value }) => [permission, value]));
    expect(may).toMatchObject({
      launch_pipeline_execution: true,
      wipe_assets: false,
      edit_concurrency_limit: false,
    });
  });
});
