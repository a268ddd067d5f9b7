import type { NewSensorEvent } from '../../lib/model/sensor-event';
import type { TickOutcome } from '../../lib/ports/instigator-storage';
import type { StartedEventTick } from '../../lib/ports/sensor-event-storage';
import { aRun } from './storage-builders';
import type { StorageHarness } from './storage-contract';

const ID = { location: 'shop', name: 'orders' };
const LEASE = 60;

const anEvent = (eventId: string, over: Partial<NewSensorEvent> = {}): NewSensorEvent => ({
  location: ID.location,
  sensor: ID.name,
  eventId,
  body: { order: eventId },
  headers: {},
  receivedAt: 1_000,
  ...over,
});

const anOutcome = (over: Partial<TickOutcome> = {}): TickOutcome => ({
  status: 'SUCCESS',
  runs: [],
  skipReason: null,
  cursor: null,
  error: null,
  dynamicPartitions: [],
  endedAt: 5_000,
  ...over,
});

const failure = anOutcome({ status: 'FAILURE', error: { name: 'Error', message: 'no' } });

/** Events that are pushed to sensors. */
export function storageSensorEventsContract(harness: () => StorageHarness): void {
  async function started(now: number, id = ID): Promise<StartedEventTick> {
    const tick = await harness().storage.startEventTick(id, now, LEASE);
    if (tick === undefined) throw new Error(`no event of ${id.name} is due at ${now}`);
    return tick;
  }
  const statusOf = async (eventId: string) =>
    (await harness().storage.listSensorEvents({ location: 'shop', sensor: 'orders', limit: 50 })).find(
      (event) => event.eventId === eventId,
    )?.status;

  test('an event is stored once however often it comes, at its place in line', async () => {
    const { storage } = harness();

    const first = await storage.receiveSensorEvent(anEvent('a', { headers: { 'x-kind': 'new' } }));
    const many = await Promise.all(
      Array.from({ length: 8 }, () => storage.receiveSensorEvent(anEvent('b', { receivedAt: 900 }))),
    );
    const again = await storage.receiveSensorEvent(anEvent('a', { body: 'another' }));

    expect(first).toEqual({
      created: true,
      isNext: true,
      event: {
        ...anEvent('a', { headers: { 'x-kind': 'new' } }),
        acceptedAt: 1_000,
        status: 'PENDING',
        attempts: 0,
        nextAttemptAt: 1_000,
        tickId: null,
      },
    });
    expect(many.filter(({ created }) => created)).toHaveLength(1);
    expect(many.every(({ isNext, event }) => !isNext && event.acceptedAt === 1_001)).toBe(true);
    expect(again).toEqual({ ...first, created: false });
    expect(await storage.pendingSensorEvents()).toEqual([
      { location: 'shop', sensor: 'orders', dueAt: 1_000 },
    ]);
  });

  test('events of a sensor are evaluated one at a time in their order; those of others do not wait', async () => {
    const { storage } = harness();
    await storage.receiveSensorEvent(anEvent('a'));
    await storage.receiveSensorEvent(anEvent('b'));
    await storage.receiveSensorEvent(anEvent('a', { sensor: 'returns' }));

    const all = await Promise.all(Array.from({ length: 8 }, () => storage.startEventTick(ID, 2_000, LEASE)));
    const [first] = all.filter((tick) => tick !== undefined);
    expect(all.filter((tick) => tick !== undefined)).toHaveLength(1);
    expect(first).toMatchObject({
      tick: { status: 'STARTED', scheduledAt: 1_000, startedAt: 2_000 },
      event: { eventId: 'a', attempts: 1, body: { order: 'a' } },
    });
    const other = await started(2_000, { location: 'shop', name: 'returns' });
    expect(other.event).toMatchObject({ sensor: 'returns', eventId: 'a' });

    if (first === undefined) throw new Error('nothing was opened');
    const run = aRun({ origin: { kind: 'sensor', name: ID.name, runKey: 'a' } });
    const ended = await storage.finishEventTick(first, anOutcome({ runs: [run], cursor: 'c1' }), null);
    expect(ended).toMatchObject({ status: 'SUCCESS', runIds: [run.runId], cursor: 'c1' });
    expect(await storage.finishEventTick(first, failure, 9_000)).toEqual(ended);
    expect(await statusOf('a')).toBe('DONE');
    const second = await started(2_100);
    expect(first.state).toBeNull();
    expect(second).toMatchObject({
      event: { eventId: 'b' },
      tick: { scheduledAt: 1_001 },
      state: { cursor: 'c1', lastRunKey: 'a', lastTickStartedAt: 2_000 },
    });
    expect(
      (await storage.instigatorStates()).find(({ instigator }) => instigator.name === 'orders'),
    ).toMatchObject({ cursor: 'c1', lastRunKey: 'a', lastTickStartedAt: 2_100 });
    expect(await storage.receiveSensorEvent(anEvent('a'))).toMatchObject({ created: false, isNext: false });
  });

  test('a failed event is tried again in the same tick, and holds back those behind it until it is given up', async () => {
    const { storage } = harness();
    await storage.receiveSensorEvent(anEvent('a'));
    await storage.receiveSensorEvent(anEvent('b'));

    const first = await started(2_000);
    await storage.finishEventTick(first, failure, 12_000);
    expect(await storage.pendingSensorEvents()).toMatchObject([{ dueAt: 12_000 }]);
    expect(await storage.startEventTick(ID, 11_999, LEASE)).toBeUndefined();
    const again = await started(12_000);
    expect(again).toMatchObject({
      event: { eventId: 'a', attempts: 2 },
      tick: { tickId: first.tick.tickId, status: 'STARTED', error: null, endedAt: null },
    });
    const given = await storage.finishEventTick(again, failure, null);

    expect(given).toMatchObject({ status: 'FAILURE', error: { message: 'no' } });
    expect(await statusOf('a')).toBe('FAILED');
    expect((await started(12_100)).event.eventId).toBe('b');
    const kept = await storage.listSensorEvents({
      location: 'shop',
      sensor: 'orders',
      statuses: ['FAILED'],
      limit: 5,
    });
    expect(kept).toMatchObject([{ eventId: 'a', tickId: first.tick.tickId, body: { order: 'a' } }]);
  });

  test('who dies in the middle leaves an event that is due when the lease is over; what they say later is void', async () => {
    const { storage } = harness();
    await storage.receiveSensorEvent(anEvent('a'));
    const dead = await started(2_000);

    expect(await storage.startEventTick(ID, 61_999, LEASE)).toBeUndefined();
    expect(await storage.pendingSensorEvents()).toMatchObject([{ dueAt: 62_000 }]);
    const next = await started(62_000);
    expect(await storage.finishEventTick(dead, failure, null)).toMatchObject({ status: 'STARTED' });
    const ended = await storage.finishEventTick(
      next,
      anOutcome({ status: 'SKIPPED', skipReason: 'old' }),
      null,
    );

    expect(ended).toMatchObject({ tickId: dead.tick.tickId, status: 'SKIPPED', skipReason: 'old' });
    expect(await statusOf('a')).toBe('DONE');
  });

  test('failed events are replayed, in their old place, from the first try', async () => {
    const { storage } = harness();
    for (const id of ['a', 'b', 'c']) await storage.receiveSensorEvent(anEvent(id));
    for (const now of [2_000, 2_001]) await storage.finishEventTick(await started(now), failure, null);
    await storage.finishEventTick(await started(2_002), anOutcome(), null);

    expect(await storage.replaySensorEvents(ID, ['b', 'c', 'unknown'], 3_000)).toBe(1);
    expect(await storage.replaySensorEvents(ID, null, 3_000)).toBe(1);
    expect(await storage.replaySensorEvents(ID, null, 3_000)).toBe(0);

    expect(await started(3_000)).toMatchObject({ event: { eventId: 'a', attempts: 1 } });
    expect(await statusOf('c')).toBe('DONE');
  });

  test('an event goes with its tick', async () => {
    const { storage } = harness();
    await storage.receiveSensorEvent(anEvent('a'));
    const { tick } = await started(2_000);

    await storage.deleteTicks([tick.tickId]);

    expect(await storage.listSensorEvents({ location: 'shop', sensor: 'orders', limit: 5 })).toEqual([]);
  });

  test('a body of 256 KB comes back as it was', async () => {
    const { storage } = harness();
    const body = { text: 'ä"\n'.repeat(60_000) };

    await storage.receiveSensorEvent(anEvent('a', { body }));

    expect((await started(2_000)).event.body).toEqual(body);
  });
}
