import { type ChildProcess, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Driver } from '../../lib/adapters/postgres/driver';
import { createPgDriver } from '../../lib/adapters/postgres/pg-driver';
import { RUNTIME_PACKAGES } from '../../lib/build/bundle-code';
import { createClient, type HeadraceClient } from '../../lib/client';
import { readSignInLink } from '../../test/support/signed-in';

/** This repository, whether run from its sources or from `dist`. */
export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface ScratchServer {
  readonly client: HeadraceClient;
  readonly url: string;
  /** The project's folder. */
  readonly root: string;
  /** Roots of the process trees that do its work: the server's and PostgreSQL's. */
  readonly processes: readonly number[];
  /** Its database, to look at what happened when. */
  readonly database: Driver;
  close(): Promise<void>;
}

/**
 * `headrace dev` over a project that is made for the occasion, with its own database.
 *
 * @param files path → text; `workspace.yaml` among them
 * @param environment more variables, for user code
 * @param keptRoot the project's folder, which stays with its database and may be there already; default: a new one,
 *   removed at the end
 */
export async function startScratchServer(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
  keptRoot?: string,
): Promise<ScratchServer> {
  const root = keptRoot === undefined ? mkdtempSync(join(tmpdir(), 'headrace-bench-')) : resolve(keptRoot);
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  // PostgreSQL does not run as root and has to be able to enter.
  chmodSync(root, 0o755);
  const link = (target: string, name: string) => {
    const path = join(root, 'node_modules', name);
    if (!existsSync(path)) symlinkSync(target, path);
  };
  link(REPOSITORY, 'headrace');
  // npm puts what the library needs at run time beside it.
  for (const name of RUNTIME_PACKAGES) link(join(REPOSITORY, 'node_modules', name), name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const program = join(REPOSITORY, 'dist', 'bin', 'headrace.mjs');
  const child = spawn(process.execPath, ['--enable-source-maps', program, 'dev', '--port', '0'], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  const { url, token } = readSignInLink(await untilUp(child));
  const data = join(root, '.headrace', 'postgres_data');
  const [postgres, , , port] = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
  const password = readFileSync(join(data, 'headrace_password'), 'utf8').trim();
  const database = createPgDriver({
    url: `postgresql://headrace:${password}@127.0.0.1:${port}/headrace`,
    maxConnections: 1,
    applicationName: 'bench',
  });
  return {
    client: createClient({ url, token, pollMs: 20 }),
    url,
    root,
    processes: [child.pid ?? 0, Number(postgres)],
    database,
    close: async () => {
      await database.close();
      await new Promise<void>((done) => {
        child.once('exit', () => {
          if (keptRoot === undefined) rmSync(root, { recursive: true, force: true });
          done();
        });
        child.kill('SIGINT');
      });
    },
  };
}

function untilUp(child: ChildProcess): Promise<string> {
  return new Promise((resolveUrl, reject) => {
    let text = '';
    child.once('exit', (code) =>
      reject(new Error(`headrace dev ended with ${code} before it was up:\n${text}`)),
    );
    child.stdout?.on('data', (bytes: Buffer) => {
      text += bytes.toString();
      const url = /is up at (\S+)\s/.exec(text)?.[1];
      if (url !== undefined) resolveUrl(url);
    });
  });
}
