import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openHome } from '../../../lib/cli/local-server/open-home';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headrace-home-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('A home folder is made with the folders above it, and taken as it is from then on', () => {
  const home = join(folder, 'a', 'home');

  openHome(home);
  openHome(home);

  expect(existsSync(home)).toBe(true);
});

test('A home that cannot be made is named with the way out, without a stack trace', () => {
  writeFileSync(join(folder, 'file'), '');
  const home = join(folder, 'file', 'home');

  expect(() => openHome(home)).toThrow(
    expect.objectContaining({
      name: 'CliError',
      message: expect.stringMatching(/^The home folder .*file\/home cannot be written: ENOTDIR/),
      remedy: expect.stringContaining('HEADRACE_HOME'),
      exitCode: 3,
    }),
  );
});
