import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Problem } from '../../../lib/api/rest/problem';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

describe('reports about assets', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
    await harness.storage.changeDynamicPartitions('shop', 'add', 'customers', ['acme']);
  });
  afterAll(() => harness.close());
  const report = (path: string, body?: unknown) =>
    harness.rest<Problem & Record<string, unknown>>(
      'POST',
      `/api/assets/${path}`,
      body === undefined ? {} : { body },
    );

  test('a materialization of an external asset is stored without a run', async () => {
    // Act
    const { status, body } = await report('vendor/rates/materializations', {
      metadata: { rows: 12, source: 'https://rates.example.com', note: { kind: 'md', value: '**ok**' } },
      tags: { feed: 'daily' },
      description: 'Fetched by the vendor.',
      dataVersion: 'v7',
    });

    // Assess
    expect(status).toBe(201);
    expect(body).toEqual({ asset: 'vendor/rates', partition: null, timestamp: expect.any(Number) });
    const [record] = await harness.storage.assetRecords(['vendor/rates']);
    expect(record?.lastMaterialization).toMatchObject({
      runId: null,
      timestamp: body.timestamp,
      message: 'Reported by ann.',
      data: {
        metadata: {
          rows: { kind: 'int', value: 12 },
          source: { kind: 'url', value: 'https://rates.example.com' },
          note: { kind: 'md', value: '**ok**' },
        },
        tags: { feed: 'daily' },
        description: 'Fetched by the vendor.',
        dataVersion: 'v7',
      },
    });
  });

  test('sensors that follow the asset are woken', async () => {
    harness.scheduler.alarms.length = 0;
    expect((await report('vendor/rates/materializations')).status).toBe(201);
    expect(harness.scheduler.alarms).not.toEqual([]);
  });

  test('a body may be left out', async () => {
    expect((await report('reports%2Forders/materializations')).status).toBe(201);
  });

  test('a partition is marked as materialized', async () => {
    expect((await report('raw/orders/materializations', { partition: '2026-01-03' })).status).toBe(201);
    expect((await report('raw/customers/materializations', { partition: 'acme' })).status).toBe(201);
    expect(await harness.storage.partitionStates(['raw/orders'])).toMatchObject([
      { partition: '2026-01-03', status: 'MATERIALIZED', runId: null },
    ]);
  });

  test('an observation does not count as a materialization', async () => {
    const { status } = await report('clean/orders/observations', { metadata: { rows: 3 }, dataVersion: 'x' });
    expect(status).toBe(201);
    const [record] = await harness.storage.assetRecords(['clean/orders']);
    expect(record).toMatchObject({
      lastMaterialization: null,
      lastObservation: { data: { metadata: { rows: { kind: 'int', value: 3 } }, dataVersion: 'x' } },
    });
  });

  test('what a check found is its latest execution', async () => {
    const { status } = await report('raw/orders/checks/hasRows', {
      passed: false,
      severity: 'WARN',
      description: 'empty',
      metadata: { rows: 0 },
      partition: '2026-01-03',
    });
    expect(status).toBe(201);
    expect(await harness.storage.checkRecords(['raw/orders'])).toMatchObject([
      {
        check: { asset: 'raw/orders', name: 'hasRows' },
        status: 'FAILED',
        evaluation: {
          passed: false,
          severity: 'WARN',
          description: 'empty',
          partition: '2026-01-03',
          blocking: true,
        },
      },
    ]);
  });

  test.each([
    ['an unknown asset', 'raw/order/materializations', {}, 404, "Did you mean 'raw/orders'"],
    ['an unknown check', 'raw/orders/checks/hasRow', { passed: true }, 404, "Did you mean 'hasRows'"],
    ['an unknown partition', 'raw/orders/materializations', { partition: '2030-01-01' }, 422, 'no partition'],
    [
      'a partition of what has none',
      'reports/orders/observations',
      { partition: 'x' },
      422,
      'not partitioned',
    ],
    [
      'a partitioned asset without a partition',
      'raw/orders/materializations',
      {},
      422,
      'say which partition',
    ],
    [
      'a removed dynamic partition',
      'raw/customers/materializations',
      { partition: 'gone' },
      422,
      'no partition',
    ],
    ['a check without its outcome', 'raw/orders/checks/hasRows', {}, 422, 'passed'],
    ['a field that does not exist', 'reports/orders/materializations', { rows: 1 }, 422, 'rows'],
  ])('%s is refused', async (_what, path, body, expected, words) => {
    const { status, body: problem } = await report(path, body);
    expect({ status, detail: problem.detail }).toEqual({
      status: expected,
      detail: expect.stringContaining(words),
    });
  });

  test('needs the role editor', async () => {
    for (const route of ['materializations', 'observations', 'checks/isFresh']) {
      const { status } = await harness.rest('POST', `/api/assets/reports/orders/${route}`, {
        body: { passed: true },
        role: 'launcher',
      });
      expect(status).toBe(403);
    }
  });
});
