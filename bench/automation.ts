/**
 * Ticks of an automation sensor over 10,000 eager assets, in layers of 100, each after two of the layer above: its first
 * one, after everything was materialized, when nothing happened, and after 100 assets were materialized, for each of
 * which others are requested. No run is started. Dagster's in the same run, when nothing happened.
 *
 * usage: automation [assets, default 10000] [idle ticks, default 5] [the peer's assets, default 10000; 0 = without]
 */
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgresStorage } from '../lib/adapters/postgres/postgres-storage';
import type { NewEvent } from '../lib/model/event';
import { startDagster } from './support/dagster-peer';
import { treeUsage } from './support/process-tree';
import { startScratchServer } from './support/scratch-server';
import { percentile, ratio, report, round } from './support/statistics';

const ASSETS = Number(process.argv[2] ?? 10_000);
const IDLE_TICKS = Number(process.argv[3] ?? 5);
const PEER_ASSETS = Number(process.argv[4] ?? 10_000);
const WIDTH = 100;
const TIMEOUT_MS = 1_200_000;
const BATCH = 1_000;
/** Between two ticks. */
const INTERVAL_MS = 5_000;

interface EndedTick {
  readonly tickId: number;
  readonly status: string;
  readonly seconds: number;
  readonly runs: number;
}

const TICKS = `select json_build_object('tickId', tick_id, 'status', status, 'seconds', (ended_at - started_at) / 1000.0,
    'runs', jsonb_array_length(run_ids))
  from headrace.ticks where name = 'automate' and ended_at is not null and started_at > $1 order by tick_id`;

let idleSeconds = Number.NaN;

const server = await startScratchServer({
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'headrace.yaml': 'concurrency: {runs: {max_concurrent_runs: 0}}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, automation, automationSensor, define } from 'headrace';
const above = (i) => [i - ${WIDTH}, Math.floor(i / ${WIDTH} - 1) * ${WIDTH} + ((i + 1) % ${WIDTH})];
const assets = Array.from({ length: ${ASSETS} }, (_, i) =>
  asset({
    key: 'a' + i,
    deps: i < ${WIDTH} ? [] : above(i).map((d) => 'a' + d),
    automation: automation.eager(),
    run: () => {},
  }),
);
export const definitions = define({
  assets,
  sensors: [automationSensor({ name: 'automate', defaultStatus: 'RUNNING', minimumInterval: '${INTERVAL_MS / 1_000}s' })],
});
`,
});
const storage = createPostgresStorage({ driver: server.database });
try {
  const [first] = await ticksSince(0, 1);
  say('the first tick', [first]);
  await materialize(0, ASSETS);
  const [all] = await ticksSince(Date.now(), 1);
  say('after all were materialized', [all]);
  const before = treeUsage(server.processes).cpuSeconds;
  const idle = await ticksSince(Date.now(), IDLE_TICKS);
  const cpuSeconds = (treeUsage(server.processes).cpuSeconds - before) / idle.length;
  idleSeconds = percentile(
    idle.map(({ seconds }) => seconds),
    0.5,
  );
  say('when nothing happened', idle, { cpuSecondsPerTick: round(cpuSeconds, 2) });
  // The tick that is under way meanwhile may see them already.
  const since = Date.now() - INTERVAL_MS;
  await materialize(ASSETS - 2 * WIDTH, ASSETS - WIDTH);
  const [some] = await ticksSince(since, 1, 1);
  say(`after ${WIDTH} were materialized`, [some], { runsRequested: some?.runs });
} finally {
  await server.close();
}
if (PEER_ASSETS > 0) await comparePeer();

function say(
  when: string,
  ticks: readonly (EndedTick | undefined)[],
  more: Readonly<Record<string, unknown>> = {},
): void {
  const failed = ticks.find((tick) => tick?.status === 'FAILURE');
  if (failed !== undefined) throw new Error(`Tick ${failed.tickId} failed.`);
  const seconds = ticks.map((tick) => tick?.seconds ?? Number.NaN);
  report(
    `automation over ${ASSETS} assets, ${when}`,
    {
      ticks: ticks.length,
      seconds: round(percentile(seconds, 0.5), 3),
      longest: round(Math.max(...seconds), 3),
      ...more,
    },
    loadavg(),
  );
}

/** The next ticks that begin after an instant, of those that ask for so many runs at least. */
async function ticksSince(since: number, count: number, leastRuns = 0): Promise<readonly EndedTick[]> {
  for (const end = Date.now() + TIMEOUT_MS; Date.now() < end; await sleep(500)) {
    const all = await server.database.query<EndedTick>(TICKS, [since]);
    const ticks = all.filter(({ runs }) => runs >= leastRuns);
    if (ticks.length >= count) return ticks.slice(0, count);
  }
  throw new Error(`The sensor did not tick ${count} times.`);
}

/** Says of assets that they were materialized elsewhere. */
async function materialize(from: number, to: number): Promise<void> {
  for (let start = from; start < to; start += BATCH) {
    const events = Array.from(
      { length: Math.min(BATCH, to - start) },
      (_, i): NewEvent => ({
        type: 'ASSET_MATERIALIZATION',
        data: { metadata: {}, tags: {}, inputDataVersions: {} },
        timestamp: Date.now(),
        level: 'INFO',
        message: 'm',
        assetKey: `a${start + i}`,
      }),
    );
    await storage.appendSystemEvents(null, events);
  }
}

interface PeerTicks {
  readonly sensorOrError: {
    readonly sensorState?: {
      readonly ticks: readonly { readonly timestamp: number; readonly endTimestamp: number | null }[];
    };
  };
}

async function comparePeer(): Promise<void> {
  const peer = await startDagster(
    'automated.py',
    { BENCH_ASSETS: String(PEER_ASSETS) },
    'concurrency: {runs: {max_concurrent_runs: 0}}\n',
  );
  if (peer === undefined) return;
  try {
    const ended = async (): Promise<readonly number[]> => {
      const { sensorOrError } = await peer.graphql<PeerTicks>(
        `{ sensorOrError(sensorSelector: { repositoryLocationName: "automated.py", repositoryName: "__repository__",
             sensorName: "automate" }) { ... on Sensor { sensorState { ticks(limit: 20) { timestamp endTimestamp } } } } }`,
      );
      return (sensorOrError.sensorState?.ticks ?? []).flatMap(({ timestamp, endTimestamp }) =>
        endTimestamp === null ? [] : endTimestamp - timestamp,
      );
    };
    // The newest comes first; the oldest one is its first look at everything.
    let ticks = await ended();
    for (const end = Date.now() + TIMEOUT_MS; ticks.length < 3; ticks = await ended()) {
      if (Date.now() > end) throw new Error(`Dagster's sensor ended ${ticks.length} ticks only.`);
      await sleep(1_000);
    }
    const seconds = percentile(ticks.slice(0, 2), 0.5);
    report(
      `automation over ${PEER_ASSETS} assets, when nothing happened, Dagster 1.13`,
      {
        seconds: round(seconds, 2),
        firstTickSeconds: round(ticks.at(-1) ?? Number.NaN, 2),
        ...(PEER_ASSETS === ASSETS ? { peerToOurs: ratio(seconds, idleSeconds) } : {}),
      },
      loadavg(),
    );
  } finally {
    await peer.close();
  }
}
