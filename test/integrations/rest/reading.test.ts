import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cursorParam, linkHeader, nextUrl, offset, pageNumber, RestConfigError } from 'headrace/rest';
import { z } from 'zod';
import { type SampleApis, startSampleApis } from '../../../tools/sample-apis/server';
import { client, failureOf, readAll } from './support';

describe('reading a REST source', () => {
  let api: SampleApis;
  beforeAll(async () => {
    api = await startSampleApis();
  });
  afterAll(() => api.close());

  const day = { start: '2018-02-04T00:00:00.000Z', end: '2018-02-04T23:59:59.999Z' };
  const usgs = () =>
    client({
      baseUrl: `${api.url}/fdsnws/event/1/`,
      resources: {
        events: {
          path: '/query',
          params: ({ start, end }) => ({
            format: 'geojson',
            starttime: start,
            endtime: end,
            orderby: 'time-asc',
          }),
          records: 'features',
          primaryKey: 'id',
          pagination: offset({ size: 100, start: 1 }),
        },
      },
    });
  const flights = (params: Record<string, string | number>) =>
    client({
      baseUrl: api.url,
      batch: { maxRecords: 400 },
      resources: {
        json: {
          path: '/flights',
          params,
          records: 'data',
          pagination: cursorParam({ param: 'cursor', next: 'next_cursor' }),
        },
        lines: { path: '/flights', params: { ...params, format: 'ndjson' }, pagination: linkHeader() },
      },
    });

  it('reads a window through all its pages, each record once', async () => {
    const before = api.requestCount('/fdsnws');
    const source = usgs().events.read(day);
    const { batches, records } = await readAll(source);

    expect(source).toMatchObject({ name: 'events', primaryKey: ['id'] });
    expect(records).toHaveLength(301);
    expect(new Set(records.map((record) => record.id)).size).toBe(301);
    expect(batches.map((batch) => batch.records.length)).toEqual([100, 100, 100, 1]);
    // Four pages and the empty one that ends them.
    expect(api.requestCount('/fdsnws') - before).toBe(5);
  });

  it('asks for nothing until it is read', async () => {
    const before = api.requestCount();
    usgs().events.read(day);
    usgs().events.read(day).read();

    expect(api.requestCount()).toBe(before);
  });

  it('refuses to read without the window that its params need', async () => {
    const events = usgs().events;
    // @ts-expect-error the window is required because params is a function
    const error = await failureOf(readAll(events.read()));

    expect(error).toBeInstanceOf(RestConfigError);
    expect(String(error)).toContain('need a window');
  });

  it('reads the same records from JSON pages and from NDJSON pages, cut into batches', async () => {
    const { json, lines } = flights({ hour: '2001-01-01T08', limit: 500 });
    const fromJson = await readAll(json.read());
    const fromLines = await readAll(lines.read());

    expect(fromJson.records.length).toBeGreaterThan(500);
    expect(fromLines.records).toEqual(fromJson.records);
    expect(Math.max(...fromJson.batches.map((batch) => batch.records.length))).toBe(400);
  });

  it('streams an NDJSON page that is too long to hold', async () => {
    // 100,000 lines of 115 bytes, twice, on one page of a server that does not cut pages.
    const line = `${JSON.stringify({ id: 0, text: 'ä'.repeat(50) })}\n`;
    const body = line.repeat(200_000);
    const { rows } = client(
      { baseUrl: 'http://rows.test', resources: { rows: { path: '/', format: 'ndjson' } } },
      { fetch: async () => new Response(body) },
    );
    const { records, batches } = await readAll(rows.read());

    expect(Buffer.byteLength(body)).toBeGreaterThan(16 * 1024 * 1024);
    expect(records).toHaveLength(200_000);
    expect(records.at(-1)).toEqual({ id: 0, text: 'ä'.repeat(50) });
    expect(Math.max(...batches.map((batch) => batch.records.length))).toBeLessThanOrEqual(10_000);
  });

  it('numbers pages and stops early only when told to', async () => {
    const airports = (stopAfterShortPage: boolean) =>
      client({
        baseUrl: api.url,
        resources: {
          airports: { path: '/airports', pagination: pageNumber({ size: 1000, stopAfterShortPage }) },
        },
      }).airports.read();
    const count = async (stopAfterShortPage: boolean) => {
      const before = api.requestCount('/airports');
      const { records } = await readAll(airports(stopAfterShortPage));
      return [records.length, api.requestCount('/airports') - before];
    };

    expect(await count(false)).toEqual([3376, 5]);
    expect(await count(true)).toEqual([3376, 4]);
  });

  it('loses nothing when a service caps its pages below the size asked for', async () => {
    const served = Array.from({ length: 25 }, (_, id) => ({ id }));
    const capped: typeof fetch = async (input) => {
      const at = Number(new URL(String(input)).searchParams.get('offset'));
      return Response.json(served.slice(at, at + 10));
    };
    const { rows } = client(
      {
        baseUrl: 'http://capped.test',
        resources: { rows: { path: '/rows', pagination: offset({ size: 100 }) } },
      },
      { fetch: capped },
    );

    expect((await readAll(rows.read())).records).toEqual(served);
  });

  it('follows addresses in the body, but never to another server', async () => {
    const pages: Record<string, unknown> = {
      '/a': { data: [{ id: 1 }], next: '/b' },
      '/b': { data: [{ id: 2 }], next: 'http://elsewhere.test/c' },
    };
    const asked: string[] = [];
    const { rows } = client(
      {
        baseUrl: 'http://here.test',
        auth: { kind: 'bearer', token: 'hush-hush' },
        resources: { rows: { path: '/a', records: 'data', pagination: nextUrl({ next: 'next' }) } },
      },
      {
        fetch: async (input) => {
          asked.push(String(input));
          return Response.json(pages[new URL(String(input)).pathname]);
        },
      },
    );
    const error = await failureOf(readAll(rows.read()));

    expect(error).toBeInstanceOf(RestConfigError);
    expect(String(error)).toContain('another server, http://elsewhere.test');
    expect(asked).toEqual(['http://here.test/a', 'http://here.test/b']);
  });

  it('ends with an error when a page names itself as the next', async () => {
    const { rows } = client(
      {
        baseUrl: 'http://loop.test',
        resources: { rows: { path: '/a', records: 'data', pagination: nextUrl({ next: 'next' }) } },
      },
      { fetch: async () => Response.json({ data: [{ id: 1 }], next: '/a' }) },
    );

    expect(String(await failureOf(readAll(rows.read())))).toContain('names itself as the next page');
  });

  it('types and checks records by schema or map', async () => {
    const { events, places } = client({
      baseUrl: `${api.url}/fdsnws/event/1`,
      resources: {
        events: {
          path: '/query',
          params: { format: 'geojson', limit: 5 },
          records: 'features',
          schema: z.object({ id: z.string(), properties: z.object({ mag: z.number().nullable() }) }),
        },
        places: {
          path: '/query',
          params: { format: 'geojson', limit: 5 },
          records: (body) => (body as { features: { id: string }[] }).features,
          map: (event) => (event.id === 'ci37868143' ? undefined : { id: String(event.id), kept: true }),
        },
      },
    });
    const { records } = await readAll(events.read());
    const magnitude: number | null | undefined = records[0]?.properties.mag;
    const kept = await readAll(places.read());
    const ids: string[] = kept.records.map((record) => record.id);

    expect(magnitude).toBe(2);
    expect(Object.keys(records[0] ?? {})).toEqual(['id', 'properties']);
    expect(ids).toHaveLength(4);
    // @ts-expect-error the schema has no such field
    expect(records[0]?.geometry).toBeUndefined();
  });

  it('keeps every digit of integers beyond 2^53', async () => {
    const { rows } = client(
      { baseUrl: 'http://big.test', resources: { rows: { path: '/rows' } } },
      {
        fetch: async () => new Response('[{"id":9007199254740993,"small":7,"exact":0.1000000000000000055}]'),
      },
    );

    expect((await readAll(rows.read())).records).toEqual([{ id: '9007199254740993', small: 7, exact: 0.1 }]);
  });
});
