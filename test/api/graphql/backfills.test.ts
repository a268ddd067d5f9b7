import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { dashboardDocuments } from '../../support/api-dashboard-documents';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

let harness: ApiHarness;
beforeAll(async () => {
  harness = await createApiHarness();
});
afterAll(() => harness.close());

const ASSETS = [{ path: ['raw', 'orders'] }];

async function ask<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
  const { data, errors } = await harness.graphql<T>(query, variables);
  expect(errors).toBeUndefined();
  return data as T;
}

async function launch(backfillParams: Record<string, unknown>): Promise<string> {
  const { launchPartitionBackfill } = await ask<{ launchPartitionBackfill: { backfillId: string } }>(
    'mutation M($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) { ... on LaunchBackfillSuccess { backfillId } } }',
    { p: backfillParams },
  );
  return launchPartitionBackfill.backfillId;
}

const change = (mutation: string, backfillId: string) =>
  ask<Record<string, { __typename: string; message?: string }>>(
    `mutation M($id: String!) { ${mutation} { __typename ... on Error { message } } }`,
    { id: backfillId },
  ).then((answer) => Object.values(answer)[0]);

const BACKFILL = `query B($id: String!) { partitionBackfillOrError(backfillId: $id) { __typename
  ... on PartitionBackfill { id status isAssetBackfill partitionNames numPartitions isPaused estimatedEndTime timestamp
    endTimestamp title user hasCancelPermission assetSelection { path } tags { key value } runs { status }
    partitionStatusCounts { runStatus count }
    targetCounts { assetKey { path } status count } targets { assetKey { path } status partitionNames } locationNames partitionStatuses { results { partitionName runStatus } }
    assetBackfillData { rootTargetedPartitions { partitionKeys ranges { start end } } assetBackfillStatuses { __typename
      ... on AssetPartitionsStatusCounts { assetKey { path } numPartitionsTargeted numPartitionsInProgress numPartitionsMaterialized numPartitionsFailed } } } }
  ... on BackfillNotFoundError { backfillId message } } }`;
const read = (id: string) =>
  ask<{ partitionBackfillOrError: Record<string, unknown> }>(BACKFILL, { id }).then(
    (answer) => answer.partitionBackfillOrError,
  );

describe('a backfill', () => {
  test('of assets shows how far each of them is', async () => {
    const partitionNames = ['2026-01-02', '2026-01-03'];
    const id = await launch({ assetSelection: ASSETS, partitionNames, title: 'Again' });
    expect(await read(id)).toMatchObject({
      id,
      status: 'REQUESTED',
      isAssetBackfill: true,
      partitionNames,
      numPartitions: 2,
      isPaused: false,
      title: 'Again',
      assetSelection: ASSETS,
      partitionStatusCounts: [{ runStatus: 'STARTED', count: 2 }],
      targetCounts: [{ assetKey: ASSETS[0], status: 'REQUESTED', count: 2 }],
      targets: [{ assetKey: ASSETS[0], status: 'REQUESTED', partitionNames }],
      locationNames: ['shop'],
      assetBackfillData: {
        rootTargetedPartitions: { partitionKeys: partitionNames, ranges: null },
        assetBackfillStatuses: [
          {
            __typename: 'AssetPartitionsStatusCounts',
            numPartitionsTargeted: 2,
            numPartitionsInProgress: 2,
            numPartitionsMaterialized: 0,
            numPartitionsFailed: 0,
          },
        ],
      },
    });
    const { partitionBackfillsOrError } = await ask<{
      partitionBackfillsOrError: { results: { id: string }[] };
    }>(
      '{ partitionBackfillsOrError(status: REQUESTED, limit: 1) { ... on PartitionBackfills { results { id } } } }',
    );
    expect(partitionBackfillsOrError.results).toEqual([{ id }]);
    const refused = await harness.graphql('{ partitionBackfillsOrError(limit: -1) { __typename } }');
    expect(refused.errors?.[0]?.message).toBe('limit -1: pages hold 0 to 1000 rows.');
  });

  test('of a job shows the run of each partition', async () => {
    const id = await launch({
      selector: { partitionSetName: 'raw_daily_partition_set', repositoryLocationName: 'shop' },
      partitionNames: ['2026-01-02'],
    });
    const { partitionStatuses } = (await read(id)) as { partitionStatuses: { results: unknown[] } };
    expect(partitionStatuses.results).toEqual([
      { partitionName: '2026-01-02', runStatus: expect.stringMatching(/QUEUED|START/) },
    ]);
  });

  test('is paused, resumed, given another priority and canceled', async () => {
    const id = await launch({ assetSelection: ASSETS, partitionNames: ['2026-01-04'] });
    expect(await change('pausePartitionBackfill(backfillId: $id)', id)).toEqual({
      __typename: 'PauseBackfillSuccess',
    });
    expect(await read(id)).toMatchObject({ isPaused: true });
    expect(await change('resumePartitionBackfill(backfillId: $id)', id)).toEqual({
      __typename: 'ResumeBackfillSuccess',
    });
    expect(await change('prioritizePartitionBackfill(backfillId: $id, priority: 5)', id)).toEqual({
      __typename: 'PrioritizeBackfillSuccess',
    });
    expect(await change('cancelPartitionBackfill(backfillId: $id)', id)).toEqual({
      __typename: 'CancelBackfillSuccess',
    });
    expect(await read(id)).toMatchObject({ status: expect.stringMatching(/^CANCEL/) });
  });

  test('of each asset’s own partitions says what it did, page by page', async () => {
    const id = await launch({
      partitionsByAssets: [
        { assetKey: ASSETS[0], partitions: { range: { start: '2026-01-05', end: '2026-01-06' } } },
        {
          assetKey: { path: ['clean', 'orders'] },
          partitions: { ranges: [{ start: '2026-01-06', end: '2026-01-06' }] },
        },
      ],
    });
    const log = async (cursor: string | null) => {
      const { partitionBackfillOrError } = await ask<{
        partitionBackfillOrError: {
          logEvents: {
            events: { message: string; level: string; timestamp: string }[];
            cursor: string;
            hasMore: boolean;
          };
        };
      }>(
        `query L($id: String!, $cursor: String) { partitionBackfillOrError(backfillId: $id) { ... on PartitionBackfill {
          logEvents(cursor: $cursor) { events { message level timestamp } cursor hasMore } } } }`,
        { id, cursor },
      );
      return partitionBackfillOrError.logEvents;
    };
    const first = await log(null);
    expect(first.events.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'INFO Backfill of 3 partitions was requested by ann.',
      'INFO Requested 3 partitions of raw/orders, clean/orders, by 2 runs.',
    ]);
    expect(Number(first.events[0]?.timestamp)).toBeGreaterThan(1_700_000_000_000);
    expect(first.hasMore).toBe(false);
    await change('cancelPartitionBackfill(backfillId: $id)', id);
    expect((await log(first.cursor)).events[0]?.message).toContain(
      'Cancellation was requested: Canceled by ann',
    );
  });

  test('of a job makes chosen steps only, and refuses those that it does not have', async () => {
    const params = {
      selector: { partitionSetName: 'raw_daily_partition_set', repositoryLocationName: 'shop' },
      partitionNames: ['2026-01-07'],
    };
    const id = await launch({ ...params, reexecutionSteps: ['*raw__orders'] });
    const [run] = await harness.storage.listRuns({
      filter: { tags: [{ key: 'dagster/backfill', values: [id] }] },
      limit: 9,
    });
    expect(run?.stepKeys).toEqual(['raw__orders']);
    const { launchPartitionBackfill } = await ask<{ launchPartitionBackfill: { __typename: string } }>(
      'mutation M($p: LaunchBackfillParams!) { launchPartitionBackfill(backfillParams: $p) { __typename } }',
      { p: { ...params, reexecutionSteps: ['nosuch'] } },
    );
    expect(launchPartitionBackfill.__typename).toMatch(/Error/);
  });

  test('that does not exist is said to be missing', async () => {
    expect(await read('nosuchid')).toMatchObject({
      __typename: 'BackfillNotFoundError',
      backfillId: 'nosuchid',
    });
    expect(await change('cancelPartitionBackfill(backfillId: $id)', 'nosuchid')).toMatchObject({
      __typename: 'PythonError',
      message: expect.stringContaining("There is no backfill 'nosuchid'"),
    });
  });

  test('is previewed without a run', async () => {
    const before = await harness.storage.countRuns({});
    const answer = await ask<Record<string, unknown>>(
      `query P($p: LaunchBackfillParams!, $a: AssetBackfillPreviewParams!) {
        partitionBackfillPreviewOrError(backfillParams: $p) { ... on PartitionBackfillPreview { numRuns numPartitions assetPartitions { assetKey { path } partitions { partitionKeys } } } }
        assetBackfillPreview(params: $a) { assetKey { path } } }`,
      {
        p: { assetSelection: ASSETS, allPartitions: true },
        a: { assetSelection: ASSETS, partitionNames: ['2026-01-04'] },
      },
    );
    expect(answer).toMatchObject({
      partitionBackfillPreviewOrError: { numRuns: 10, numPartitions: 10 },
      assetBackfillPreview: [{ assetKey: ASSETS[0] }],
    });
    expect(await harness.storage.countRuns({})).toBe(before);
  });
});

test('the dashboard is told all partitions of a job, whose limits on pages do not hold for keys', async () => {
  const params = {
    pipelineName: 'raw_daily',
    repositoryName: '__repository__',
    repositoryLocationName: 'shop',
  };
  const documents = await dashboardDocuments();
  const asking = documents.filter(
    ({ text }) => text.includes('PipelineSelector!') && text.includes('partitionKeysOrError'),
  );
  expect(asking.map(({ name }) => name)).toContain('JobPartitionKeys');
  for (const { name, text } of asking) {
    const answer = await ask<{
      pipelineOrError: { __typename: string; partitionKeysOrError?: { partitionKeys: readonly string[] } };
    }>(text, {
      params,
      selector: params,
      runs: { pipelineName: 'raw_daily' },
      somePartition: '2026-01-01',
    });
    expect([name, answer.pipelineOrError.__typename]).toEqual([name, 'Pipeline']);
    if (name === 'JobPartitionKeys') {
      const keys = answer.pipelineOrError.partitionKeysOrError?.partitionKeys ?? [];
      expect(keys.slice(0, 2)).toEqual(['2026-01-01', '2026-01-02']);
    }
  }
});
