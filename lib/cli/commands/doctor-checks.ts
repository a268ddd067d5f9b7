import { createPrivateKey } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

/** What one check of `headrace doctor` found. */
export interface Diagnosis {
  readonly check: string;
  readonly result: 'ok' | 'warning' | 'problem';
  readonly found: string;
  /** How to mend it; absent when ok. */
  readonly remedy?: string;
}

/** What knows which Python this package needs, and for which projects. */
export interface PythonLookup {
  isNeeded(root: string): boolean;
  /** @throws what is wrong, and what to install */
  find(): { readonly version: string };
}

/** What the checks look at. */
export interface DoctorContext {
  /** The project's folder. */
  readonly root: string;
  readonly python: PythonLookup;
  readonly home: string;
  readonly port: number;
  /** Address of the server of this home that is running, whose port is rightly taken. */
  readonly runningAt: string | undefined;
  readonly env: (name: string) => string | undefined;
  /** What reading headrace.yaml, workspace.yaml or .env threw; undefined when they are fine. */
  readonly settingsError: unknown;
}

/** Below this, PostgreSQL and the local Snowflake may stop in the middle of a load. */
const LOW_DISK_BYTES = 2 * 1024 ** 3;

/** All checks, in the order in which a person would mend them. */
export async function diagnose(context: DoctorContext): Promise<Diagnosis[]> {
  return [
    nodeVersion(),
    python(context),
    ...pythonEnvironment(context),
    homeFolder(context),
    disk(context),
    settings(context),
    await port(context),
    database(context),
    ...snowflake(context),
  ];
}

function nodeVersion(): Diagnosis {
  const major = Number(process.versions.node.split('.')[0]);
  return major >= 24
    ? { check: 'Node', result: 'ok', found: process.versions.node }
    : {
        check: 'Node',
        result: 'warning',
        found: process.versions.node,
        remedy: 'Node 24 is what Headrace is tested with: npm install --save-dev node@24.',
      };
}

function python({ root, python }: DoctorContext): Diagnosis {
  const check = 'Python';
  if (!python.isNeeded(root))
    return { check, result: 'ok', found: 'not needed: no requirements.txt that asks for dbt' };
  try {
    return { check, result: 'ok', found: python.find().version };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { check, result: 'problem', found };
  }
}

function pythonEnvironment({ root, python }: DoctorContext): Diagnosis[] {
  if (!python.isNeeded(root)) return [];
  const dbt = join(root, '.headrace', 'venv', 'bin', 'dbt');
  return [
    existsSync(dbt)
      ? { check: 'dbt', result: 'ok', found: dbt }
      : {
          check: 'dbt',
          result: 'warning',
          found: 'not installed yet',
          remedy: '`npx headrace dev` installs it from requirements.txt.',
        },
  ];
}

function homeFolder({ home }: DoctorContext): Diagnosis {
  try {
    mkdirSync(home, { recursive: true });
    accessSync(home, constants.W_OK);
    return { check: 'Home folder', result: 'ok', found: home };
  } catch (error) {
    return {
      check: 'Home folder',
      result: 'problem',
      found: `${home}: ${(error as Error).message}`,
      remedy: 'Make it writable, or name another folder in HEADRACE_HOME.',
    };
  }
}

function disk({ home }: DoctorContext): Diagnosis {
  const { bavail, bsize } = statfsSync(existsSync(home) ? home : '.');
  const free = bavail * bsize;
  const found = `${(free / 1024 ** 3).toFixed(1)} GB free`;
  return free >= LOW_DISK_BYTES
    ? { check: 'Disk', result: 'ok', found }
    : {
        check: 'Disk',
        result: 'warning',
        found,
        remedy: `Free at least ${LOW_DISK_BYTES / 1024 ** 3} GB; .headrace/compute_logs and old .headrace/bundles may go.`,
      };
}

function settings({ settingsError }: DoctorContext): Diagnosis {
  return settingsError === undefined
    ? { check: 'Settings', result: 'ok', found: 'headrace.yaml and workspace.yaml are valid' }
    : {
        check: 'Settings',
        result: 'problem',
        found: settingsError instanceof Error ? settingsError.message : String(settingsError),
        remedy: 'Correct it as it says.',
      };
}

function port({ port, runningAt }: DoctorContext): Promise<Diagnosis> {
  if (runningAt !== undefined)
    return Promise.resolve({ check: 'Port', result: 'ok', found: `Headrace is running at ${runningAt}` });
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) =>
      resolve({
        check: 'Port',
        result: 'problem',
        found: `${port}: ${error.message}`,
        remedy: 'Stop the other program, or set HEADRACE_PORT in .env (0 takes any free port).',
      }),
    );
    probe.listen(port, '127.0.0.1', () =>
      probe.close(() => resolve({ check: 'Port', result: 'ok', found: `${port} is free` })),
    );
  });
}

function database({ env, home }: DoctorContext): Diagnosis {
  const url = env('DATABASE_URL');
  if (url === undefined)
    return { check: 'Database', result: 'ok', found: `embedded, in ${join(home, 'postgres_data')}` };
  try {
    const { host, pathname } = new URL(url);
    return { check: 'Database', result: 'ok', found: `DATABASE_URL: ${host}${pathname}` };
  } catch {
    return {
      check: 'Database',
      result: 'problem',
      found: 'DATABASE_URL is not a URL',
      remedy:
        'Write it as postgres://user:password@host:5432/database, or unset it to use the embedded PostgreSQL.',
    };
  }
}

/** Without an account the local stand-in is used, and there is nothing to check. */
function snowflake({ env }: DoctorContext): Diagnosis[] {
  const account = env('SNOWFLAKE_ACCOUNT');
  if (account === undefined)
    return [{ check: 'Snowflake', result: 'ok', found: 'the local stand-in (SNOWFLAKE_ACCOUNT is not set)' }];
  const key = env('SNOWFLAKE_PRIVATE_KEY');
  const needed = key === undefined ? ['SNOWFLAKE_USER', 'SNOWFLAKE_PRIVATE_KEY_PATH'] : ['SNOWFLAKE_USER'];
  const missing = needed.filter((name) => env(name) === undefined);
  if (missing.length > 0) {
    return [
      {
        check: 'Snowflake',
        result: 'problem',
        found: `${missing.join(', ')} not set`,
        remedy: 'Set them beside SNOWFLAKE_ACCOUNT in .env; see .env.example.',
      },
    ];
  }
  const path = key === undefined ? (env('SNOWFLAKE_PRIVATE_KEY_PATH') ?? '') : 'SNOWFLAKE_PRIVATE_KEY';
  try {
    createPrivateKey(key ?? readFileSync(path));
    return [{ check: 'Snowflake', result: 'ok', found: `account ${account}, key ${path}` }];
  } catch (error) {
    return [
      {
        check: 'Snowflake',
        result: 'problem',
        found: `${path}: ${(error as Error).message}`,
        remedy:
          'It must be an unencrypted RSA private key in PEM (openssl genrsa 2048 | openssl pkcs8 -topk8 -nocrypt).',
      },
    ];
  }
}
