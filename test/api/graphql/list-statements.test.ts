import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execute, parse } from 'graphql';
import { schema } from '../../../lib/api/schema';
import { directContext } from '../../support/api-direct-context';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { listQueries, type Place, placesOf } from '../../support/api-list-walk';
import { fillRows } from '../../support/api-rows';

/** Rows of every kind in the one deployment; the other has one of each. */
const MANY = 4;
/** Ways to a type that are tried until one shows more objects of it where there are more rows. */
const WAYS = 12;

const ROWS = 'repositoryLocationName: "rows", repositoryName: "__repository__"';
const VIEW = '{path: ["view_0"]}';

/** Every query that answers a list, with its arguments. */
const LISTS: Readonly<Record<string, string>> = {
  allTopLevelResourceDetailsOrError: `repositorySelector: {${ROWS}}`,
  assetBackfillPreview: 'params: {assetSelection: [{path: ["table_0"]}], partitionNames: ["2026-01-02"]}',
  assetCatalog: '',
  assetCheckExecutions: `assetKey: ${VIEW}, checkName: "check_0", limit: 9`,
  assetConditionEvaluationForPartition: `assetKey: ${VIEW}, evaluationId: "1", partition: "2026-01-01"`,
  assetConditionEvaluationRecordsOrError: `assetKey: ${VIEW}, limit: 9`,
  assetConditionEvaluationsForEvaluationId: 'evaluationId: "1"',
  assetNodeAdditionalRequiredKeys: `assetKeys: [${VIEW}]`,
  assetNodeDefinitionCollisions: '',
  assetNodes: '',
  assetRecordsOrError: '',
  assetsLatestInfo: `assetKeys: [${VIEW}]`,
  assetsOrError: '',
  auditEntriesOrError: '',
  capturedLogs: 'logKey: ["a", "b", "c"]',
  executionPlanOrError: `pipeline: {${ROWS}, pipelineName: "graph_0"}`,
  instigationStatesOrError: 'repositoryID: "rows"',
  isPipelineConfigValid: `pipeline: {${ROWS}, pipelineName: "graph_0"}, runConfigData: {}`,
  latestDefsStateInfo: '',
  locationStatusesOrError: '',
  logsForRun: 'runId: "none"',
  partitionBackfillPreviewOrError:
    'backfillParams: {assetSelection: [{path: ["table_0"]}], allPartitions: true}',
  partitionBackfillsOrError: '',
  partitionSetsOrError: `repositorySelector: {${ROWS}}, pipelineName: "tables_0"`,
  permissions: '',
  pipelineRunsOrError: '',
  repositoriesOrError: '',
  resourcesOrError: `pipelineSelector: {${ROWS}, pipelineName: "graph_0"}`,
  runConfigSchemaOrError: `selector: {${ROWS}, pipelineName: "graph_0"}`,
  runGroupOrError: 'runId: "none"',
  runTagsOrError: '',
  runTimelineOrError: 'startTime: 0, endTime: 4000000000',
  runsFeedOrError: 'view: ROOTS, limit: 100',
  runsOrError: '',
  schedulesOrError: '',
  sensorsOrError: '',
  utilizedEnvVarsOrError: `repositorySelector: {${ROWS}}`,
};

const ARGUMENTS = { 'DaemonHealth.daemonStatus': 'daemonType: "SENSOR"' };

const LOG = 'Events of a run: each run has its own page of the log, which is read by a position in it.';
const PARTITIONS = 'A list of all partitions by itself: one asset has thousands.';
const OLD =
  "Dagster's older form of partitions, by which nobody lists runs any more: their runs are filtered by a tag.";

/** Fields that take a statement for each object, with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'AssetNode.dataVersionByPartition': PARTITIONS,
  'AssetNode.latestMaterializationByPartition': PARTITIONS,
  'InstigationState.runsCount': 'A count of its own; lists show the newest runs.',
  'PartitionBackfill.logEvents': 'A log of its own, page by page.',
  'Partition.runs': OLD,
  'Partition.status': OLD,
  'PartitionSet.backfills': OLD,
  'Run.assetMaterializations': LOG,
  'Run.eventConnection': LOG,
  'RunStatsSnapshot.materializations': LOG,
  'RunStepStats.materializations': LOG,
};

/** Types of which more must be met where there are more rows: else nothing would have been shown of them. */
const MET = [
  'Asset',
  'AssetCheck',
  'AssetNode',
  'AuditEntry',
  'ExpectedTick',
  'InstigationState',
  'InstigationTick',
  'Job',
  'PartitionBackfill',
  'Pipeline',
  'Run',
  'RunStepStats',
  'Schedule',
  'Sensor',
];

let one: ApiHarness;
let many: ApiHarness;
beforeAll(async () => {
  one = await createApiHarness();
  many = await createApiHarness();
  await fillRows(one, 1);
  await fillRows(many, MANY);
});
afterAll(async () => {
  await one.close();
  await many.close();
});

/** Storage calls that a document makes, and how many objects of a type it shows. */
async function ask(harness: ApiHarness, { type, document }: Place, fields: readonly string[]) {
  const contextValue = await directContext(harness);
  harness.calls.length = 0;
  const { data } = await execute({ schema, document: parse(document(fields)), contextValue });
  const shown = JSON.stringify(data).split(`"__typename":"${type.name}"`).length - 1;
  return { calls: harness.calls.length, shown };
}

/** Calls that fields of a place take, besides those that lead there. */
async function costs(harness: ApiHarness, place: Place, fields: readonly string[]): Promise<number> {
  const [with_, without] = [await ask(harness, place, fields), await ask(harness, place, [])];
  return with_.calls - without.calls;
}

/** Whether a field takes more calls where there are more rows. */
async function grows(place: Place, fields: readonly string[]): Promise<boolean> {
  return (await costs(many, place, fields)) > (await costs(one, place, fields));
}

test('every query that answers a list is asked', () => {
  expect(Object.keys(LISTS).sort()).toEqual(listQueries(schema).sort());
});

test('what a list takes does not grow with its rows, whatever is asked of them', async () => {
  const met = new Set<string>();
  const growing: string[] = [];
  const tried = new Map<string, number>();
  let level = Object.entries(LISTS).flatMap(([name, args]) =>
    placesOf(schema, args === '' ? name : `${name}(${args})`, ARGUMENTS),
  );
  while (level.length > 0) {
    const next: Place[] = [];
    for (const place of level) {
      const { name } = place.type;
      const ways = tried.get(name) ?? 0;
      if (met.has(name) || ways === WAYS) continue;
      tried.set(name, ways + 1);
      const shown = (await ask(many, place, [])).shown;
      if (shown === 0) continue;
      if (shown > (await ask(one, place, [])).shown) met.add(name);
      const fields = place.fields.filter((field) => EXCEPTIONS[`${name}.${field}`] === undefined);
      if (met.has(name) && (await grows(place, fields))) {
        for (const field of fields) if (await grows(place, [field])) growing.push(`${name}.${field}`);
      }
      next.push(...fields.filter((field) => !growing.includes(`${name}.${field}`)).flatMap(place.below));
    }
    level = next;
  }
  expect(growing).toEqual([]);
  expect(MET.filter((name) => !met.has(name))).toEqual([]);
});
