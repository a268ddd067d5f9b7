/**
 * `npm run mutate`: takes each guard away in a scratch copy and shows the tests that turn red. Fails when one stays
 * green, when a guard is not found any more, or when its tests are red already with the guard in place.
 * `npm run mutate -- fence` runs those whose names contain the word; `--sample` those that `npm test` runs.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MUTATIONS, SAMPLE } from './mutations.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');
/** A test whose barrier is never reached waits for ever; it is red after so long. */
const TEST_TIMEOUT_MS = 60_000;
const words = process.argv.slice(2);
const chosen = MUTATIONS.filter(({ name }) =>
  words.includes('--sample') ? SAMPLE.includes(name) : words.every((word) => name.includes(word)),
);
if (chosen.length === 0) throw new Error(`No mutation's name contains ${words.join(' and ')}.`);

const scratch = mkdtempSync(join(tmpdir(), 'headrace-mutations-'));
let isRed = false;
try {
  for (const path of ['lib', 'test', 'package.json', 'jest.config.mjs', 'tsconfig.json']) {
    cpSync(join(ROOT, path), join(scratch, path), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(scratch, 'node_modules'));

  const guarded = await jest(
    chosen.flatMap(({ tests }) => tests),
    '',
  );
  const missing = chosen
    .flatMap(({ tests }) => tests)
    .filter(({ title }) => !guarded.passed.some((name) => name.includes(title)));
  if (guarded.failed.length > 0 || missing.length > 0) {
    throw new Error(
      `With every guard in place ${[...guarded.failed, ...missing.map(({ title }) => title)].join('; ')} should pass.\n${guarded.output}`,
    );
  }
  for (const mutation of chosen) {
    const { verdict, red } = await tryMutation(mutation);
    if (verdict !== 'red') isRed = true;
    console.log(`| ${mutation.name} | ${verdict} | ${red} |`);
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exitCode = isRed ? 1 : 0;

async function tryMutation({ functions = {}, sql = '', source, tests }) {
  const statements = [sql, ...Object.entries(functions).map(([name, guards]) => withoutGuards(name, guards))];
  const restore = source === undefined ? () => undefined : mutateSource(source);
  try {
    const { passed, failed, output } = await jest(
      tests,
      statements.filter((text) => text !== '').join(';\n'),
    );
    if (output.includes('The mutation does not apply')) return { verdict: 'DOES NOT APPLY', red: output };
    if (passed.length + failed.length === 0) return { verdict: 'NO TEST RAN', red: output };
    return failed.length > 0
      ? { verdict: 'red', red: failed.join('; ') }
      : { verdict: 'GREEN', red: `none of: ${passed.join('; ')}` };
  } finally {
    restore();
  }
}

function mutateSource({ file, replace }) {
  const path = join(scratch, file);
  const before = readFileSync(path, 'utf8');
  let after = before;
  for (const [guard, instead] of replace) {
    const changed = after.replace(guard, instead);
    if (changed === after) throw new Error(`${file} has no ${guard}: the mutation does not apply any more.`);
    after = changed;
  }
  writeFileSync(path, after);
  return () => writeFileSync(path, before);
}

/** Replaces guards in every function of a name, as it is now; fails where one is not found. */
function withoutGuards(name, guards) {
  const quote = (text) => `$guard$${text}$guard$`;
  const changes = guards.map(([guard, instead = '']) =>
    guard instanceof RegExp
      ? `v_new := regexp_replace(v_new, ${quote(guard.source)}, ${quote(instead)}, ${quote(guard.flags)});`
      : `v_new := replace(v_new, ${quote(guard)}, ${quote(instead)});`,
  );
  return `do $mutate$
    declare v_old text; v_new text; v_found boolean := false;
    begin
      for v_old in select pg_get_functiondef(oid) from pg_proc where proname = '${name}' and pronamespace = 'headrace'::regnamespace loop
        v_new := v_old;
        ${changes.join('\n        ')}
        if v_new <> v_old then execute v_new; v_found := true; end if;
      end loop;
      if not v_found then raise exception 'The mutation does not apply: ${name} has no such guard'; end if;
    end $mutate$`;
}

/** Runs the named tests with a mutated database, and answers their full names. */
async function jest(tests, mutation) {
  const report = join(scratch, 'report.json');
  rmSync(report, { force: true });
  const files = [...new Set(tests.map(({ file }) => file))];
  const titles = [...new Set(tests.map(({ title }) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')))];
  const { HEADRACE_TEST_DIRECTORY: _, HEADRACE_TEST_PARENT: __, ...env } = process.env;
  const child = spawn(
    process.execPath,
    [
      ...[
        '--experimental-vm-modules',
        '--disable-warning=ExperimentalWarning',
        'node_modules/jest/bin/jest.js',
      ],
      ...[
        '--runInBand',
        '--forceExit',
        '--json',
        `--outputFile=${report}`,
        `--testTimeout=${TEST_TIMEOUT_MS}`,
      ],
      ...['-t', titles.join('|'), ...files],
    ],
    { cwd: scratch, env: { ...env, HEADRACE_TEST_MUTATION: mutation }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let output = '';
  child.stderr.on('data', (text) => {
    output += text;
  });
  await new Promise((end) => child.on('close', end));
  const { testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const assertions = testResults.flatMap(({ assertionResults }) => assertionResults);
  const named = (status) =>
    assertions.filter((test) => test.status === status).map(({ fullName }) => fullName);
  return { passed: named('passed'), failed: named('failed'), output };
}
