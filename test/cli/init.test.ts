import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectTemplate } from '../../lib/cli/project-template';
import { runCli } from './support/run-cli';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headrace-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('Every file of the template is written', async () => {
  const { code } = await runCli('init', folder);

  expect(code).toBe(0);
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  for (const [path, text] of Object.entries(projectTemplate(dependencies.headrace)))
    expect([path, await readFile(join(folder, path), 'utf8')]).toEqual([path, text]);
});

test('A package.json that is there is kept, and it is said how to install the package', async () => {
  await writeFile(join(folder, 'package.json'), '{ "name": "mine" }');

  const { out } = await runCli('init', folder);

  expect(await readFile(join(folder, 'package.json'), 'utf8')).toBe('{ "name": "mine" }');
  expect(out).toMatch(/kept package\.json[\s\S]*npm install --save-exact headrace@\d/);
});

test('A project that is there is not touched', async () => {
  await writeFile(join(folder, 'workspace.yaml'), 'code_locations: []\n');

  const { code, err } = await runCli('init', folder);

  expect(code).toBe(2);
  expect(err).toContain(`${folder} holds workspace.yaml already: nothing was written.`);
  await expect(readFile(join(folder, 'headrace.yaml'))).rejects.toMatchObject({ code: 'ENOENT' });
});
