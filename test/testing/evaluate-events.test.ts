import { describe, expect, test } from '@jest/globals';
import {
  asset,
  define,
  env,
  objectCreated,
  queueMessage,
  runRequest,
  secret,
  sensor,
  skip,
  webhook,
  z,
} from 'headrace';
import { evaluateSensor } from 'headrace/testing';

const target = asset({ key: 'orders', run: () => 1 });
const orders = sensor({
  name: 'orders',
  select: target,
  on: webhook({
    secret: env('ORDERS_SECRET'),
    body: z.object({ order: z.string(), count: z.coerce.number() }),
  }),
  evaluate({ event, cursor }) {
    if (event.body.count === 0) return skip('nothing ordered');
    return {
      runRequests: [runRequest({ runKey: event.id, tags: { order: event.body.order } })],
      cursor: `${cursor ?? ''}${event.body.count}`,
    };
  },
});
const landed = sensor({
  name: 'landed',
  select: target,
  on: objectCreated({ bucket: 'landing', prefix: 'in/', suffix: '.csv' }),
  evaluate: ({ event }) => runRequest({ runKey: event.id, tags: { file: event.body.key } }),
});

const eventSourceOf = (definition: ReturnType<typeof sensor>) =>
  define({ assets: [target], sensors: [definition] }).manifest('test').sensors[0];

describe('a sensor that takes events', () => {
  test('sees the event, typed and checked by its schema', async () => {
    const result = await evaluateSensor(orders, {
      cursor: '1',
      event: { id: 'e1', body: { order: 'o-1', count: '2' } },
    });

    expect(result).toMatchObject({ runRequests: [{ runKey: 'e1', tags: { order: 'o-1' } }], cursor: '12' });
    expect(await evaluateSensor(orders, { event: { body: { order: 'o', count: 0 } } })).toMatchObject({
      runRequests: [],
      skipReason: 'nothing ordered',
    });
    const object = { bucket: 'landing', key: 'in/a.csv', size: 1, etag: null };
    expect(await evaluateSensor(landed, { event: { id: 'o', body: object } })).toMatchObject({
      runRequests: [{ runKey: 'o', tags: { file: 'in/a.csv' } }],
    });
  });

  test('fails for a body that does not fit, and without an event', async () => {
    await expect(evaluateSensor(orders, { event: { id: 'e2', body: { count: 1 } } })).rejects.toMatchObject({
      name: 'EventBodyError',
      eventId: 'e2',
    });
    await expect(evaluateSensor(orders)).rejects.toThrow('give it one');
  });
});

describe('the manifest', () => {
  test('says what pushes events, secrets by name, and when a failure is tried again', () => {
    expect(eventSourceOf(orders)).toMatchObject({
      kind: 'PUSH',
      minimumIntervalSeconds: 0,
      eventSource: {
        type: 'webhook',
        secrets: ['ORDERS_SECRET'],
        signature: 'standard',
        headers: [],
        retryPolicy: { maxRetries: 3, delaySeconds: 10, backoff: 'EXPONENTIAL' },
      },
    });
    const pushes = sensor({
      name: 'pushes',
      on: webhook({ secret: [secret('A'), env('B')], signature: 'github', headers: ['X-Kind'] }),
      retry: { maxRetries: 1, delay: '1m' },
      evaluate: () => [],
    });
    expect(eventSourceOf(pushes)?.eventSource).toEqual({
      type: 'webhook',
      secrets: ['A', 'B'],
      signature: 'github',
      headers: ['x-github-event', 'x-github-delivery', 'x-kind'],
      retryPolicy: { maxRetries: 1, delaySeconds: 60 },
    });
    expect(eventSourceOf(landed)?.eventSource).toMatchObject({
      type: 'object_created',
      bucket: 'landing',
      prefix: 'in/',
      suffix: '.csv',
    });
  });

  test.each([
    [{ on: queueMessage(), minimumInterval: '5m' }, 'minimumInterval is for polling'],
    [{ retry: { maxRetries: 1 } }, 'retry is for events'],
    [{ on: queueMessage(), retry: { maxRetries: 0 } }, 'retry.maxRetries is 0'],
    [{ on: webhook({ secret: [] }) }, 'it needs a secret'],
    [{ on: webhook({ secret: 'plain' as never }) }, 'its secret is named, never written'],
    [{ on: objectCreated({ bucket: '' }) }, 'it needs a bucket'],
  ])('%j is a mistake', (options, message) => {
    const definition = sensor({ name: 's', select: target, evaluate: () => [], ...options });
    expect(() => define({ assets: [target], sensors: [definition] })).toThrow(message);
  });

  test('the default of a variable would be a secret in code', () => {
    const on = webhook({ secret: env('A', 'in code') as never });
    expect(() => define({ sensors: [sensor({ name: 's', on, evaluate: () => [] })] })).toThrow(
      'its secret is named, never written',
    );
  });
});
