/**
 * `npm test`: installs what is missing and runs everything that CI runs, in order: static checks, unit and contract
 * suites, seeds of the simulator, suites end to end, those in a browser, those of AWS. Says of each stage how long it
 * took, at the end what failed, and prints `N passed, N failed, N skipped` last.
 * `node test/run.mjs unit` runs the named stages only.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { ensurePackages, nodeBinary, progress } from '../bin/bootstrap.mjs';
import { failedTests } from './support/failed-tests.mjs';

const ROOT = dirname(import.meta.dirname ?? new URL('.', import.meta.url).pathname.replace(/\/$/, ''));
/**
 * Suites that start the whole product, a browser or a cloud have stages of their own: what one of them starts is as
 * much as the machine can take beside one more. The cloud is alone.
 */
const APART = {
  e2e: { paths: ['test/e2e', 'test/package'], workers: 2 },
  browser: { paths: ['test/dashboard/browser'], workers: 2 },
  aws: { paths: ['test/aws'], workers: 1 },
};
/** Minutes that a stage may take on two cores, cold: what a person waits for. Said beside the time it took; no gate. */
const BUDGETS = { install: 8, unit: 6, simulation: 3, e2e: 4, browser: 6, aws: 8 };
/** What breaks the control plane, in a played world and on a real database: several at a time keep both cores busy. */
const FAULTS = ['test/simulation', 'test/chaos'];
/** Jest that has written its report and does not end: something it started goes on. */
const EXIT_PATIENCE_MS = 20_000;

await timed('install', async () => {
  ensurePackages();
  const { ensurePythonEnvironment } = await import('../bin/python-environment.mjs');
  await ensurePythonEnvironment({ root: ROOT, log: progress }).catch(({ message }) => {
    console.error(message);
    process.exit(1);
  });
});

const node = nodeBinary();
const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}`, FORCE_COLOR: '0' };
const totals = { passed: 0, failed: 0, skipped: 0 };
/** Said once more at the end: the last lines of a long log are those that are read. */
const failures = [];

const STAGES = {
  check: () => {
    staticCheck('types', ['node_modules/typescript/bin/tsc', '--noEmit']);
    staticCheck('types of the dashboard', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'dashboard']);
    staticCheck('lint and format', ['node_modules/@biomejs/biome/bin/biome', 'check', '.']);
    staticCheck('imports', [
      'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'err'],
      ...[
        'lib',
        'bin',
        'lambdas',
        'dashboard/src',
        'orchestration',
        'orchestration-dbt',
        'test',
        'tools',
        'bench',
      ],
    ]);
  },
  unit: () =>
    jest('unit', [
      // One more than cores: many a suite waits for a database or a process.
      '--maxWorkers=3',
      ...[...Object.values(APART).flatMap(({ paths }) => paths), ...FAULTS].map(
        (path) => `--testPathIgnorePatterns=${path}`,
      ),
    ]),
  simulation: () => jest('simulation', ['--maxWorkers=2', ...FAULTS]),
  ...Object.fromEntries(
    Object.entries(APART).map(([stage, { paths, workers }]) => [
      stage,
      () => jest(stage, [workers === 1 ? '--runInBand' : `--maxWorkers=${workers}`, ...paths]),
    ]),
  ),
};

const stages = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(STAGES);
for (const stage of stages) {
  const run = STAGES[stage];
  if (run === undefined) throw new Error(`No stage "${stage}"; there are ${Object.keys(STAGES).join(', ')}.`);
  await timed(stage, run);
}
if (failures.length > 0) console.log(['', 'What failed:', ...failures].join('\n'));
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

/** Says after a stage what it took: seconds, those of its budget, and those of CPU, which tell waiting from working. */
async function timed(stage, run) {
  const [started, cpuBefore] = [performance.now(), childrensCpuSeconds()];
  await run();
  const seconds = Math.round((performance.now() - started) / 1_000);
  const budget = BUDGETS[stage] === undefined ? '' : ` of ${BUDGETS[stage] * 60} s`;
  const cpu = Math.round(childrensCpuSeconds() - cpuBefore);
  console.log(`${stage}: ${seconds} s${budget}${Number.isNaN(cpu) ? '' : `, ${cpu} s of CPU`}`);
}

/** Of processes that have ended, without those that outlived their parents; NaN where the kernel does not tell it. */
function childrensCpuSeconds() {
  if (process.platform !== 'linux') return Number.NaN;
  // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: cutime and cstime, in hundredths of a second.
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const [user, system] = stat.slice(stat.lastIndexOf(')')).split(' ').slice(14, 16).map(Number);
  return (user + system) / 100;
}

/** A static check counts as one test. */
function staticCheck(name, args) {
  const started = Date.now();
  const { status } = spawnSync(node, args, { cwd: ROOT, env, stdio: 'inherit' });
  totals[status === 0 ? 'passed' : 'failed'] += 1;
  if (status !== 0) failures.push(`static check › ${name}`);
  console.log(`${status === 0 ? 'ok' : 'FAILED'}: ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

async function jest(stage, args) {
  const folder = mkdtempSync(join(tmpdir(), 'headrace-jest-'));
  const report = join(folder, 'report.json');
  const flags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const child = spawn(
    node,
    [...flags, 'node_modules/jest/bin/jest.js', '--json', `--outputFile=${report}`, ...args],
    { cwd: ROOT, env, stdio: ['ignore', 'ignore', 'inherit'], detached: true },
  );
  let isStuck = false;
  const status = await new Promise((resolve) => {
    child.on('close', resolve);
    const look = setInterval(() => {
      if (!existsSync(report)) return;
      clearInterval(look);
      setTimeout(() => {
        isStuck = true;
        killGroup(child);
      }, EXIT_PATIENCE_MS).unref();
    }, 1_000);
    child.on('close', () => clearInterval(look));
    for (const signal of ['SIGINT', 'SIGTERM']) {
      process.once(signal, () => {
        killGroup(child);
        process.exit(130);
      });
    }
  });
  try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    totals.passed += result.numPassedTests;
    // A suite that does not even load has no failed test of its own.
    totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    totals.skipped += result.numPendingTests + result.numTodoTests;
    failures.push(...failedTests(result.testResults, ROOT));
    if (status !== 0 && result.success)
      fail(`${stage} › jest ended with ${status}, though every test of its report passed`);
    console.log(`slowest: ${slowest(result.testResults).join(', ')}`);
  } catch {
    fail(`${stage} › jest wrote no report (exit ${status})`);
  }
  if (isStuck) {
    console.error(
      `jest was ended ${EXIT_PATIENCE_MS / 1000} s after its report: a suite left something running.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Counts what is no test of a report. */
function fail(what) {
  totals.failed += 1;
  failures.push(what);
  console.error(`${what}.`);
}

/** The suites by which a stage could be made shorter. */
function slowest(suites) {
  return suites
    .map(({ name, startTime, endTime }) => ({ name: relative(ROOT, name), ms: endTime - startTime }))
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 5)
    .map(({ name, ms }) => `${name} ${(ms / 1_000).toFixed(1)} s`);
}

function killGroup(child) {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
