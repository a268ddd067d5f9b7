import { createPostgresStorage } from '../../lib/adapters/postgres/postgres-storage';
import { daemonHealth } from '../../lib/engine/daemon-health';
import { evaluateTicks } from '../../lib/engine/evaluate-ticks';
import { setNextAlarm } from '../../lib/engine/next-alarm';
import { receiveObject } from '../../lib/engine/receive-object';
import {
  receiveSensorEvent,
  SensorEventError,
  SensorStoppedError,
} from '../../lib/engine/receive-sensor-event';
import { replaySensorEvents } from '../../lib/engine/replay-sensor-events';
import { setInstigatorStatus } from '../../lib/engine/set-instigator-status';
import { readTickLogs } from '../../lib/engine/ticks/tick-logs';
import type { JsonValue } from '../../lib/model/json';
import type { SensorManifest } from '../../lib/model/manifest';
import type { RunRequest } from '../../lib/model/run-request';
import type { EventSourceSpec } from '../../lib/model/sensor-event';
import type { InstigatorId } from '../../lib/model/tick';
import { UserCodeError } from '../../lib/ports/code-location-client';
import type { Storage } from '../../lib/ports/storage';
import { ManualClock } from '../support/manual-clock';
import { createTestDatabase, type TestDatabase } from '../support/test-database';
import { aManifest } from './support/build-manifest';
import { aLocation, createTestInstance, someSettings, type TestInstance } from './support/test-instance';

let database: TestDatabase;
let storage: Storage;
let clock: ManualClock;
let instance: TestInstance;
const settings = someSettings();
const START = Date.UTC(2026, 2, 10, 12);

beforeEach(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
  clock = new ManualClock(START);
  instance = createTestInstance(storage, clock);
});
afterEach(async () => {
  await storage.close();
  await database.drop();
});

const retryPolicy = { maxRetries: 2, delaySeconds: 10 } as const;
const QUEUE: EventSourceSpec = { type: 'queue_message', retryPolicy };

function aPushSensor(name: string, fields: Partial<SensorManifest> = {}) {
  return {
    name,
    kind: 'PUSH',
    minimumIntervalSeconds: 0,
    jobNames: ['job'],
    eventSource: QUEUE,
    ...fields,
  } as const;
}
function define(...sensors: readonly (Partial<SensorManifest> & { readonly name: string })[]): void {
  instance.locations[0] = aLocation(aManifest({ jobs: [{ name: 'job' }], sensors }), { updatedAt: START });
}
const id = (name: string): InstigatorId => ({ location: 'orchestration', kind: 'sensor', name });
const send = (sensor: string, eventId: string, body: JsonValue = {}) =>
  receiveSensorEvent(instance, { location: 'orchestration', sensor, eventId, body });
const evaluate = async () => {
  const { ticks, errors } = await evaluateTicks(instance, settings);
  expect(errors).toEqual([]);
  return ticks;
};
const ticksOf = (name: string) => storage.listTicks({ instigator: id(name), limit: 50 });
const runsOf = async () => (await storage.listRuns({ filter: {}, limit: 50 })).map(({ tags }) => tags);
/** Sensors are evaluated side by side: only the order within one sensor means anything. */
const eventsSeen = (sensor = 's') =>
  instance.requests.flatMap((request) =>
    request.kind === 'evaluate-sensor' && request.sensor === sensor ? [request.event] : [],
  );

/** User code that asks for a run named after the event, unless told to do otherwise. */
function answer(act: (eventId: string, attempt: number) => unknown = () => undefined): void {
  instance.answer = ((request: { event: { id: string; attempt: number }; cursor: string | null }) => {
    const { id: eventId, attempt } = request.event;
    const done = act(eventId, attempt);
    const run: RunRequest = {
      runKey: eventId,
      jobName: null,
      config: {},
      tags: { seen: request.cursor ?? 'nothing' },
      partitionKey: null,
      assetSelection: null,
      assetCheckSelection: null,
    };
    const result = { runRequests: [run], skipReason: null, cursor: eventId, dynamicPartitionsRequests: [] };
    return { result: { ...result, ...(done as object | undefined) }, logs: [] };
  }) as never;
}
const fail = (name = 'Error') => {
  const logs = [{ level: 'INFO', timestamp: 1, message: 'looking at it' }] as const;
  throw new UserCodeError('evaluation failed', { cause: { name, message: 'it broke' }, logs });
};

test('each event has one tick and its runs, in the order in which they came, with one cursor', async () => {
  define(aPushSensor('s'));
  answer();

  expect(await send('s', 'a', { n: 1 })).toMatchObject({ created: true, isNext: true });
  expect(await send('s', 'b')).toMatchObject({ created: true, isNext: false });
  expect(await send('s', 'a', { n: 2 })).toMatchObject({ created: false });
  expect(instance.alarms).toEqual([START, START]);
  expect(await evaluate()).toBe(2);
  expect(await evaluate()).toBe(0);

  expect(eventsSeen()).toEqual([
    { id: 'a', body: { n: 1 }, headers: {}, receivedAt: START, attempt: 1 },
    { id: 'b', body: {}, headers: {}, receivedAt: START, attempt: 1 },
  ]);
  expect(await ticksOf('s')).toMatchObject([
    { status: 'SUCCESS', cursor: 'b', scheduledAt: START + 1 },
    { status: 'SUCCESS', cursor: 'a', scheduledAt: START },
  ]);
  expect(await runsOf()).toMatchObject([
    { 'dagster/run_key': 'b', seen: 'a', 'dagster/sensor_name': 's' },
    { 'dagster/run_key': 'a', seen: 'nothing' },
  ]);
  expect(await send('s', 'a')).toMatchObject({ created: false, isNext: false });
  expect(await evaluate()).toBe(0);
});

test('many processes evaluate each event once', async () => {
  define(aPushSensor('s'));
  answer();
  for (const event of ['a', 'b', 'c']) await send('s', event);

  await Promise.all([1, 2, 3, 4].map(() => evaluate()));
  await evaluate();

  expect(eventsSeen().map((event) => event?.id)).toEqual(['a', 'b', 'c']);
  expect(await runsOf()).toHaveLength(3);
});

test('a failed event is tried again with its delay, holds back those behind it, and is kept in the end', async () => {
  define(aPushSensor('s'), aPushSensor('other'));
  answer((eventId) => (eventId === 'bad' ? fail() : undefined));
  await send('s', 'bad');
  await send('s', 'good');
  await send('other', 'x');

  expect(await evaluate()).toBe(2);
  const [broken] = await ticksOf('s');
  expect(broken).toMatchObject({ status: 'FAILURE', error: { message: 'it broke' } });
  expect(await readTickLogs(instance, id('s'), broken?.tickId ?? 0)).toMatchObject([
    { message: 'looking at it' },
  ]);
  expect(await ticksOf('other')).toMatchObject([{ status: 'SUCCESS' }]);
  expect(await evaluate()).toBe(0);
  await setNextAlarm(instance, settings);
  expect(instance.alarms.at(-1)).toBe(START + 10_000);
  clock.jump(10_000);
  expect(await evaluate()).toBe(1);
  clock.jump(10_000);
  expect(await evaluate()).toBe(2);

  expect(eventsSeen().map((event) => [event?.id, event?.attempt])).toEqual([
    ['bad', 1],
    ['bad', 2],
    ['bad', 3],
    ['good', 1],
  ]);
  expect(eventsSeen('other').map((event) => [event?.id, event?.attempt])).toEqual([['x', 1]]);
  expect((await ticksOf('s')).map(({ status }) => status)).toEqual(['SUCCESS', 'FAILURE']);
  const failed = await storage.listSensorEvents({
    location: 'orchestration',
    sensor: 's',
    statuses: ['FAILED'],
    limit: 9,
  });
  expect(failed).toMatchObject([{ eventId: 'bad' }]);
});

test('an event that was given up is replayed into the same tick', async () => {
  define(aPushSensor('s', { eventSource: { type: 'queue_message', retryPolicy: { maxRetries: 0 } } }));
  answer(() => fail());
  await send('s', 'a');
  await evaluate();
  const [before] = await ticksOf('s');
  answer();

  expect(await replaySensorEvents(instance, { location: 'orchestration', sensor: 's' }, null)).toBe(1);
  expect(instance.alarms.at(-1)).toBe(clock.now());
  expect(await evaluate()).toBe(1);

  expect(await ticksOf('s')).toMatchObject([{ tickId: before?.tickId, status: 'SUCCESS' }]);
  expect(await replaySensorEvents(instance, { location: 'orchestration', sensor: 's' }, null)).toBe(0);
});

test('a body that does not fit is given up at once', async () => {
  define(aPushSensor('s'));
  answer((eventId) => (eventId === 'bad' ? fail('EventBodyError') : undefined));
  await send('s', 'bad');
  await send('s', 'good');

  expect(await evaluate()).toBe(2);
  expect((await ticksOf('s')).map(({ status }) => status)).toEqual(['SUCCESS', 'FAILURE']);
});

test('a slow sensor delays no other', async () => {
  define(aPushSensor('slow'), aPushSensor('quick'));
  let release = (_: unknown): void => {};
  answer();
  const plain = instance.answer as unknown as (request: unknown) => unknown;
  instance.answer = (async (request: { sensor: string }) => {
    if (request.sensor === 'slow') await new Promise((resolve) => (release = resolve));
    return plain(request);
  }) as never;
  await send('slow', 'a');
  const first = evaluate();
  while (eventsSeen('slow').length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  await send('quick', 'b');

  await evaluate();
  expect(await ticksOf('quick')).toMatchObject([{ status: 'SUCCESS' }]);
  expect(await ticksOf('slow')).toMatchObject([{ status: 'STARTED' }]);
  release(undefined);
  await first;
  expect(await ticksOf('slow')).toMatchObject([{ status: 'SUCCESS' }]);
});

test('a sensor that is off takes nothing; what it took before waits until it is on', async () => {
  define(aPushSensor('s'));
  answer();
  await send('s', 'a');
  await setInstigatorStatus(instance, settings, id('s'), 'STOPPED');

  await expect(send('s', 'b')).rejects.toThrow(SensorStoppedError);
  expect(await evaluate()).toBe(0);
  await setInstigatorStatus(instance, settings, id('s'), 'RUNNING');
  expect(instance.timings.at(-1)).toEqual({ schedules: [], sensors: [] });
  expect(instance.alarms.at(-1)).toBe(START + 1_000);

  expect(await evaluate()).toBe(1);
  expect(eventsSeen().map((event) => event?.id)).toEqual(['a']);
});

test('an event that nobody evaluates shows in the health of sensors', async () => {
  define(aPushSensor('s'));
  answer();
  await send('s', 'a');
  const health = async () =>
    (await daemonHealth(instance, settings)).find(({ daemonType }) => daemonType === 'SENSOR')?.problems;

  clock.jump(120_000);
  expect(await health()).toEqual([]);
  clock.jump(1);
  expect(await health()).toEqual([expect.stringContaining('an event of orchestration/sensor/s was due at')]);
  await evaluate();
  expect(await health()).toEqual([]);
});

test('what is no event for the sensor is refused', async () => {
  define(aPushSensor('s'), { name: 'polled', jobNames: ['job'] });

  await expect(send('polled', 'a')).rejects.toThrow(SensorEventError);
  await expect(send('missing', 'a')).rejects.toThrow("There is no sensor 'missing'");
  await expect(send('s', '')).rejects.toThrow('1 to 1500 characters');
  await expect(send('s', 'a', 'x'.repeat(256 * 1024))).rejects.toThrow('262144 are the most');
});

test('an object goes to the sensors that follow it and are on, once', async () => {
  const following = (fields: { bucket: string; prefix?: string; suffix?: string }): EventSourceSpec => ({
    type: 'object_created',
    prefix: '',
    suffix: '',
    retryPolicy,
    ...fields,
  });
  define(
    aPushSensor('csv', { eventSource: following({ bucket: 'landing', prefix: 'in/', suffix: '.csv' }) }),
    aPushSensor('all', { eventSource: following({ bucket: 'landing' }) }),
    aPushSensor('off', { eventSource: following({ bucket: 'landing' }), defaultStatus: 'STOPPED' }),
    aPushSensor('elsewhere', { eventSource: following({ bucket: 'other' }) }),
    aPushSensor('queue'),
  );
  answer();
  const object = { bucket: 'landing', key: 'in/a.csv', size: 3, etag: 'e' };

  expect(await receiveObject(instance, object, 'v1')).toBe(2);
  expect(await receiveObject(instance, object, 'v1')).toBe(2);
  expect(await receiveObject(instance, { ...object, key: 'in/b.txt' }, 'v1')).toBe(1);
  await evaluate();

  const seen = ['csv', 'all', 'off', 'elsewhere', 'queue'].flatMap((sensor) =>
    eventsSeen(sensor).map((event) => [event?.id, event?.body]),
  );
  expect(seen).toHaveLength(3);
  expect(seen).toContainEqual(['landing/in/a.csv#v1', object]);
  expect(await ticksOf('csv')).toHaveLength(1);
});
