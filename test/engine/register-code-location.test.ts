import { PushedCodeLocations } from '../../lib/adapters/aws/pushed-code-locations';
import { registerCodeLocation } from '../../lib/engine/register-code-location';
import { definitionNames } from '../../lib/model/definition-names';
import type { Manifest } from '../../lib/model/manifest';
import { bundleObject, type PushedCodeLocation } from '../../lib/model/pushed-code-location';
import { UserCodeError } from '../../lib/ports/code-location-client';
import { PortError } from '../../lib/ports/errors';
import type { Instance } from '../../lib/ports/instance';
import { defaultInstanceSettings } from '../../lib/settings/instance-settings';
import { postgresHarness } from '../adapters/postgres/postgres-harness';
import { MemoryObjectStore, RecordingScheduler } from '../support/api-doubles';
import { ManualClock } from '../support/manual-clock';

const open = postgresHarness();
const settings = defaultInstanceSettings();
const hash = (character: string): string => character.repeat(32);

const manifest = (more: Partial<Manifest> = {}): Manifest => ({
  apiVersion: 1,
  location: 'shop',
  assets: [],
  assetChecks: [],
  ops: [],
  jobs: [],
  schedules: [],
  sensors: [],
  resources: [],
  ...more,
});

/** An instance whose code answers as `load` says. */
async function instanceWith(load: (bundleHash: string) => Promise<unknown>) {
  const { storage } = await open();
  const objectStore = new MemoryObjectStore();
  const names = ['shop'];
  const instance = {
    storage,
    objectStore,
    clock: new ManualClock(),
    scheduler: new RecordingScheduler(),
    codeLocations: new PushedCodeLocations({ storage, objectStore, names }),
    codeLocationClient: { call: (_location: string, bundleHash: string) => load(bundleHash) },
  } as unknown as Instance;
  const upload = async (bundleHash: string, body: unknown = manifest()): Promise<void> => {
    await objectStore.put(bundleObject.archive(bundleHash), Buffer.from('archive'));
    await objectStore.put(bundleObject.manifest(bundleHash), Buffer.from(JSON.stringify(body)));
  };
  const push = (bundleHash: string, location = 'shop') =>
    registerCodeLocation(instance, settings, { location, bundleHash, by: 'ann' });
  const stored = async () =>
    (await storage.getValue('code_location', 'shop')) as PushedCodeLocation | undefined;
  return { instance, upload, push, stored };
}

const loads = async () => definitionNames(manifest());

test('Versions that load come into force one after another; a former one comes back by a rollback', async () => {
  const { instance, upload, push, stored } = await instanceWith(loads);
  await upload(hash('a'));
  await upload(hash('b'));

  const replies = [await push(hash('a')), await push(hash('b'))];
  const back = await registerCodeLocation(instance, settings, {
    location: 'shop',
    rollbackTo: hash('a'),
    by: 'bob',
  });

  expect([...replies, back]).toMatchObject([
    { ok: true, previous: null },
    { ok: true, previous: hash('a') },
    { ok: true, bundleHash: hash('a'), previous: hash('b') },
  ]);
  expect((await stored())?.versions.map(({ bundleHash, by }) => [bundleHash[0], by])).toEqual([
    ['a', 'bob'],
    ['b', 'ann'],
    ['a', 'ann'],
  ]);
});

test('Of pushes at the same time all are kept, and the last is in force', async () => {
  const { upload, push, stored } = await instanceWith(loads);
  const hashes = ['1', '2', '3', '4'].map(hash);
  for (const each of hashes) await upload(each);

  await Promise.all(hashes.map((each) => push(each)));

  const location = await stored();
  expect(location?.versions.map(({ bundleHash }) => bundleHash).sort()).toEqual(hashes);
  expect(location?.bundleHash).toBe(location?.versions[0]?.bundleHash);
});

const thrown = new UserCodeError('TypeError: broken', { cause: { name: 'TypeError', message: 'broken' } });
test.each([
  ['does not load', manifest(), async () => Promise.reject(thrown), /TypeError: broken/],
  [
    'defines something else',
    manifest(),
    async () => ({ ...definitionNames(manifest()), jobs: ['x'] }),
    /x among its jobs/,
  ],
  ["has another location's manifest", manifest({ location: 'other' }), loads, /that of 'other'/],
  ['was built for another version', manifest({ apiVersion: 2 }), loads, /built for version 2/],
])('A version that %s is shown as an error; what was in force stays', async (_, body, load, message) => {
  let isGood = true;
  const { upload, push, stored } = await instanceWith(() => (isGood ? loads() : load()));
  await upload(hash('a'));
  await push(hash('a'));
  await upload(hash('b'), body);
  isGood = false;

  const reply = await push(hash('b'));

  expect(reply).toMatchObject({
    ok: false,
    bundleHash: hash('a'),
    error: { message: expect.stringMatching(message) },
  });
  expect(await stored()).toMatchObject({
    bundleHash: hash('a'),
    error: { message: expect.stringMatching(message) },
  });
});

test('What may pass is nobody’s fault: nothing is stored, and the push may be repeated', async () => {
  const { upload, push, stored } = await instanceWith(() =>
    Promise.reject(new PortError('transient', 'throttled')),
  );
  await upload(hash('a'));

  await expect(push(hash('a'))).rejects.toThrow('throttled');
  expect(await stored()).toBeUndefined();
});

test.each(['../../x', 'short', hash('A'), ''])("'%s' is no version", async (bundleHash) => {
  const { push } = await instanceWith(loads);

  expect(await push(bundleHash)).toMatchObject({
    ok: false,
    error: { message: expect.stringContaining('is no version of a bundle') },
  });
});

test('What comes into force is evaluated at once; what is refused wakes nobody', async () => {
  let isGood = true;
  const { instance, upload, push } = await instanceWith(() => (isGood ? loads() : Promise.reject(thrown)));
  const scheduler = instance.scheduler as RecordingScheduler;
  await upload(hash('a'));
  await upload(hash('b'));

  await push(hash('a'));
  const pushedAt = instance.clock.now();
  expect(scheduler.alarms.at(-1)).toBe(pushedAt);
  (instance.clock as ManualClock).jump(5_000);
  isGood = false;
  expect((await push(hash('b'))).ok).toBe(false);
  expect(scheduler.alarms.at(-1)).toBe(pushedAt);
});
