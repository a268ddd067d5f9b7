import fc from 'fast-check';
import { readComputeLog } from '../../lib/engine/compute-logs';
import { chunkObjectKey, chunkPrefix } from '../../lib/model/compute-log';
import { PortError } from '../../lib/ports/errors';
import { memoryObjectStore } from './support/test-instance';

const key = { runId: 'r', stepKey: 'load[a/b]', tryNumber: 1 };

async function stored(chunks: readonly Uint8Array[]) {
  const objectStore = memoryObjectStore(new Map());
  let offset = 0;
  for (const chunk of chunks) {
    await objectStore.put(chunkObjectKey(key, 'stdout', offset), chunk);
    offset += chunk.length;
  }
  return { objectStore };
}

it('reads nothing of a step that printed nothing', async () => {
  expect(await readComputeLog(await stored([]), key, 'stdout', 0)).toEqual({
    text: '',
    cursor: 0,
    hasMore: false,
    unreadable: [],
  });
});

it('reads on from its cursor, in the middle of a chunk too', async () => {
  const instance = await stored([Buffer.from('hello '), Buffer.from('world')]);
  const first = await readComputeLog(instance, key, 'stdout', 0, 8);
  expect(first).toEqual({ text: 'hello wo', cursor: 8, hasMore: true, unreadable: [] });
  expect(await readComputeLog(instance, key, 'stdout', first.cursor)).toEqual({
    text: 'rld',
    cursor: 11,
    hasMore: false,
    unreadable: [],
  });
  expect(await readComputeLog(instance, key, 'stdout', 11)).toMatchObject({
    text: '',
    cursor: 11,
    hasMore: false,
  });
  await instance.objectStore.put(chunkObjectKey(key, 'stdout', 11), Buffer.from('!'));
  expect((await readComputeLog(instance, key, 'stdout', 11)).text).toBe('!');
});

it('keeps the streams apart', async () => {
  const instance = await stored([Buffer.from('out')]);
  expect((await readComputeLog(instance, key, 'stderr', 0)).text).toBe('');
  expect(chunkPrefix(key, 'stdout')).not.toBe(chunkPrefix(key, 'stderr'));
});

describe('a part that cannot be read', () => {
  const parts = ['first\n', 'second\n', 'third\n'];
  const second = chunkObjectKey(key, 'stdout', 6);

  it('is named where it would stand when it is lost, and nothing is read twice or left out', async () => {
    const instance = await stored(parts.map((part) => Buffer.from(part)));
    await instance.objectStore.delete([second]);

    const page = await readComputeLog(instance, key, 'stdout', 0);
    const reason = 'this part is not in the log storage';
    expect(page).toEqual({
      text: `first\n[7 bytes of output cannot be read: ${reason}]\nthird\n`,
      cursor: 19,
      hasMore: false,
      unreadable: [{ offset: 6, bytes: 7, reason }],
    });
    expect((await readComputeLog(instance, key, 'stdout', page.cursor)).text).toBe('');
    expect((await readComputeLog(instance, key, 'stdout', 9)).unreadable).toMatchObject([
      { offset: 9, bytes: 4 },
    ]);
  });

  it('is named when it was cut short', async () => {
    const instance = await stored(parts.map((part) => Buffer.from(part)));
    await instance.objectStore.put(second, Buffer.from('sec'));
    expect((await readComputeLog(instance, key, 'stdout', 0)).text).toMatch(
      /^first\nsec\n\[4 bytes of output cannot be read: .*\]\nthird\n$/,
    );
  });

  it('is named with the reason when the store refuses it; a store that is away for a while is an error', async () => {
    const { objectStore } = await stored(parts.map((part) => Buffer.from(part)));
    const refusing = (kind: 'permanent' | 'transient') => ({
      objectStore: {
        ...objectStore,
        async get(objectKey: string) {
          if (objectKey === second) throw new PortError(kind, 'Access Denied');
          return objectStore.get(objectKey);
        },
      },
    });
    expect(await readComputeLog(refusing('permanent'), key, 'stdout', 0)).toMatchObject({
      text: 'first\n[7 bytes of output cannot be read: Access Denied]\nthird\n',
      unreadable: [{ offset: 6, bytes: 7, reason: 'Access Denied' }],
    });
    await expect(readComputeLog(refusing('transient'), key, 'stdout', 0)).rejects.toThrow('Access Denied');
  });

  it('ends the page after a hundred of them, so that a store that gives nothing is not asked for everything', async () => {
    const { objectStore } = await stored(Array.from({ length: 250 }, () => Buffer.from('12')));
    let calls = 0;
    const refusing = {
      ...objectStore,
      async get(): Promise<never> {
        calls += 1;
        throw new PortError('permanent', 'Access Denied');
      },
    };

    const pages = [0, 200, 400].map((cursor) =>
      readComputeLog({ objectStore: refusing }, key, 'stdout', cursor),
    );

    expect((await Promise.all(pages)).map(({ cursor, hasMore }) => [cursor, hasMore])).toEqual([
      [200, true],
      [400, true],
      [500, false],
    ]);
    expect(calls).toBe(250);
  });
});

it('gives back every text whole, however it was cut into chunks and pages', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme', maxLength: 300 }),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
      fc.integer({ min: 4, max: 50 }),
      async (text, cuts, pageBytes) => {
        const bytes = Buffer.from(text);
        const chunks: Uint8Array[] = [];
        for (let at = 0, turn = 0; at < bytes.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        const instance = await stored(chunks);
        let read = '';
        let cursor = 0;
        for (let pages = 0; pages < 1_000; pages++) {
          const page = await readComputeLog(instance, key, 'stdout', cursor, pageBytes);
          read += page.text;
          if (page.cursor === cursor) break;
          cursor = page.cursor;
        }
        expect(read).toBe(text);
        expect(cursor).toBe(bytes.length);
      },
    ),
  );
});
