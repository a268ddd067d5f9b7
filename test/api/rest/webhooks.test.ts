import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asset, define, env, queueMessage, runRequest, sensor, webhook } from 'headrace';
import { type ApiHarness, createApiHarness } from '../../support/api-harness';
import { loadedLocation } from '../../support/api-workspace';
import { ManualClock } from '../../support/manual-clock';

const NOW = Date.UTC(2026, 0, 1);
const SECRET = 'a secret that is nowhere in the manifest';
const orders = asset({ key: 'orders', run: () => 1 });
const takes = (
  name: string,
  on: Parameters<typeof sensor>[0]['on'],
  defaultStatus = 'RUNNING' as 'RUNNING' | 'STOPPED',
) =>
  sensor({
    name,
    select: orders,
    defaultStatus,
    ...(on === undefined ? {} : { on }),
    evaluate: () => runRequest(),
  });
const hooks = define({
  assets: [orders],
  sensors: [
    takes('orders', webhook({ secret: env('ORDERS_SECRET'), headers: ['X-Shop'] }) as never),
    takes('pushes', webhook({ secret: env('ORDERS_SECRET'), signature: 'github' }) as never),
    takes('off', webhook({ secret: env('ORDERS_SECRET') }) as never, 'STOPPED'),
    takes('unset', webhook({ secret: env('MISSING_SECRET') }) as never),
    takes('messages', queueMessage() as never),
    takes('polled', undefined),
  ],
});

let harness: ApiHarness;
beforeAll(async () => {
  harness = await createApiHarness({
    clock: new ManualClock(NOW),
    secrets: { ORDERS_SECRET: SECRET },
    // Whoever sends a webhook is asked for nothing else.
    authorize: (request) =>
      request.url.includes('/webhooks/')
        ? new Response(null, { status: 401 })
        : { user: 'ann', role: (request.headers.get('x-test-role') ?? 'admin') as 'admin' },
  });
  harness.codeLocations.set(loadedLocation('hooks', hooks));
  harness.codeLocationClient.add('hooks', hooks);
});
afterAll(() => harness.close());

function deliver(
  id: string,
  text: string,
  { sensor: name = 'orders', location = 'hooks', at = NOW, secret = SECRET, headers = {} } = {},
) {
  const time = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', secret).update(`${id}.${time}.${text}`).digest('base64');
  return harness.rest('POST', `/api/webhooks/${location}/${name}`, {
    text,
    headers: {
      'webhook-id': id,
      'webhook-timestamp': time,
      'webhook-signature': `v1,${signature}`,
      'content-type': 'application/json',
      ...headers,
    },
  });
}
const stored = (name: string) =>
  harness.storage.listSensorEvents({ location: 'hooks', sensor: name, limit: 50 });

describe('a webhook', () => {
  test('that is signed is stored once, however often it comes, and wakes the engine', async () => {
    const text = '{"order": "ä-1"}\n';
    const first = await deliver('e1', text, { headers: { 'x-shop': 'north', 'x-other': 'unseen' } });
    expect([first.status, first.body]).toEqual([202, { eventId: 'e1', created: true }]);
    expect(harness.scheduler.alarms.at(-1)).toBe(NOW);
    const again = await deliver('e1', text, { at: NOW + 1_000 });
    expect([again.status, again.body]).toEqual([202, { eventId: 'e1', created: false }]);

    expect(await stored('orders')).toMatchObject([
      { eventId: 'e1', body: { order: 'ä-1' }, headers: { 'x-shop': 'north' }, status: 'PENDING' },
    ]);
  });

  test('of GitHub is known by its body', async () => {
    const text = '{"ref": "main"}';
    const signature = `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;
    const send = (delivery: string) =>
      harness.rest('POST', '/api/webhooks/hooks/pushes', {
        text,
        headers: {
          'x-hub-signature-256': signature,
          'x-github-event': 'push',
          'x-github-delivery': delivery,
        },
      });
    expect((await send('d1')).body).toEqual({ eventId: signature, created: true });
    expect((await send('d2')).body).toEqual({ eventId: signature, created: false });
    expect(await stored('pushes')).toMatchObject([
      { headers: { 'x-github-event': 'push', 'x-github-delivery': 'd1' } },
    ]);
  });

  test.each([
    ['wrongly signed', 401, () => deliver('bad', '{}', { secret: 'guessed' })],
    ['too old', 401, () => deliver('bad', '{}', { at: NOW - 301_000 })],
    ['from the future', 401, () => deliver('bad', '{}', { at: NOW + 301_000 })],
    ['without headers', 401, () => harness.rest('POST', '/api/webhooks/hooks/orders', { text: '{}' })],
    ['too large', 413, () => deliver('bad', JSON.stringify('x'.repeat(256 * 1024)))],
    ['no JSON', 400, () => deliver('bad', '{"order":')],
    ['for a sensor that is not there', 404, () => deliver('bad', '{}', { sensor: 'unknown' })],
    ['for a location that is not there', 404, () => deliver('bad', '{}', { location: 'unknown' })],
    ['for a sensor of messages', 404, () => deliver('bad', '{}', { sensor: 'messages' })],
    ['for a sensor that polls', 422, () => deliver('bad', '{}', { sensor: 'polled' })],
    ['for a sensor that is off', 409, () => deliver('bad', '{}', { sensor: 'off' })],
    ['for a sensor whose secret is not set', 503, () => deliver('bad', '{}', { sensor: 'unset' })],
  ])('%s is answered %d', async (_, status, send) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).not.toContain(SECRET);
    const kept = await Promise.all(['orders', 'off', 'unset', 'messages'].map(stored));
    expect(kept.flat().filter(({ eventId }) => eventId === 'bad')).toEqual([]);
  });

  test('its secret is named in the manifest, not shown', () => {
    const manifest = JSON.stringify(hooks.manifest('hooks'));
    expect(manifest).toContain('ORDERS_SECRET');
    expect(manifest).not.toContain(SECRET);
  });
});

describe('an event sent by hand', () => {
  const send = (name: string, body: object, role?: 'viewer' | 'launcher') =>
    harness.rest('POST', `/api/sensors/hooks/${name}/events`, {
      body,
      ...(role === undefined ? {} : { role }),
    });

  test('goes to any sensor that takes events, by those who may launch', async () => {
    expect(await send('messages', { body: { n: 1 }, eventId: 'm1' }, 'launcher')).toMatchObject({
      status: 202,
      body: { eventId: 'm1', created: true },
    });
    expect((await send('messages', { body: 2, eventId: 'm1' })).body).toEqual({
      eventId: 'm1',
      created: false,
    });
    expect((await send('orders', { body: {} })).body).toMatchObject({ created: true });
    expect((await send('messages', { body: 3 }, 'viewer')).status).toBe(403);
    expect((await send('polled', { body: 3 })).status).toBe(422);
    expect((await send('off', { body: 3 })).status).toBe(409);
    expect((await send('messages', { body: 'x'.repeat(256 * 1024) })).status).toBe(422);
    expect((await stored('messages')).map(({ body }) => body)).toEqual([{ n: 1 }]);
  });

  test('is listed, and replayed when it failed', async () => {
    await send('messages', { body: { n: 2 }, eventId: 'm2' });
    const { storage, clock } = harness.instance;
    const started = await storage.startEventTick({ location: 'hooks', name: 'messages' }, clock.now(), 60);
    if (started === undefined) throw new Error('nothing is due');
    await storage.finishEventTick(
      started,
      {
        status: 'FAILURE',
        runs: [],
        skipReason: null,
        cursor: null,
        error: { name: 'Error', message: 'no' },
        dynamicPartitions: [],
        endedAt: NOW,
      },
      null,
    );
    const path = '/api/sensors/hooks/messages/events';

    const failed = await harness.rest('GET', `${path}?status=FAILED`, { role: 'viewer' });
    expect(failed).toMatchObject({
      status: 200,
      body: {
        events: [{ eventId: 'm1', status: 'FAILED', attempts: 1, nextAttemptAt: null, body: { n: 1 } }],
      },
    });
    expect((await harness.rest('POST', `${path}/replay`, { body: {}, role: 'viewer' })).status).toBe(403);
    const replayed = await harness.rest('POST', `${path}/replay`, {
      body: { eventIds: ['m1'] },
      role: 'launcher',
    });
    expect([replayed.status, replayed.body]).toEqual([200, { replayed: 1 }]);
    expect((await harness.rest('POST', `${path}/replay`)).body).toEqual({ replayed: 0 });
    expect(await harness.rest('GET', '/api/sensors/hooks/polled/events')).toMatchObject({ status: 422 });
  });
});
