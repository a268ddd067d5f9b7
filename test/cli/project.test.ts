import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openProject } from '../../lib/cli/project';
import { keepEnvironment } from '../../lib/environment';

let root: string;
let putBack: () => void;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'headrace-project-'));
  writeFileSync(join(root, 'workspace.yaml'), 'code_locations: [{name: a, path: a}]\n');
  putBack = keepEnvironment();
});
afterEach(() => {
  putBack();
  rmSync(root, { recursive: true, force: true });
});

const open = () => openProject(root, join(process.cwd(), 'dist'));

test('An empty HEADRACE_HOME is one that is not set: nothing is kept in the project itself', () => {
  delete process.env.HEADRACE_HOME;
  writeFileSync(join(root, '.env'), 'HEADRACE_HOME=\n');

  expect(open().home).toBe(join(root, '.headrace'));
});

test.each([
  '.env',
  'headrace.yaml',
  'workspace.yaml',
])('%s that is a folder is named, without a stack trace', (file) => {
  rmSync(join(root, file), { force: true });
  mkdirSync(join(root, file));

  expect(open).toThrow(
    expect.objectContaining({
      name: 'CliError',
      message: expect.stringMatching(new RegExp(`${file} cannot be read: EISDIR`)),
      exitCode: 2,
    }),
  );
});
