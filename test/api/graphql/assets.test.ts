import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { aMaterialization, anEvent } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

const at = (timestamp: number, key: string, partition?: string) => ({
  ...aMaterialization(key, partition),
  timestamp,
});

describe('assets by GraphQL', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());
  async function ask<T>(text: string): Promise<T> {
    const { data, errors } = await harness.graphql<T>(text);
    expect(errors).toBeUndefined();
    return data;
  }
  const node = async (key: string, selection: string) =>
    (
      await ask<{ assetNodeOrError: Record<string, unknown> }>(
        `{ assetNodeOrError(assetKey: {path: ${JSON.stringify(key.split('/'))}}) { ... on AssetNode { ${selection} } } }`,
      )
    ).assetNodeOrError;
  const asset = async (key: string, selection: string) =>
    (
      await ask<{ assetOrError: Record<string, unknown> }>(
        `{ assetOrError(assetKey: {path: ${JSON.stringify(key.split('/'))}}) { ... on Asset { ${selection} } } }`,
      )
    ).assetOrError;

  test('a definition is told as it is written', async () => {
    expect(
      await node(
        'raw/orders',
        `description groupName kinds isPartitioned isMaterializable opVersion pools jobNames tags { key value }
         owners { ... on TeamAssetOwner { team } ... on UserAssetOwner { email } }
         dependedByKeys { path } partitionDefinition { type fmt } assetChecksOrError { ... on AssetChecks { checks { name blocking } } }
         repository { location { name } }`,
      ),
    ).toEqual({
      description: 'Every order of a day.',
      groupName: 'raw',
      kinds: ['snowflake'],
      isPartitioned: true,
      isMaterializable: true,
      opVersion: '2',
      pools: ['warehouse'],
      jobNames: expect.arrayContaining(['raw_daily']),
      tags: [{ key: 'tier', value: '1' }],
      owners: [{ team: 'data' }, { email: 'ann@example.com' }],
      dependedByKeys: [{ path: ['clean', 'orders'] }],
      partitionDefinition: { type: 'TIME_WINDOW', fmt: '%Y-%m-%d' },
      assetChecksOrError: { checks: [{ name: 'hasRows', blocking: true }] },
      repository: { location: { name: 'shop' } },
    });
    expect(await node('vendor/rates', 'isMaterializable hasMaterializePermission')).toEqual({
      isMaterializable: false,
      hasMaterializePermission: false,
    });
  });

  test('partitions are counted by state, and neighbours of one state are one range', async () => {
    // Prepare
    await harness.storage.appendSystemEvents(
      null,
      ['2026-01-02', '2026-01-03', '2026-01-06'].map((key) => aMaterialization('clean/orders', key)),
    );
    const { body } = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { assets: ['clean/orders'], partition: '2026-01-07' },
    });

    // Act
    const told = await node(
      'clean/orders',
      `partitionKeys partitionStats { numPartitions numMaterialized numMaterializing numFailed }
       assetPartitionStatuses { ... on TimePartitionStatuses { ranges { startKey endKey status } } }`,
    );

    // Assess
    expect(told).toMatchObject({
      partitionStats: { numPartitions: 10, numMaterialized: 3, numMaterializing: 1, numFailed: 0 },
      assetPartitionStatuses: {
        ranges: [
          { startKey: '2026-01-02', endKey: '2026-01-03', status: 'MATERIALIZED' },
          { startKey: '2026-01-06', endKey: '2026-01-06', status: 'MATERIALIZED' },
          { startKey: '2026-01-07', endKey: '2026-01-07', status: 'MATERIALIZING' },
        ],
      },
    });
    expect((told.partitionKeys as string[]).length).toBe(10);
    await harness.rest('POST', `/api/runs/${body.runId}/cancel`);
  });

  test('an asset is missing, then fresh, then stale when what it is made from changes', async () => {
    const status = async () => (await node('reports/orders', 'staleStatus')).staleStatus;
    expect(await status()).toBe('MISSING');
    await harness.storage.appendSystemEvents(null, [aMaterialization('reports/orders')]);
    expect(await status()).toBe('FRESH');
    await harness.storage.appendSystemEvents(null, [aMaterialization('vendor/rates')]);
    expect(
      await node(
        'reports/orders',
        'staleStatus staleCauses { category reason key { path } dependency { path } }',
      ),
    ).toEqual({
      staleStatus: 'STALE',
      staleCauses: [
        {
          category: 'DATA',
          reason: expect.any(String),
          key: { path: ['reports', 'orders'] },
          dependency: { path: ['vendor', 'rates'] },
        },
      ],
    });
  });

  test('events are newest first, of the partitions and the stretch of time that are asked for', async () => {
    await harness.storage.appendSystemEvents(null, [
      at(1_000, 'lab/samples'),
      at(2_000, 'lab/samples'),
      at(3_000, 'lab/samples'),
      at(4_000, 'lab/samples'),
      at(1_500, 'raw/orders', '2026-01-02'),
      at(2_500, 'raw/orders', '2026-01-03'),
      at(3_500, 'raw/orders', '2026-01-02'),
    ]);
    const times = async (key: string, args: string) =>
      (
        (await asset(key, `assetMaterializations(${args}) { timestamp }`)).assetMaterializations as {
          timestamp: string;
        }[]
      ).map(({ timestamp }) => Number(timestamp));
    expect(await times('lab/samples', 'limit: 2')).toEqual([4_000, 3_000]);
    expect(await times('lab/samples', 'limit: 2, beforeTimestampMillis: "3000"')).toEqual([2_000, 1_000]);
    expect(await times('lab/samples', 'afterTimestampMillis: "2000"')).toEqual([4_000, 3_000]);
    expect(await times('raw/orders', 'partitions: ["2026-01-02"]')).toEqual([3_500, 1_500]);
    expect(await times('raw/orders', 'partitions: ["2026-01-02", "2026-01-03"], limit: 2')).toEqual([
      3_500, 2_500,
    ]);
  });

  test('a stretch of time is not looked for in what is far older', async () => {
    const day = (index: number) => Date.UTC(2025, 0, index);
    const old = Array.from({ length: 1_100 }, (_, index) => at(day(index / 2_000), 'lab/long'));
    await harness.storage.appendSystemEvents(null, [
      ...old,
      at(day(10), 'lab/long'),
      at(day(11), 'lab/long'),
    ]);
    harness.calls.length = 0;
    const stretch = `beforeTimestampMillis: "${day(11)}", afterTimestampMillis: "${day(9)}"`;
    const { assetMaterializations } = await asset(
      'lab/long',
      `assetMaterializations(${stretch}) { timestamp }`,
    );
    expect(assetMaterializations).toEqual([{ timestamp: `${day(10)}` }]);
    expect(harness.calls.filter((name) => name === 'assetEvents')).toHaveLength(1);
  });

  test('the latest state tells runs that are queued apart from those in progress', async () => {
    // Prepare
    const crowded = await createApiHarness({
      settings: { runQueue: { maxConcurrentRuns: 1, tagConcurrencyLimits: [] } },
    });
    try {
      const launch = async () =>
        (await crowded.rest<{ runId: string }>('POST', '/api/runs', { body: { assets: ['lab/samples'] } }))
          .body.runId;
      const [first, second] = [await launch(), await launch()];
      await crowded.work(first);

      // Act
      const { data, errors } = await crowded.graphql<{ assetsLatestInfo: unknown[] }>(
        '{ assetsLatestInfo(assetKeys: [{path: ["lab", "samples"]}]) { unstartedRunIds inProgressRunIds latestRun { runId } latestMaterialization { timestamp } } }',
      );

      // Assess
      expect(errors).toBeUndefined();
      expect(data.assetsLatestInfo).toEqual([
        {
          unstartedRunIds: [second],
          inProgressRunIds: [first],
          latestRun: { runId: second },
          latestMaterialization: null,
        },
      ]);
    } finally {
      await crowded.close();
    }
  });

  test('keys are paged, defined or only recorded, under a prefix', async () => {
    await harness.storage.appendSystemEvents(null, [aMaterialization('raw/forgotten')]);
    const pages: string[][] = [];
    let cursor = '';
    do {
      const { assetsOrError } = await ask<{ assetsOrError: { nodes: { key: { path: string[] } }[] } }>(
        `{ assetsOrError(limit: 2, prefix: ["raw"], cursor: "${cursor}") { ... on AssetConnection { nodes { key { path } definition { id } } } } }`,
      );
      pages.push(assetsOrError.nodes.map(({ key }) => key.path.join('/')));
      cursor = pages.at(-1)?.at(-1) ?? '';
    } while (cursor !== '');
    expect(pages).toEqual([['raw/customers', 'raw/forgotten'], ['raw/orders'], []]);
  });

  test("a check's executions are paged from the newest", async () => {
    for (const passed of [true, false, true]) {
      await harness.storage.appendSystemEvents(null, [
        anEvent('ASSET_CHECK_EVALUATION', {
          asset: 'raw/orders',
          name: 'hasRows',
          passed,
          severity: 'ERROR',
          blocking: true,
          metadata: {},
        }),
      ]);
    }
    const page = async (cursor: string) =>
      (
        await ask<{ assetCheckExecutions: { id: string; status: string; runId: string }[] }>(
          `{ assetCheckExecutions(assetKey: {path: ["raw", "orders"]}, checkName: "hasRows", limit: 2 ${cursor}) { id status runId evaluation { success } } }`,
        )
      ).assetCheckExecutions;
    const first = await page('');
    const second = await page(`cursor: "${first.at(-1)?.id}"`);
    expect([...first, ...second].map(({ status }) => status)).toEqual(['SUCCEEDED', 'FAILED', 'SUCCEEDED']);
  });
});
