import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  bearer,
  linkHeader,
  offset,
  query,
  RestConnectionError,
  RestMalformedPageError,
  RestRateLimitError,
  RestRecordError,
  RestResponseError,
  RestResponseTooLargeError,
  type RestRuntime,
} from 'headrace/rest';
import { type SampleApis, startSampleApis } from '../../../tools/sample-apis/server';
import { client, failureOf, fakeTime, readAll } from './support';

describe('a REST source under faults', () => {
  let api: SampleApis;
  beforeEach(async () => {
    api = await startSampleApis();
  });
  afterEach(() => api.close());

  const path = '/fdsnws';
  const events = (runtime: Partial<RestRuntime> = {}, timeoutMs = 10_000) =>
    client(
      {
        baseUrl: `${api.url}/fdsnws/event/1`,
        timeoutMs,
        resources: {
          events: {
            path: '/query',
            params: { format: 'geojson', orderby: 'time-asc' },
            records: 'features',
            primaryKey: 'id',
            pagination: offset({ size: 500, start: 1 }),
          },
        },
      },
      runtime,
    ).events.read();

  it('repeats a page that answered 500 in the middle, without losing or repeating a record', async () => {
    api.faults.add({ kind: 'status', status: 500, path, nth: 3 });
    const { time, runtime } = fakeTime();
    const { records } = await readAll(events(runtime));

    expect(api.faults.fired('status')).toBe(1);
    expect(new Set(records.map((record) => record.id)).size).toBe(1707);
    expect(records).toHaveLength(1707);
    expect(time.sleeps).toEqual([250]);
  });

  it('gives up on lasting 500s within the time allowed and says where', async () => {
    api.faults.add({ kind: 'status', status: 500, path });
    const { time, runtime } = fakeTime();
    const error = await failureOf(readAll(events(runtime)));

    expect(error).toBeInstanceOf(RestResponseError);
    expect(error).toMatchObject({ status: 500, transient: true, page: 1, attempt: 10, resource: 'events' });
    expect(String(error)).toContain('Injected fault: status 500');
    expect(time.sleeps).toEqual([250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
    expect(api.faults.fired()).toBe(10);
  });

  it('waits exactly as long as Retry-After says', async () => {
    api.faults.add({ kind: 'status', status: 429, retryAfter: 17, path, nth: 2 });
    const { time, runtime } = fakeTime();
    const { records } = await readAll(events(runtime));

    expect(records).toHaveLength(1707);
    expect(time.sleeps).toEqual([17_000]);
    expect(api.faults.fired('status')).toBe(1);
  });

  it('understands Retry-After as an HTTP date', async () => {
    api.faults.add({ kind: 'status', status: 503, retryAfter: 'http-date', path, nth: 1 });
    const sleeps: number[] = [];
    await readAll(events({ now: Date.now, sleep: async (ms) => void sleeps.push(ms) }));

    expect(api.faults.fired('status')).toBe(1);
    expect(sleeps).toHaveLength(1);
    expect(sleeps[0]).toBeLessThanOrEqual(2000);
  });

  it('fails at once, with the time to come back, when the limit lasts longer than it may wait', async () => {
    api.faults.add({ kind: 'status', status: 429, retryAfter: 3600, path });
    const { time, runtime } = fakeTime();
    const error = await failureOf(readAll(events(runtime)));

    expect(error).toBeInstanceOf(RestRateLimitError);
    expect(error).toMatchObject({ transient: true, retryAt: '2026-01-01T01:00:00.000Z', status: 429 });
    expect(time.sleeps).toEqual([]);
    expect(api.faults.fired()).toBe(1);
  });

  it('asks again for a page that was cut once', async () => {
    api.faults.add({ kind: 'malformed', path, nth: 2 });

    expect((await readAll(events())).records).toHaveLength(1707);
    expect(api.faults.fired('malformed')).toBe(1);
  });

  it('names page and byte when a page stays malformed', async () => {
    api.faults.add({ kind: 'malformed', path, every: 1 });
    const error = await failureOf(readAll(events()));
    const whole = await fetch(
      `${api.url}/fdsnws/event/1/query?format=geojson&orderby=time-asc&limit=500&offset=1`,
    );

    expect(error).toBeInstanceOf(RestMalformedPageError);
    expect(error).toMatchObject({ page: 1, attempt: 3 });
    // The cut answer ends where half of the whole one ends.
    const { byteOffset } = error as RestMalformedPageError;
    expect(byteOffset).toBeGreaterThan(100_000);
    expect(Buffer.byteLength(await whole.text())).toBeLessThanOrEqual(byteOffset + 2);
    expect(String(error)).toContain(`from byte ${byteOffset} on`);
    expect(api.faults.fired('malformed')).toBe(4);
  });

  it('repeats a page whose connection was cut', async () => {
    api.faults.add({ kind: 'drop', path, nth: 2 });

    expect((await readAll(events())).records).toHaveLength(1707);
    expect(api.faults.fired('drop')).toBe(1);
  });

  it('times out a silent service and tries again', async () => {
    api.faults.add({ kind: 'slow', delayMs: 5000, path, nth: 1 });
    const messages: string[] = [];
    const { records } = await readAll(events({ onRetry: (message) => messages.push(message) }, 200));

    expect(records).toHaveLength(1707);
    expect(messages).toEqual([expect.stringContaining('silent for 200 ms')]);
    expect(api.faults.fired('slow')).toBe(1);
  });

  it('says so when nobody listens', async () => {
    const url = api.url;
    await api.close();
    const error = await failureOf(
      readAll(client({ baseUrl: url, resources: { r: { path: '/x' } } }).r.read()),
    );
    api = await startSampleApis();

    expect(error).toBeInstanceOf(RestConnectionError);
    expect(String(error)).toContain('ECONNREFUSED');
    expect(error).toMatchObject({ transient: true, attempt: 10 });
  });

  it('fails at once on a refused request, with what the service said', async () => {
    const { r } = client({
      baseUrl: api.url,
      resources: { r: { path: '/fdsnws/event/1/query', params: { limit: -3 } } },
    });
    const error = await failureOf(readAll(r.read()));

    expect(error).toMatchObject({ status: 400, transient: false, attempt: 1 });
    expect(String(error)).toContain('Bad limit value "-3"');
    expect((error as RestResponseError).body?.length).toBeLessThanOrEqual(500);
  });

  it('refuses a null in the primary key', async () => {
    api.faults.add({ kind: 'null-key', path, nth: 2 });
    const error = await failureOf(readAll(events()));

    expect(error).toBeInstanceOf(RestRecordError);
    expect(error).toMatchObject({ transient: false, page: 2, index: 0 });
    expect(api.faults.fired('null-key')).toBe(1);
  });

  it('passes new columns and changed types on to the destination', async () => {
    api.faults.add({ kind: 'new-column', name: 'depth_km', value: 12.5, path });
    api.faults.add({ kind: 'changed-type', field: 'properties.mag', path });
    const { records } = await readAll(events());

    expect(records.every((record) => record.depth_km === 12.5)).toBe(true);
    expect(records[0]).toMatchObject({ properties: { mag: expect.any(String) } });
    expect(api.faults.fired()).toBe(10);
  });

  it('puts a record of 10 MB into a batch of its own', async () => {
    const bytes = 10 * 1024 * 1024;
    api.faults.add({ kind: 'big-text', field: 'notes', bytes, path, nth: 2 });
    const { batches, records } = await readAll(events());
    const big = batches.filter((batch) => batch.records.some((record) => 'notes' in record));

    expect(api.faults.fired('big-text')).toBe(1);
    expect(records).toHaveLength(1707);
    expect(big).toHaveLength(1);
    expect(big[0]?.records).toHaveLength(1);
  });

  it('refuses an answer beyond its size cap', async () => {
    api.faults.add({ kind: 'big-text', field: 'notes', bytes: 200_000, path: '/airports' });
    const { airports } = client({
      baseUrl: api.url,
      resources: { airports: { path: '/airports', params: { per_page: 2 }, maxResponseBytes: 100_000 } },
    });
    const error = await failureOf(readAll(airports.read()));

    expect(error).toBeInstanceOf(RestResponseTooLargeError);
    expect(error).toMatchObject({ maxBytes: 100_000, transient: false });
    expect(api.faults.fired('big-text')).toBe(1);
  });

  it('never shows a secret, neither in addresses nor in what the service echoes', async () => {
    const token = 's3cret/with+signs';
    const echo: typeof fetch = async (input) =>
      new Response(`you sent ${String(input)} and ${token}`, { status: 400 });
    const resources = { r: { path: '/r' } };
    const messages = [query('key', token), bearer(token)].map(async (auth) => {
      const settings = { baseUrl: 'http://echo.test', auth, resources };
      return String(await failureOf(readAll(client(settings, { fetch: echo }).r.read())));
    });

    for (const message of await Promise.all(messages)) {
      expect(message).toContain('you sent');
      expect(message).not.toContain('s3cret');
    }
  });

  it('waits for the quota of GitHub to start anew, on one clock with it', async () => {
    const { time, runtime } = fakeTime();
    const limited = await startSampleApis({
      github: { token: 'right', rateLimit: { limit: 2, windowSeconds: 60 }, now: () => time.now },
    });
    const { issues } = client(
      {
        baseUrl: limited.url,
        auth: bearer('right'),
        resources: {
          issues: {
            path: '/repos/octokit-fixture-org/paginate-issues/issues',
            params: { per_page: 5 },
            pagination: linkHeader(),
          },
        },
      },
      runtime,
    );
    const { records } = await readAll(issues.read());
    const requests = limited.requestCount();
    await limited.close();

    expect(records).toHaveLength(13);
    expect(time.sleeps).toEqual([60_000]);
    expect(requests).toBe(4);
  });

  it('does not repeat a request whose credentials were refused', async () => {
    const guarded = await startSampleApis({ github: { token: 'right' } });
    const config = { baseUrl: guarded.url, auth: bearer('wrong'), resources: { r: { path: '/users/x' } } };
    const error = await failureOf(readAll(client(config).r.read()));
    const requests = guarded.requestCount();
    await guarded.close();

    expect(error).toMatchObject({
      status: 401,
      transient: false,
      body: expect.stringContaining('Bad credentials'),
    });
    expect(requests).toBe(1);
  });

  describe('in the middle of a streamed page', () => {
    const line = `${JSON.stringify({ text: 'x'.repeat(1000) })}\n`;
    const lines = (ending: (stream: ReadableStreamDefaultController<Uint8Array>) => void) => {
      let sent = 0;
      const body = new ReadableStream<Uint8Array>({
        pull(stream) {
          if (sent++ < 24) stream.enqueue(new TextEncoder().encode(line.repeat(1000)));
          else ending(stream);
        },
      });
      return client(
        { baseUrl: 'http://rows.test', resources: { rows: { path: '/', format: 'ndjson' } } },
        { fetch: async () => new Response(body) },
      ).rows.read();
    };

    it('fails when the connection breaks, since records already given cannot be taken back', async () => {
      const error = await failureOf(readAll(lines((stream) => stream.error(new Error('reset')))));

      expect(error).toBeInstanceOf(RestConnectionError);
      expect(error).toMatchObject({ transient: true });
      expect(String(error)).toContain('reset');
    });

    it('names the byte of a malformed line from the start of the page', async () => {
      const ending = (stream: ReadableStreamDefaultController<Uint8Array>) => {
        stream.enqueue(new TextEncoder().encode('{"text":}\n'));
        stream.close();
      };
      const error = await failureOf(readAll(lines(ending)));

      expect(error).toBeInstanceOf(RestMalformedPageError);
      expect(error).toMatchObject({ byteOffset: 24_000 * line.length + 8, page: 1 });
    });
  });

  it('keeps credentials on their own server when it redirects', async () => {
    const asked: string[] = [];
    const redirects: typeof fetch = async (input) => {
      asked.push(String(input));
      const location = asked.length === 1 ? '/moved' : 'http://elsewhere.test/';
      return new Response(null, { status: 301, headers: { location } });
    };
    const { r } = client(
      { baseUrl: 'http://here.test', resources: { r: { path: '/r' } } },
      { fetch: redirects },
    );
    const error = await failureOf(readAll(r.read()));

    expect(error).toMatchObject({ status: 301, transient: false });
    expect(String(error)).toContain('redirect to http://elsewhere.test/');
    expect(asked).toEqual(['http://here.test/r', 'http://here.test/moved']);
  });
});

describe('back-pressure', () => {
  let api: SampleApis;
  beforeEach(async () => {
    api = await startSampleApis();
  });
  afterEach(() => api.close());

  const pages = () =>
    client({
      baseUrl: api.url,
      resources: { airports: { path: '/airports', pagination: offsetless() } },
    }).airports.read();
  const offsetless = () => ({
    first: { params: { per_page: 10, page: 1 } },
    next: ({ page, recordCount }: { page: number; recordCount: number }) =>
      recordCount === 0 ? undefined : { params: { per_page: 10, page: page + 1 } },
  });

  it('is never more than one page ahead of a slow consumer', async () => {
    let consumed = 0;
    for await (const _batch of pages().read()) {
      consumed++;
      // Long enough for many requests on loopback; whether it is one or ten pages ahead then is plain.
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(api.requestCount('/airports')).toBeLessThanOrEqual(consumed + 1);
      if (consumed === 5) break;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));

    expect(consumed).toBe(5);
    expect(api.requestCount('/airports')).toBe(6);
  });

  it('ends with the reason of the signal, also during a wait', async () => {
    api.faults.add({ kind: 'status', status: 503, path: '/airports', nth: 3 });
    const controller = new AbortController();
    const reason = new Error('run canceled');
    const source = client(
      { baseUrl: api.url, resources: { airports: { path: '/airports', pagination: offsetless() } } },
      {
        sleep: (_ms, signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => reject(signal.reason));
            controller.abort(reason);
          }),
      },
    ).airports.read();

    expect(await failureOf(readAll(source, { signal: controller.signal }))).toBe(reason);
    expect(api.faults.fired('status')).toBe(1);
  });
});
