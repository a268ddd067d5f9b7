import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asset, define, job, op, schedule, sensor } from 'headrace';
import { anEvent, SUCCESS } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { loadedLocation } from '../../support/api-workspace';

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
    expect(calls).toEqual({ assetRecords: 1, checkRecords: 1 });
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

  test('is zero for what the manifests alone answer', async () => {
    const { calls } = await callsOf(
      '{ assetNodes { id description dependencyKeys { path } jobNames repository { name } } workspaceOrError { ... on Workspace { locationEntries { name loadStatus } } } }',
    );
    expect(calls).toEqual({});
  });
});
