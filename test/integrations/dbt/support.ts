import { spawn } from 'node:child_process';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LoadedDefinitions, OpEvent } from '../../../lib/definitions/loaded-definitions';
import type { AssetCheckKey } from '../../../lib/model/asset-check';
import { type Client, type SnowflakeFixture, startFixture } from '../../tools/local-snowflake-fixture';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** The profile of the real project: key-pair, everything from variables. */
export const PROFILES = join(ROOT, 'dbt_project');

/** A local Snowflake with the raw tables that the projects read, and the variables that lead to it. */
export interface Warehouse {
  readonly fixture: SnowflakeFixture;
  readonly client: Client;
  readonly variables: Readonly<Record<string, string>>;
}

export async function startWarehouse(): Promise<Warehouse> {
  const fixture = await startFixture({ databases: ['ANALYTICS'] });
  const client = await fixture.connect({ database: 'ANALYTICS' });
  for (const statement of RAW_TABLES) await client.run(statement);
  const { server, keys, python } = fixture;
  return {
    fixture,
    client,
    variables: {
      SNOWFLAKE_ACCOUNT: server.account,
      SNOWFLAKE_USER: server.user,
      SNOWFLAKE_PRIVATE_KEY_PATH: keys.privateKeyFile,
      SNOWFLAKE_DATABASE: 'ANALYTICS',
      SNOWFLAKE_HOST: '127.0.0.1',
      SNOWFLAKE_PORT: String(server.port),
      SNOWFLAKE_PROTOCOL: 'http',
      HEADRACE_DBT: join(python.bin, 'dbt'),
    },
  };
}

/** The run of an op here. */
const RUN = { runId: 'run-1', attempt: 1, jobName: 'job', location: 'test', tags: {} };

/**
 * Copies a project of this repository into `directory` and makes its manifest, as a location's `prepare` does.
 *
 * @param variables default: none, for parsing needs none
 */
export async function prepareProject(
  project: string,
  directory: string,
  dbt: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<string> {
  const copy = join(directory, project.replaceAll('/', '-'));
  await cp(join(ROOT, project), copy, {
    recursive: true,
    filter: (path) => !/\/(target|logs|\.user\.yml)$/.test(path),
  });
  const args = ['parse', '--project-dir', copy, '--profiles-dir', PROFILES, '--log-path', directory];
  const env = { PATH: process.env.PATH ?? '', HOME: directory, ...variables };
  const child = spawn(dbt, [...args, '--target-path', join(copy, 'target')], { env });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => output.push(String(chunk)));
  const status = await new Promise((done) => child.once('close', done));
  if (status !== 0) throw new Error(`dbt parse failed:\n${output.join('')}`);
  return copy;
}

/** What the op of a location yields for some of its assets and checks, and how it ended. */
export interface OpOutcome {
  readonly materialized: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly checks: Readonly<Record<string, Extract<OpEvent, { type: 'check' }>>>;
  readonly error: unknown;
}

export async function runOp(
  definitions: LoadedDefinitions,
  options: {
    /** Default: all. */
    readonly assets?: readonly string[];
    /** Default: those of the assets. */
    readonly checks?: readonly AssetCheckKey[];
    readonly config?: unknown;
    readonly signal?: AbortSignal;
    readonly runId?: string;
  } = {},
): Promise<OpOutcome> {
  const { assets, assetChecks, ops } = definitions.manifest('test');
  const [op] = ops;
  const executable = definitions.ops[op?.name ?? ''];
  if (op === undefined || executable === undefined) throw new Error('there is no op');
  const keys = options.assets ?? assets.flatMap((asset) => (asset.op === null ? [] : [asset.key]));
  const silent = () => {};
  const materialized: Record<string, Readonly<Record<string, unknown>>> = {};
  const checks: Record<string, Extract<OpEvent, { type: 'check' }>> = {};
  let error: unknown;
  try {
    const context = {
      ...{
        run: { ...RUN, runId: options.runId ?? RUN.runId },
        stepKey: op.name,
        tryNumber: 1,
        config: options.config ?? {},
        resources: {},
        partition: null,
      },
      selectedAssets: keys,
      selectedChecks: options.checks ?? assetChecks.filter(({ asset }) => keys.includes(asset)),
      log: { debug: silent, info: silent, warning: silent, error: silent },
      startedAt: 0,
      materializations: async () => [],
      signal: options.signal ?? new AbortController().signal,
    };
    for await (const event of executable.run(context, {})) {
      if (event.type === 'materialization') materialized[event.asset] = event.metadata ?? {};
      if (event.type === 'check') checks[event.name] = event;
    }
  } catch (thrown) {
    error = thrown;
  }
  return { materialized, checks, error };
}

const json = (value: unknown): string => `parse_json('${JSON.stringify(value)}')`;

function earthquake(id: string, time: string, magnitude: number, type = 'earthquake'): string {
  const properties = {
    mag: magnitude,
    magType: 'ml',
    place: 'X',
    status: 'reviewed',
    tsunami: 0,
    sig: 1,
    net: 'us',
    type,
  };
  const geometry = { type: 'Point', coordinates: [-120.5, 38.1, 7.5] };
  return `select '${id}', '${time}'::timestamp_tz, ${json(properties)}, ${json(geometry)}`;
}

/** A few rows of everything that the projects read, in the columns that ingestion makes. */
const RAW_TABLES = [
  'create schema analytics.raw',
  'create table analytics.raw.earthquakes (id varchar, occurred_at timestamp_tz, properties variant, geometry variant)',
  `insert into analytics.raw.earthquakes ${[
    earthquake('a1', '2018-01-31T01:49:59Z', 1.2),
    earthquake('a2', '2018-01-31T23:59:59Z', 4.4),
    earthquake('a3', '2018-02-01T00:00:00Z', 6.4),
    earthquake('a4', '2018-02-01T12:00:00Z', 2, 'quarry blast'),
  ].join(' union all ')}`,
  `create table analytics.raw.github_issues (id number, number number, title varchar, state varchar, "USER" variant,
    comments number, pull_request variant, created_at timestamp_tz, updated_at timestamp_tz, closed_at timestamp_tz)`,
  `insert into analytics.raw.github_issues
    select 1, 1, 'one', 'open', ${json({ login: 'octo' })}, 0, null,
      '2022-07-19T04:38:40Z'::timestamp_tz, '2022-07-19T04:38:40Z'::timestamp_tz, null
    union all select 2, 2, 'two', 'closed', ${json({ login: 'octo' })}, 0, null,
      '2022-07-19T04:38:40Z'::timestamp_tz, '2022-07-19T05:38:40Z'::timestamp_tz, '2022-07-19T05:38:40Z'::timestamp_tz`,
  `create table analytics.raw.github_comments (id number, issue_url varchar, "USER" variant, body varchar,
    created_at timestamp_tz, updated_at timestamp_tz)`,
  'create table analytics.raw.github_users (id number, login varchar, "TYPE" varchar, html_url varchar)',
  "insert into analytics.raw.github_users values (10, 'octo', 'User', 'https://github.com/octo')",
  `create table analytics.raw.airports (iata varchar, name varchar, city varchar, state varchar, country varchar,
    latitude float, longitude float)`,
  `insert into analytics.raw.airports values ('SFO', 'San Francisco', 'San Francisco', 'CA', 'USA', 37.6, -122.4),
    ('JFK', 'John F Kennedy', 'New York', 'NY', 'USA', 40.6, -73.8)`,
  `create table analytics.raw.flights (row_number number, "DATE" timestamp_ntz, delay number, distance number,
    origin varchar, destination varchar)`,
  `insert into analytics.raw.flights values (0, '2001-01-01T00:01:00', 14, 2586, 'SFO', 'JFK'),
    (1, '2001-01-01T00:30:00', 50, 2586, 'SFO', 'JFK'), (2, '2001-01-02T00:30:00', -5, 2586, 'JFK', 'SFO')`,
  'create table analytics.raw.many_numbers as select seq4() as n from table(generator(rowcount => 50000))',
];
