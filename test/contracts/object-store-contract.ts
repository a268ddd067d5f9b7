import fc from 'fast-check';
import type { ObjectStore } from '../../lib/ports/object-store';

/** What every `ObjectStore` does. `create` makes an empty one. */
export function objectStoreContract(
  create: () => Promise<{ readonly store: ObjectStore; close(): Promise<void> }>,
): void {
  let store: ObjectStore;
  let close: () => Promise<void>;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const keysOf = async (...args: Parameters<ObjectStore['list']>): Promise<string[]> =>
    (await store.list(...args)).map(({ key }) => key);

  beforeEach(async () => {
    ({ store, close } = await create());
  });
  afterEach(() => close());

  test('What was put is got back, byte by byte, until it is overwritten or deleted', async () => {
    await store.put('a/b', new Uint8Array([0, 255, 10]));
    expect([...((await store.get('a/b')) ?? [])]).toEqual([0, 255, 10]);
    await store.put('a/b', bytes('second'));
    expect(new TextDecoder().decode(await store.get('a/b'))).toBe('second');
    await store.delete(['a/b', 'never/there']);
    expect(await store.get('a/b')).toBeUndefined();
    expect(await keysOf('a/')).toEqual([]);
  });

  test('An empty object is an object', async () => {
    await store.put('empty', new Uint8Array());
    expect((await store.get('empty'))?.length).toBe(0);
    expect(await store.list('empty')).toEqual([{ key: 'empty', bytes: 0 }]);
  });

  test('Absent keys and prefixes are no error', async () => {
    expect(await store.get('nothing/here')).toBeUndefined();
    expect(await store.list('nothing/')).toEqual([]);
  });

  test('A list has the keys of the prefix in ascending order, after a key, up to a limit, with sizes', async () => {
    for (const key of ['p/b', 'p/a-', 'p/a.x', 'p/a/2', 'p/a/1', 'p/c', 'q/a'])
      await store.put(key, bytes(key));
    expect(await keysOf('p/')).toEqual(['p/a-', 'p/a.x', 'p/a/1', 'p/a/2', 'p/b', 'p/c']);
    expect(await keysOf('p/a')).toEqual(['p/a-', 'p/a.x', 'p/a/1', 'p/a/2']);
    expect(await keysOf('p/', { startAfter: 'p/a/1' })).toEqual(['p/a/2', 'p/b', 'p/c']);
    expect(await keysOf('p/', { startAfter: 'p/a/1', limit: 2 })).toEqual(['p/a/2', 'p/b']);
    expect(await keysOf('')).toHaveLength(7);
    expect(await store.list('q/')).toEqual([{ key: 'q/a', bytes: 3 }]);
  });

  test('Paging with startAfter sees every key once, whatever the keys are', async () => {
    const part = fc.string({
      unit: fc.constantFrom('a', 'b', '-', '.x', '0', '_', '%'),
      minLength: 1,
      maxLength: 3,
    });
    const key = fc
      .array(part, { minLength: 1, maxLength: 3 })
      .map((parts) => parts.map((p) => `k${p}`).join('/'));
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(key, { maxLength: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (keys, limit) => {
          // A file system cannot hold a key that is also the folder of another; S3 can, so it is no part of the contract.
          const fit = keys.filter((one) => !keys.some((other) => other.startsWith(`${one}/`)));
          for (const one of fit) await store.put(one, bytes('x'));
          const seen: string[] = [];
          for (let page = await keysOf('', { limit }); page.length > 0; ) {
            seen.push(...page);
            page = await keysOf('', { limit, startAfter: page.at(-1) ?? '' });
          }
          await store.delete(fit);
          expect(seen).toEqual([...fit].sort());
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each(['../up', 'a/../b', '/absolute', 'a//b', ''])('The key "%s" is refused', async (key) => {
    await expect(store.put(key, bytes('x'))).rejects.toMatchObject({ fault: 'permanent' });
  });

  test('A reader never sees half an object while it is overwritten', async () => {
    const big = (letter: string): Uint8Array => bytes(letter.repeat(1_000_000));
    await store.put('big', big('a'));
    let writing = true;
    const writes = (async () => {
      for (let i = 0; i < 10; i += 1) await store.put('big', big(i % 2 === 0 ? 'b' : 'a'));
      writing = false;
    })();
    let reads = 0;
    while (writing) {
      const body = (await store.get('big')) ?? new Uint8Array();
      expect([body.length, new Set(body).size]).toEqual([1_000_000, 1]);
      reads += 1;
    }
    await writes;
    expect(reads).toBeGreaterThan(0);
  });
}
