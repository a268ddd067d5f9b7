import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createArchive } from '../../lib/build/archive';
import { installBundle } from '../../lib/build/install-bundle';
import { bundleObject } from '../../lib/model/pushed-code-location';
import { MemoryObjectStore } from '../support/api-doubles';

let folder: string;
let store: MemoryObjectStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-install-'));
  store = new MemoryObjectStore();
  const source = join(folder, 'source');
  await mkdir(join(source, 'dbt_project'), { recursive: true });
  await writeFile(join(source, 'bundle.mjs'), "export { default } from '@scope/driver';");
  await writeFile(join(source, 'dbt_project', 'dbt_project.yml'), 'name: x');
  const dependencies = { '@scope/driver': '1.0.0', absent: '2.0.0' };
  await writeFile(join(source, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  await store.put(bundleObject.archive('h1'), await createArchive(source));
  // The host's packages, of which one needs another.
  const packages = join(folder, 'host', 'node_modules');
  await mkdir(join(packages, '@scope', 'driver'), { recursive: true });
  await mkdir(join(packages, 'helper'), { recursive: true });
  await writeFile(join(packages, 'helper', 'index.js'), "module.exports = 'helped';");
  await writeFile(join(packages, '@scope', 'driver', 'index.js'), "module.exports = require('helper');");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const install = () =>
  installBundle(store, 'h1', {
    directory: join(folder, 'bundles'),
    host: join(folder, 'host', 'dist', 'bin', 'worker.mjs'),
  });

test("A bundle is unpacked with its files, and finds the host's packages and what those need", async () => {
  const path = await install();

  expect(path).toBe(join(folder, 'bundles', 'h1', 'bundle.mjs'));
  expect(await readFile(join(path, '..', 'dbt_project', 'dbt_project.yml'), 'utf8')).toBe('name: x');
  expect(await readlink(join(path, '..', 'node_modules', '@scope', 'driver'))).toContain('host');
  expect(((await import(pathToFileURL(path).href)) as { default: string }).default).toBe('helped');
});

test('It is fetched once; many at a time leave one, and nothing half done', async () => {
  const paths = await Promise.all([install(), install(), install()]);
  await store.delete([bundleObject.archive('h1')]);

  expect(new Set([...paths, await install()]).size).toBe(1);
  expect(await readFile(paths[0] ?? '', 'utf8')).toContain('@scope/driver');
});

test('Code that nobody pushed says what to do', async () => {
  await store.delete([bundleObject.archive('h1')]);

  await expect(install()).rejects.toMatchObject({
    name: 'BundleNotFoundError',
    message: expect.stringContaining('headrace push'),
  });
});
