import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFunctions } from '../../bin/build-functions.mjs';
import { ROOT } from '../support/build-programs';

/** Bytes: what Lambda has to load before it can answer. */
const LIMIT = 1_600_000;

let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headrace-weight-'));
  mkdirSync(join(folder, 'dashboard'));
  await buildFunctions({ root: ROOT, outDirectory: folder });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('Every function is one file of at most 1.6 MB, and so is each program that it starts', () => {
  const built = join(folder, 'lambdas');
  const sizes = readdirSync(built).flatMap((name) =>
    readdirSync(join(built, name))
      .filter((file) => file.endsWith('.mjs'))
      .map((file) => [`${name}/${file}`, statSync(join(built, name, file)).size] as const),
  );
  const table = sizes.map(([file, size]) => `${String(size).padStart(9)} ${file}`).join('\n');
  process.stdout.write(`Functions, bytes:\n${table}\n`);

  expect(sizes.map(([file]) => file.split('/')[0])).toEqual(
    expect.arrayContaining(readdirSync(join(ROOT, 'lambdas'))),
  );
  expect(sizes.filter(([, size]) => size > LIMIT)).toEqual([]);
});

test('Functions with user code have the packages that bundles leave out', () => {
  const program = `
    const { default: snowflake } = await import(process.argv[1]);
    const options = { account: 'a', username: 'u', authenticator: 'SNOWFLAKE_JWT', privateKeyPath: '/nowhere' };
    snowflake.configure({ logLevel: 'OFF' });
    process.stdout.write(typeof snowflake.createConnection(options).connectAsync);
    process.exit(0);`;
  for (const name of ['code-location', 'run-on-lambda']) {
    const path = join(folder, 'lambdas', name, 'node_modules', 'snowflake-sdk', 'index.cjs');
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program, path], {
      encoding: 'utf8',
      // It begins a log in its working directory.
      cwd: folder,
      env: { SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true' },
    });
    expect(stdout.endsWith('function')).toBe(true);
  }
});
