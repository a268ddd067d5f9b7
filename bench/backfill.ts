/**
 * Backfills of a no-op asset, a run a partition: from the request until all runs are created, and until all have
 * ended, 25 at a time. Then a large one, which is only enqueued. Dagster's runs are only created, none is started.
 *
 * usage: backfill [partitions, default 500] [enqueued, default 10000] [the peer's partitions, default 500; 0 = without]
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { ratio, report, round } from './support/statistics';

const PARTITIONS = Number(process.argv[2] ?? 500);
const ENQUEUED = Number(process.argv[3] ?? 10_000);
const PEER_PARTITIONS = Number(process.argv[4] ?? 500);
const LIMIT = 25;
const PEER_TIMEOUT_MS = 900_000;
/** Each once before it counts, as a database that runs for longer than a minute has its plans and pages ready. */
const WARM_UP = 20;

const LAUNCH = `mutation($asset: String!, $keys: [String!]!) { launchPartitionBackfill(backfillParams: {
  assetSelection: [{path: [$asset]}], partitionNames: $keys }) {
  __typename ... on LaunchBackfillSuccess { backfillId } ... on PythonError { message } } }`;

interface Launched {
  readonly launchPartitionBackfill: { readonly __typename: string; readonly backfillId?: string };
}

interface Counts {
  readonly created: number;
  readonly left: number;
  readonly failed: number;
}

const COUNTS = `select json_build_object('created', count(*), 'left', count(*) filter (where ended_at is null),
    'failed', count(*) filter (where ended_at is not null and status <> 'SUCCESS'))
  from headrace.runs where tags ->> 'dagster/backfill' = $1`;

const keys = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `p${String(i).padStart(5, '0')}`);

const server = await startScratchServer({
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'headrace.yaml': `concurrency: {runs: {max_concurrent_runs: ${LIMIT}}}\n`,
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, staticPartitions } from 'headrace';
const keys = (count) => Array.from({ length: count }, (_, i) => 'p' + String(i).padStart(5, '0'));
export const definitions = define({
  assets: [
    asset({ key: 'parted', partitions: staticPartitions(keys(${Math.max(PARTITIONS, WARM_UP)})), run: () => {} }),
    asset({ key: 'large', partitions: staticPartitions(keys(${Math.max(ENQUEUED, 1)})), run: () => {} }),
  ],
});
`,
});
let createdSeconds = Number.NaN;
try {
  await backfill('parted', WARM_UP, true);
  const measured = await backfill('parted', PARTITIONS, true);
  createdSeconds = measured.createdSeconds;
  report(`backfill of ${PARTITIONS} partitions`, measured, loadavg());
  if (ENQUEUED > 0) {
    await server.client.pauseInstance('dequeue');
    report(
      `backfill of ${ENQUEUED} partitions, enqueued`,
      await backfill('large', ENQUEUED, false),
      loadavg(),
    );
  }
} finally {
  await server.close();
}
if (PEER_PARTITIONS > 0) await comparePeer();

async function backfill(asset: string, partitions: number, untilEnd: boolean) {
  const cpu = treeUsage(server.processes).cpuSeconds;
  const began = performance.now();
  const since = (): number => round((performance.now() - began) / 1_000, 3);
  const { launchPartitionBackfill: launched } = await server.client.graphql<Launched>(LAUNCH, {
    asset,
    keys: keys(partitions),
  });
  const { backfillId } = launched;
  if (backfillId === undefined) throw new Error(`The backfill was refused: ${JSON.stringify(launched)}`);
  const answeredSeconds = since();
  let counts = await count(backfillId);
  for (; counts.created < partitions; counts = await count(backfillId)) await sleep(20);
  const created = since();
  const createdCpu = treeUsage(server.processes).cpuSeconds - cpu;
  if (!untilEnd) return { answeredSeconds, createdSeconds: created, cpuSeconds: round(createdCpu, 2) };
  for (; counts.left > 0; counts = await count(backfillId)) await sleep(100);
  if (counts.failed > 0) throw new Error(`${counts.failed} runs did not succeed.`);
  return {
    answeredSeconds,
    createdSeconds: created,
    finishedSeconds: since(),
    cpuSecondsPerRun: round((treeUsage(server.processes).cpuSeconds - cpu) / partitions, 4),
  };
}

async function count(backfillId: string): Promise<Counts> {
  const [row] = await server.database.query<Counts>(COUNTS, [backfillId]);
  return row as Counts;
}

async function comparePeer(): Promise<void> {
  const peer = await startDagster(
    'partitioned.py',
    { BENCH_PARTITIONS: String(PEER_PARTITIONS) },
    'concurrency: {runs: {max_concurrent_runs: 0}}\n',
  );
  if (peer === undefined) return;
  try {
    const cpu = treeUsage([peer.pid]).cpuSeconds;
    const began = performance.now();
    const { launchPartitionBackfill: launched } = await peer.graphql<Launched>(LAUNCH, {
      asset: 'parted',
      keys: keys(PEER_PARTITIONS),
    });
    if (launched.backfillId === undefined)
      throw new Error(`Dagster refused the backfill: ${JSON.stringify(launched)}`);
    for (const end = Date.now() + PEER_TIMEOUT_MS; ; await sleep(250)) {
      const { runsOrError } = await peer.graphql<{ runsOrError: { count: number } }>(
        '{ runsOrError { ... on Runs { count } } }',
      );
      if (runsOrError.count >= PEER_PARTITIONS) break;
      if (Date.now() > end) throw new Error(`Dagster created ${runsOrError.count} runs only.`);
    }
    const seconds = (performance.now() - began) / 1_000;
    report(
      `backfill of ${PEER_PARTITIONS} partitions, Dagster 1.13`,
      {
        createdSeconds: round(seconds, 1),
        cpuSeconds: round(treeUsage([peer.pid]).cpuSeconds - cpu, 1),
        ...(PEER_PARTITIONS === PARTITIONS ? { peerToOurs: ratio(seconds, createdSeconds) } : {}),
      },
      loadavg(),
    );
  } finally {
    await peer.close();
  }
}
