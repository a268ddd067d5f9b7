import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { initProject } from '../../lib/cli/commands/init';
import { processOutput } from '../../lib/cli/output';
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
  expect(dependencies.headrace).toBe('file:headrace-1.2.3.tgz');
  for (const [path, text] of Object.entries(projectTemplate('1.2.3')))
    expect([path, await readFile(join(folder, path), 'utf8')]).toEqual([path, text]);
});

test('A package.json that is there is kept, and it is said how to install the package', async () => {
  await writeFile(join(folder, 'package.json'), '{ "name": "mine" }');

  const { out } = await runCli('init', folder);

  expect(await readFile(join(folder, 'package.json'), 'utf8')).toBe('{ "name": "mine" }');
  expect(out).toMatch(/kept package\.json[\s\S]*npm install \.\/headrace-1\.2\.3\.tgz/);
});

test('The next steps make the package that the new project depends on, for no registry has it', async () => {
  const { out } = await runCli('--json', 'init', join(folder, 'mine'));

  const { next } = JSON.parse(out) as { next: string[] };
  const pack = next.indexOf(`npm pack ${relative(join(folder, 'mine'), process.cwd())}`);
  expect(pack).toBeGreaterThan(0);
  expect(next[pack + 1]).toBe('npm install');
});

test('A project that has the package installed is not told to install it again', async () => {
  await writeFile(
    join(folder, 'package.json'),
    '{ "dependencies": { "headrace": "file:headrace-1.2.3.tgz" } }',
  );
  const lines: unknown[] = [];

  await initProject(
    folder,
    { version: '1.2.3', folder: join(folder, 'node_modules', 'headrace') },
    { ...processOutput(true), result: (value) => void lines.push(value) },
  );

  expect(lines).toEqual([
    expect.objectContaining({
      next: [expect.stringMatching(/^cd /), 'npx headrace dev', 'npx headrace run refresh --wait'],
    }),
  ]);
});

test('A project that is there is not touched', async () => {
  await writeFile(join(folder, 'workspace.yaml'), 'code_locations: []\n');

  const { code, err } = await runCli('init', folder);

  expect(code).toBe(2);
  expect(err).toContain(`${folder} holds workspace.yaml already: nothing was written.`);
  await expect(readFile(join(folder, 'headrace.yaml'))).rejects.toMatchObject({ code: 'ENOENT' });
});
