import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isIgnoredPath } from '../../../lib/adapters/local/watch-paths';
import { WorkspaceCodeLocations } from '../../../lib/adapters/local/workspace-code-locations';
import { systemClock } from '../../../lib/adapters/system/system-clock';
import type { CodeLocation } from '../../../lib/model/code-location';
import { aManifest } from '../../engine/support/build-manifest';
import { ManualClock } from '../../support/manual-clock';
import { until } from '../../support/until';

let root: string;
let registry: WorkspaceCodeLocations;
let builds: string[];
const errors: unknown[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'headrace-workspace-'));
  builds = [];
  mkdirSync(join(root, 'a'));
  mkdirSync(join(root, 'b'));
  write('a/index.ts', 'one');
  write('b/index.ts', 'one');
  registry = open();
});

afterEach(async () => {
  await registry.close();
  rmSync(root, { recursive: true });
});

/** The "code" of a location is one word: its hash. The word `broken` does not build. */
function open(names: readonly string[] = ['b', 'a']): WorkspaceCodeLocations {
  return new WorkspaceCodeLocations({
    clock: systemClock,
    onError: (_, error) => errors.push(error),
    locations: names.map((name) => ({
      name,
      watch: [join(root, name)],
      build: async () => {
        const hash = readFileSync(join(root, name, 'index.ts'), 'utf8');
        builds.push(`${name}:${hash}`);
        if (hash === 'broken') throw new Error(`${name} does not build`);
        return { hash, manifest: aManifest({ location: name }), sources: [join(root, name, 'index.ts')] };
      },
    })),
  });
}

const write = (path: string, text: string): void => writeFileSync(join(root, path), text);
const hashOf = async (name: string) => (await registry.get(name))?.bundleHash;

it('loads every location, sorted by name', async () => {
  expect((await registry.list()).map(({ status }) => status)).toEqual(['LOADING', 'LOADING']);
  await registry.load();
  expect(await registry.list()).toMatchObject([
    { name: 'a', status: 'LOADED', bundleHash: 'one', error: null },
    { name: 'b', status: 'LOADED', bundleHash: 'one', error: null },
  ]);
  expect(await registry.list()).toBe(await registry.list());
});

it('shows why one location does not build, and loads the others', async () => {
  write('a/index.ts', 'broken');
  await registry.load();
  expect(await registry.list()).toMatchObject([
    { name: 'a', manifest: null, error: { message: 'a does not build' } },
    { name: 'b', bundleHash: 'one', error: null },
  ]);
});

it('rebuilds a location when its source is saved, and no other', async () => {
  await registry.load();
  const seen: CodeLocation[] = [];
  registry.onChange((location) => seen.push(location));
  write('a/index.ts', 'two');
  await until('two is in force', async () => (await hashOf('a')) === 'two');
  expect(seen).toMatchObject([{ name: 'a', bundleHash: 'two' }]);
  expect(builds.filter((build) => build.startsWith('b'))).toEqual(['b:one']);
});

it('sees a save that puts a new file in the place of the old one', async () => {
  await registry.load();
  write('a/.index.ts.part', 'two');
  renameSync(join(root, 'a/.index.ts.part'), join(root, 'a/index.ts'));
  await until('two is in force', async () => (await hashOf('a')) === 'two');
});

it('keeps the last good definitions of a location that broke, and recovers', async () => {
  await registry.load();
  write('a/index.ts', 'broken');
  await until('its error shows', async () => (await registry.get('a'))?.error !== null);
  expect(await registry.get('a')).toMatchObject({ bundleHash: 'one', manifest: { location: 'a' } });
  write('a/index.ts', 'two');
  await until('it has recovered', async () => (await registry.get('a'))?.error === null);
  expect(await hashOf('a')).toBe('two');
});

it('sees a source outside of its folder mended, after it broke and from the first build on', async () => {
  await registry.close();
  mkdirSync(join(root, 'shared'));
  write('shared/part.ts', 'broken');
  const part = join(root, 'shared/part.ts');
  registry = new WorkspaceCodeLocations({
    clock: systemClock,
    onError: (_, error) => errors.push(error),
    locations: [
      {
        name: 'a',
        watch: [join(root, 'a')],
        build: async () => {
          const hash = readFileSync(part, 'utf8');
          if (hash === 'broken') throw new Error('part.ts does not build');
          return { hash, manifest: aManifest({ location: 'a' }), sources: [part] };
        },
        sourcesOf: () => [part],
      },
    ],
  });
  await registry.load();
  expect((await registry.get('a'))?.error).not.toBeNull();
  for (const hash of ['mended', 'broken', 'again']) {
    write('shared/part.ts', hash);
    if (hash === 'broken')
      await until('its error shows', async () => (await registry.get('a'))?.error !== null);
    else
      await until(
        `${hash} is in force`,
        async () => (await hashOf('a')) === hash && (await registry.get('a'))?.error === null,
      );
  }
});

it('waits for a folder that does not exist yet', async () => {
  await registry.close();
  rmSync(join(root, 'a'), { recursive: true });
  registry = open();
  await registry.load();
  expect((await registry.get('a'))?.error).not.toBeNull();
  mkdirSync(join(root, 'a'));
  write('a/index.ts', 'new');
  await until('new is in force', async () => (await hashOf('a')) === 'new');
});

it('builds again after the call of reload, also while a build is going on', async () => {
  await registry.load();
  write('a/index.ts', 'two');
  const [first, second] = await Promise.all([registry.reload('a'), registry.reload('a')]);
  expect([first?.bundleHash, second?.bundleHash]).toEqual(['two', 'two']);
  expect(builds.filter((build) => build === 'a:two').length).toBeGreaterThanOrEqual(2);
  expect(await registry.reload('none')).toBeUndefined();
});

it.each([
  ['assets/x.ts', false],
  ['target/manifest.json', false],
  ['target/run_results.json', true],
  ['target/compiled/x.sql', true],
  ['node_modules/x/index.js', true],
  ['logs/dbt.log', true],
  ['models/x.sql', false],
  ['index.ts~', true],
])('takes %s as ignored: %s', (path, expected) => {
  expect(isIgnoredPath(path)).toBe(expected);
});

describe('a build that takes too long', () => {
  const hash = (): string => readFileSync(join(root, 'a', 'index.ts'), 'utf8');

  it('is shown as an error, holds nothing up, and counts when it is done', async () => {
    const gates: PromiseWithResolvers<void>[] = [];
    const clock = new ManualClock(0);
    const slow = new WorkspaceCodeLocations({
      clock,
      timeouts: { first: 100, reload: 5 },
      onError: (_, error) => errors.push(error),
      locations: ['a', 'quick'].map((name) => ({
        name,
        watch: [],
        build: async () => {
          if (name === 'a') {
            const gate = Promise.withResolvers<void>();
            gates.push(gate);
            await gate.promise;
          }
          return { hash: hash(), manifest: aManifest({ location: name }) };
        },
      })),
    });
    const a = async () => await slow.get('a');

    const loading = slow.load();
    await until(
      'quick is loaded, slow at its gate',
      async () => gates.length === 1 && (await slow.get('quick'))?.status === 'LOADED',
    );
    await clock.advance(99_000);
    expect((await a())?.status).toBe('LOADING');
    await clock.advance(2_000);
    await loading;
    expect((await a())?.error?.message).toContain('longer than 100 s');
    expect((await a())?.error?.message).toContain('code_servers.local_startup_timeout');

    gates[0]?.resolve();
    await until('one is in force', async () => (await a())?.bundleHash === 'one');
    expect((await a())?.error).toBeNull();

    write('a/index.ts', 'two');
    const reloading = slow.reload('a');
    await until('the second build is at its gate', () => gates.length === 2);
    await clock.advance(6_000);
    expect(await reloading).toMatchObject({
      bundleHash: 'one',
      error: { message: expect.stringContaining('code_servers.reload_timeout') },
    });
    gates[1]?.resolve();
    await until('two is in force', async () => (await a())?.bundleHash === 'two');
    await slow.close();
  });
});
