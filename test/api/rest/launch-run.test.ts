import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Problem } from '../../../lib/api/rest/problem';
import { TAG } from '../../../lib/model/tags';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

interface Launched {
  readonly runId: string;
  readonly status: string;
  readonly created: boolean;
}

describe('POST /api/runs', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness();
  });
  afterAll(() => harness.close());
  const launch = (body: unknown, headers: Record<string, string> = {}) =>
    harness.rest<Launched>('POST', '/api/runs', { body, headers });
  const refuse = (body: unknown, headers: Record<string, string> = {}) =>
    harness.rest<Problem>('POST', '/api/runs', { body, headers });

  test('launches a job by its name, with config, tags, priority and the caller on the run', async () => {
    // Act
    const { status, body, headers } = await launch({
      job: 'nightly',
      config: { ops: { extract: { config: { table: 'orders' } } } },
      tags: { ticket: 'T-1' },
      priority: 3,
    });

    // Assess
    expect(status).toBe(201);
    expect(body).toMatchObject({ created: true, status: 'STARTING' });
    expect(headers.get('location')).toBe(`/api/runs/${body.runId}`);
    const run = await harness.storage.getRun(body.runId);
    expect(run).toMatchObject({
      location: 'shop',
      jobName: 'nightly',
      bundleHash: 'shop-1',
      config: { ops: { extract: { config: { table: 'orders' } } } },
      tags: { ticket: 'T-1', cost: 'low', [TAG.priority]: '3', [TAG.user]: 'ann' },
    });
    expect(harness.coordinator.started.map(({ name }) => name)).toContain(`${body.runId}-1`);
  });

  test('nobody can launch in the name of another', async () => {
    const { body } = await launch({ job: 'plain', location: 'shop', tags: { [TAG.user]: 'bob' } });
    expect((await harness.storage.getRun(body.runId))?.tags[TAG.user]).toBe('ann');
  });

  test('materializes the union of asset selections over all locations', async () => {
    const { status, body } = await launch({
      assets: ['raw/orders+1', 'raw/orders'],
      partition: '2026-01-02',
    });
    expect(status).toBe(201);
    expect(await harness.storage.getRun(body.runId)).toMatchObject({
      jobName: '__ASSET_JOB',
      assetSelection: ['clean/orders', 'raw/orders'],
      tags: { [TAG.partition]: '2026-01-02' },
    });
  });

  test('the same idempotency key never makes a second run', async () => {
    // Prepare
    const key = { 'idempotency-key': randomUUID() };
    const first = await launch({ job: 'plain', location: 'shop' }, key);

    // Act
    const second = await launch({ job: 'plain', location: 'shop' }, key);
    const together = await Promise.all(
      [1, 2, 3].map(() => launch({ job: 'plain', location: 'shop' }, { 'idempotency-key': 'together' })),
    );

    // Assess
    expect(first).toMatchObject({ status: 201, body: { created: true } });
    expect(second).toMatchObject({ status: 200, body: { created: false, runId: first.body.runId } });
    expect(new Set(together.map(({ body }) => body.runId)).size).toBe(1);
    expect(together.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
    const shown = await harness.rest<{ tags: object }>('GET', `/api/runs/${first.body.runId}`);
    expect(Object.keys(shown.body.tags).filter((key) => key.startsWith('.'))).toEqual([]);
  });

  test('an idempotency key that stands for another request is refused, saying what they differ in', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const body = { job: 'plain', location: 'shop', tags: { team: 'a', note: 'x' }, priority: 1 };
    const first = await launch(body, key);
    await harness.storage.addRunTags(first.body.runId, { 'dagster/failure_reason': 'UNKNOWN' });

    const inOtherOrder = await launch(
      { tags: { note: 'x', team: 'a' }, priority: 1, location: 'shop', job: 'plain' },
      key,
    );
    const other = await refuse({ ...body, location: 'lab', tags: { team: 'b' }, priority: 2 }, key);

    expect(inOtherOrder).toMatchObject({ status: 200, body: { created: false, runId: first.body.runId } });
    expect(other.status).toBe(422);
    expect(other.body.title).toBe('Idempotency key reused');
    expect(other.body.detail).toContain(`made run '${first.body.runId}'`);
    expect(other.body.detail).toContain('differ in: location, tag team, priority, tag note.');
    expect((await launch({ ...body, priority: 2 }, { 'idempotency-key': randomUUID() })).status).toBe(201);
  });

  test('a launch that is sent again gets the first one’s run, also when today’s definitions would refuse it', async () => {
    // Prepare
    const key = { 'idempotency-key': randomUUID() };
    const body = { job: 'raw_daily', partition: '2026-01-02' };
    const first = await launch(body, key);
    const before = (await harness.codeLocations.list()).find(({ name }) => name === 'shop');
    harness.codeLocations.remove('shop');
    try {
      // Act
      const again = await launch(body, key);
      const other = await refuse({ ...body, partition: '2026-01-03' }, key);
      const unknown = await refuse(body, { 'idempotency-key': randomUUID() });

      // Assess
      expect(again).toMatchObject({ status: 200, body: { created: false, runId: first.body.runId } });
      expect(other).toMatchObject({ status: 422, body: { title: 'Idempotency key reused' } });
      expect(unknown.status).toBe(404);
    } finally {
      if (before !== undefined) harness.codeLocations.set(before);
    }
  });

  test('a job name that is not unique is refused with the locations that have it', async () => {
    const { status, body } = await refuse({ job: 'plain' });
    expect(status).toBe(409);
    expect(body.detail).toBe("Job 'plain' is in several code locations: lab, shop.");
    expect(body.remedy).toContain('"location": "lab"');
    expect((await launch({ job: 'plain', location: 'lab' })).status).toBe(201);
  });

  test.each([
    ['an unknown job', { job: 'nightli' }, 404, "Did you mean 'nightly'?"],
    [
      'an unknown job of a location',
      { job: 'nightly', location: 'lab' },
      404,
      "no job 'nightly' in code location 'lab'",
    ],
    ['an unknown location', { job: 'plain', location: 'shopp' }, 404, "Did you mean 'shop'?"],
    ['a location that never loaded', { job: 'plain', location: 'broken' }, 409, 'Unexpected token'],
    ['an unknown asset', { assets: ['raw/order'] }, 404, "Did you mean 'raw/orders'"],
    ['an external asset', { assets: ['vendor/rates'] }, 422, 'is external'],
    ['a selection that cannot be read', { assets: ['raw/orders and'] }, 422, 'cannot be read'],
    ['a selection that spans locations', { assets: ['lab/samples', 'reports/orders'] }, 422, 'spans 2'],
    ['a partitioned asset without a partition', { assets: ['raw/orders'] }, 422, 'name a partition'],
    ['an unknown partition', { assets: ['raw/orders'], partition: '2025-01-01' }, 422, 'does not exist'],
    [
      'a partition of what has none',
      { assets: ['reports/orders'], partition: 'x' },
      422,
      'nothing in this run',
    ],
    [
      'assets of another location',
      { assets: ['reports/orders'], location: 'lab' },
      422,
      "belongs to code location 'shop'",
    ],
  ])('%s is refused', async (_what, request, expected, words) => {
    const { status, body } = await refuse(request);
    expect({ status, detail: body.detail }).toEqual({
      status: expected,
      detail: expect.stringContaining(words),
    });
  });

  test('config that does not fit is refused with every mistake and its path', async () => {
    const { status, body } = await refuse({
      job: 'nightly',
      config: { ops: { extract: { config: { table: 3 } } } },
    });
    expect(status).toBe(422);
    expect(body.title).toBe('Invalid run config');
    expect(body.errors).toEqual([{ path: 'ops.extract.config.table', message: expect.any(String) }]);
  });

  test.each([
    ['neither job nor assets', {}, ''],
    ['both', { job: 'plain', assets: ['lab/samples'] }, ''],
    ['a field that does not exist', { job: 'plain', partitions: 'x' }, ''],
    ['a priority that is no integer', { job: 'plain', priority: 1.5 }, 'priority'],
    ['tags that are not text', { job: 'plain', tags: { a: 1 } }, 'tags.a'],
    ['no assets at all', { assets: [] }, 'assets'],
  ])('a body with %s is refused', async (_what, request, path) => {
    const { status, body } = await refuse(request);
    expect(status).toBe(422);
    expect(body.errors?.map((error) => error.path)).toContain(path);
  });

  test('an idempotency key with spaces is refused', async () => {
    expect((await refuse({ job: 'nightly' }, { 'idempotency-key': 'a b' })).status).toBe(400);
  });

  test('a code location that cannot be reached is a passing problem that says when to try again', async () => {
    harness.codeLocationClient.outage = true;
    try {
      const answer = await refuse({ job: 'nightly', config: { ops: {} } });
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('5');
      expect(answer.body.remedy).toContain('Idempotency-Key');
    } finally {
      harness.codeLocationClient.outage = false;
    }
  });

  test('a viewer may not launch', async () => {
    const before = await harness.storage.countRuns({});
    const { status, body } = await harness.rest<Problem>('POST', '/api/runs', {
      body: { job: 'nightly' },
      role: 'viewer',
    });
    expect(status).toBe(403);
    expect(body.detail).toContain("needs the role 'launcher'");
    expect(await harness.storage.countRuns({})).toBe(before);
    const launcher = await harness.rest('POST', '/api/runs', {
      body: { job: 'plain', location: 'lab' },
      role: 'launcher',
    });
    expect(launcher.status).toBe(201);
  });
});
