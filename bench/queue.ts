/**
 * How fast a queue of no-op runs drains with 25 at a time, on warm children and on fresh ones. Dagster's in the same
 * run: its in-process executor, its fastest.
 *
 * usage: queue [runs, default 300] [fresh runs, default 100] [runs of the peer, default 20; 0 = without]
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { ratio, report, round } from './support/statistics';

const RUNS = Number(process.argv[2] ?? 300);
const FRESH_RUNS = Number(process.argv[3] ?? 100);
const PEER_RUNS = Number(process.argv[4] ?? 20);
const LIMIT = 25;
const LAUNCHES_AT_ONCE = 8;
const PEER_TIMEOUT_MS = 900_000;

interface Drained {
  readonly left: number;
  readonly active: number;
  readonly failed: number;
}

const DRAINED = `select json_build_object(
    'left', count(*) filter (where ended_at is null),
    'active', count(*) filter (where status in ('STARTING', 'STARTED', 'CANCELING')),
    'failed', count(*) filter (where ended_at is not null and status <> 'SUCCESS'))
  from headrace.runs where tags ->> 'drain' = $1`;

const perMinute: Record<string, number> = {};

const server = await startScratchServer({
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'headrace.yaml': `concurrency: {runs: {max_concurrent_runs: ${LIMIT}}}\n`,
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define } from 'headrace';
const noop = asset({ key: 'noop', run: () => {} });
export const definitions = define({ assets: [noop] });
`,
});
try {
  await drain('warm-up', 20, {});
  for (const [kind, runs, tags] of [
    ['reused children', RUNS, {}],
    ['fresh children', FRESH_RUNS, { 'dagster/isolation': 'process' }],
  ] as const) {
    if (runs > 0) report(`queue drain at limit ${LIMIT}, ${kind}`, await drain(kind, runs, tags), loadavg());
  }
} finally {
  await server.close();
}
if (PEER_RUNS > 0) await comparePeer();

/** Enqueues while the queue is paused, lets it go and waits until all have ended. */
async function drain(kind: string, runs: number, tags: Readonly<Record<string, string>>) {
  await server.client.pauseInstance('dequeue');
  const enqueueing = performance.now();
  for (let left = runs; left > 0; left -= LAUNCHES_AT_ONCE) {
    await Promise.all(
      Array.from({ length: Math.min(left, LAUNCHES_AT_ONCE) }, () =>
        server.client.launchRun({ assets: ['noop'], tags: { ...tags, drain: kind } }),
      ),
    );
  }
  const enqueueMs = performance.now() - enqueueing;
  const [before, began] = [treeUsage(server.processes), performance.now()];
  await server.client.resumeInstance();
  let peak = 0;
  const counted = async (): Promise<Drained> => {
    const [row] = await server.database.query<Drained>(DRAINED, [kind]);
    return row as Drained;
  };
  let state = await counted();
  for (; state.left > 0; state = await counted()) {
    peak = Math.max(peak, state.active);
    await sleep(100);
  }
  const seconds = (performance.now() - began) / 1_000;
  const cpuSeconds = treeUsage(server.processes).cpuSeconds - before.cpuSeconds;
  if (state.failed > 0) throw new Error(`${state.failed} of ${runs} runs did not succeed.`);
  perMinute[kind] = (runs / seconds) * 60;
  return {
    runs,
    runsPerMinute: round((runs / seconds) * 60, 0),
    seconds: round(seconds, 2),
    mostAtOnce: peak,
    cpuSecondsPerRun: round(cpuSeconds / runs, 4),
    enqueuedPerSecond: round((runs / enqueueMs) * 1_000, 0),
  };
}

async function comparePeer(): Promise<void> {
  const peer = await startDagster('noop.py', {}, `concurrency: {runs: {max_concurrent_runs: ${LIMIT}}}\n`);
  if (peer === undefined) return;
  try {
    // It has no switch for its queue, so it begins to drain while it is filled: from the first launch on it counts.
    const [before, began] = [treeUsage([peer.pid]).cpuSeconds, performance.now()];
    for (let i = 0; i < PEER_RUNS; i++) await peer.launch('noop_job');
    const enqueued = performance.now();
    const count = async (statuses: string): Promise<number> =>
      (
        await peer.graphql<{ runsOrError: { count: number } }>(
          `{ runsOrError(filter: {statuses: [${statuses}]}) { ... on Runs { count } } }`,
        )
      ).runsOrError.count;
    for (const end = Date.now() + PEER_TIMEOUT_MS; (await count('SUCCESS')) < PEER_RUNS; await sleep(250)) {
      if ((await count('FAILURE, CANCELED')) > 0) throw new Error('A run of Dagster failed.');
      if (Date.now() > end) throw new Error('Dagster did not drain its queue.');
    }
    const seconds = (performance.now() - began) / 1_000;
    const cpu = treeUsage([peer.pid]).cpuSeconds - before;
    const peers = (PEER_RUNS / seconds) * 60;
    report(
      `queue drain at limit ${LIMIT}, Dagster 1.13 in process`,
      {
        runs: PEER_RUNS,
        runsPerMinute: round(peers, 1),
        seconds: round(seconds, 1),
        enqueueSeconds: round((enqueued - began) / 1_000, 1),
        cpuSecondsPerRun: round(cpu / PEER_RUNS, 2),
        oursToPeer: {
          reused: ratio(perMinute['reused children'], peers),
          fresh: ratio(perMinute['fresh children'], peers),
        },
      },
      loadavg(),
    );
  } finally {
    await peer.close();
  }
}
