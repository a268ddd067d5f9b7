import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildPrograms } from '../../bin/build-programs.mjs';

/** The whole product on this repository's own project, in a home of its own. */
const ROOT = process.cwd();
const PROGRAM = join(ROOT, 'dist', 'bin', 'headrace.mjs');
const FIVE_MINUTES = 300_000;

interface LoadedRow {
  readonly table: string;
  readonly rows: number;
  readonly inserted: number;
}

let home: string;

beforeAll(async () => {
  await buildPrograms({ root: ROOT, outDirectory: join(ROOT, 'dist') });
  // Inside the project: bundles find its node_modules, and the database's own user may enter.
  home = await mkdtemp(join(ROOT, '.headrace-e2e-'));
  const { chmod } = await import('node:fs/promises');
  await chmod(home, 0o755);
}, FIVE_MINUTES);

afterAll(() => rm(home, { recursive: true, force: true }));

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, ['--enable-source-maps', PROGRAM, ...args], {
    cwd: ROOT,
    env: { ...process.env, HEADRACE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function ended(
  child: ChildProcess,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    stdout += bytes.toString();
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    stderr += bytes.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr };
}

async function mainJob(): Promise<{ readonly loaded: LoadedRow[]; readonly dbt: unknown[][] }> {
  const { code, stdout, stderr } = await ended(start('--json', 'dev', '--once', '--port', '0'));
  if (code !== 0) throw new Error(`The main job ended with ${code}:\n${stdout}\n${stderr}`);
  const { loaded, dbt } = JSON.parse(stdout) as { loaded: unknown[][]; dbt: unknown[][] };
  return {
    loaded: loaded.map(([table, rows, inserted]) => ({
      table: String(table),
      rows: Number(rows),
      inserted: Number(inserted),
    })),
    dbt,
  };
}

const rowsOf = (loaded: readonly LoadedRow[]) =>
  Object.fromEntries(loaded.map(({ table, rows }) => [table, rows]));

/** What the sample APIs hold for the main job's window. */
const EXPECTED = {
  'ANALYTICS.RAW.EARTHQUAKES': 1_707,
  'ANALYTICS.RAW.AIRPORTS': 3_376,
  'ANALYTICS.RAW.FLIGHTS': 113_493,
  'ANALYTICS.RAW.GITHUB_ISSUES': 13,
  'ANALYTICS.RAW.GITHUB_COMMENTS': 0,
  'ANALYTICS.RAW.GITHUB_USERS': 1,
};

test(
  'The main job loads three sources and builds the dbt project, survives kill -9 in the middle, and repeats',
  async () => {
    // A load is under way when the whole process dies.
    const killed = start('dev', '--once', '--port', '0');
    const output = ended(killed);
    await new Promise<void>((resolve, reject) => {
      let seen = '';
      killed.stdout?.on('data', (bytes: Buffer) => {
        seen += bytes.toString();
        if (/ingest_flights started/.test(seen)) resolve();
      });
      killed.once('exit', () => reject(new Error(`It ended before it loaded anything:\n${seen}`)));
    });
    killed.removeAllListeners('exit');
    killed.kill('SIGKILL');
    expect((await output).stdout).not.toContain('succeeded');
    expect(killed.signalCode).toBe('SIGKILL');

    const first = await mainJob();
    expect(rowsOf(first.loaded)).toEqual(EXPECTED);
    expect(first.dbt.length).toBeGreaterThan(40);
    expect(first.dbt.filter(([, , result]) => result !== 'success' && result !== 'pass')).toEqual([]);

    // The same again: windows are overwritten, unique keys stay unique, as dbt's tests prove.
    const second = await mainJob();
    expect(second.dbt.filter(([, , result]) => result !== 'success' && result !== 'pass')).toEqual([]);
    expect(rowsOf(second.loaded)['ANALYTICS.RAW.FLIGHTS']).toBe(113_493);
  },
  FIVE_MINUTES,
);
