import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asset, define, ioManager } from 'headrace';
import type { ArtifactStore, IoContext, IoManager } from '../../lib/definitions/loaded-definitions';

const run = { runId: 'r1', attempt: 1, jobName: 'j', location: 'l', tags: {} };
const log = { debug() {}, info() {}, warning() {}, error() {} };

function memoryArtifacts(): ArtifactStore & { readonly objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    put: async (key, body) => void objects.set(key, body),
    get: async (key) => objects.get(key),
  };
}

async function defaultManager(artifacts: ArtifactStore): Promise<IoManager> {
  const { resources } = define({ assets: asset({ key: 'a', run: () => 1 }) });
  const setUp = resources.io_manager?.setUp({
    run,
    stepKey: null,
    config: null,
    resources: {},
    env: () => undefined,
    mask() {},
    log,
    artifacts,
  });
  return (await setUp)?.value as IoManager;
}

const contextFor = (more: Partial<IoContext>): IoContext => ({
  run,
  asset: 'raw/a',
  stepKey: 'raw__a',
  output: 'result',
  mappingKey: null,
  partitionKeys: null,
  metadata: {},
  ...more,
});

describe('the default IO manager', () => {
  test('gives back any JSON value, under a path of the asset and its partition', async () => {
    const artifacts = memoryArtifacts();
    const manager = await defaultManager(artifacts);
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), async (value) => {
        const plain = JSON.parse(JSON.stringify(value));
        await manager.handleOutput(contextFor({}), plain);
        expect(await manager.loadInput(contextFor({}))).toEqual(plain);
      }),
    );
    await manager.handleOutput(contextFor({ partitionKeys: ['2026-01-01'] }), 1);
    await manager.handleOutput(contextFor({ asset: null, mappingKey: 'k' }), 2);
    expect([...artifacts.objects.keys()]).toEqual([
      'storage/assets/raw/a.json',
      'storage/assets/raw/a/2026-01-01.json',
      'storage/runs/r1/raw__a/result/k.json',
    ]);
  });

  test('keeps partition keys apart, whatever they are made of, and inside its folder', async () => {
    const artifacts = memoryArtifacts();
    const manager = await defaultManager(artifacts);
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 8 }), async (keys) => {
        artifacts.objects.clear();
        for (const key of keys) await manager.handleOutput(contextFor({ partitionKeys: [key] }), key);
        expect(artifacts.objects.size).toBe(keys.length);
        for (const path of artifacts.objects.keys()) {
          expect(path).toMatch(/^storage\/assets\/raw\/a\/[A-Za-z0-9_.%-]+\.json$/);
          expect(path).not.toMatch(/\/\.+\//);
        }
      }),
    );
  });

  test('stores one value per partition of a range, and says which is missing', async () => {
    const artifacts = memoryArtifacts();
    const manager = await defaultManager(artifacts);
    await manager.handleOutput(contextFor({ partitionKeys: ['a', 'b'] }), { a: 1, b: 2 });
    expect([...artifacts.objects.keys()]).toEqual([
      'storage/assets/raw/a/a.json',
      'storage/assets/raw/a/b.json',
    ]);
    await expect(manager.handleOutput(contextFor({ partitionKeys: ['a', 'b'] }), { a: 1 })).rejects.toThrow(
      /missing: b/,
    );
    await expect(manager.handleOutput(contextFor({ partitionKeys: ['a', 'b'] }), [1, 2])).rejects.toThrow(
      /must be an object with one entry per partition key/,
    );
  });

  test('says what is not stored, and what cannot be', async () => {
    const manager = await defaultManager(memoryArtifacts());
    await expect(manager.loadInput(contextFor({ partitionKeys: ['x'] }))).rejects.toThrow(
      'No value is stored for asset raw/a, partition x: materialize it first.',
    );
    await expect(manager.handleOutput(contextFor({}), 10n)).rejects.toThrow(/cannot be stored as JSON/);
    await expect(manager.handleOutput(contextFor({}), () => 1)).rejects.toThrow(/cannot be stored as JSON/);
  });

  test.each([
    [{ byDay: new Map([[1, 2]]) }, 'it has a Map at .byDay'],
    [[1, { mean: Number.NaN }], 'it has NaN at [1].mean'],
    [new Set([1]), 'it is a Set'],
    [{ rows: Promise.resolve(1) }, 'it has a Promise at .rows'],
    [{ bytes: new Uint8Array(2) }, 'it has a Uint8Array at .bytes'],
    [{ bytes: Buffer.from('x') }, 'it has a Buffer at .bytes'],
    [-Infinity, 'it is -Infinity'],
  ])('says what of a value JSON would lose without a word, and where: %p', async (value, expected) => {
    const manager = await defaultManager(memoryArtifacts());
    await expect(manager.handleOutput(contextFor({}), value)).rejects.toThrow(expected);
  });

  test('takes dates, what says itself how it is written, absent fields and methods', async () => {
    const artifacts = memoryArtifacts();
    const manager = await defaultManager(artifacts);
    class Total {
      readonly sum = 3;
      double() {
        return this.sum * 2;
      }
    }
    const value = {
      at: new Date(0),
      none: undefined,
      url: new URL('http://a/'),
      total: new Total(),
      f: () => 1,
    };
    await manager.handleOutput(contextFor({}), value);
    expect(await manager.loadInput(contextFor({}))).toEqual({
      at: '1970-01-01T00:00:00.000Z',
      url: 'http://a/',
      total: { sum: 3 },
    });
  });
});

describe('an IO manager of the user', () => {
  test('replaces the default for the whole location', async () => {
    const mine = ioManager<unknown>({
      setUp: () => ({ handleOutput: async () => {}, loadInput: async () => 'mine' }),
    });
    const manifest = define({
      assets: asset({ key: 'a', run: () => 1 }),
      resources: { io_manager: mine },
    }).manifest('l');
    expect(manifest.resources).toMatchObject([{ name: 'io_manager', isIoManager: true, description: null }]);
  });

  test('is named after the asset that uses it unless it has a name', () => {
    const named = ioManager<number>({
      name: 'numbers',
      setUp: () => ({ handleOutput: async () => {}, loadInput: async () => 1 }),
    });
    const bare = ioManager<number>({
      setUp: () => ({ handleOutput: async () => {}, loadInput: async () => 1 }),
    });
    const { assets } = define({
      assets: [
        asset({ key: 'a', ioManager: named, run: () => 1 }),
        asset({ key: 'b', ioManager: bare, run: () => 1 }),
        asset({ key: 'c', ioManager: bare, run: () => 1 }),
        asset({ key: 'd', ioManager: 'numbers', run: () => 1 }),
      ],
    }).manifest('l');
    expect(assets.map(({ ioManager: name }) => name)).toEqual([
      'numbers',
      'b_io_manager',
      'b_io_manager',
      'numbers',
    ]);
  });
});
