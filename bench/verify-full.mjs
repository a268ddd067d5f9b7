/**
 * `npm run verify:full`: what is too slow for every commit. Loads at larger scale, property tests with many more
 * cases, the suites that kill processes and break databases, and the peers; what they printed goes to
 * `bench/results/<date>.txt`, to be committed. A figure fails nothing; a test or a benchmark that breaks does.
 *
 * usage: node bench/verify-full.mjs [step ...]     without steps, all
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages, nodeBinary } from '../bin/bootstrap.mjs';

const FOLDER = dirname(fileURLToPath(import.meta.url));
const ROOT = dirname(FOLDER);
/** Property tests draw other cases each time they run. */
const PROPERTY_ROUNDS = 10;
/** Suites with properties. */
const PROPERTIES = [
  'test/model',
  'test/api/rest/json-syntax',
  'test/integrations/rest/json-text',
  'test/integrations/snowflake/snowflake-destination',
  'test/adapters',
];

ensurePackages();
const node = nodeBinary();
const bench = (...args) => [join(FOLDER, 'run.mjs'), ...args];
const jest = (...args) => [
  '--experimental-vm-modules',
  '--disable-warning=ExperimentalWarning',
  join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
  ...args,
];

/** Each is run alone, so that figures are not spoilt by another: at the scale of its goal with the peer, then larger. */
const STEPS = {
  launch: [bench('launch')],
  queue: [bench('queue', '300', '100', '20'), bench('queue', '3000', '500', '0')],
  claim: [bench('claim', '50000', '1000'), bench('claim', '250000', '500')],
  backfill: [bench('backfill', '500', '10000', '500'), bench('backfill', '2000', '50000', '0')],
  schedules: [bench('schedules', '200,1000', '3', '200'), bench('schedules', '3000', '2', '0')],
  events: [bench('events', '100', '4', '10'), bench('events', '400', '8', '0')],
  steps: [bench('steps', '100', '20', '3'), bench('steps', '1000', '10', '0')],
  automation: [bench('automation', '10000', '10', '10000'), bench('automation', '20000', '5', '0')],
  idle: [bench('idle', '10', '2')],
  reads: [bench('reads', '1000000', '100')],
  definitions: [bench('definitions', '10000')],
  flights: [bench('flights', '1000000,3000000,10000000')],
  properties: Array.from({ length: PROPERTY_ROUNDS }, () => jest('--runInBand', '--silent', ...PROPERTIES)),
  simulation: [
    [join(ROOT, 'test', 'simulation', 'simulate.mjs'), '--seeds', '200'],
    [join(ROOT, 'test', 'simulation', 'simulate.mjs'), '--mutations'],
  ],
  chaos: [jest('--runInBand', 'test/chaos')],
  mutations: [[join(ROOT, 'test', 'chaos', 'mutations', 'run.mjs')]],
  faults: [jest('--runInBand', 'test/e2e')],
  // `--forceExit`: its last lines are figures, and nothing is worth waiting for after them.
  dashboard: [
    jest('--runInBand', '--forceExit', 'test/dashboard/browser/seeded.test.ts'),
    jest('--runInBand', 'test/dashboard/crossings.test.ts'),
  ],
};
/** Scale and length of suites that take them from their environment. */
const ENVIRONMENT = {
  faults: { HEADRACE_BUSY_LOOP_SECONDS: '180' },
  dashboard: { HEADRACE_SEEDED_RUNS: '1000000', HEADRACE_SEEDED_ASSETS: '10000' },
};

const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(STEPS);
for (const name of names) {
  if (!(name in STEPS)) {
    console.error(`No step "${name}"; there are ${Object.keys(STEPS).join(', ')}.`);
    process.exit(2);
  }
}
const started = new Date();
const path = join(FOLDER, 'results', `${started.toISOString().slice(0, 16).replace(':', '')}.txt`);
mkdirSync(dirname(path), { recursive: true });
const file = createWriteStream(path);
const say = (text) => {
  process.stdout.write(text);
  file.write(text);
};

const [cpu] = cpus();
say(
  `${started.toISOString()}  ${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 1e9)} GB, Node ${process.version}\n`,
);
const failed = [];
for (const name of names) {
  const began = Date.now();
  say(
    `\n## ${name}  (load ${loadavg()
      .map((each) => each.toFixed(1))
      .join(' ')})\n`,
  );
  let code = 0;
  for (const args of STEPS[name]) {
    code = await run(args, ENVIRONMENT[name]);
    if (code !== 0) break;
  }
  say(`${code === 0 ? 'ok' : `FAILED with ${code}`}, ${Math.round((Date.now() - began) / 1_000)} s\n`);
  if (code !== 0) failed.push(name);
}
say(`\n${failed.length === 0 ? 'Everything passed.' : `Failed: ${failed.join(', ')}.`}\n`);
await new Promise((resolve) => file.end(resolve));
console.log(`Written to ${relative(ROOT, path)}`);
process.exitCode = failed.length === 0 ? 0 : 1;

function run(args, environment = {}) {
  const child = spawn(node, args, {
    cwd: ROOT,
    env: { ...process.env, ...environment, PATH: `${dirname(node)}:${process.env.PATH}`, FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => say(bytes.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
}
