/**
 * Launch latency and cost of a no-op run, on a warm instance: from the request to the first line of user code, and
 * CPU seconds a run with children and PostgreSQL counted. The same of `dagster dev`, in the same run.
 *
 * usage: launch [runs, default 60] [runs of the peer, default 10; 0 = without]
 */
import { existsSync, readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { report, summary } from './support/statistics';

const RUNS = Number(process.argv[2] ?? 60);
const PEER_RUNS = Number(process.argv[3] ?? 10);
const WARM_UP = 5;
/** Dagster's daemon looks into the queue every 5 s; launches must not fall into step with it. */
const PEER_PAUSES = [0.3, 1.9, 3.1, 4.4, 1.1];
const PEER_TIMEOUT_MS = 60_000;

const ours: { readonly p50: number; readonly cpuSecondsPerRun: number }[] = [];

const server = await startScratchServer({
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, materializeResult } from 'headrace';
const noop = asset({ key: 'noop', run: () => materializeResult({ metadata: { at: Date.now() } }) });
export const definitions = define({ assets: [noop] });
`,
});
try {
  for (const [kind, tags] of [
    ['reused child', {}],
    ['fresh child', { 'dagster/isolation': 'process' }],
  ] as const) {
    for (let i = 0; i < WARM_UP; i++) await oneRun(tags);
    const before = treeUsage(server.processes);
    const latencies: number[] = [];
    for (let i = 0; i < RUNS; i++) latencies.push(await oneRun(tags));
    const after = treeUsage(server.processes);
    const cpuSecondsPerRun = Math.round(((after.cpuSeconds - before.cpuSeconds) / RUNS) * 1000) / 1000;
    const milliseconds = summary(latencies);
    ours.push({ p50: milliseconds.p50, cpuSecondsPerRun });
    report(
      `launch to first line of user code, ${kind}`,
      {
        runs: RUNS,
        milliseconds,
        cpuSecondsPerRun,
      },
      loadavg(),
    );
  }
} finally {
  await server.close();
}
if (PEER_RUNS > 0) await comparePeer();

/** Milliseconds from the request to the instant that user code wrote down. */
async function oneRun(tags: Readonly<Record<string, string>>): Promise<number> {
  const asked = Date.now();
  const { runId } = await server.client.launchRun({ assets: ['noop'], tags });
  let reached: number | undefined;
  for await (const event of server.client.followRun(runId)) {
    const at = event.type === 'ASSET_MATERIALIZATION' ? event.data.metadata.at : undefined;
    if (at?.kind === 'int') reached = at.value;
  }
  if (reached === undefined)
    throw new Error(`Run ${runId} did not reach user code: ${(await server.client.getRun(runId)).cause}`);
  return reached - asked;
}

async function comparePeer(): Promise<void> {
  const peer = await startDagster('noop.py');
  if (peer === undefined) return;
  const usage = (): number => treeUsage([peer.pid]).cpuSeconds;
  const run = async (): Promise<number> => {
    const asked = Date.now();
    const runId = await peer.launch('noop_job');
    const file = join(peer.directory, runId);
    const status = async (): Promise<string> =>
      (
        await peer.graphql<{ runOrError: { status?: string } }>(
          'query($id: ID!) { runOrError(runId: $id) { ... on Run { status } } }',
          { id: runId },
        )
      ).runOrError.status ?? '';
    for (const end = Date.now() + PEER_TIMEOUT_MS; Date.now() < end; await sleep(250)) {
      if (existsSync(file) && (await status()) === 'SUCCESS')
        return Number(readFileSync(file, 'utf8')) - asked;
    }
    throw new Error(`Dagster's run ${runId} did not end: ${await status()}`);
  };
  try {
    await run();
    // What it spends while it idles (heartbeats, polling) is told apart from what runs cost.
    const idleFrom = usage();
    await sleep(10_000);
    const idlePerSecond = (usage() - idleFrom) / 10;
    const [before, started] = [usage(), performance.now()];
    const latencies: number[] = [];
    for (let i = 0; i < PEER_RUNS; i++) {
      await sleep((PEER_PAUSES[i % PEER_PAUSES.length] ?? 0) * 1_000);
      latencies.push(await run());
    }
    await sleep(1_000);
    const seconds = (performance.now() - started) / 1_000;
    const cpu = (usage() - before - idlePerSecond * seconds) / PEER_RUNS;
    const milliseconds = summary(latencies);
    const [reused, fresh] = ours;
    const ratio = (peers: number, own: number | undefined): number =>
      Math.round((peers / (own ?? Number.NaN)) * 10) / 10;
    report(
      'launch to first line of user code, Dagster 1.13 in process',
      {
        runs: PEER_RUNS,
        milliseconds,
        cpuSecondsPerRun: Math.round(cpu * 1000) / 1000,
        peerToOurs: {
          latency: {
            reused: ratio(milliseconds.p50, reused?.p50),
            fresh: ratio(milliseconds.p50, fresh?.p50),
          },
          cpu: { reused: ratio(cpu, reused?.cpuSecondsPerRun), fresh: ratio(cpu, fresh?.cpuSecondsPerRun) },
        },
      },
      loadavg(),
    );
  } finally {
    await peer.close();
  }
}
