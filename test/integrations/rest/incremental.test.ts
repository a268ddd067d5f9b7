import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bearer, type Incremental, linkHeader, RestConfigError, RestRecordError } from 'headrace/rest';
import type { Cursor } from '../../../lib/ingestion/batch';
import { compareCursorValues, startParam, stepBack } from '../../../lib/integrations/rest/incremental';
import { type SampleApis, startSampleApis } from '../../../tools/sample-apis/server';
import { client, failureOf, readAll } from './support';

describe('an incremental REST source', () => {
  let api: SampleApis;
  beforeEach(async () => {
    api = await startSampleApis({ github: { token: 'right' } });
  });
  afterEach(() => api.close());

  const path = '/repos/octokit-fixture-org/paginate-issues/issues';
  const issues = (incremental: Partial<Incremental> = {}) =>
    client({
      baseUrl: api.url,
      auth: bearer('right'),
      resources: {
        issues: {
          path,
          params: { state: 'all', sort: 'updated', direction: 'asc', per_page: 5 },
          primaryKey: 'id',
          pagination: linkHeader(),
          incremental: { field: 'updated_at', param: 'since', order: 'ascending', ...incremental },
          conditional: true,
        },
      },
    }).issues.read();
  const numbers = (records: readonly { readonly [name: string]: unknown }[]) => records.map((r) => r.number);

  it('gives a cursor with every page of an ascending read', async () => {
    const { batches } = await readAll(issues());

    expect(batches.map((batch) => batch.cursor)).toEqual([
      { last: '2022-07-19T04:38:52Z' },
      { last: '2022-07-19T04:39:07Z' },
      { last: '2022-07-19T04:39:16Z' },
    ]);
  });

  it('resumes at the last committed batch after a failure, and loses nothing', async () => {
    api.faults.add({ kind: 'status', status: 400, path: '/repos', nth: 2 });
    const committed: unknown[] = [];
    let cursor: Cursor | undefined;
    const failed = await failureOf(
      (async () => {
        for await (const batch of issues().read()) {
          committed.push(...numbers(batch.records));
          cursor = batch.cursor;
        }
      })(),
    );
    const resumed = await readAll(issues(), { cursor });

    expect(api.faults.fired('status')).toBe(1);
    expect(failed).toMatchObject({ status: 400, page: 2 });
    expect(committed).toEqual([1, 2, 3, 4, 5]);
    // Since is a second before the last value, and inclusive: issue 5 comes again, for MERGE to absorb.
    expect(numbers(resumed.records)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13]);
  });

  it('moves the cursor only at the end when the order is not promised', async () => {
    const { batches } = await readAll(issues({ order: 'unordered' }));

    expect(batches.map((batch) => [batch.records.length, batch.cursor])).toEqual([
      [5, undefined],
      [5, undefined],
      [3, undefined],
      [0, { last: '2022-07-19T04:39:16Z' }],
    ]);
  });

  it('refuses records that go backwards in a resource declared ascending', async () => {
    const { rows } = client(
      {
        baseUrl: 'http://rows.test',
        resources: { rows: { path: '/', incremental: { field: 'at', param: 'since', order: 'ascending' } } },
      },
      { fetch: async () => Response.json([{ at: '2026-01-02' }, { at: '2026-01-01' }]) },
    );
    const error = await failureOf(readAll(rows.read()));

    expect(error).toBeInstanceOf(RestRecordError);
    expect(error).toMatchObject({ index: 1, transient: false });
  });

  it('gives no batches when the only page has not changed', async () => {
    const first = await readAll(issues(), { cursor: { last: '2022-07-19T04:39:16Z' } });
    const second = await readAll(issues(), { cursor: first.cursor });

    expect(numbers(first.records)).toEqual([13]);
    expect(first.cursor).toMatchObject({ last: '2022-07-19T04:39:16Z', etag: { value: expect.any(String) } });
    expect(second.batches).toEqual([]);
    expect(api.requestCount(path)).toBe(2);
  });

  it('does not trust the ETag of a first page of several', async () => {
    const { cursor } = await readAll(issues());

    expect(cursor).not.toHaveProperty('etag');
  });

  it('refuses a cursor that another source wrote', async () => {
    const error = await failureOf(readAll(issues(), { cursor: { last: { nested: true } } }));

    expect(error).toBeInstanceOf(RestConfigError);
    expect(api.requestCount()).toBe(0);
  });
});

describe('cursor values', () => {
  it.each([
    ['2026-01-01T00:00:00Z', undefined, '2025-12-31T23:59:59Z'],
    ['2026-01-01T00:00:00.250Z', 250, '2026-01-01T00:00:00.000Z'],
    ['2026-01-01T02:00:00+02:00', 0, '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00', 1000, '2025-12-31T23:59:59'],
    ['2026-01-01', undefined, '2025-12-31'],
    ['abc', 5, 'abc'],
    [100, undefined, 100],
    [100, 7, 93],
  ])('%s steps back by %s to %s', (value, overlap, expected) => {
    expect(stepBack(value, overlap)).toBe(expected);
  });

  it.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+02:00', 1],
    ['2026-01-01T00:00:00.000001Z', '2026-01-01T00:00:00.000002Z', -1],
    [9, 10, -1],
    ['b', 'a', 1],
    ['2026-01-01', '2026-01-01', 0],
  ])('orders %s and %s', (a, b, sign) => {
    expect(Math.sign(compareCursorValues(a, b))).toBe(sign);
  });

  it('starts at the declared start and never before it', () => {
    const incremental: Incremental = {
      field: 'at',
      param: 'since',
      start: '2026-01-01T00:00:00Z',
      format: (value) => Date.parse(String(value)) / 1000,
    };

    expect(startParam(incremental, undefined)).toBe(1_767_225_600);
    expect(startParam(incremental, '2026-01-01T00:00:00Z')).toBe(1_767_225_600);
    expect(startParam(incremental, '2026-01-01T00:00:10Z')).toBe(1_767_225_609);
    expect(startParam({ field: 'at', param: 'since' }, undefined)).toBeUndefined();
  });
});
