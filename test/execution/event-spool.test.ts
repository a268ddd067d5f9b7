import { systemClock } from '../../lib/adapters/system/system-clock';
import { EventSpool } from '../../lib/execution/event-spool';
import type { NewEvent } from '../../lib/model/event';
import { PortError } from '../../lib/ports/errors';
import { StaleAttemptError } from '../../lib/ports/worker-storage';
import { InMemoryWorkerStorage } from '../support/in-memory-worker-storage';
import { assignment } from './support/definitions';

const ref = { runId: assignment([]).runId, attempt: 1, workerId: 'w', token: 'token' };
const line = (message: string): NewEvent => ({
  type: 'LOG_MESSAGE',
  data: {},
  timestamp: 1,
  level: 'INFO',
  message,
});

async function subject(storage = new InMemoryWorkerStorage()) {
  const run = storage.add(assignment([]));
  await storage.startRun(ref);
  const pressure: boolean[] = [];
  const refused: unknown[] = [];
  const objects = new Map<string, Uint8Array>();
  const spool = new EventSpool({
    ref,
    lastSeq: 0,
    storage,
    objectStore: { put: async (key, body) => void objects.set(key, body) },
    clock: systemClock,
    onPressure: (isHigh) => pressure.push(isHigh),
    onRefused: (error) => refused.push(error),
  });
  return { storage, run, spool, pressure, refused, objects };
}

test('Events added together go together, in order', async () => {
  const { storage, run, spool } = await subject();
  const sizes: number[] = [];
  const append = storage.appendEvents.bind(storage);
  storage.appendEvents = (at, seq, events) => {
    sizes.push(events.length);
    return append(at, seq, events);
  };
  for (let i = 0; i < 200; i += 1) spool.add(line(`${i}`));
  await spool.flush();

  expect(sizes).toEqual([200]);
  expect(run.events.map(({ message }) => Number(message))).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

test('Without a flush they are stored within a moment', async () => {
  const { run, spool } = await subject();
  spool.add(line('x'));
  while (run.events.length === 0) await systemClock.sleep(5);
  expect(run.events).toHaveLength(1);
});

test('Faults before and after the effect lose and double nothing', async () => {
  const { storage, run, spool } = await subject();
  storage.failNext('appendEvents', true);
  storage.failNext('appendEvents', false);
  for (let i = 0; i < 10; i += 1) spool.add(line(`${i}`));
  const flushed = spool.flush();
  spool.add(line('10'));
  await flushed;

  expect(storage.thrown).toEqual(['appendEvents', 'appendEvents']);
  expect(run.events.map(({ message }) => Number(message))).toEqual(Array.from({ length: 11 }, (_, i) => i));
  expect(storage.gaps).toEqual([]);
});

test('Pressure rises while storage is slow and falls when it has caught up', async () => {
  const { storage, run, spool, pressure } = await subject();
  const open = Promise.withResolvers<void>();
  const append = storage.appendEvents.bind(storage);
  storage.appendEvents = async (at, seq, events) => {
    await open.promise;
    return append(at, seq, events);
  };
  for (let i = 0; i < 200; i += 1) spool.add(line('x'.repeat(30_000)));
  expect(pressure).toEqual([true]);
  open.resolve();
  await spool.flush();

  expect(pressure).toEqual([true, false]);
  expect(run.events).toHaveLength(200);
});

test('Pressure rises with few events that are long, of which the whole waits beside the row', async () => {
  const { storage, run, spool, pressure } = await subject();
  const open = Promise.withResolvers<void>();
  const append = storage.appendEvents.bind(storage);
  storage.appendEvents = async (at, seq, events) => {
    await open.promise;
    return append(at, seq, events);
  };
  for (let i = 0; i < 5; i += 1) spool.add(line('x'.repeat(1_000_000)));
  expect(pressure).toEqual([true]);
  open.resolve();
  await spool.flush();

  expect(pressure).toEqual([true, false]);
  expect(run.events).toHaveLength(5);
});

test.each([
  new StaleAttemptError('replaced'),
  new PortError('permanent', 'no such table'),
])('A refusal ends it: told once, nothing written any more (%s)', async (error) => {
  const { storage, run, spool, refused } = await subject();
  storage.failNext('appendEvents', true, error);
  spool.add(line('lost'));
  await expect(spool.flush()).rejects.toBe(error);
  spool.add(line('later'));
  await expect(spool.flush()).rejects.toBe(error);

  expect(refused).toEqual([error]);
  expect(run.events).toEqual([]);
});

test('A long event leaves a short row of the same shape, and the whole under its key', async () => {
  const { run, spool, objects } = await subject();
  const error = { name: 'Error', message: 'm'.repeat(60_000), stack: 's'.repeat(49_000) };
  spool.add({ ...line('x'.repeat(60_000)), type: 'STEP_FAILURE', stepKey: 'a', data: { error } });
  await spool.flush();

  const [row] = run.events;
  expect(Buffer.byteLength(JSON.stringify(row))).toBeLessThanOrEqual(48 * 1_024);
  const data = row?.data as { overflow: string; error: typeof error };
  expect(data.error.name).toBe('Error');
  const whole = JSON.parse(Buffer.from(objects.get(data.overflow) ?? []).toString()) as {
    data: { error: typeof error };
  };
  expect(whole.data.error).toEqual(error);
});

test('Text that PostgreSQL refuses is replaced', async () => {
  const { run, spool } = await subject();
  spool.add(line('nul \u0000 and half a pair \ud800'));
  await spool.flush();
  expect(run.events.map(({ message }) => message)).toEqual(['nul \ufffd and half a pair \ufffd']);
});
