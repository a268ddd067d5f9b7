import { ComputeLogWriter } from '../../lib/execution/compute-log-writer';
import { chunkObjectKey } from '../../lib/model/compute-log';
import { SecretMask } from '../../lib/model/secret-mask';
import { PortError } from '../../lib/ports/errors';

const key = { runId: 'run', stepKey: 'load', tryNumber: 1 };

function subject() {
  const objects = new Map<string, Buffer>();
  const pressure: boolean[] = [];
  const store = { isDown: false, refused: 0 };
  const logs = new ComputeLogWriter({
    objectStore: {
      put: async (objectKey, body) => {
        if (store.isDown) {
          store.refused += 1;
          throw new PortError('transient', 'the disk is full');
        }
        objects.set(objectKey, Buffer.from(body));
      },
    },
    mask: new SecretMask(),
    onPressure: (isHigh) => pressure.push(isHigh),
  });
  const text = (): string =>
    [...objects]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, body]) => body.toString())
      .join('');
  return { logs, objects, pressure, store, text };
}

test('Chunks are named by the byte at which they begin, so that they read as one text', async () => {
  const { logs, objects, text } = subject();
  logs.write(key, 'stdout', Buffer.from('grüße '));
  await logs.flush();
  logs.write(key, 'stdout', Buffer.from('again'));
  await logs.flush(true);

  expect([...objects.keys()]).toEqual([chunkObjectKey(key, 'stdout', 0), chunkObjectKey(key, 'stdout', 8)]);
  expect(text()).toBe('grüße again');
});

test('A large write goes out at once, without waiting for its half second', async () => {
  const { logs, objects } = subject();
  logs.write(key, 'stdout', Buffer.alloc(64 * 1_024, 'x'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(objects.size).toBe(1);
  await logs.flush(true);
});

test('What could not be written is written later, whole and in order', async () => {
  const { logs, store, text } = subject();
  store.isDown = true;
  logs.write(key, 'stdout', Buffer.from('first '));
  await logs.flush();
  logs.write(key, 'stdout', Buffer.from('second'));
  store.isDown = false;
  await logs.flush(true);

  expect(store.refused).toBe(1);
  expect(text()).toBe('first second');
});

test('While the store fails, output beyond 4 MB is dropped, the log says how much, and the run is not held back', async () => {
  const { logs, store, pressure, text } = subject();
  store.isDown = true;
  const megabyte = Buffer.alloc(1_024 * 1_024, 'x');
  logs.write(key, 'stdout', megabyte);
  await logs.flush();
  for (let i = 0; i < 9; i += 1) logs.write(key, 'stdout', megabyte);
  store.isDown = false;
  await logs.flush(true);

  expect(store.refused).toBeGreaterThan(0);
  expect(pressure).toEqual([]);
  const kept = text().indexOf('\n[');
  expect(kept).toBe(5 * megabyte.length);
  expect(text().slice(kept)).toBe(
    `\n[${5 * megabyte.length} bytes of output were lost: the log storage was not available]\n`,
  );
});

test('A store that is only slow holds the producer back until it has caught up', async () => {
  const { logs, pressure, text } = subject();
  for (let i = 0; i < 5; i += 1) logs.write(key, 'stdout', Buffer.alloc(1_024 * 1_024, 'x'));
  expect(pressure).toEqual([true]);
  await logs.flush(true);
  expect(pressure).toEqual([true, false]);
  expect(text()).toHaveLength(5 * 1_024 * 1_024);
});
