import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asset, define, job, op, schedule, sensor } from 'headrace';
import { searchIndexDocument } from '../../../dashboard/src/app/shell.graphql';
import { backfillsDocument } from '../../../dashboard/src/features/backfills/backfills.graphql';
import { waitingRunsDocument } from '../../../dashboard/src/features/deployment/deployment.graphql';
import { instanceStatusDocument } from '../../../dashboard/src/features/deployment/instance.graphql';
import { jobsDocument } from '../../../dashboard/src/features/jobs/jobs.graphql';
import { lateDocument, timelineDocument } from '../../../dashboard/src/features/overview/overview.graphql';
import { runCountsDocument, runsDocument } from '../../../dashboard/src/features/runs/runs.graphql';
import { schedulesDocument } from '../../../dashboard/src/features/schedules/schedules.graphql';
import { sensorsDocument } from '../../../dashboard/src/features/sensors/sensors.graphql';
import { assetCatalogDocument, assetStatesDocument } from '../../../dashboard/src/graphql/assets.graphql';
import { shellCountsDocument } from '../../../dashboard/src/graphql/shell-counts.graphql';
import { anEvent, SUCCESS } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { loadedLocation } from '../../support/api-workspace';

/** How often each call was made. */
type Calls = Readonly<Record<string, number>>;

const ASSETS = 200;
const JOBS = 30;

/** Many of everything. */
const jobs = Array.from({ length: JOBS }, (_, i) =>
  job({ name: `job_${i}`, graph: () => op({ name: `op_${i}`, run: () => undefined })() }),
);
const large = define({
  assets: Array.from({ length: ASSETS }, (_, i) => asset({ key: `big/asset_${i}`, run: () => i })),
  jobs,
  schedules: jobs.map((each, i) => schedule({ name: `schedule_${i}`, job: each, cron: '@daily' })),
  sensors: jobs.map((each, i) => sensor({ name: `sensor_${i}`, job: each, evaluate: () => [] })),
});

describe('the number of storage calls', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
    harness.codeLocations.set(loadedLocation('large', large));
    for (let i = 0; i < 5; i++) {
      const launched = await harness.rest<{ runId: string }>('POST', '/api/runs', {
        body: { job: `job_${i}` },
      });
      await harness.work(launched.body.runId, [], SUCCESS);
    }
    // Left in the queue.
    for (let i = 5; i < 12; i++) await harness.rest('POST', '/api/runs', { body: { job: `job_${i}` } });
    const all = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { assets: ['key:"big/*"'] },
    });
    expect(all.status).toBe(201);
    await harness.work(
      all.body.runId,
      Array.from({ length: ASSETS }, (_, i) =>
        anEvent(
          'ASSET_MATERIALIZATION',
          { metadata: {}, tags: {}, inputDataVersions: {} },
          { assetKey: `big/asset_${i}` },
        ),
      ),
    );
  });
  afterAll(() => harness.close());

  /** Names of the calls that a query makes, with how often. */
  async function callsOf(query: string, variables: Record<string, unknown> = {}) {
    harness.calls.length = 0;
    const { errors, data } = await harness.graphql<Record<string, unknown>>(query, variables);
    expect(errors).toBeUndefined();
    const calls = Object.fromEntries(
      [...Map.groupBy(harness.calls, (name) => name)].map(([name, made]) => [name, made.length]),
    );
    return { calls, data };
  }

  test('does not grow with the jobs, runs, schedules and sensors of all repositories', async () => {
    const { calls, data } = await callsOf(`{ repositoriesOrError { ... on RepositoryConnection { nodes {
      name location { name }
      jobs { name runs(limit: 5) { runId status startTime endTime } schedules { name scheduleState { status } } sensors { name } }
      schedules { name scheduleState { status nextTick { timestamp } typeSpecificData { __typename } } futureTicks(limit: 1) { results { timestamp } } }
      sensors { name sensorState { status nextTick { timestamp } } } } } } }`);
    expect(JSON.stringify(data)).toContain('job_29');
    expect(calls).toEqual({ latestRunsByJob: 1, instigatorStates: 1 });
  });

  test('does not grow with the schedules and sensors whose ticks are shown', async () => {
    const { calls, data } = await callsOf(`{
      schedulesOrError { ... on Schedules { results { name scheduleState { status ticks(limit: 1) { id status runs { runId } } } } } }
      sensorsOrError { ... on Sensors { results { name sensorState { status ticks(limit: 1) { id status } } } } } }`);
    expect(JSON.stringify(data)).toContain('sensor_29');
    expect(calls).toEqual({ instigatorStates: 1, latestTicks: 1 });
  });

  test('does not grow with the assets whose latest state is asked for', async () => {
    const assetKeys = Array.from({ length: ASSETS }, (_, i) => ({ path: ['big', `asset_${i}`] }));
    const { calls, data } = await callsOf(
      `query Q($assetKeys: [AssetKeyInput!]!) { assetsLatestInfo(assetKeys: $assetKeys) {
        assetKey { path } latestRun { runId status } latestMaterialization { timestamp runOrError { ... on Run { runId } } }
        inProgressRunIds unstartedRunIds } }`,
      { assetKeys },
    );
    expect(
      (data.assetsLatestInfo as { latestMaterialization: unknown }[]).filter(
        (info) => info.latestMaterialization,
      ),
    ).toHaveLength(ASSETS);
    expect(calls).toMatchObject({ assetRecords: 1, listRuns: expect.any(Number) });
    expect(Object.values(calls).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(4);
  });

  test('does not grow with the assets whose staleness and checks are shown', async () => {
    const { calls } = await callsOf(
      '{ assetNodes { id staleStatus staleCauses { reason } assetChecksOrError { ... on AssetChecks { checks { name executionForLatestMaterialization { status } } } } } }',
    );
    expect(calls).toEqual({ assetVersions: 1, checkRecords: 1 });
  });

  test('does not grow with the runs that are listed', async () => {
    const { calls } = await callsOf(
      '{ runsOrError(limit: 100) { ... on Runs { count results { runId status tags { key value } repositoryOrigin { repositoryLocationName } waitingFor canTerminate assetSelection { path } } } } }',
    );
    expect(Object.values(calls).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(3);
  });

  test('does not grow with the events that are read', async () => {
    const { data } = await harness.graphql<{ runsOrError: { results: { runId: string }[] } }>(
      '{ runsOrError(limit: 1) { ... on Runs { results { runId } } } }',
    );
    const { calls } = await callsOf(
      'query Q($runId: ID!) { logsForRun(runId: $runId) { ... on EventConnection { events { __typename ... on MaterializationEvent { runOrError { ... on Run { status } } } ... on RunStartEvent { pipelineName } } } } }',
      { runId: data.runsOrError.results[0]?.runId },
    );
    expect(calls).toEqual({ listRuns: 1, runEvents: 1 });
  });

  const QUEUED = { statuses: ['QUEUED'] };
  const IN_PROGRESS = { statuses: ['STARTING', 'STARTED', 'CANCELING'] };
  const assetKeys = Array.from({ length: ASSETS }, (_, i) => ({ path: ['big', `asset_${i}`] }));

  /** What the health of the daemons, the queue's limits and the pools take. */
  const HEALTH = {
    findLateAttempts: 1,
    getValue: 2,
    instigatorStates: 1,
    listBackfills: 1,
    listRuns: 1,
    poolStates: 1,
    upkeepDueAt: 1,
  };

  /** Every list that the dashboard shows: its own documents, so that a field added to one is counted here. */
  const LISTS: readonly (readonly [{ name: string; text: string }, Record<string, unknown>, Calls])[] = [
    [runsDocument, { filter: {}, limit: 25 }, { listRuns: 1, countRuns: 1 }],
    [runCountsDocument, { all: {}, queued: QUEUED, inProgress: IN_PROGRESS, failed: {} }, { countRuns: 4 }],
    [shellCountsDocument, { inProgress: IN_PROGRESS }, { countRuns: 1 }],
    [searchIndexDocument, {}, { listRuns: 1, listBackfills: 1 }],
    [jobsDocument, {}, { latestRunsByJob: 1, instigatorStates: 1 }],
    [schedulesDocument, {}, { latestTicks: 1, instigatorStates: 1, expectedTicks: 2 }],
    [sensorsDocument, {}, { latestTicks: 1, instigatorStates: 1 }],
    [assetCatalogDocument, {}, { assetVersions: 1, partitionStates: 1, dynamicPartitions: 1 }],
    [assetStatesDocument, { assetKeys }, { assetStates: 1 }],
    [assetStatesDocument, { assetKeys: null }, { assetStates: 1 }],
    [backfillsDocument, { limit: 25 }, { listBackfills: 1 }],
    [lateDocument, {}, { instigatorStates: 1, expectedTicks: 2, assetVersions: 1, assetStates: 1 }],
    [waitingRunsDocument, { filter: QUEUED }, { listRuns: 1, countRuns: 1 }],
    [instanceStatusDocument, {}, HEALTH],
    [
      timelineDocument,
      {
        from: Date.now() / 1_000 - 86_400,
        to: Date.now() / 1_000 + 86_400,
        filter: null,
        rows: 24,
        latest: 8,
        inProgress: IN_PROGRESS,
        queued: QUEUED,
      },
      {
        ...HEALTH,
        runTimeline: 1,
        windowRuns: 2,
        instigatorStates: 2,
        latestTicks: 1,
        listRuns: 2,
        countRuns: 2,
      },
    ],
  ];

  test.each(
    LISTS.map(([document, variables, expected]) => [document.name, document, variables, expected] as const),
  )("of the dashboard's query %s does not grow with what it lists", async (_name, document, variables, expected) => {
    const { calls } = await callsOf(document.text, variables);
    expect(calls).toEqual(expected);
  });

  test('is zero for what the manifests alone answer', async () => {
    const { calls } = await callsOf(
      '{ assetNodes { id description dependencyKeys { path } jobNames repository { name } } workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }',
    );
    expect(calls).toEqual({});
  });
});
