import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProgram } from '../../lib/cli/program';
import { callsOf, mistakeOf, shellCodeOf } from './support/documented-commands';
import { PAGES, ROOT, textOf } from './support/pages';

const program = createProgram({
  distribution: join(ROOT, 'dist'),
  version: '1.2.3',
  python: { isNeeded: () => false, find: () => ({ version: '' }) },
  onExitCode: () => {},
});
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

test.each([
  ['headrace logs abc --step load', undefined],
  ['npx headrace --profile prod drain --timeout 3600', undefined],
  ['npx headrace run a --wait --tag k=v | tee log', undefined],
  ['npx headrace logs abc --stpe load', 'logs has no option --stpe'],
  ['npx headrace schedule stat nightly', 'schedule has no command stat'],
  ['npx headrace cancel a b', 'cancel takes no 2 arguments'],
])('%s: %s', (code, mistake) => {
  expect(callsOf(code).map((words) => mistakeOf(program, words))).toEqual([mistake]);
});

test('there are many calls of the CLI in the pages', () => {
  expect(PAGES.flatMap((page) => shellCodeOf(textOf(page)).flatMap(callsOf)).length).toBeGreaterThan(80);
});

test.each(PAGES)('the CLI takes every call of it in %s', (page) => {
  const mistakes = shellCodeOf(textOf(page))
    .flatMap(callsOf)
    .map((words) => ({ call: words.join(' '), mistake: mistakeOf(program, words) }))
    .filter(({ mistake }) => mistake !== undefined);

  expect(mistakes).toEqual([]);
});

test.each(PAGES)('scripts and programs that %s starts are there', (page) => {
  const code = shellCodeOf(textOf(page));
  const asked = code.flatMap((line) =>
    [...line.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name = '']) => name),
  );
  const started = code.flatMap((line) =>
    [...line.matchAll(/\bnode ([\w./-]+\.m?js)\b/g)].map(([, path = '']) => path),
  );

  expect(asked.filter((name) => scripts[name] === undefined)).toEqual([]);
  expect(started.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
