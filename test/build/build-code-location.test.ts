import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createArchive, extractArchive } from '../../lib/build/archive';
import { buildCodeLocation, createLocationBuilder } from '../../lib/build/build-code-location';
import type { BuildError } from '../../lib/build/errors';

const library = resolve(import.meta.dirname, '../..');
const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const ENTRY = 'orchestration/index.ts';
const GOOD = `import { asset, define, schedule } from 'headrace';
import { note } from './note';

const quakes = asset({
  key: 'raw/quakes',
  retry: { maxRetries: 3, delay: '10s' },
  run: () => ({ rows: 3, note }),
});

export const definitions = define({ assets: [quakes], schedules: [schedule({ select: quakes, cron: '@hourly' })] });
`;

/** A project with these files in a folder of its own. */
function project(files: Readonly<Record<string, string>>, depth = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-build-'));
  folders.push(folder);
  const root = join(folder, depth);
  for (const [path, text] of Object.entries({
    'orchestration/note.ts': "export const note = 'a';\n",
    ...files,
  })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const optionsFor = (root: string) => ({
  root,
  location: 'orchestration',
  entry: ENTRY,
  outDirectory: join(root, '.headrace/bundles'),
  library,
});

async function failureOf(files: Readonly<Record<string, string>>, more: object = {}): Promise<BuildError> {
  const root = project(files);
  const built = buildCodeLocation({ ...optionsFor(root), ...more });
  return built.then(
    () => {
      throw new Error('it was built');
    },
    (error: BuildError) => error,
  );
}

describe('buildCodeLocation', () => {
  test('makes a folder named by its content, with the manifest in positions of the source', async () => {
    // Prepare
    const root = project({ [ENTRY]: GOOD });

    // Act
    const { hash, directory, manifest, sources } = await buildCodeLocation(optionsFor(root));

    // Assess
    expect(directory).toBe(join(root, '.headrace/bundles', hash));
    expect(readdirSync(directory).sort()).toEqual([
      'bundle.mjs',
      'bundle.mjs.map',
      'manifest.json',
      'node_modules',
      'package.json',
    ]);
    expect(JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8'))).toEqual(manifest);
    expect(manifest.location).toBe('orchestration');
    expect(manifest.assets[0]?.source).toEqual({ file: ENTRY, line: 4 });
    expect(manifest.schedules[0]?.source).toEqual({ file: ENTRY, line: 10 });
    expect(sources).toEqual(expect.arrayContaining([join(root, ENTRY), join(root, 'orchestration/note.ts')]));
    expect(readdirSync(join(root, '.headrace/bundles'))).toEqual([hash]);
  });

  test('compiles the smallest asset with a retry and a schedule, which takes at most 11 lines', async () => {
    // Prepare
    const entry = 'test/definitions/smallest-location.ts';
    const lines = readFileSync(join(library, entry), 'utf8').trimEnd().split('\n');
    const outDirectory = join(project({}), 'bundles');

    // Act
    const { manifest } = await buildCodeLocation({
      root: library,
      location: 'smallest',
      entry,
      outDirectory,
    });

    // Assess
    expect(lines.length).toBeLessThanOrEqual(11);
    expect(manifest.ops[0]?.retryPolicy).toEqual({ maxRetries: 3, delaySeconds: 10 });
    expect(manifest.schedules[0]?.cron).toEqual(['@hourly']);
  });

  test('takes descriptions from doc comments where definitions have none', async () => {
    const root = project({
      [ENTRY]: `import { asset, define } from 'headrace';
/**
 * Every event of the day.
 *
 * Loaded **nightly**.
 * @example nothing
 */
const told = asset({ key: 'told', run: () => 1 });
/** Not this. */
const own = asset({ key: 'own', description: 'Own words.', run: () => 1 });
// No doc comment.
const bare = asset({ key: 'bare', run: () => 1 });
export const definitions = define({ assets: [told, own, bare] });
`,
    });
    const { manifest } = await buildCodeLocation(optionsFor(root));
    expect(manifest.assets.map(({ description }) => description)).toEqual([
      'Every event of the day.\n\nLoaded **nightly**.',
      'Own words.',
      null,
    ]);
  });

  test('gives the same hash for the same input anywhere, and another for any change', async () => {
    // Prepare
    const here = project({ [ENTRY]: GOOD });
    const deeper = project({ [ENTRY]: GOOD }, 'some/where/else');
    const changed = project({ [ENTRY]: GOOD, 'orchestration/note.ts': "export const note = 'b';\n" });

    // Act
    const hashes: string[] = [];
    for (const root of [here, deeper, changed]) hashes.push((await buildCodeLocation(optionsFor(root))).hash);
    const renamed = await buildCodeLocation({ ...optionsFor(here), location: 'other' });

    // Assess
    expect(hashes[1]).toBe(hashes[0]);
    expect(hashes[2]).not.toBe(hashes[0]);
    expect(renamed.hash).not.toBe(hashes[0]);
    expect(renamed.manifest.location).toBe('other');
  });

  test('runs: errors of user code point into the source that people edit', async () => {
    // Prepare
    const root = project({
      [ENTRY]: GOOD.replace('({ rows: 3, note })', "{\n    throw new Error('boom ' + note);\n  }"),
    });
    const { directory } = await buildCodeLocation(optionsFor(root));
    const script = `
      const { definitions } = await import(${JSON.stringify(join(directory, 'bundle.mjs'))});
      const context = { config: {}, resources: {}, selectedChecks: [], selectedAssets: [] };
      try { for await (const _ of definitions.ops.raw__quakes.run(context, {})); } catch (error) { console.log(error.stack); }`;

    // Act
    const stack = execFileSync(
      process.execPath,
      ['--enable-source-maps', '--input-type=module', '-e', script],
      {
        cwd: root,
        encoding: 'utf8',
      },
    );

    // Assess
    expect(stack).toContain('Error: boom a');
    expect(stack).toContain(`${ENTRY}:8:11`);
  });

  test('bundles CommonJS packages, and leaves declared ones out with their version', async () => {
    // Prepare
    const root = project({
      [ENTRY]: `import { asset, define } from 'headrace';
import common from 'common';
import 'native-thing';
export const definitions = define({ assets: asset({ key: common.name, run: () => 1 }) });
`,
      'node_modules/common/index.js':
        "const path = require('node:path'); module.exports = { name: path.basename(__filename) + typeof __dirname };",
      'node_modules/common/package.json': '{"name":"common","version":"1.0.0"}',
      'node_modules/native-thing/index.js': "module.exports = require('./x.node');",
      'node_modules/native-thing/package.json': '{"name":"native-thing","version":"2.3.4"}',
    });
    writeFileSync(join(root, 'node_modules/native-thing/x.node'), '');
    const withoutExternal = buildCodeLocation(optionsFor(root));
    await expect(withoutExternal).rejects.toThrow(/list its package under "externals"/);
    writeFileSync(join(root, 'node_modules/native-thing/index.js'), 'module.exports = 1;');

    // Act
    const { manifest, directory } = await buildCodeLocation({
      ...optionsFor(root),
      externals: ['native-thing'],
    });

    // Assess
    expect(manifest.assets[0]?.key).toBe('bundle.mjsstring');
    expect(JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))).toMatchObject({
      type: 'module',
      dependencies: { 'native-thing': '2.3.4' },
    });
  });

  test('takes declared files along, of a dbt project only what people write and its manifest', async () => {
    // Prepare
    const root = project({
      [ENTRY]: `import { asset, define } from 'headrace';
import { readFileSync } from 'node:fs';
const { name } = JSON.parse(readFileSync(new URL('dbt_project/target/manifest.json', import.meta.url), 'utf8'));
export const definitions = define({ assets: asset({ key: name, run: () => 1 }) });
`,
      'dbt_project/dbt_project.yml': 'name: x',
      'dbt_project/models/a.sql': 'select 1',
      'dbt_project/target/manifest.json': '{"name":"from_dbt"}',
      'dbt_project/target/run/a.sql': 'compiled',
      'dbt_project/logs/dbt.log': 'log',
    });

    // Act
    const { directory, manifest } = await buildCodeLocation({ ...optionsFor(root), files: ['dbt_project'] });

    // Assess
    expect(manifest.assets[0]?.key).toBe('from_dbt');
    expect(existsSync(join(directory, 'dbt_project/models/a.sql'))).toBe(true);
    expect(existsSync(join(directory, 'dbt_project/target/run'))).toBe(false);
    expect(existsSync(join(directory, 'dbt_project/logs'))).toBe(false);
  });

  test('a change is seen by the next build of the same builder, and an error leaves what was built', async () => {
    // Prepare
    const root = project({ [ENTRY]: GOOD });
    const builder = await createLocationBuilder(optionsFor(root));
    const first = await builder.build();

    // Act
    writeFileSync(join(root, ENTRY), GOOD.replace('raw/quakes', 'raw/events'));
    const second = await builder.build();
    writeFileSync(join(root, ENTRY), 'export const = 1;');
    const third = await builder.build().catch((error: BuildError) => error.code);
    writeFileSync(join(root, ENTRY), GOOD);
    const fourth = await builder.build();
    await builder.dispose();

    // Assess
    expect(second.manifest.assets[0]?.key).toBe('raw/events');
    expect(third).toBe('syntax');
    expect(fourth).toEqual(first);
    expect(readdirSync(join(root, '.headrace/bundles')).sort()).toEqual([first.hash, second.hash].sort());
  });
});

describe('build errors', () => {
  test('of syntax have the place and the lines around it', async () => {
    const { code, problems, message } = await failureOf({
      [ENTRY]: "import { asset } from 'headrace';\nconst = 3;\n",
    });
    expect(code).toBe('syntax');
    expect(problems[0]?.source).toEqual({ file: ENTRY, line: 2, column: 7 });
    expect(problems[0]?.frame).toBe(
      "  1 | import { asset } from 'headrace';\n> 2 | const = 3;\n    |       ^\n  3 |",
    );
    expect(message).toContain(`${ENTRY}:2:7: `);
  });

  test('of imports say what to do', async () => {
    const { code, problems } = await failureOf({
      [ENTRY]: "import x from 'not-there';\nexport const y = x;\n",
    });
    expect(code).toBe('unresolved-import');
    expect(problems[0]?.message).toMatch(/Could not resolve "not-there".*Install it with npm/s);
    expect(problems[0]?.source).toMatchObject({ file: ENTRY, line: 1 });
  });

  test('of definitions list all mistakes with their places, those they refer to as well', async () => {
    const { code, problems } = await failureOf({
      [ENTRY]: `import { asset, define } from 'headrace';
const one = asset({ key: 'same', run: () => 1 });
const two = asset({ key: 'same', run: () => 2 });
const three = asset({ key: 'three', deps: ['sane'], run: () => 2 });
export const definitions = define({ assets: [one, two, three] });
`,
    });
    expect(code).toBe('definitions');
    expect(problems.map(({ source }) => source?.line)).toEqual([3, 4]);
    expect(problems[0]?.message).toContain(`already defined at ${ENTRY}:2`);
    expect(problems[0]?.frame).toContain("> 3 | const two = asset({ key: 'same'");
  });

  test('of code that throws when it is loaded point to where', async () => {
    const { code, problems } = await failureOf({
      [ENTRY]:
        "import { define } from 'headrace';\n\nconst settings: { a?: { b: number } } = {};\nexport const b = settings.a!.b;\nexport const definitions = define({});\n",
    });
    expect(code).toBe('load');
    expect(problems[0]?.message).toMatch(/^TypeError: Cannot read properties of undefined/);
    expect(problems[0]?.source).toMatchObject({ file: ENTRY, line: 4 });
  });

  test('tell what a process wrote that ended before it was done', async () => {
    const { code, message } = await failureOf({ [ENTRY]: "console.log('so long');\nprocess.exit(3);\n" });
    expect(code).toBe('load');
    expect(message).toMatch(/exited with code 3.*so long/s);
  });

  test('of a wrong argument that the library trips over point to who gave it', async () => {
    const { problems } = await failureOf({
      [ENTRY]:
        "import { asset, define } from 'headrace';\n\nconst wrong = asset({ key: 5 as never, run: () => 1 });\nexport const definitions = define({ assets: [wrong] });\n",
    });
    expect(problems[0]?.message).toMatch(/^TypeError: /);
    expect(problems[0]?.source).toMatchObject({ file: ENTRY, line: 3 });
  });

  test('name the other definition of a name by its place, within parentheses too', async () => {
    const line = "sensor({ name: 'twice', select: one, evaluate: () => null })";
    const { message } = await failureOf({
      [ENTRY]: `import { asset, define, sensor } from 'headrace';\nconst one = asset({ key: 'one', run: () => 1 });\nconst first = ${line};\nconst second = ${line};\nexport const definitions = define({ assets: [one], sensors: [first, second] });\n`,
    });
    expect(message).toContain(`another has this name (${ENTRY}:3)`);
  });

  test('say that a top-level await waits for nothing', async () => {
    const { code, message } = await failureOf({ [ENTRY]: 'await new Promise(() => {});\nexport {};\n' });
    expect(code).toBe('load');
    expect(message).toMatch(/waits at its top level, by an await, for something that never comes/);
  });

  test('end code that does not come to an end', async () => {
    const { code, message } = await failureOf({ [ENTRY]: 'for (;;) {}\n' }, { timeoutSeconds: 1 });
    expect(code).toBe('timeout');
    expect(message).toMatch(/over 1 s/);
  });

  test('do not wait for a program that the code started and that holds its output', async () => {
    // Waiting for that one would be over the time allowed, and have another code.
    const { code, message } = await failureOf(
      {
        [ENTRY]:
          "import { spawn } from 'node:child_process';\nspawn('sleep', ['15'], { stdio: 'inherit', detached: true });\nprocess.exit(3);\n",
      },
      { timeoutSeconds: 10 },
    );
    expect(code).toBe('load');
    expect(message).toContain('exited with code 3');
  });

  test('name a missing export, another version of the interface, a missing entry and missing files', async () => {
    const missing = await failureOf({ [ENTRY]: 'export const defs = 1;\n' });
    const version = await failureOf({
      [ENTRY]: 'export const definitions = { apiVersion: 99, manifest: () => ({}) };\n',
    });
    const promise = await failureOf({ [ENTRY]: 'export const definitions = Promise.resolve(1);\n' });
    expect(promise.message).toMatch(/Its "definitions" is something else: a promise has to be awaited/);
    const entry = await failureOf({});
    const files = await failureOf({ [ENTRY]: GOOD }, { files: ['dbt_project'] });
    expect(missing).toMatchObject({
      code: 'missing-export',
      message: expect.stringContaining('It exports defs'),
    });
    expect(version).toMatchObject({ code: 'api-version', message: expect.stringContaining('version 99') });
    expect(entry).toMatchObject({ code: 'missing-file', message: expect.stringContaining(ENTRY) });
    expect(files).toMatchObject({ code: 'missing-file', message: expect.stringContaining('"dbt_project"') });
  });

  test('leave nothing behind', async () => {
    const root = project({ [ENTRY]: 'export const defs = 1;\n' });
    await expect(buildCodeLocation(optionsFor(root))).rejects.toThrow();
    expect(readdirSync(join(root, '.headrace/bundles'))).toEqual([]);
  });
});

describe('archives', () => {
  test('are the same bytes from anywhere, and unpack to the same bundle', async () => {
    // Prepare
    const here = project({ [ENTRY]: GOOD, 'data/a.txt': 'a' });
    const there = project({ [ENTRY]: GOOD, 'data/a.txt': 'a' }, 'deep/er');
    const [one, two] = await Promise.all(
      [here, there].map((root) => buildCodeLocation({ ...optionsFor(root), files: ['data'] })),
    );
    const unpacked = join(here, 'unpacked');

    // Act
    const first = await createArchive(one?.directory ?? '');
    const second = await createArchive(two?.directory ?? '');
    await extractArchive(first, unpacked);

    // Assess
    expect(first.equals(second)).toBe(true);
    expect(readdirSync(unpacked).sort()).toEqual([
      'bundle.mjs',
      'bundle.mjs.map',
      'data',
      'manifest.json',
      'package.json',
    ]);
    expect(readFileSync(join(unpacked, 'bundle.mjs'))).toEqual(
      readFileSync(join(one?.directory ?? '', 'bundle.mjs')),
    );
    expect(readFileSync(join(unpacked, 'bundle.mjs.map'), 'utf8')).not.toContain(here);
    cpSync(unpacked, join(here, 'copied'), { recursive: true });
    expect(existsSync(join(here, 'copied/data/a.txt'))).toBe(true);
  });
});
