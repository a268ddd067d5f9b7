/**
 * Schedules that are all due in one minute: from the minute until the last of their runs is created. No run is started,
 * so that only the schedules are measured. Dagster's in the same run.
 *
 * usage: schedules [how many,..., default 200,1000] [ticks, default 2] [the peer's schedules, default 200; 0 = without]
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { ratio, report, round } from './support/statistics';

const COUNTS = (process.argv[2] ?? '200,1000').split(',').map(Number);
const TICKS = Number(process.argv[3] ?? 2);
const PEER_SCHEDULES = Number(process.argv[4] ?? 200);
const MINUTE_MS = 60_000;
const TIMEOUT_MS = 600_000;
const NO_RUN_STARTS = 'concurrency: {runs: {max_concurrent_runs: 0}}\n';

/** Of one minute: runs, and when the first and last of them were created. */
interface Minute {
  readonly tick: number;
  readonly runs: number;
  readonly first: number;
  readonly last: number;
}

const MINUTES = `select json_build_object('tick', tick, 'runs', count(*), 'first', min(created_at), 'last', max(created_at))
  from (select extract(epoch from (tags ->> '.dagster/scheduled_execution_time')::timestamptz) * 1000 as tick, created_at
    from headrace.runs) r where tick is not null group by tick order by tick`;

const lastSeconds: Record<number, number> = {};

for (const count of COUNTS) await ours(count);
if (PEER_SCHEDULES > 0) await comparePeer(PEER_SCHEDULES);

async function ours(count: number): Promise<void> {
  const server = await startScratchServer({
    'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
    'headrace.yaml': NO_RUN_STARTS,
    'package.json': '{"type":"module","private":true}',
    'index.ts': `import { define, job, op, schedule } from 'headrace';
const noop = op({ name: 'noop', run: () => {} });
const noopJob = job({ name: 'noop_job', graph: () => void noop() });
export const definitions = define({
  jobs: [noopJob],
  schedules: Array.from({ length: ${count} }, (_, i) =>
    schedule({ name: 's' + i, job: noopJob, cron: '* * * * *', defaultStatus: 'RUNNING' }),
  ),
});
`,
  });
  try {
    const before = treeUsage(server.processes).cpuSeconds;
    const minutes = await untilTicked(count, TICKS, () => server.database.query<Minute>(MINUTES));
    const cpu = treeUsage(server.processes).cpuSeconds - before;
    const last = minutes.map((minute) => (minute.last - minute.tick) / 1_000);
    lastSeconds[count] = Math.max(...last);
    report(
      `${count} schedules due in one minute`,
      {
        firstRunSeconds: minutes.map(({ tick, first }) => round((first - tick) / 1_000, 3)),
        lastRunSeconds: last.map((seconds) => round(seconds, 3)),
        cpuSecondsPerTick: round(cpu / minutes.length / count, 4),
      },
      loadavg(),
    );
  } finally {
    await server.close();
  }
}

/** Minutes in which all schedules ticked; the database is left alone while they do. */
async function untilTicked(
  count: number,
  ticks: number,
  read: () => Promise<readonly Minute[]>,
): Promise<readonly Minute[]> {
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; ) {
    const minutes = (await read()).filter(({ runs }) => runs >= count);
    if (minutes.length >= ticks) return minutes.slice(0, ticks);
    const intoMinute = Date.now() % MINUTE_MS;
    await sleep(intoMinute < MINUTE_MS / 2 ? 1_000 : MINUTE_MS - intoMinute + 1_000);
  }
  throw new Error(`${count} schedules did not all tick ${ticks} times.`);
}

async function comparePeer(count: number): Promise<void> {
  const peer = await startDagster('schedules.py', { BENCH_SCHEDULES: String(count) }, NO_RUN_STARTS);
  if (peer === undefined) return;
  try {
    const before = treeUsage([peer.pid]).cpuSeconds;
    const [minute] = await untilTicked(count, 1, async () => {
      const { runsOrError } = await peer.graphql<{ runsOrError: { results: readonly PeerRun[] } }>(
        `{ runsOrError(limit: ${count * 10}) { ... on Runs { results { creationTime tags { key value } } } } }`,
      );
      // It shows nobody the tick of a run, and evaluates all schedules before it begins with any of them anew.
      const firsts = new Map<string, number>();
      for (const { creationTime, tags } of runsOrError.results) {
        const schedule = tags.find(({ key }) => key === 'dagster/schedule_name')?.value ?? '';
        firsts.set(
          schedule,
          Math.min(creationTime * 1_000, firsts.get(schedule) ?? Number.POSITIVE_INFINITY),
        );
      }
      const [first, last] = [Math.min(...firsts.values()), Math.max(...firsts.values())];
      return [{ tick: Math.floor(first / MINUTE_MS) * MINUTE_MS, runs: firsts.size, first, last }];
    });
    const seconds = minute === undefined ? Number.NaN : (minute.last - minute.tick) / 1_000;
    report(
      `${count} schedules due in one minute, Dagster 1.13`,
      {
        lastRunSeconds: round(seconds, 1),
        cpuSecondsPerTick: round((treeUsage([peer.pid]).cpuSeconds - before) / count, 4),
        peerToOurs: ratio(seconds, lastSeconds[count]),
      },
      loadavg(),
    );
  } finally {
    await peer.close();
  }
}

interface PeerRun {
  readonly creationTime: number;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
}
