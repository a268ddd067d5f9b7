import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pythonPeer } from './python-peer';
import { REPOSITORY } from './scratch-server';
import { stop } from './service';

const PACKAGES = [
  'dagster==1.13.27',
  'dagster-webserver==1.13.27',
  'dagster-postgres==0.29.27',
  'psycopg2-binary',
  'sqlalchemy<2.1',
];
const LOAD_TIMEOUT_MS = 600_000;

/** Where Dagster is installed. */
export const dagsterPython = (): ReturnType<typeof pythonPeer> => pythonPeer('dagster', PACKAGES);

/** `dagster dev` with its defaults (SQLite, the queue polled by its daemon), up and with its definitions loaded. */
export interface DagsterPeer {
  /** Root of its process tree. */
  readonly pid: number;
  /** Scratch folder; its definitions know it as BENCH_DIRECTORY. */
  readonly directory: string;
  /** Seconds from the start of its processes until its definitions were served. */
  readonly loadSeconds: number;
  graphql<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
  /** Launches a job; resolves with the run's id. */
  launch(job: string): Promise<string>;
  close(): Promise<void>;
}

const LOADED = `{ workspaceOrError { ... on Workspace { locationEntries {
  loadStatus locationOrLoadError { __typename ... on PythonError { message } } } } } }`;

const LAUNCH = `mutation($file: String!, $job: String!) { launchRun(executionParams: { selector: {
  repositoryLocationName: $file, repositoryName: "__repository__", jobName: $job } }) {
  __typename ... on LaunchRunSuccess { run { runId } } } }`;

interface Launched {
  readonly launchRun: { readonly __typename: string; readonly run?: { readonly runId: string } };
}

interface Workspace {
  readonly workspaceOrError: {
    readonly locationEntries?: readonly {
      readonly loadStatus: string;
      readonly locationOrLoadError: { readonly __typename: string; readonly message?: string } | null;
    }[];
  };
}

/**
 * Starts the peer; undefined, after saying why, when it cannot be installed.
 *
 * @param file of bench/peers/dagster
 * @param settings more lines of its dagster.yaml
 */
export async function startDagster(
  file: string,
  environment: Readonly<Record<string, string>> = {},
  settings = '',
): Promise<DagsterPeer | undefined> {
  const python = dagsterPython();
  if ('missing' in python) {
    console.error(`Without the peer Dagster: ${python.missing}`);
    return undefined;
  }
  const directory = mkdtempSync(join(tmpdir(), 'headrace-bench-dagster-'));
  writeFileSync(join(directory, 'dagster.yaml'), `telemetry: {enabled: false}\n${settings}`);
  const port = await freePort();
  const log = openSync(join(directory, 'log.txt'), 'a');
  const started = performance.now();
  const child = spawn(
    join(python.bin, 'dagster'),
    ['dev', '-f', join(REPOSITORY, 'bench', 'peers', 'dagster', file), '-h', '127.0.0.1', '-p', String(port)],
    {
      cwd: directory,
      stdio: ['ignore', log, log],
      detached: true,
      env: {
        ...process.env,
        ...environment,
        PATH: `${python.bin}:${process.env.PATH}`,
        DAGSTER_HOME: directory,
        BENCH_DIRECTORY: directory,
      },
    },
  );
  async function graphql<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await answer.json()) as { readonly data: T; readonly errors?: unknown };
    if (errors !== undefined) throw new Error(`Dagster's GraphQL: ${JSON.stringify(errors).slice(0, 1_000)}`);
    return data;
  }
  try {
    await untilLoaded(child, directory, () => graphql<Workspace>(LOADED));
  } catch (error) {
    await close(child, directory);
    throw error;
  }
  const loadSeconds = (performance.now() - started) / 1_000;
  async function launch(job: string): Promise<string> {
    const { launchRun } = await graphql<Launched>(LAUNCH, { file, job });
    const runId = launchRun.run?.runId;
    if (runId === undefined) throw new Error(`Dagster did not launch ${job}: ${launchRun.__typename}`);
    return runId;
  }
  return {
    pid: child.pid ?? 0,
    directory,
    loadSeconds,
    graphql,
    launch,
    close: () => close(child, directory),
  };
}

async function untilLoaded(
  child: ChildProcess,
  directory: string,
  ask: () => Promise<Workspace>,
): Promise<void> {
  for (const end = Date.now() + LOAD_TIMEOUT_MS; Date.now() < end; await sleep(50)) {
    if (child.exitCode !== null)
      throw new Error(
        `dagster dev ended:\n${readFileSync(join(directory, 'log.txt'), 'utf8').slice(-2_000)}`,
      );
    const answer = await ask().catch(() => undefined);
    const [entry] = answer?.workspaceOrError.locationEntries ?? [];
    if (entry?.loadStatus !== 'LOADED') continue;
    if (entry.locationOrLoadError?.__typename === 'RepositoryLocation') return;
    throw new Error(`Dagster's definitions do not load: ${entry.locationOrLoadError?.message}`);
  }
  throw new Error(`Dagster's definitions did not load within ${LOAD_TIMEOUT_MS / 1_000} s.`);
}

/** The whole group, because `dagster dev` leaves a code server behind when it is killed alone. */
async function close(child: ChildProcess, directory: string): Promise<void> {
  const ended = stop(child, 'SIGINT');
  const kill = setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), 15_000);
  await ended;
  clearTimeout(kill);
  try {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
  } catch {
    // The group is empty.
  }
  rmSync(directory, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
