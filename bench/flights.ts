/**
 * How fast flights go from an HTTP API into Snowflake (the local stand-in), by the product as users have it: a run of
 * an asset made of the `rest` source and the `snowflake` destination. The same records by dlt into DuckDB, in the
 * same run.
 *
 * usage: flights [rows,rows,... default 3000000] [rows for the peer, default 300000; 0 = without]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { watchMemory } from './support/memory-watch';
import { treeUsage } from './support/process-tree';
import { pythonPeer } from './support/python-peer';
import { REPOSITORY, type ScratchServer, startScratchServer } from './support/scratch-server';
import { type Service, startService } from './support/service';
import { percentile, report } from './support/statistics';

const SIZES = (process.argv[2] ?? '3000000').split(',').map(Number);
const PEER_ROWS = Number(process.argv[3] ?? 300_000);
const DLT = ['dlt[duckdb]==1.31.0', 'duckdb==2.0.0', 'pyarrow==26.0.1'];

const PROJECT = {
  'workspace.yaml': 'code_locations:\n  - {name: bench, entry: index.ts}\n',
  'package.json': '{"type":"module","private":true}',
  'index.ts': `import { asset, define, env, materializeResult, z } from 'headrace';
import { linkHeader, restSource } from 'headrace/rest';
import { snowflakeResource } from 'headrace/snowflake';

const api = restSource({
  baseUrl: env('FLIGHTS_URL'),
  resources: {
    flights: { path: '/flights', params: { limit: 50_000, repeat: 10 }, format: 'ndjson', pagination: linkHeader() },
  },
});
const snowflake = snowflakeResource({
  account: env('SNOWFLAKE_ACCOUNT'), username: env('SNOWFLAKE_USER'), privateKeyFile: env('SNOWFLAKE_KEY'),
  database: 'ANALYTICS', host: env('SNOWFLAKE_HOST'), port: env('SNOWFLAKE_PORT'), protocol: 'http',
});
const flights = asset({
  key: 'flights',
  resources: { api, snowflake },
  config: z.object({ rows: z.number(), table: z.string() }),
  async run({ config: { rows, table }, resources: { api, snowflake }, signal }) {
    const load = await snowflake.load(api.flights.read(undefined, { params: { rows } }), {
      table, replace: 'table', signal,
    });
    const [counted] = await snowflake.query(\`SELECT COUNT(*) AS N FROM \${table}\`);
    return materializeResult({ metadata: { seconds: load.seconds, megabytes: load.bytes / 1e6, counted: Number(counted.N) } });
  },
});
export const definitions = define({ assets: [flights] });
`,
};

const scratch = mkdtempSync(join(tmpdir(), 'headrace-bench-flights-'));
const tool = (name: string) => join(REPOSITORY, 'dist', 'tools', `${name}.mjs`);
const closing: (() => Promise<unknown>)[] = [];
try {
  const apis = await startService(tool('sample-apis'), ['--port', '0', '--stop-with-parent']);
  closing.push(() => apis.stop());
  const warehouse = await startService(tool('local-snowflake'), ['--home', scratch, '--port', '0']);
  closing.push(() => warehouse.stop());
  const url = `http://127.0.0.1:${apis.port}`;
  // The first request decodes the file of flights, which is no part of what is measured.
  await (await fetch(`${url}/flights?limit=1`)).arrayBuffer();
  const server = await startScratchServer(PROJECT, {
    FLIGHTS_URL: url,
    SNOWFLAKE_ACCOUNT: 'local',
    SNOWFLAKE_USER: 'headrace',
    SNOWFLAKE_KEY: join(scratch, 'snowflake', 'key.p8'),
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: String(warehouse.port),
  });
  closing.push(() => server.close());
  let ours: Figures | undefined;
  for (const rows of SIZES) {
    ours = await load(server, apis, warehouse, rows);
    report('flights: REST to Snowflake', { rows, ...ours }, loadavg());
  }
  if (PEER_ROWS > 0) comparePeer(url, ours);
} finally {
  for (const close of closing.reverse()) await close();
  rmSync(scratch, { recursive: true, force: true });
}

interface Figures {
  readonly rowsPerSecond: number;
  /** Of the product alone: server, supervisor, child and PostgreSQL. */
  readonly cpuSecondsPerMillion: number;
}

async function load(
  server: ScratchServer,
  apis: Service,
  warehouse: Service,
  rows: number,
): Promise<Figures> {
  const used = () => ({
    product: treeUsage(server.processes).cpuSeconds,
    snowflake: treeUsage([warehouse.pid]).cpuSeconds,
    api: treeUsage([apis.pid]).cpuSeconds,
  });
  const table = `raw.flights_${rows}`;
  const memory = watchMemory(server.processes[0] ?? 0, '--child');
  const before = used();
  const asked = performance.now();
  const { runId } = await server.client.launchRun({
    assets: ['flights'],
    config: { ops: { flights: { config: { rows, table } } } },
    tags: { 'dagster/isolation': 'process' },
  });
  const metadata = new Map<string, number>();
  for await (const event of server.client.followRun(runId)) {
    if (event.type !== 'ASSET_MATERIALIZATION') continue;
    for (const [key, value] of Object.entries(event.data.metadata))
      if (value.kind === 'int' || value.kind === 'float') metadata.set(key, value.value);
  }
  const runSeconds = (performance.now() - asked) / 1_000;
  memory.stop();
  const after = used();
  if (metadata.get('counted') !== rows) {
    const { cause } = await server.client.getRun(runId);
    throw new Error(`The table holds ${metadata.get('counted')} rows instead of ${rows}: ${cause}`);
  }
  const seconds = metadata.get('seconds') ?? Number.NaN;
  return {
    rowsPerSecond: Math.round(rows / seconds),
    seconds: round(seconds),
    runSeconds: round(runSeconds),
    compressedMegabytes: round(metadata.get('megabytes') ?? Number.NaN),
    worker: {
      peakMegabytes: memory.peakMegabytes,
      medianMegabytes: percentile(memory.samples, 0.5),
    },
    cpuSeconds: {
      product: round(after.product - before.product),
      localSnowflake: round(after.snowflake - before.snowflake),
      sampleApi: round(after.api - before.api),
    },
    cpuSecondsPerMillion: round(((after.product - before.product) / rows) * 1e6),
  } as Figures;
}

/** dlt's two ways, and how ours compares: a row's share of the time, and of this side's CPU. */
function comparePeer(url: string, ours: Figures | undefined): void {
  const python = pythonPeer('dlt', DLT);
  if ('missing' in python) {
    console.error(`Without the peer dlt: ${python.missing}`);
    return;
  }
  const script = join(REPOSITORY, 'bench', 'peers', 'dlt', 'load.py');
  for (const kind of ['json', 'arrow']) {
    const folder = mkdtempSync(join(scratch, `dlt-${kind}-`));
    const { status, stdout, stderr } = spawnSync(
      join(python.bin, 'python'),
      [script, url, String(PEER_ROWS), kind, folder],
      { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
    if (status !== 0) {
      console.error(`dlt (${kind}) failed:\n${stderr.slice(-2_000)}`);
      continue;
    }
    const peer = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as {
      readonly rows: number;
      readonly seconds: number;
      readonly cpuSeconds: number;
      readonly peakMegabytes: number;
    };
    const rowsPerSecond = Math.round(peer.rows / peer.seconds);
    const cpuSecondsPerMillion = round((peer.cpuSeconds / peer.rows) * 1e6);
    const ratio =
      ours === undefined
        ? {}
        : {
            oursToPeer: {
              rowsPerSecond: round(ours.rowsPerSecond / rowsPerSecond),
              cpuSecondsPerMillion: round(ours.cpuSecondsPerMillion / cpuSecondsPerMillion),
            },
          };
    report(
      `flights: dlt 1.31 (${kind}) to DuckDB`,
      { ...peer, rowsPerSecond, cpuSecondsPerMillion, ...ratio },
      loadavg(),
    );
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
