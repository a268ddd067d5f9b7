import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createClient, type HeadraceClient } from '../../../lib/client';
import type { StoredEvent } from '../../../lib/model/event';
import { ensureKeyPair } from '../../../tools/local-snowflake/key-pair';
import { type SampleApis, startSampleApis } from '../../../tools/sample-apis/server';
import { readSignInLink } from '../../support/signed-in';
import { until } from '../../support/until';
import { type Client, type SnowflakeFixture, startFixture } from '../../tools/local-snowflake-fixture';
import { buildProduct, type Product, type Running } from './product';

const FIXTURES = join(process.cwd(), 'test', 'fixtures');

/** How each location of `test/fixtures/e2e-project` stands in workspace.yaml. */
const LOCATIONS = {
  faults: { name: 'faults', entry: 'faults/index.ts' },
  editable: { name: 'editable', entry: 'editable/index.ts' },
  transforms: {
    name: 'transforms',
    entry: 'transforms/index.ts',
    files: ['dbt'],
    prepare: ['dbt', 'parse', '--project-dir', 'dbt', '--profiles-dir', 'dbt'],
  },
};

/** A `headrace dev` that is up. */
export interface Dev {
  readonly running: Running;
  readonly pid: number;
  readonly url: string;
  readonly client: HeadraceClient;
  /** From its start until it said that it is up. */
  readonly readySeconds: number;
  /** Launches a job and follows it to its end. */
  run(job: string, config?: LaunchConfig): Promise<RunToEnd>;
  launch(job: string, config?: LaunchConfig): Promise<string>;
  follow(runId: string): Promise<RunToEnd>;
  /** Stops it by Ctrl-C. */
  stop(): Promise<void>;
}

type LaunchConfig = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

/** A run that has ended. */
export interface RunToEnd {
  readonly runId: string;
  readonly status: string;
  readonly cause: string | null;
  readonly attempt: number;
  readonly events: readonly StoredEvent[];
}

/** A copy of the project of faults, a home for it, and outside services that survive whatever happens to it. */
export interface FaultsProject {
  readonly product: Product;
  readonly folder: string;
  /** Folder of the files by which loads say how far they are. */
  readonly gates: string;
  /** The product's folder for temporary files. */
  readonly temporary: string;
  /** File of a private key that the account does not know. */
  readonly unregistered: string;
  readonly apis: SampleApis;
  readonly snowflake: SnowflakeFixture;
  readonly sql: Client;
  readonly environment: Readonly<Record<string, string>>;
  /** Starts the product in this project; `changes` to its environment. */
  start(args: readonly string[], changes?: Readonly<Record<string, string>>): Running;
  dev(changes?: Readonly<Record<string, string>>): Promise<Dev>;
  dispose(): Promise<void>;
}

export async function openFaultsProject(
  locations: readonly (keyof typeof LOCATIONS)[],
): Promise<FaultsProject> {
  const [product, apis, snowflake] = await Promise.all([
    buildProduct(),
    startSampleApis(),
    startFixture({ databases: ['ANALYTICS'] }),
  ]);
  const folder = join(product.home, 'project');
  const gates = join(product.home, 'gates');
  const temporary = join(product.home, 'tmp');
  await Promise.all([
    mkdir(gates),
    mkdir(temporary),
    cp(join(FIXTURES, 'e2e-project'), folder, { recursive: true }),
  ]);
  await cp(join(FIXTURES, 'dbt-failing'), join(folder, 'dbt'), { recursive: true });
  await cp(join(process.cwd(), 'dbt_project', 'profiles.yml'), join(folder, 'dbt', 'profiles.yml'));
  await writeFile(
    join(folder, 'workspace.yaml'),
    JSON.stringify({ code_locations: locations.map((name) => LOCATIONS[name]) }),
  );
  const { server, keys, python } = snowflake;
  const { privateKeyFile: unregistered } = await ensureKeyPair(join(product.home, 'unregistered'));
  const environment = {
    GATES: gates,
    UNREGISTERED_KEY_PATH: unregistered,
    TMPDIR: temporary,
    SAMPLE_APIS_URL: apis.url,
    SNOWFLAKE_ACCOUNT: server.account,
    SNOWFLAKE_USER: server.user,
    SNOWFLAKE_PRIVATE_KEY_PATH: keys.privateKeyFile,
    SNOWFLAKE_DATABASE: 'ANALYTICS',
    SNOWFLAKE_HOST: '127.0.0.1',
    SNOWFLAKE_PORT: String(server.port),
    SNOWFLAKE_PROTOCOL: 'http',
    HEADRACE_DBT: join(python.bin, 'dbt'),
    PATH: `${python.bin}${delimiter}${process.env.PATH}`,
  };
  const sql = await snowflake.connect({ database: 'ANALYTICS', schema: 'RAW' });
  await sql.run('CREATE SCHEMA IF NOT EXISTS RAW');
  const servers: Dev[] = [];
  const start: FaultsProject['start'] = (args, changes = {}) =>
    product.start(['-C', folder, ...args], { environment: { ...environment, ...changes }, detached: true });
  return {
    ...{ product, folder, gates, temporary, unregistered, apis, snowflake, sql, environment, start },
    async dev(changes) {
      const dev = await startDev((args) => start(args, changes));
      servers.push(dev);
      return dev;
    },
    async dispose() {
      await Promise.all(servers.map((server) => server.stop()));
      await apis.close();
      await snowflake.dispose();
      await product.dispose();
    },
  };
}

async function startDev(start: (args: readonly string[]) => Running): Promise<Dev> {
  const started = performance.now();
  const running = start(['dev', '--port', '0']);
  const [, link = ''] = await running.until(/Headrace is up at (\S+)/);
  const { url, token } = readSignInLink(link);
  const readySeconds = (performance.now() - started) / 1000;
  const client = createClient({ url, token, pollMs: 50 });
  const launch = async (job: string, config: LaunchConfig = {}): Promise<string> => {
    const ops = Object.fromEntries(Object.entries(config).map(([op, values]) => [op, { config: values }]));
    return (await client.launchRun({ job, config: { ops } })).runId;
  };
  const follow = async (runId: string): Promise<RunToEnd> => {
    const events: StoredEvent[] = [];
    for await (const event of client.followRun(runId)) events.push(event);
    const { status, cause, attempt } = await client.getRun(runId);
    return { runId, status, cause, attempt, events };
  };
  return {
    ...{ running, url, client, readySeconds, launch, follow },
    pid: running.child.pid ?? 0,
    run: async (job, config) => follow(await launch(job, config)),
    async stop() {
      running.child.kill('SIGINT');
      await running.ended;
    },
  };
}

/** Waits until a load stands at its gate; returns the process that runs it. */
export async function reached(project: FaultsProject, gate: string): Promise<number> {
  let pid = 0;
  const stands = async (): Promise<boolean> => {
    pid = Number(await readFile(join(project.gates, gate), 'utf8').catch(() => '0'));
    return pid > 0;
  };
  await until(`the load stands at gate ${gate}`, stands, 60);
  return pid;
}

/** What a table holds: as many keys as rows when each row is there exactly once. */
export async function contents(
  project: FaultsProject,
  table: string,
  key: string,
): Promise<{ readonly rows: number; readonly keys: number }> {
  const [row] = await project.sql.run(`SELECT COUNT(*) AS N, COUNT(DISTINCT ${key}) AS K FROM ${table}`);
  return { rows: Number(row?.N), keys: Number(row?.K) };
}

/** Messages of a type of event, the failed steps' errors among them. */
export function textOf({ events }: RunToEnd, ...types: StoredEvent['type'][]): string {
  return events
    .filter(({ type }) => types.includes(type))
    .map((event) => `${event.message} ${JSON.stringify(event.data)}`)
    .join('\n');
}
