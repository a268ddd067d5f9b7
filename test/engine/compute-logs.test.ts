import fc from 'fast-check';
import { readComputeLog } from '../../lib/engine/compute-logs';
import { chunkObjectKey, chunkPrefix } from '../../lib/model/compute-log';
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
  });
});

it('reads on from its cursor, in the middle of a chunk too', async () => {
  const instance = await stored([Buffer.from('hello '), Buffer.from('world')]);
  const first = await readComputeLog(instance, key, 'stdout', 0, 8);
  expect(first).toEqual({ text: 'hello wo', cursor: 8, hasMore: true });
  expect(await readComputeLog(instance, key, 'stdout', first.cursor)).toEqual({
    text: 'rld',
    cursor: 11,
    hasMore: false,
  });
  expect(await readComputeLog(instance, key, 'stdout', 11)).toEqual({ text: '', cursor: 11, hasMore: false });
  await instance.objectStore.put(chunkObjectKey(key, 'stdout', 11), Buffer.from('!'));
  expect((await readComputeLog(instance, key, 'stdout', 11)).text).toBe('!');
});

it('keeps the streams apart', async () => {
  const instance = await stored([Buffer.from('out')]);
  expect((await readComputeLog(instance, key, 'stderr', 0)).text).toBe('');
  expect(chunkPrefix(key, 'stdout')).not.toBe(chunkPrefix(key, 'stderr'));
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
