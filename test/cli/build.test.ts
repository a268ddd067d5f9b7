import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { runCli } from './support/run-cli';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'headrace-build-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

test('Every location is built, and what is wrong with each is said', async () => {
  const locations = ['first', 'second'].map((name) => `  - {name: ${name}, entry: ${name}.ts}\n`);
  writeFileSync(join(root, 'workspace.yaml'), `code_locations:\n${locations.join('')}`);
  for (const name of ['first', 'second']) writeFileSync(join(root, `${name}.ts`), 'export const = 1;\n');

  const { code, out, err } = await runCli('-C', root, 'build');

  expect([code, out]).toEqual([1, 'No code location builds.\n']);
  expect(err).toMatch(/"first" does not build:\nfirst\.ts:1:14.*"second" does not build:\nsecond\.ts:1:14/s);
});

test('A project without TypeScript is built, and it is said that types were not checked', async () => {
  writeFileSync(join(root, 'workspace.yaml'), 'code_locations:\n  - {name: shop, entry: shop.ts}\n');
  const library = join(process.cwd(), 'lib', 'index.ts');
  writeFileSync(
    join(root, 'shop.ts'),
    `import { define } from '${library}';\nexport const definitions = define({});\n`,
  );

  const { code, out, err } = await runCli('--json', '-C', root, 'build');

  expect(JSON.parse(out)).toMatchObject([{ location: 'shop', assets: 0, typeErrors: null }]);
  expect(err).toContain(`Types are not checked: TypeScript is not installed in ${root}`);
  expect(code).toBe(0);
});
