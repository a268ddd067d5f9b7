import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ClientError, createClient, type HeadraceClient } from 'headrace/client';
import { matchRoute } from '../../lib/api/rest/match-route';
import { ROUTES } from '../../lib/api/rest/routes';
import { chunkObjectKey } from '../../lib/model/compute-log';
import { anEvent, SUCCESS } from '../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../support/api-harness';

describe('the client against the API', () => {
  let harness: ApiHarness;
  let client: HeadraceClient;
  beforeAll(async () => {
    harness = await createApiHarness();
    client = createClient({ url: 'http://api.test/', fetch: send, pollMs: 5 });
  });
  afterAll(() => harness.close());
  const send: typeof fetch = (input, init) => harness.api.handle(new Request(input as string, init));
  const launch = () => client.launchRun({ job: 'plain', location: 'shop' });

  test('launches once by key, reads, lists, cancels', async () => {
    // Act
    const body = { assets: ['raw/orders'], partition: '2026-01-02', tags: { from: 'client' } };
    const launched = await client.launchRun(body, { idempotencyKey: 'a-key' });
    const again = await client.launchRun(body, { idempotencyKey: 'a-key' });
    const run = await client.getRun(launched.runId);
    const listed = await client.listRuns({ tag: ['from=client'], status: ['STARTING', 'QUEUED'], limit: 5 });
    const canceled = await client.cancelRun(launched.runId, { force: true });

    // Assess
    expect(launched.created).toBe(true);
    expect(again).toMatchObject({ runId: launched.runId, created: false });
    expect(run).toMatchObject({ location: 'shop', assets: ['raw/orders'], partition: '2026-01-02' });
    expect(listed).toEqual([run]);
    expect(canceled.status).toBe('CANCELED');
  });

  test('follows a run until it has ended, events in order and each once', async () => {
    // Prepare
    const { runId } = await launch();
    const seen: string[] = [];

    // Act
    for await (const event of client.followRun(runId)) {
      seen.push(event.type);
      if (event.type === 'RUN_STARTING') {
        const step = { stepKey: 'noop' };
        await harness.work(
          runId,
          [anEvent('STEP_START', {}, step), anEvent('STEP_SUCCESS', { seconds: 1 }, step)],
          SUCCESS,
        );
      }
    }

    // Assess
    expect(seen.at(-1)).toBe('RUN_SUCCESS');
    expect(seen.filter((type) => type.startsWith('STEP_'))).toEqual(['STEP_START', 'STEP_SUCCESS']);
    expect(seen).toEqual((await client.runEvents(runId)).map(({ type }) => type));
  });

  test('following goes on after passing failures, and gives up on others', async () => {
    // Prepare
    const { runId } = await launch();
    await harness.work(runId, [], SUCCESS);
    let failures = 0;
    const flaky = createClient({
      url: 'http://api.test',
      pollMs: 1,
      fetch: async (input, init) => {
        failures += 1;
        if (failures === 1) throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
        if (failures === 2) return new Response('', { status: 503 });
        return send(input, init);
      },
    });

    // Act
    const seen: string[] = [];
    for await (const event of flaky.followRun(runId)) seen.push(event.type);

    // Assess
    expect(failures).toBeGreaterThan(2);
    expect(seen.at(-1)).toBe('RUN_SUCCESS');
    const unknown = client.followRun('00000000-0000-0000-0000-000000000000')[Symbol.asyncIterator]();
    await expect(unknown.next()).rejects.toMatchObject({ status: 404 });
  });

  test('following a server that stays away ends with its error', async () => {
    const away = createClient({
      url: 'http://api.test',
      pollMs: 0,
      fetch: async () => new Response('', { status: 502 }),
    });
    await expect(away.followRun('x')[Symbol.asyncIterator]().next()).rejects.toMatchObject({ status: 502 });
  });

  test('following stops at once when it is aborted', async () => {
    const { runId } = await launch();
    const controller = new AbortController();
    const slow = createClient({ url: 'http://api.test', fetch: send, pollMs: 3_600_000 });
    const events = slow.followRun(runId, controller.signal)[Symbol.asyncIterator]();
    const known = (await client.runEvents(runId)).length;
    for (let i = 0; i < known; i++) await events.next();
    const waiting = events.next();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  test('reads what a step printed', async () => {
    const { runId } = await launch();
    const key = { runId, stepKey: 'noop', tryNumber: 1 };
    await harness.objectStore.put(chunkObjectKey(key, 'stderr', 0), Buffer.from('oh\n'));
    const page = await client.stepLogs({ runId, step: 'noop', try: 1, stream: 'stderr' });
    expect(page).toEqual({ text: 'oh\n', cursor: '3', complete: false });
    expect((await client.stepLogs({ runId, step: 'noop', try: 1, stream: 'stderr', cursor: '3' })).text).toBe(
      '',
    );
  });

  test('reports about assets', async () => {
    expect(await client.reportMaterialization('vendor/rates', { metadata: { rows: 1 } })).toMatchObject({
      asset: 'vendor/rates',
      partition: null,
    });
    expect(await client.reportObservation('raw/orders', { partition: '2026-01-02' })).toMatchObject({
      partition: '2026-01-02',
    });
    await client.reportAssetCheck('raw/orders', 'hasRows', { passed: true });
    expect(await harness.storage.checkRecords(['raw/orders'])).toMatchObject([{ status: 'SUCCEEDED' }]);
  });

  test("an error carries the server's words, what to do, and every mistake", async () => {
    const refused = await client
      .launchRun({ job: 'nightly', config: { ops: { extract: {} } } })
      .catch((e) => e);
    expect(refused).toBeInstanceOf(ClientError);
    expect(refused).toMatchObject({
      status: 422,
      transient: false,
      problem: { title: 'Invalid run config' },
    });
    expect((refused as ClientError).problem?.errors?.length).toBeGreaterThan(0);
    await expect(client.getRun('x')).rejects.toMatchObject({
      status: 404,
      message: expect.stringContaining("'x'"),
    });
  });

  test('answers GraphQL, and throws its errors', async () => {
    expect(await client.graphql('query V { version }')).toEqual({ version: '1.2.3' });
    await expect(client.graphql('{ nothing }')).rejects.toThrow('Cannot query field "nothing"');
    await expect(client.graphql('{')).rejects.toThrow('Syntax Error');
  });
});

describe('the client without a server', () => {
  test('says where nothing could be reached', async () => {
    const client = createClient({ url: 'http://127.0.0.1:9' });
    const error = await client.getRun('x').catch((e) => e);
    expect(error).toBeInstanceOf(ClientError);
    expect(error).toMatchObject({
      status: 0,
      transient: true,
      message: expect.stringContaining('http://127.0.0.1:9 cannot be reached'),
    });
  });

  test('an answer that is not the API is an error that names it', async () => {
    const html = async () => new Response('<html>', { headers: { 'content-type': 'text/html' } });
    const client = createClient({ url: 'http://proxy.test', fetch: html });
    await expect(client.listRuns()).rejects.toMatchObject({
      status: 502,
      message: expect.stringContaining('text/html'),
    });
  });

  test('sends its token', async () => {
    const sent: (string | null)[] = [];
    const client = createClient({
      url: 'http://api.test',
      token: 't0ken',
      fetch: async (_input, init) => {
        sent.push(new Headers(init?.headers).get('authorization'));
        return Response.json({ runs: [] });
      },
    });
    await client.listRuns();
    expect(sent).toEqual(['Bearer t0ken']);
  });
});

test('The client has a method for every route', async () => {
  const asked = new Set<string>();
  const answer = {
    ...{ runs: [], backfills: [], events: [], tokens: [], replayed: 0, status: 'SUCCESS' },
    ...{ data: {}, entries: [], cursor: null },
  };
  const client = createClient({
    url: 'http://api.test',
    fetch: async (input, init) => {
      const match = matchRoute(ROUTES, init?.method ?? 'GET', new URL(String(input)).pathname);
      if (match.kind === 'found') asked.add(`${match.route.method} ${match.route.path}`);
      return Response.json(answer);
    },
  });

  for (const [name, method] of Object.entries(client) as [string, (...args: unknown[]) => unknown][]) {
    const first = /ensor/.test(name)
      ? { location: 'a', name: 'b' }
      : name === 'stepLogs'
        ? { runId: 'a' }
        : 'a';
    const answered = method(first, name === 'reportAssetCheck' ? 'c' : undefined, {});
    if (name !== 'followRun') await answered;
  }

  const missing = ROUTES.map(({ method, path }) => `${method} ${path}`).filter((route) => !asked.has(route));
  // For programs that are none of ours: probes, and whoever signs instead of having a token.
  expect(missing).toEqual([
    'POST /api/webhooks/{location}/{sensor}',
    'GET /api/openapi.json',
    'GET /healthz',
  ]);
});
