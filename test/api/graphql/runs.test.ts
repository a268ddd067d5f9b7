import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chunkObjectKey, toLogKey } from '../../../lib/model/compute-log';
import { anEvent, SUCCESS } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

describe('runs by GraphQL', () => {
  let harness: ApiHarness;
  /** Oldest first. */
  const runIds: string[] = [];
  beforeAll(async () => {
    harness = await createApiHarness();
    for (let i = 0; i < 7; i++) {
      const { body } = await harness.rest<{ runId: string }>('POST', '/api/runs', {
        body: {
          job: i % 2 === 0 ? 'plain' : 'nightly',
          location: 'shop',
          tags: { parity: String(i % 2) },
          ...config(i),
        },
      });
      runIds.push(body.runId);
    }
    await harness.work(runIds[0] ?? '', [], SUCCESS);
  });
  afterAll(() => harness.close());
  const config = (i: number) =>
    i % 2 === 0 ? {} : { config: { ops: { extract: { config: { table: 't' } } } } };
  async function ask<T>(text: string, variables: Record<string, unknown> = {}): Promise<T> {
    const { data, errors } = await harness.graphql<T>(text, variables);
    expect(errors).toBeUndefined();
    return data;
  }

  test.each([
    'runsOrError',
    'pipelineRunsOrError',
  ])('%s pages by cursor, each run once, newest first', async (field) => {
    const seen: string[] = [];
    for (;;) {
      const data = await ask<Record<string, { results: { runId: string }[] }>>(
        `query Q($cursor: String) { ${field}(limit: 3, cursor: $cursor) { ... on Runs { results { runId } } } }`,
        { cursor: seen.at(-1) ?? null },
      );
      const page = data[field]?.results.map(({ runId }) => runId) ?? [];
      seen.push(...page);
      if (page.length < 3) break;
    }
    expect(seen).toEqual([...runIds].reverse());
  });

  test('filters, and counts what the filter lets through', async () => {
    const count = async (filter: Record<string, unknown>) =>
      (
        await ask<{ runsOrError: { count: number; results: unknown[] } }>(
          'query Q($filter: RunsFilter) { runsOrError(filter: $filter, limit: 2) { ... on Runs { count results { id } } } }',
          { filter },
        )
      ).runsOrError.count;
    expect(await count({})).toBe(7);
    expect(await count({ pipelineName: 'plain' })).toBe(4);
    expect(await count({ statuses: ['SUCCESS'] })).toBe(1);
    expect(await count({ tags: [{ key: 'parity', value: '1' }] })).toBe(3);
    expect(
      await count({
        tags: [
          { key: 'parity', value: '1' },
          { key: 'parity', value: '0' },
        ],
      }),
    ).toBe(7);
    expect(await count({ runIds: runIds.slice(0, 2) })).toBe(2);
    expect(await count({ runIds: [runIds[3]?.slice(0, 13)] })).toBe(1);
    expect(await count({ createdAfter: Date.now() / 1000 + 60 })).toBe(0);
    expect(await count({ pipelineNames: ['plain', 'nightly'], statuses: ['QUEUED', 'STARTING'] })).toBe(6);
    // Instants as programs reckon them, and beyond all that there are.
    expect(await count({ createdAfter: -109_158.685_185_919_12, updatedBefore: 1e300 })).toBe(7);
    expect(await count({ createdAfter: 1e300 })).toBe(0);
    expect(await count({ createdBefore: Date.now() / 1000 + 60 })).toBe(7);
    expect(await count({ runIds: [] })).toBe(0);
    expect(await count({ snapshotId: 'shop-1' })).toBe(7);
    expect(await count({ snapshotId: 'shop-1:nightly' })).toBe(3);
    expect(await count({ snapshotId: 'lab-1' })).toBe(0);
  });

  test('an id that no run has is a typed error, whatever it looks like', async () => {
    for (const runId of ['00000000-0000-4000-8000-000000000000', 'x', '']) {
      const { runOrError } = await ask<{ runOrError: unknown }>(
        'query Q($runId: ID!) { runOrError(runId: $runId) { __typename ... on PipelineRunNotFoundError { message runId } } }',
        { runId },
      );
      expect(runOrError).toEqual({ __typename: 'RunNotFoundError', runId, message: expect.any(String) });
    }
  });

  test('tags are listed with their values, those of the system among them', async () => {
    const { runTagKeysOrError, runTagsOrError } = await ask<{
      runTagKeysOrError: { keys: string[] };
      runTagsOrError: { tags: unknown[] };
    }>(
      '{ runTagKeysOrError { ... on RunTagKeys { keys } } runTagsOrError(tagKeys: ["parity"]) { ... on RunTags { tags { key values } } } }',
    );
    expect(runTagKeysOrError.keys).toEqual(
      expect.arrayContaining(['parity', 'user', 'dagster/code_location']),
    );
    expect(runTagsOrError.tags).toEqual([{ key: 'parity', values: ['0', '1'] }]);
    harness.calls.length = 0;
    const all = await ask<{ runTagsOrError: { tags: { key: string }[] } }>(
      '{ runTagsOrError(valuePrefix: "0") { ... on RunTags { tags { key values } } } }',
    );
    expect(all.runTagsOrError.tags).toContainEqual({ key: 'parity', values: ['0'] });
    expect(all.runTagsOrError.tags.map(({ key }) => key)).toEqual(runTagKeysOrError.keys);
    expect(harness.calls.filter((call) => call.startsWith('runTag'))).toEqual(['runTagValues']);
  });

  test('a run that waits says why, one that may start does not', async () => {
    const crowded = await createApiHarness({
      settings: { runQueue: { maxConcurrentRuns: 1, tagConcurrencyLimits: [] } },
    });
    try {
      for (let i = 0; i < 3; i++)
        await crowded.rest('POST', '/api/runs', { body: { job: 'plain', location: 'lab' } });
      crowded.calls.length = 0;
      const { data } = await crowded.graphql<{
        runsOrError: { results: { status: string; waitingFor: string | null }[] };
      }>('{ runsOrError { ... on Runs { results { status waitingFor queuePlace { place of } } } } }');
      expect(data.runsOrError.results).toEqual([
        {
          status: 'QUEUED',
          waitingFor: 'waiting: 1 of 1 runs in progress',
          queuePlace: { place: 2, of: 2 },
        },
        {
          status: 'QUEUED',
          waitingFor: 'waiting: 1 of 1 runs in progress',
          queuePlace: { place: 1, of: 2 },
        },
        { status: 'STARTING', waitingFor: null, queuePlace: null },
      ]);
      expect(crowded.calls.length).toBeLessThanOrEqual(5);
    } finally {
      await crowded.close();
    }
  });

  test("a run's steps, tries and plan are told", async () => {
    // Prepare
    const runId = runIds[1] ?? '';
    const of = (stepKey: string, timestamp: number) => ({ stepKey, timestamp });
    await harness.work(runId, [
      anEvent('STEP_START', {}, of('extract', 1_000)),
      anEvent(
        'STEP_UP_FOR_RETRY',
        { error: { name: 'E', message: 'm' }, secondsToWait: 1 },
        of('extract', 2_000),
      ),
      anEvent('STEP_RESTARTED', {}, of('extract', 3_000)),
      anEvent('STEP_SUCCESS', { seconds: 1 }, of('extract', 4_500)),
      anEvent('STEP_START', {}, of('load', 5_000)),
      anEvent('STEP_FAILURE', { error: { name: 'E', message: 'm' } }, of('load', 6_000)),
    ]);

    // Act
    const { runOrError } = await ask<{ runOrError: unknown }>(
      `query Q($runId: ID!) { runOrError(runId: $runId) { ... on Run {
        stats { ... on RunStatsSnapshot { stepsSucceeded stepsFailed } }
        stepStats { stepKey status startTime endTime attempts { startTime endTime } }
        executionPlan { steps { key kind inputs { name dependsOn { key } } } } } } }`,
      { runId },
    );

    // Assess
    expect(runOrError).toEqual({
      stats: { stepsSucceeded: 1, stepsFailed: 1 },
      stepStats: [
        {
          stepKey: 'extract',
          status: 'SUCCESS',
          startTime: 1,
          endTime: 4.5,
          attempts: [
            { startTime: 1, endTime: 2 },
            { startTime: 3, endTime: 4.5 },
          ],
        },
        {
          stepKey: 'load',
          status: 'FAILURE',
          startTime: 5,
          endTime: 6,
          attempts: [{ startTime: 5, endTime: 6 }],
        },
      ],
      executionPlan: {
        steps: [
          { key: 'extract', kind: 'COMPUTE', inputs: [] },
          { key: 'load', kind: 'COMPUTE', inputs: [{ name: 'rows', dependsOn: [{ key: 'extract' }] }] },
        ],
      },
    });
  });

  test('events are followed by cursor until there are no more', async () => {
    const runId = runIds[0] ?? '';
    const seen: string[] = [];
    let afterCursor: string | null = null;
    for (let hasMore = true; hasMore; ) {
      const {
        logsForRun,
      }: {
        logsForRun: {
          events: { eventType: string; cursor: string }[];
          cursor: string;
          hasMore: boolean;
        };
      } = await ask(
        `query Q($runId: ID!, $afterCursor: String) { logsForRun(runId: $runId, afterCursor: $afterCursor, limit: 2) {
          ... on EventConnection { cursor hasMore events { ... on MessageEvent { eventType runId timestamp cursor } } } } }`,
        { runId, afterCursor },
      );
      seen.push(...logsForRun.events.map(({ eventType }) => eventType));
      expect(logsForRun.events.at(-1)?.cursor).toBe(logsForRun.cursor);
      ({ cursor: afterCursor, hasMore } = logsForRun);
    }
    expect(seen).toEqual((await harness.storage.runEvents({ runId, limit: 100 })).map(({ type }) => type));
    expect(seen.at(-1)).toBe('RUN_SUCCESS');
  });

  test('what a step printed is read on from a cursor, both streams at once', async () => {
    const key = { runId: runIds[0] ?? '', stepKey: 'noop', tryNumber: 1 };
    await harness.objectStore.put(chunkObjectKey(key, 'stdout', 0), Buffer.from('one\n'));
    await harness.objectStore.put(chunkObjectKey(key, 'stderr', 0), Buffer.from('oh\n'));
    const read = async (cursor: string | null) =>
      (
        await ask<{ capturedLogs: { stdout: string; stderr: string; cursor: string } }>(
          'query Q($logKey: [String!]!, $cursor: String) { capturedLogs(logKey: $logKey, cursor: $cursor) { stdout stderr cursor } }',
          { logKey: toLogKey(key), cursor },
        )
      ).capturedLogs;
    const first = await read(null);
    await harness.objectStore.put(chunkObjectKey(key, 'stdout', 4), Buffer.from('two\n'));
    expect(first).toMatchObject({ stdout: 'one\n', stderr: 'oh\n' });
    expect(await read(first.cursor)).toMatchObject({ stdout: 'two\n', stderr: '' });
    await harness.objectStore.put(chunkObjectKey(key, 'stdout', 14), Buffer.from('four\n'));
    expect(
      await harness.graphql(
        'query Q($logKey: [String!]!) { capturedLogs(logKey: $logKey) { stdout unreadable { stream offset bytes reason } } }',
        { logKey: toLogKey(key) },
      ),
    ).toMatchObject({
      data: {
        capturedLogs: {
          stdout: expect.stringMatching(/^one\ntwo\n\[6 bytes of output cannot be read: .*\]\nfour\n$/),
          unreadable: [{ stream: 'stdout', offset: 8, bytes: 6, reason: expect.any(String) }],
        },
      },
    });
    const refused = await harness.graphql('{ capturedLogs(logKey: ["x"]) { stdout } }');
    expect(refused.errors?.[0]?.message).toContain('names no captured log');
  });

  test('a run and those made of it are one group', async () => {
    const { data } = await harness.graphql<{ launchRunReexecution: { run: { runId: string } } }>(
      `mutation { launchRunReexecution(reexecutionParams: {parentRunId: "${runIds[0]}", strategy: ALL_STEPS}) {
        ... on LaunchRunSuccess { run { runId } } } }`,
    );
    const child = data.launchRunReexecution.run.runId;
    for (const runId of [runIds[0], child]) {
      const { runGroupOrError } = await ask<{ runGroupOrError: unknown }>(
        'query Q($runId: ID!) { runGroupOrError(runId: $runId) { ... on RunGroup { rootRunId runs { runId } } } }',
        { runId },
      );
      expect(runGroupOrError).toEqual({
        rootRunId: runIds[0],
        runs: [{ runId: runIds[0] }, { runId: child }],
      });
    }
  });
});
