import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TAG } from '../../../lib/model/tags';
import { anEvent, SUCCESS } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

interface Outcome {
  readonly __typename: string;
  readonly message?: string;
  readonly run?: { readonly runId: string; readonly status: string };
  readonly errors?: readonly {
    readonly message: string;
    readonly path: readonly string[];
    readonly reason: string;
  }[];
}

const FAILED = { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: 'no' } as const;
const RESULT = `__typename
  ... on LaunchRunSuccess { run { runId status } }
  ... on LaunchPipelineRunSuccess { run { runId } }
  ... on RunConfigValidationInvalid { errors { message path reason } }
  ... on InvalidStepError { invalidStepKey }
  ... on Error { message }`;

describe('launching by GraphQL', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());

  const selector = (over: Record<string, unknown> = {}) => ({
    repositoryLocationName: 'shop',
    repositoryName: '__repository__',
    jobName: 'plain',
    ...over,
  });
  async function launch(executionParams: Record<string, unknown>, field = 'launchRun'): Promise<Outcome> {
    const answer = await harness.graphql<Record<string, Outcome>>(
      `mutation M($executionParams: ExecutionParams!) { ${field}(executionParams: $executionParams) { ${RESULT} } }`,
      { executionParams },
    );
    expect(answer.errors).toBeUndefined();
    return answer.data[field] as Outcome;
  }
  async function launched(
    over: Record<string, unknown> = {},
    more: Record<string, unknown> = {},
  ): Promise<string> {
    const outcome = await launch({ selector: selector(over), ...more });
    expect(outcome.__typename).toBe('LaunchRunSuccess');
    return outcome.run?.runId ?? '';
  }
  const stepsOf = async (runId: string) =>
    (await harness.storage.getRunPlan(runId))?.steps.map(({ key }) => key);

  test('launches a job, by either name of the selector and of the mutation', async () => {
    for (const [field, name] of [
      ['launchRun', 'jobName'],
      ['launchPipelineExecution', 'pipelineName'],
    ] as const) {
      const outcome = await launch({ selector: { ...selector(), jobName: null, [name]: 'plain' } }, field);
      expect(outcome).toMatchObject({ __typename: 'LaunchRunSuccess', run: { status: 'STARTING' } });
    }
  });

  test('takes config as an object or as text, and tags', async () => {
    const config = { ops: { extract: { config: { table: 't' } } } };
    for (const runConfigData of [config, JSON.stringify(config)]) {
      const runId = await launched(
        { jobName: 'nightly' },
        { runConfigData, executionMetadata: { tags: [{ key: 'a', value: 'b' }] } },
      );
      expect(await harness.storage.getRun(runId)).toMatchObject({
        config,
        tags: { a: 'b', [TAG.user]: 'ann' },
      });
    }
  });

  test('launches chosen assets of the implicit job, their checks alone, and steps', async () => {
    const assets = await launched({
      jobName: '__ASSET_JOB',
      assetSelection: [{ path: ['reports', 'orders'] }],
      assetCheckSelection: [],
    });
    const checks = await launched({
      jobName: '__ASSET_JOB',
      assetSelection: [],
      assetCheckSelection: [{ assetKey: { path: ['reports', 'orders'] }, name: 'isFresh' }],
    });
    const steps = await launched(
      { jobName: 'nightly' },
      { stepKeys: ['load'], runConfigData: { ops: { extract: { config: { table: 't' } } } } },
    );
    expect(await stepsOf(assets)).toEqual(['reports__orders']);
    expect((await harness.storage.getRunPlan(checks))?.steps.flatMap((step) => step.checks)).toEqual([
      { asset: 'reports/orders', name: 'isFresh' },
    ]);
    expect(await stepsOf(steps)).toEqual(['load']);
  });

  test('an op selection chooses steps instead of being passed over', async () => {
    const config = { runConfigData: { ops: { extract: { config: { table: 't' } } } } };
    expect(
      await stepsOf(await launched({ jobName: 'nightly', solidSelection: ['extract'] }, config)),
    ).toEqual(['extract']);
    expect(await stepsOf(await launched({ jobName: 'nightly', solidSelection: ['*load'] }, config))).toEqual([
      'extract',
      'load',
    ]);
    expect(
      await launch({ selector: selector({ jobName: 'nightly', solidSelection: ['lod'] }), ...config }),
    ).toMatchObject({
      __typename: 'InvalidSubsetError',
      message: expect.stringContaining('load'),
    });
  });

  test.each([
    ['an unknown job', { jobName: 'x' }, {}, 'PipelineNotFoundError', "'x'"],
    [
      'an unknown location',
      { repositoryLocationName: 'x' },
      {},
      'PipelineNotFoundError',
      "code location 'x'",
    ],
    [
      'a location that never loaded',
      { repositoryLocationName: 'broken' },
      {},
      'PipelineNotFoundError',
      'Unexpected token',
    ],
    [
      'an unknown step',
      { jobName: 'nightly' },
      { stepKeys: ['lod'], runConfigData: { ops: { extract: { config: { table: 't' } } } } },
      'InvalidStepError',
      'load',
    ],
    [
      'an unknown asset',
      { jobName: '__ASSET_JOB', assetSelection: [{ path: ['x'] }] },
      {},
      'InvalidSubsetError',
      "'x'",
    ],
    ['a missing partition', { jobName: 'raw_daily' }, {}, 'InvalidSubsetError', 'name a partition'],
    ['a preset', {}, { preset: 'p' }, 'PresetNotFoundError', "'p'"],
    [
      'a preset beside config',
      {},
      { preset: 'p', runConfigData: {} },
      'ConflictingExecutionParamsError',
      'not both',
    ],
  ])('%s is a typed error', async (_what, over, more, type, words) => {
    const before = await harness.storage.countRuns({});
    const outcome = await launch({ selector: selector(over), ...more });
    expect(outcome).toMatchObject({ __typename: type, message: expect.stringContaining(words) });
    expect(await harness.storage.countRuns({})).toBe(before);
  });

  test('config that does not fit is a typed error with every mistake', async () => {
    const outcome = await launch({
      selector: selector({ jobName: 'nightly' }),
      runConfigData: { ops: { extract: { config: { table: 1 } } } },
    });
    expect(outcome).toMatchObject({
      __typename: 'RunConfigValidationInvalid',
      errors: [{ path: ['ops', 'extract', 'config', 'table'], reason: 'RUNTIME_TYPE_MISMATCH' }],
    });
  });

  test('a location that cannot be reached is a PythonError, not a failed query', async () => {
    harness.codeLocationClient.outage = true;
    try {
      const outcome = await launch({
        selector: selector({ jobName: 'nightly' }),
        runConfigData: { ops: {} },
      });
      expect(outcome).toMatchObject({
        __typename: 'PythonError',
        message: expect.stringContaining('cannot be reached'),
      });
    } finally {
      harness.codeLocationClient.outage = false;
    }
  });

  test.each([
    ['neither name', { selector: selector({ jobName: null }) }, 'names neither jobName nor pipelineName'],
    ['config that is no JSON', { selector: selector(), runConfigData: '{' }, 'is not JSON'],
    ['config that is no object', { selector: selector(), runConfigData: '[1]' }, 'must be an object'],
  ])('%s fails the query with words for the caller', async (_what, executionParams, words) => {
    const answer = await harness.graphql(
      'mutation M($p: ExecutionParams!) { launchRun(executionParams: $p) { __typename } }',
      { p: executionParams },
    );
    expect(answer.errors?.[0]?.message).toContain(words);
    expect(harness.errors).toEqual([]);
  });

  test('launches many at once, each with its own answer', async () => {
    const { data } = await harness.graphql<{ launchMultipleRuns: { launchMultipleRunsResult: Outcome[] } }>(
      `mutation M($list: [ExecutionParams!]!) { launchMultipleRuns(executionParamsList: $list) {
        ... on LaunchMultipleRunsResult { launchMultipleRunsResult { ${RESULT} } } } }`,
      {
        list: [{ selector: selector() }, { selector: selector({ jobName: 'x' }) }, { selector: selector() }],
      },
    );
    expect(data.launchMultipleRuns.launchMultipleRunsResult.map(({ __typename }) => __typename)).toEqual([
      'LaunchRunSuccess',
      'PipelineNotFoundError',
      'LaunchRunSuccess',
    ]);
  });

  test('launches none of many when one of them cannot be read', async () => {
    const before = await harness.storage.countRuns({});
    const { errors } = await harness.graphql(
      'mutation M($list: [ExecutionParams!]!) { launchMultipleRuns(executionParamsList: $list) { __typename } }',
      { list: [{ selector: selector() }, { selector: selector(), runConfigData: '{' }] },
    );
    expect(errors?.[0]?.message).toContain('is not JSON');
    expect(await harness.storage.countRuns({})).toBe(before);
  });

  describe('again', () => {
    const reexecute = async (parameters: Record<string, unknown>, field = 'launchRunReexecution') => {
      const answer = await harness.graphql<Record<string, Outcome>>(
        `mutation M($e: ExecutionParams, $r: ReexecutionParams) { ${field}(executionParams: $e, reexecutionParams: $r) { ${RESULT} } }`,
        parameters,
      );
      expect(answer.errors).toBeUndefined();
      return answer.data[field] as Outcome;
    };

    test('all steps, with the tags of the run and more', async () => {
      const parent = await launched({}, { executionMetadata: { tags: [{ key: 'a', value: 'b' }] } });
      await harness.work(parent, [], FAILED);
      for (const field of ['launchRunReexecution', 'launchPipelineReexecution']) {
        const outcome = await reexecute(
          { r: { parentRunId: parent, strategy: 'ALL_STEPS', extraTags: [{ key: 'c', value: 'd' }] } },
          field,
        );
        expect(await harness.storage.getRun(outcome.run?.runId ?? '')).toMatchObject({
          parentRunId: parent,
          rootRunId: parent,
          tags: { a: 'b', c: 'd' },
        });
      }
    });

    test('what failed, of assets', async () => {
      const parent = await launched(
        {
          jobName: '__ASSET_JOB',
          assetSelection: [{ path: ['raw', 'orders'] }, { path: ['clean', 'orders'] }],
        },
        { executionMetadata: { tags: [{ key: TAG.partition, value: '2026-01-02' }] } },
      );
      const of = (stepKey: string) => ({ stepKey });
      await harness.work(
        parent,
        [
          anEvent('STEP_START', {}, of('raw__orders')),
          anEvent('STEP_SUCCESS', { seconds: 1 }, of('raw__orders')),
        ],
        FAILED,
      );
      const outcome = await reexecute({ r: { parentRunId: parent, strategy: 'FROM_FAILURE' } });
      expect(await stepsOf(outcome.run?.runId ?? '')).toEqual(['clean__orders']);
    });

    test('chosen steps, as the web UI asks', async () => {
      const config = { runConfigData: { ops: { extract: { config: { table: 't' } } } } };
      const parent = await launched({ jobName: 'nightly' }, config);
      await harness.work(parent, [], FAILED);
      const outcome = await reexecute({
        e: {
          selector: selector({ jobName: 'nightly' }),
          stepKeys: ['load'],
          executionMetadata: { parentRunId: parent },
        },
      });
      expect(await stepsOf(outcome.run?.runId ?? '')).toEqual(['load']);
    });

    test('a run in progress is a conflict, one that succeeded has nothing to resume, an unknown one is refused', async () => {
      const running = await launched();
      expect((await reexecute({ r: { parentRunId: running, strategy: 'ALL_STEPS' } })).__typename).toBe(
        'RunConflict',
      );
      await harness.work(running, [], SUCCESS);
      expect((await reexecute({ r: { parentRunId: running, strategy: 'FROM_FAILURE' } })).__typename).toBe(
        'RunConflict',
      );
      expect(await reexecute({ r: { parentRunId: randomUUID(), strategy: 'ALL_STEPS' } })).toMatchObject({
        message: expect.stringContaining('There is no run'),
      });
    });
  });

  describe('and terminating', () => {
    const TERMINATED = `__typename ... on TerminateRunSuccess { run { runId status } }
      ... on TerminateRunFailure { message run { status } } ... on RunNotFoundError { runId message }`;

    test('stops a run, by either name and policy', async () => {
      for (const [field, policy] of [
        ['terminateRun', 'SAFE_TERMINATE'],
        ['terminatePipelineExecution', 'MARK_AS_CANCELED_IMMEDIATELY'],
      ] as const) {
        const runId = await launched();
        const { data } = await harness.graphql<Record<string, Outcome>>(
          `mutation { ${field}(runId: "${runId}", terminatePolicy: ${policy}) { ${TERMINATED} } }`,
        );
        expect(data[field]).toMatchObject({ __typename: 'TerminateRunSuccess', run: { runId } });
        const events = await harness.storage.runEvents({ runId, limit: 100 });
        expect(events.map(({ message }) => message).join('\n')).toContain('Canceled by ann from the API.');
        expect((await harness.storage.getRun(runId))?.status).toBe('CANCELED');
      }
    });

    test('takes as many runs as a page shows, and no more', async () => {
      const terminate = async (count: number) =>
        (
          await harness.graphql<{ terminateRuns: { message?: string; terminateRunResults?: Outcome[] } }>(
            'mutation M($ids: [String!]!) { terminateRuns(runIds: $ids) { ... on TerminateRunsResult { terminateRunResults { __typename } } ... on PythonError { message } } }',
            { ids: Array.from({ length: count }, () => randomUUID()) },
          )
        ).data.terminateRuns;
      const { terminateRunResults } = await terminate(1_000);
      expect(terminateRunResults).toEqual(new Array(1_000).fill({ __typename: 'RunNotFoundError' }));
      expect((await terminate(1_001)).message).toContain('at most 1000 are taken');
    });

    test('answers for each of many', async () => {
      const [running, ended, unknown] = [await launched(), await launched(), randomUUID()];
      await harness.work(ended, [], SUCCESS);
      const { data } = await harness.graphql<{ terminateRuns: { terminateRunResults: Outcome[] } }>(
        `mutation M($ids: [String!]!) { terminateRuns(runIds: $ids) { ... on TerminateRunsResult { terminateRunResults { ${TERMINATED} } } } }`,
        { ids: [running, ended, unknown] },
      );
      expect(data.terminateRuns.terminateRunResults.map(({ __typename }) => __typename)).toEqual([
        'TerminateRunSuccess',
        'TerminateRunFailure',
        'RunNotFoundError',
      ]);
    });
  });

  test('deletes a run that has ended, and no other', async () => {
    const remove = async (field: string, runId: string) =>
      (
        await harness.graphql<Record<string, Outcome>>(
          `mutation { ${field}(runId: "${runId}") { __typename ... on Error { message } } }`,
        )
      ).data[field];
    for (const field of ['deleteRun', 'deletePipelineRun']) {
      const runId = await launched();
      expect(await remove(field, runId)).toMatchObject({
        __typename: 'PythonError',
        message: expect.stringContaining('cancel it'),
      });
      await harness.work(runId, [], SUCCESS);
      expect(await remove(field, runId)).toMatchObject({ __typename: 'DeletePipelineRunSuccess' });
      expect(await remove(field, runId)).toMatchObject({ __typename: 'RunNotFoundError' });
    }
  });

  describe('a backfill', () => {
    const backfill = async (backfillParams: Record<string, unknown>) => {
      const answer = await harness.graphql<{
        launchPartitionBackfill: Outcome & { backfillId: string; launchedRunIds: string[] };
      }>(
        `mutation M($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) { __typename
          ... on LaunchBackfillSuccess { backfillId launchedRunIds } ... on Error { message }
            ... on PartitionKeysNotFoundError { partitionKeys } ... on PartitionSetNotFoundError { partitionSetName } } }`,
        { p: backfillParams },
      );
      return { ...answer.data?.launchPartitionBackfill, failed: answer.errors?.[0]?.message };
    };

    test('makes a run for each partition of assets', async () => {
      const { backfillId, launchedRunIds } = await backfill({
        assetSelection: [{ path: ['raw', 'orders'] }],
        partitionNames: ['2026-01-02', '2026-01-03'],
        tags: [{ key: 'why', value: 'fix' }],
      });
      const runs = await Promise.all(launchedRunIds.map((id) => harness.storage.getRun(id)));
      expect(runs.map((run) => run?.tags)).toMatchObject(
        ['2026-01-02', '2026-01-03'].map((key) => ({
          [TAG.partition]: key,
          [TAG.backfill]: backfillId,
          why: 'fix',
        })),
      );
    });

    test('makes a run for every partition of a job', async () => {
      const { launchedRunIds } = await backfill({
        selector: {
          partitionSetName: 'raw_daily_partition_set',
          repositoryLocationName: 'shop',
          repositoryName: '__repository__',
        },
        allPartitions: true,
      });
      expect(launchedRunIds).toHaveLength(10);
    });

    test('of what is not partitioned, or of nothing, is refused', async () => {
      expect(
        await backfill({ assetSelection: [{ path: ['reports', 'orders'] }], partitionNames: ['x'] }),
      ).toMatchObject({
        __typename: 'InvalidSubsetError',
      });
      expect((await backfill({ assetSelection: [{ path: ['raw', 'orders'] }] })).failed).toContain(
        'needs partitionNames',
      );
    });

    test('of partitions that no job has is told by their name', async () => {
      const partitionSetName = 'nothing_partition_set';
      const selector = {
        partitionSetName,
        repositorySelector: { repositoryLocationName: 'shop', repositoryName: '__repository__' },
      };
      expect(await backfill({ selector, allPartitions: true })).toMatchObject({
        __typename: 'PartitionSetNotFoundError',
        partitionSetName,
      });
    });

    test('with a partition that does not exist makes no run at all', async () => {
      const before = await harness.storage.countRuns({});
      const outcome = await backfill({
        assetSelection: [{ path: ['raw', 'orders'] }],
        partitionNames: ['2026-01-02', '2030-01-01'],
      });
      expect(outcome).toMatchObject({
        __typename: 'PartitionKeysNotFoundError',
        partitionKeys: ['2030-01-01'],
      });
      expect(await harness.storage.countRuns({})).toBe(before);
    });
  });
});
