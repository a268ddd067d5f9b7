/**
 * How long reading takes when there is much: pages of runs by every filter and mixture, counts, logs, and the latest
 * state of all assets, after a year of runs with ten events each. Once as storage answers, where PostgreSQL says by
 * `explain` what each statement cost it, and once as the server answers the dashboard's own queries over HTTP.
 *
 * A machine with others at work makes all times longer, so the CPU of PostgreSQL and of the server stands beside each.
 *
 * Filling takes most of the time. With `--keep` the database stays in that folder, and the next run begins with the
 * questions; start it once with few `times` and again when the machine is quiet.
 *
 * usage: reads [runs, default 1000000] [times that each is asked, default 100]
 *   --keep <folder>   where the database stays; its folder and those above must be open to everybody
 *   --only <text>     reads whose line begins so, e.g. `storage, page` or `API, assets`
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { createPostgresStorage } from '../lib/adapters/postgres/postgres-storage';
import { apiReads } from './support/api-reads';
import { explainingDriver } from './support/explained';
import { measureRead } from './support/measure-read';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { EVENTS_PER_RUN, historySubjects, seedHistory } from './support/seed-history';
import { report, round } from './support/statistics';
import { storageReads } from './support/storage-reads';

const {
  values: { keep, only = '' },
  positionals: [runs = '1000000', times = '100'],
} = parseArgs({ allowPositionals: true, options: { keep: { type: 'string' }, only: { type: 'string' } } });
const RUNS = Number(runs);
const TIMES = Number(times);
/** Of what answers with thousands of rows. */
const TIMES_LARGE = Math.min(TIMES, 10);
const ASSETS = 10_000;
const JOBS = 200;
const LOCATION = 'large';
const COMPRESSED_GOAL = 1_000_000;

const DEFINITIONS = `import { asset, define, job, op } from 'headrace';
export const definitions = define({
  assets: Array.from({ length: ${ASSETS} }, (_, i) =>
    asset({ key: \`generated/a\${i}\`, deps: [Math.floor(i / 2), Math.floor(i / 3)].filter((d) => d < i).map((d) => \`generated/a\${d}\`), run: () => {} }),
  ),
  jobs: Array.from({ length: ${JOBS} }, (_, i) =>
    job({ name: \`job_\${i}\`, graph: () => op({ name: \`load_\${i}\`, run: () => undefined })() }),
  ),
});
`;

const server = await startScratchServer(
  {
    'workspace.yaml': `code_locations:\n  - {name: ${LOCATION}, entry: large/index.ts}\n`,
    'package.json': '{"type":"module","private":true}',
    'large/index.ts': DEFINITIONS,
  },
  {},
  keep,
);
try {
  const [serverPid = 0, database = 0] = server.processes;
  const began = performance.now();
  await fill();
  const [megabytes] = await server.database.query<number>(
    'select to_json(round(pg_database_size(current_database()) / 1e6))',
  );
  report(
    'a year of runs',
    {
      runs: RUNS,
      events: RUNS * EVENTS_PER_RUN,
      assets: ASSETS,
      jobs: JOBS,
      seconds: round((performance.now() - began) / 1_000, 0),
      cpuSeconds: round(treeUsage([database]).cpuSeconds, 0),
      megabytes,
    },
    loadavg(),
  );
  const subjects = await historySubjects(server.database);
  const driver = explainingDriver(server.database);
  const storage = createPostgresStorage({ driver });
  const over: string[] = [];
  for (const read of storageReads(storage, subjects).filter(isAsked('storage'))) {
    const figures = await measureRead(read, { times: timesOf(read.kind), database, driver });
    report(`storage, ${read.kind}: ${read.name}`, { ...figures }, loadavg());
    if (figures.milliseconds.p95 > figures.goal) over.push(`storage, ${read.kind}: ${read.name}`);
  }
  for (const read of apiReads(server.url, storage, subjects, ASSETS).filter(isAsked('API'))) {
    const figures = await measureRead(read, { times: timesOf(read.kind), database, server: serverPid });
    const { bytes, text } = await read.ask(0);
    if (/"errors":\[|"__typename":"\w*Error"/.test(text()))
      throw new Error(`${read.name}: ${text().slice(0, 1_000)}`);
    report(`API, ${read.kind}: ${read.name}`, { ...figures, compressedBytes: bytes }, loadavg());
    if (figures.milliseconds.p95 > figures.goal || bytes > COMPRESSED_GOAL) {
      over.push(`API, ${read.kind}: ${read.name}`);
    }
  }
  report('reads over their goal', { over }, loadavg());
} finally {
  await server.close();
}

/** Fills the database, or takes it as it was kept. */
async function fill(): Promise<void> {
  const [found] = await server.database.query<{ readonly runs: number; readonly isFilled: boolean }>(
    `select json_build_object('runs', coalesce(max(seq), 0), 'isFilled', exists (select from headrace.asset_records))
     from headrace.runs`,
  );
  if (found?.isFilled === true && found.runs === RUNS) return;
  if (found !== undefined && found.runs > 0) {
    throw new Error(
      `${server.root} has ${found.runs} runs, not ${RUNS}. Remove the folder, or say its number.`,
    );
  }
  await seedHistory(server.database, { runs: RUNS, assets: ASSETS, jobs: JOBS, location: LOCATION });
}

function isAsked(layer: string): (read: { readonly kind: string; readonly name: string }) => boolean {
  return ({ kind, name }) => `${layer}, ${kind}: ${name}`.startsWith(only);
}

function timesOf(kind: string): number {
  return kind === 'assets' ? TIMES_LARGE : TIMES;
}
