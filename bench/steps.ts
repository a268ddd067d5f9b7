/**
 * What a step costs beside the user's code: runs of no-op assets, chained and side by side, from the run's start to its
 * end. Dagster's in the same run, in process.
 *
 * usage: steps [steps, default 100] [runs, default 10] [runs of the peer, default 2; 0 = without]
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { percentile, ratio, report, round } from './support/statistics';

const STEPS = Number(process.argv[2] ?? 100);
const RUNS = Number(process.argv[3] ?? 10);
const PEER_RUNS = Number(process.argv[4] ?? 2);
const KINDS = ['chained', 'beside'] as const;
const PEER_TIMEOUT_MS = 600_000;

const perStep: Record<string, number> = {};

const server = await startScratchServer({
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, defineAssetJob } from 'headrace';
const numbers = Array.from({ length: ${STEPS} }, (_, i) => i);
const chained = numbers.map((i) =>
  asset({ key: \`chained_\${i}\`, deps: i === 0 ? [] : [\`chained_\${i - 1}\`], run: () => {} }),
);
const beside = numbers.map((i) => asset({ key: \`beside_\${i}\`, run: () => {} }));
export const definitions = define({
  assets: [...chained, ...beside],
  jobs: [defineAssetJob({ name: 'chained', select: chained }), defineAssetJob({ name: 'beside', select: beside })],
});
`,
});
try {
  for (const job of KINDS) {
    await ourRun(job);
    const before = treeUsage(server.processes).cpuSeconds;
    const milliseconds: number[] = [];
    for (let i = 0; i < RUNS; i++) milliseconds.push(await ourRun(job));
    const cpu = treeUsage(server.processes).cpuSeconds - before;
    perStep[job] = percentile(milliseconds, 0.5) / STEPS;
    report(
      `${STEPS} no-op steps, ${job}`,
      {
        runs: RUNS,
        millisecondsPerStep: {
          p50: round(percentile(milliseconds, 0.5) / STEPS, 2),
          best: round(Math.min(...milliseconds) / STEPS, 2),
          worst: round(Math.max(...milliseconds) / STEPS, 2),
        },
        cpuMillisecondsPerStep: round((cpu / RUNS / STEPS) * 1_000, 2),
      },
      loadavg(),
    );
  }
} finally {
  await server.close();
}
if (PEER_RUNS > 0) await comparePeer();

/** Milliseconds from the run's start to its end. */
async function ourRun(job: string): Promise<number> {
  const { runId } = await server.client.launchRun({ job });
  for await (const _ of server.client.followRun(runId));
  const run = await server.client.getRun(runId);
  if (run.status !== 'SUCCESS') throw new Error(`Run ${runId} ended ${run.status}: ${run.cause}`);
  return (run.endedAt ?? 0) - (run.startedAt ?? 0);
}

async function comparePeer(): Promise<void> {
  const peer = await startDagster('steps.py', { BENCH_STEPS: String(STEPS) });
  if (peer === undefined) return;
  const peerRun = async (job: string): Promise<number> => {
    const runId = await peer.launch(job);
    for (const end = Date.now() + PEER_TIMEOUT_MS; Date.now() < end; await sleep(500)) {
      const { runOrError: run } = await peer.graphql<{
        runOrError: { status: string; startTime: number; endTime: number };
      }>('query($id: ID!) { runOrError(runId: $id) { ... on Run { status startTime endTime } } }', {
        id: runId,
      });
      if (run.status === 'SUCCESS') return (run.endTime - run.startTime) * 1_000;
      if (run.status === 'FAILURE') throw new Error(`Dagster's run ${runId} failed.`);
    }
    throw new Error(`Dagster's run ${runId} did not end.`);
  };
  try {
    for (const job of KINDS) {
      const milliseconds: number[] = [];
      for (let i = 0; i < PEER_RUNS; i++) milliseconds.push(await peerRun(job));
      const each = percentile(milliseconds, 0.5) / STEPS;
      report(
        `${STEPS} no-op steps, ${job}, Dagster 1.13 in process`,
        { runs: PEER_RUNS, millisecondsPerStep: round(each, 1), peerToOurs: ratio(each, perStep[job]) },
        loadavg(),
      );
    }
  } finally {
    await peer.close();
  }
}
