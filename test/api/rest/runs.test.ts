import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Problem } from '../../../lib/api/rest/problem';
import type { RunView } from '../../../lib/api/rest/run-view';
import { chunkObjectKey } from '../../../lib/model/compute-log';
import type { StoredEvent } from '../../../lib/model/event';
import { ASSET_JOB } from '../../../lib/model/run';
import { anEvent, SUCCESS } from '../../contracts/storage-builders';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';

describe('runs over REST', () => {
  let harness: ApiHarness;
  beforeAll(async () => {
    harness = await createApiHarness({
      settings: {
        runQueue: { maxConcurrentRuns: -1, tagConcurrencyLimits: [{ key: 'slot', value: 'one', limit: 1 }] },
      },
    });
  });
  afterAll(() => harness.close());

  async function launch(body: Record<string, unknown> = {}): Promise<string> {
    const answer = await harness.rest<{ runId: string }>('POST', '/api/runs', {
      body: { job: 'plain', location: 'shop', ...body },
    });
    expect(answer.status).toBe(201);
    return answer.body.runId;
  }
  const list = async (query: string) =>
    (await harness.rest<{ runs: RunView[]; cursor: string | null }>('GET', `/api/runs?${query}`)).body;
  const idsOf = async (query: string) => (await list(query)).runs.map(({ runId }) => runId);

  describe('GET /api/runs', () => {
    test('pages through all runs, newest first, each once', async () => {
      // Prepare
      const batch = randomUUID();
      const launched: string[] = [];
      for (let i = 0; i < 5; i++) launched.unshift(await launch({ tags: { batch } }));

      // Act
      const pages: string[][] = [];
      let cursor: string | null = null;
      do {
        const page: { runs: RunView[]; cursor: string | null } = await list(
          `tag=batch%3D${batch}&limit=2${cursor === null ? '' : `&cursor=${cursor}`}`,
        );
        pages.push(page.runs.map(({ runId }) => runId));
        cursor = page.cursor;
      } while (cursor !== null);

      // Assess
      expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
      expect(pages.flat()).toEqual(launched);
    });

    test('filters by job, location, status, tags and the start of the id', async () => {
      const batch = randomUUID();
      const inShop = await launch({ tags: { batch, colour: 'red' } });
      const inLab = await launch({ location: 'lab', tags: { batch, colour: 'blue' } });
      const assets = await launch({
        job: undefined,
        location: undefined,
        assets: ['lab/samples'],
        tags: { batch },
      });
      await harness.work(inLab, [], SUCCESS);

      const mine = `tag=batch%3D${batch}`;
      expect(await idsOf(mine)).toEqual([assets, inLab, inShop]);
      expect(await idsOf(`${mine}&job=plain`)).toEqual([inLab, inShop]);
      expect(await idsOf(`${mine}&job=plain&location=lab`)).toEqual([inLab]);
      expect(await idsOf(`${mine}&job=plain&job=${ASSET_JOB}`)).toEqual([assets, inLab, inShop]);
      expect(await idsOf(`${mine}&job=plain&job=${ASSET_JOB}&status=SUCCESS`)).toEqual([inLab]);
      expect(await idsOf(`${mine}&status=SUCCESS`)).toEqual([inLab]);
      expect(await idsOf(`${mine}&status=SUCCESS&status=STARTING`)).toEqual([assets, inLab, inShop]);
      expect(await idsOf(`${mine}&tag=colour%3Dred`)).toEqual([inShop]);
      expect(await idsOf(`${mine}&tag=colour%3Dred&tag=colour%3Dblue`)).toEqual([inLab, inShop]);
      expect(await idsOf(`id=${inShop.slice(0, 13)}`)).toEqual([inShop]);
      expect(await idsOf('id=not-hexadecimal')).toEqual([]);
      expect(await list(`${mine}&limit=0`)).toEqual({ runs: [], cursor: null });
    });

    test('says why queued runs wait, with the same few reads however many there are', async () => {
      // Prepare
      await launch({ tags: { slot: 'one' } });
      const waiting = [await launch({ tags: { slot: 'one' } }), await launch({ tags: { slot: 'one' } })];
      harness.calls.length = 0;

      // Act
      const { runs } = await list('tag=slot%3Done&status=QUEUED');

      // Assess
      expect(runs.map(({ runId }) => runId)).toEqual(waiting.reverse());
      expect(runs.map(({ waitingFor }) => waitingFor)).toEqual(
        Array(2).fill('waiting for tag slot=one: 1 of 1'),
      );
      expect(harness.calls).toEqual(['listRuns', 'getValue', 'listRuns', 'runWaits']);
    });

    test.each([
      ['limit=1001', 'limit'],
      ['limit=-1', 'limit'],
      ['limit=ten', 'limit'],
      ['status=RUNNING', 'status.0'],
      ['tag=novalue', 'tag.0'],
      ['statuss=SUCCESS', ''],
    ])('?%s is refused', async (query, path) => {
      const { status, body } = await harness.rest<Problem>('GET', `/api/runs?${query}`);
      expect(status).toBe(400);
      expect(body.errors?.map((error) => error.path)).toEqual([path]);
    });
  });

  describe('GET /api/runs/{id}', () => {
    test('shows a run', async () => {
      const runId = await launch({
        job: undefined,
        location: undefined,
        assets: ['raw/orders'],
        partition: '2026-01-02',
      });
      const { status, body } = await harness.rest<RunView>('GET', `/api/runs/${runId}`, { role: 'viewer' });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        runId,
        location: 'shop',
        job: '__ASSET_JOB',
        status: 'STARTING',
        assets: ['raw/orders'],
        partition: '2026-01-02',
        attempt: 1,
        startedAt: null,
        waitingFor: null,
      });
    });

    test.each([randomUUID(), 'not-a-uuid', '%2e%2e'])('%s is not found', async (id) => {
      expect((await harness.rest('GET', `/api/runs/${id}`)).status).toBe(404);
    });
  });

  describe('POST /api/runs/{id}/cancel', () => {
    const cancel = (runId: string, body?: unknown) =>
      harness.rest<RunView & Pick<Problem, 'detail'>>(
        'POST',
        `/api/runs/${runId}/cancel`,
        body === undefined ? {} : { body },
      );

    test('a running run is asked to stop and ends canceled when its worker has', async () => {
      const runId = await launch();
      await harness.work(runId);
      const { status, body } = await cancel(runId);
      expect(status).toBe(200);
      expect(body.status).toBe('CANCELED');
      expect(harness.launcher.stopped).toContain(`${runId}-1`);
    });

    test('a queued run is canceled at once, and says by whom', async () => {
      await launch({ tags: { slot: 'one' } });
      const runId = await launch({ tags: { slot: 'one' } });
      const { body } = await cancel(runId, { force: false });
      expect(body).toMatchObject({ status: 'CANCELED', cause: 'Canceled by ann from the API.', attempt: 0 });
    });

    test('force ends a run whose worker does not stop', async () => {
      const runId = await launch();
      await harness.work(runId);
      expect((await cancel(runId, { force: true })).body).toMatchObject({ status: 'CANCELED' });
    });

    test('canceling twice is harmless, canceling a run that succeeded is a conflict', async () => {
      const runId = await launch();
      await cancel(runId, { force: true });
      expect(await cancel(runId)).toMatchObject({ status: 200, body: { status: 'CANCELED' } });

      const succeeded = await launch();
      await harness.work(succeeded, [], SUCCESS);
      const { status, body } = await cancel(succeeded);
      expect({ status, detail: body.detail }).toEqual({
        status: 409,
        detail: expect.stringContaining('SUCCESS'),
      });
    });

    test('unknown runs, wrong bodies and viewers are refused', async () => {
      const runId = await launch();
      expect((await cancel(randomUUID())).status).toBe(404);
      expect((await cancel(runId, { force: 'yes' })).status).toBe(422);
      expect((await harness.rest('POST', `/api/runs/${runId}/cancel`, { role: 'viewer' })).status).toBe(403);
      expect((await harness.storage.getRun(runId))?.status).toBe('STARTING');
    });
  });

  describe('GET /api/runs/{id}/events', () => {
    const events = async (runId: string, query = '') =>
      harness.rest<{ events: StoredEvent[] }>('GET', `/api/runs/${runId}/events?${query}`);

    test('gives the events in order, after a cursor, in pages', async () => {
      // Prepare
      const runId = await launch();
      await harness.work(
        runId,
        [
          anEvent('STEP_START', {}, { stepKey: 'noop' }),
          anEvent('STEP_SUCCESS', { seconds: 1 }, { stepKey: 'noop' }),
        ],
        SUCCESS,
      );

      // Act
      const all = (await events(runId)).body.events;
      const paged: StoredEvent[] = [];
      for (;;) {
        const page = (await events(runId, `limit=2&after=${paged.at(-1)?.storageId ?? 0}`)).body.events;
        if (page.length === 0) break;
        paged.push(...page);
      }

      // Assess
      expect(all.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['RUN_ENQUEUED', 'STEP_START', 'STEP_SUCCESS', 'RUN_SUCCESS']),
      );
      expect(paged).toEqual(all);
    });

    test('a run that does not exist is not found; one that has no more events is empty', async () => {
      const runId = await launch();
      expect((await events(randomUUID())).status).toBe(404);
      expect(await events(runId, 'after=999999999')).toMatchObject({ status: 200, body: { events: [] } });
      expect((await events(runId, 'after=x')).status).toBe(400);
    });
  });

  describe('GET /api/runs/{id}/logs', () => {
    const logs = async (runId: string, query: string) =>
      harness.rest<{ text: string; cursor: string; complete: boolean }>(
        'GET',
        `/api/runs/${runId}/logs?${query}`,
      );

    test('gives what was printed, then what follows, and says when that is all', async () => {
      // Prepare
      const runId = await launch();
      const key = { runId, stepKey: 'load[a/b]', tryNumber: 2 };
      const first = Buffer.from('Grüße\n');
      await harness.objectStore.put(chunkObjectKey(key, 'stdout', 0), first);

      // Act
      const query = 'step=load%5Ba%2Fb%5D&try=2&stream=stdout';
      const one = (await logs(runId, query)).body;
      await harness.objectStore.put(chunkObjectKey(key, 'stdout', first.length), Buffer.from('done\n'));
      const two = (await logs(runId, `${query}&cursor=${one.cursor}`)).body;
      await harness.work(runId, [], SUCCESS);
      const three = (await logs(runId, `${query}&cursor=${two.cursor}`)).body;

      // Assess
      expect(one).toEqual({ text: 'Grüße\n', cursor: String(first.length), complete: false });
      expect(two).toMatchObject({ text: 'done\n', complete: false });
      expect(three).toEqual({ text: '', cursor: two.cursor, complete: true });
    });

    test('a try that ended a while ago is complete although the run goes on', async () => {
      const runId = await launch();
      const old = { stepKey: 'noop', timestamp: Date.now() - 60_000 };
      await harness.work(runId, [
        anEvent('STEP_START', {}, old),
        anEvent('STEP_SUCCESS', { seconds: 1 }, old),
      ]);
      expect((await logs(runId, 'step=noop')).body.complete).toBe(true);
      expect((await logs(runId, 'step=noop&try=2')).body.complete).toBe(false);
    });

    test('unknown runs and steps and wrong queries are refused', async () => {
      const runId = await launch();
      expect((await logs(randomUUID(), 'step=a')).status).toBe(404);
      expect(await logs(runId, 'step=nop')).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining("Did you mean 'noop'?"), remedy: 'Its steps are noop.' },
      });
      expect((await logs(runId, 'step=__run__')).body).toMatchObject({ text: '', complete: false });
      expect((await logs(runId, '')).status).toBe(400);
      expect((await logs(runId, 'step=a&stream=all')).status).toBe(400);
      expect((await logs(runId, 'step=a&cursor=-1')).status).toBe(400);
    });
  });
});
