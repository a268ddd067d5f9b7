import { PushedCodeLocations } from '../../../lib/adapters/aws/pushed-code-locations';
import { API_VERSION } from '../../../lib/model/manifest';
import { bundleObject, KEPT_VERSIONS, withVersion } from '../../../lib/model/pushed-code-location';
import { MemoryObjectStore } from '../../support/api-doubles';

const manifest = (location: string, apiVersion = API_VERSION) => ({
  apiVersion,
  location,
  assets: [],
  assetChecks: [],
  ops: [],
  jobs: [],
  schedules: [],
  sensors: [],
  resources: [],
});

async function open(
  names: readonly string[],
  stored: Record<string, unknown>,
  manifests: Record<string, unknown>,
) {
  const objectStore = new MemoryObjectStore();
  let reads = 0;
  const get = objectStore.get.bind(objectStore);
  objectStore.get = (key) => {
    reads += 1;
    return get(key);
  };
  for (const [hash, value] of Object.entries(manifests)) {
    await objectStore.put(bundleObject.manifest(hash), Buffer.from(JSON.stringify(value)));
  }
  const storage = {
    getValue: async (_: string, key: string) => stored[key],
    listValues: async () => Object.entries(stored).map(([key, value]) => ({ key, value })),
  };
  const locations = new PushedCodeLocations({ storage: storage as never, objectStore, names });
  return { locations, stored, reads: () => reads };
}

const inForce = (bundleHash: string, error: unknown = null) => ({
  bundleHash,
  error,
  updatedAt: 5,
  versions: [],
});

test('Deployed locations are listed by name, with the manifest in force; others are not', async () => {
  const { locations } = await open(
    ['b', 'a'],
    { a: inForce('h1'), removed: inForce('h1') },
    { h1: manifest('a') },
  );

  const [a, b, ...rest] = await locations.list();

  expect(a).toMatchObject({ name: 'a', bundleHash: 'h1', error: null, manifest: { location: 'a' } });
  expect(b).toMatchObject({
    name: 'b',
    manifest: null,
    error: { message: expect.stringContaining('headrace push b') },
  });
  expect(rest).toEqual([]);
  expect(await locations.get('removed')).toBeUndefined();
});

test('A manifest is read once for each version', async () => {
  const { locations, stored, reads } = await open(
    ['a'],
    { a: inForce('h1') },
    { h1: manifest('a'), h2: manifest('a') },
  );
  await locations.list();
  await locations.list();
  await locations.get('a');
  expect(reads()).toBe(1);
  stored['a'] = inForce('h2');

  expect((await locations.reload('a'))?.bundleHash).toBe('h2');
  expect(reads()).toBe(2);
});

test('A push that does not load is shown beside the version in force; a lost or newer manifest breaks only its own', async () => {
  const error = { name: 'TypeError', message: 'does not load' };
  const { locations } = await open(
    ['kept', 'lost', 'newer'],
    { kept: inForce('h1', error), lost: inForce('gone'), newer: inForce('h9') },
    { h1: manifest('kept'), h9: manifest('newer', API_VERSION + 1) },
  );

  expect(await locations.list()).toMatchObject([
    { name: 'kept', bundleHash: 'h1', error, manifest: { location: 'kept' } },
    { name: 'lost', manifest: null, error: { message: expect.stringContaining('is gone') } },
    { name: 'newer', manifest: null, error: { message: expect.stringContaining('version 2') } },
  ]);
});

test('Versions are kept newest first, as many as can be rolled back to; the same one again is no new one', () => {
  let location = withVersion(undefined, { bundleHash: 'v0', pushedAt: 0, by: null });
  for (let i = 1; i <= KEPT_VERSIONS + 5; i += 1) {
    location = withVersion(
      { ...location, error: { name: 'E', message: '' } },
      { bundleHash: `v${i}`, pushedAt: i, by: 'ann' },
    );
  }
  const again = withVersion(location, { bundleHash: `v${KEPT_VERSIONS + 5}`, pushedAt: 99, by: 'bob' });

  expect(location.versions).toHaveLength(KEPT_VERSIONS);
  expect([location.bundleHash, location.versions[0]?.bundleHash, location.error]).toEqual([
    'v25',
    'v25',
    null,
  ]);
  expect(again.versions).toEqual(location.versions);
});
