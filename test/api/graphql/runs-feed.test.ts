import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

interface Page {
  readonly runsFeedOrError: {
    readonly results: readonly { readonly __typename: string; readonly id: string }[];
    readonly cursor: string;
    readonly hasMore: boolean;
  };
}

describe('runs and backfills in one list', () => {
  let harness: ApiHarness;
  let backfillId: string;
  const runIds: string[] = [];
  beforeAll(async () => {
    harness = await createApiHarness();
    await launch();
    const { data } = await harness.graphql<{ launchPartitionBackfill: { backfillId: string } }>(
      `mutation { launchPartitionBackfill(backfillParams: {
        selector: {partitionSetName: "raw_daily_partition_set", repositorySelector: {repositoryLocationName: "shop", repositoryName: "__repository__"}},
        partitionNames: ["2026-01-02", "2026-01-03"]}) { ... on LaunchBackfillSuccess { backfillId launchedRunIds } } }`,
    );
    backfillId = data.launchPartitionBackfill.backfillId;
    await launch();
  });
  afterAll(() => harness.close());

  async function launch(): Promise<void> {
    const body = { job: 'plain', location: 'shop' };
    runIds.unshift((await harness.rest<{ runId: string }>('POST', '/api/runs', { body })).body.runId);
  }
  async function page(args: string): Promise<Page['runsFeedOrError']> {
    const { data, errors } = await harness.graphql<Page>(
      `{ runsFeedOrError(${args}) { ... on RunsFeedConnection { cursor hasMore results { __typename id } } } }`,
    );
    expect(errors).toBeUndefined();
    return data.runsFeedOrError;
  }
  const count = async (args: string) =>
    (
      await harness.graphql<{ runsFeedCountOrError: { count: number } }>(
        `{ runsFeedCountOrError(${args}) { ... on RunsFeedCount { count } } }`,
      )
    ).data.runsFeedCountOrError.count;

  test('a backfill stands in the place of its runs, newest first, page by page', async () => {
    const found: string[] = [];
    let cursor = '';
    for (let more = true; more; ) {
      const read = await page(`view: ROOTS, limit: 1, cursor: "${cursor}"`);
      found.push(...read.results.map(({ id }) => id));
      cursor = read.cursor;
      more = read.hasMore;
    }
    expect(found).toEqual([runIds[0], backfillId, runIds[1]]);
    expect(await count('view: ROOTS')).toBe(3);
  });

  test('runs alone hold those of backfills, too', async () => {
    const { results } = await page('view: RUNS, limit: 10');
    expect(results.map(({ __typename }) => __typename)).toEqual(['Run', 'Run', 'Run', 'Run']);
    expect(await page('view: BACKFILLS, limit: 10')).toMatchObject({
      results: [{ __typename: 'PartitionBackfill', id: backfillId }],
    });
  });

  test('a filter holds for both', async () => {
    expect((await page('view: ROOTS, limit: 10, filter: {pipelineName: "raw_daily"}')).results).toEqual([
      { __typename: 'PartitionBackfill', id: backfillId },
    ]);
    expect(await count('view: ROOTS, filter: {statuses: [SUCCESS]}')).toBe(0);
    expect(await count('view: ROOTS, filter: {tags: [{key: "no", value: "such"}]}')).toBe(0);
  });

  test('an entry of either kind is told by the same fields', async () => {
    const { data } = await harness.graphql<{ runsFeedOrError: { results: unknown[] } }>(
      `{ runsFeedOrError(view: ROOTS, limit: 2) { ... on RunsFeedConnection { results { jobName runStatus creationTime tags { key } ... on Run { runId } ... on PartitionBackfill { status numPartitions } } } } }`,
    );
    expect(data.runsFeedOrError.results).toMatchObject([
      { jobName: 'plain', runId: runIds[0] },
      { jobName: 'raw_daily', runStatus: 'STARTED', status: 'REQUESTED', numPartitions: 2 },
    ]);
  });

  /** As https://docs.dagster.io/api/graphql has them. */
  const EXAMPLES: Readonly<Record<string, readonly [string, object]>> = {
    'a paginated list of runs': [
      'query PaginatedRunsQuery($cursor: String) { runsOrError(cursor: $cursor, limit: 10) { __typename ... on Runs { results { runId jobName status runConfigYaml startTime endTime } } } }',
      {},
    ],
    'runs that failed': [
      'query FilteredRunsQuery($cursor: String) { runsOrError(filter: { statuses: [FAILURE] }, cursor: $cursor, limit: 10) { __typename ... on Runs { results { runId jobName status runConfigYaml startTime endTime } } } }',
      {},
    ],
    'all repositories': [
      'query RepositoriesQuery { repositoriesOrError { ... on RepositoryConnection { nodes { name location { name } } } } }',
      {},
    ],
    'the jobs of a repository': [
      'query JobsQuery($repositoryLocationName: String!, $repositoryName: String!) { repositoryOrError(repositorySelector: { repositoryLocationName: $repositoryLocationName repositoryName: $repositoryName }) { ... on Repository { jobs { name } } } }',
      { repositoryLocationName: 'shop', repositoryName: '__repository__' },
    ],
    'a launch': [
      `mutation LaunchRunMutation($repositoryLocationName: String! $repositoryName: String! $jobName: String! $runConfigData: RunConfigData!) {
        launchRun(executionParams: { selector: { repositoryLocationName: $repositoryLocationName repositoryName: $repositoryName jobName: $jobName } runConfigData: $runConfigData }) {
          __typename ... on LaunchRunSuccess { run { runId } } ... on RunConfigValidationInvalid { errors { message reason } } ... on PythonError { message } } }`,
      {
        repositoryLocationName: 'shop',
        repositoryName: '__repository__',
        jobName: 'plain',
        runConfigData: {},
      },
    ],
    'the end of a run': [
      'mutation TerminateRun($runId: String!) { terminateRun(runId: $runId) { __typename ... on TerminateRunSuccess { run { runId } } ... on TerminateRunFailure { message } ... on RunNotFoundError { runId } ... on PythonError { message stack } } }',
      { runId: '00000000-0000-4000-8000-000000000000' },
    ],
  };
  test.each(Object.keys(EXAMPLES))('the documented example runs as it stands: %s', async (name) => {
    const [query, variables] = EXAMPLES[name] ?? ['', {}];
    const { data, errors } = await harness.graphql<Record<string, unknown>>(query, { ...variables });
    expect(errors).toBeUndefined();
    expect(JSON.stringify(data)).not.toMatch(/PythonError|RepositoryNotFoundError/);
  });
});
