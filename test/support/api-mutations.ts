import { getNamedType, isUnionType } from 'graphql';
import type { Role } from '../../lib/api/identity';
import { schema } from '../../lib/api/schema';

const REPOSITORY = 'repositoryLocationName: "shop", repositoryName: "__repository__"';
const SCHEDULE = `{${REPOSITORY}, scheduleName: "every_night"}`;
const SENSOR = `{${REPOSITORY}, sensorName: "new_files"}`;
const RUN = `executionParams: {selector: {${REPOSITORY}, jobName: "plain"}}`;
const AGAIN = 'reexecutionParams: {parentRunId: "x", strategy: ALL_STEPS}';
const ORDERS = '{path: ["raw", "orders"]}';

/** Every mutation: the least role that may use it, and arguments, of the code location `shop`. */
export const MUTATIONS: Readonly<Record<string, readonly [Role, string]>> = {
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
  evaluateMissedTick: ['launcher', `scheduleSelector: ${SCHEDULE}, timestamp: 1`],
  freeConcurrencySlots: ['admin', 'runId: "x", stepKey: "a"'],
  freeConcurrencySlotsForRun: ['admin', 'runId: "x"'],
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
  reportAssetCheckEvaluations: [
    'editor',
    `eventParams: {assetKey: ${ORDERS}, checkName: "hasRows", passed: true}`,
  ],
  shutdownRepositoryLocation: ['editor', 'repositoryLocationName: "shop"'],
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

/** Members that say who of several was refused. */
const NESTED: Readonly<Record<string, string>> = {
  launchMultipleRuns: '... on LaunchMultipleRunsResult { launchMultipleRunsResult { __typename } }',
  terminateRuns: '... on TerminateRunsResult { terminateRunResults { __typename } }',
};

/** A document that does a mutation of the table. */
export function mutationDocument(name: string): string {
  const [, args = ''] = MUTATIONS[name] ?? [];
  const type = getNamedType(schema.getMutationType()?.getFields()[name]?.type);
  const selection = isUnionType(type) ? `{ __typename ${NESTED[name] ?? ''} }` : '';
  return `mutation { ${name}${args === '' ? '' : `(${args})`} ${selection} }`;
}

/** Whether an answer says that the caller may not. */
export function isRefused(answer: unknown): boolean {
  return /UnauthorizedError|(needs|this needs) '(admin|editor|launcher)'/.test(JSON.stringify(answer));
}

/** Storage calls that only look, and the one that keeps the refusal. */
export const READS =
  /^(appendAudit$|get|list|count|find|run(Tag|sByTag|Plans|Events|Status)|step|safe|asset(Records|States|Events|Updates)|partitionStates|check|dynamicPartition|targetsOf|newest|latest|instigatorStates|poolStates)/;
