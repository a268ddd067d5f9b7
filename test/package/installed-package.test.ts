import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';

/** The packed package, installed by npm into a project that has nothing else of this repository. */
const ROOT = resolve(import.meta.dirname, '../..');
const MINUTES = 60_000;
/** What users wait for at most; installing took 15 s on two cores. */
const INSTALL_TIMEOUT_MS = 90_000;

const ASSET = `import { asset, definitions as define } from 'headrace';

/** Orders of the day. */
export const orders = asset({
  key: 'shop/orders',
  retry: { maxRetries: 1, delay: '1s' },
  run() {
    console.log('reading orders');
    return { count: 3 };
  },
});

export const definitions = define({ assets: [orders] });
`;

/** Every public module, and one mistake that only its types can find. */
const USES_ALL = `import type { RunStatus } from 'headrace';
import { createClient } from 'headrace/client';
import { dbtAssets } from 'headrace/dbt';
import { restSource } from 'headrace/rest';
import { snowflakeResource } from 'headrace/snowflake';
import { materialize } from 'headrace/testing';
import { orders } from './index.js';

export const all = [createClient, dbtAssets, restSource, snowflakeResource, materialize];
export const status: RunStatus = 'SUCCESS';
export const result = materialize(orders);
// @ts-expect-error the address is a string
createClient({ url: 3000 });
`;

const TYPED = {
  target: 'ES2024',
  strict: true,
  noEmit: true,
  skipLibCheck: false,
  types: [],
};

let workspace: string;
let project: string;
let packed: readonly string[];
let env: NodeJS.ProcessEnv;

/** Runs a command in the project to its end. */
function run(command: string, args: readonly string[], timeout = 2 * MINUTES) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: project,
    env,
    encoding: 'utf8',
    timeout,
  });
  if (error !== undefined) throw new Error(`${command} ${args.join(' ')}: ${error.message}\n${stderr}`);
  return { status, stdout, stderr };
}

const headrace = (...args: string[]) => run('npx', ['--no-install', 'headrace', ...args]);

/** What npx starts: a signal to npx itself would not reach it. */
const PROGRAM = join('node_modules', 'headrace', 'bin', 'bootstrap.mjs');

/** Packs a copy of the repository's files, so that the build of the repository itself stays as it is. */
async function pack(): Promise<string> {
  const checkout = join(workspace, 'checkout');
  await mkdir(checkout);
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const isNeeded = (path: string) => path !== '' && !/^(test|bench|docs)\//.test(path);
  for (const path of listed.stdout.split('\0').filter(isNeeded)) {
    if (!existsSync(join(ROOT, path))) continue;
    await mkdir(dirname(join(checkout, path)), { recursive: true });
    await cp(join(ROOT, path), join(checkout, path));
  }
  await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--json', '--pack-destination', workspace], {
    cwd: checkout,
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`npm pack failed:\n${stderr}`);
  // Before it npm prints what the prepack script is.
  const [tarball] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as {
    filename: string;
    files: { path: string }[];
  }[];
  packed = tarball?.files.map(({ path }) => path) ?? [];
  return join(workspace, tarball?.filename ?? '');
}

beforeAll(async () => {
  workspace = await mkdtemp(join(tmpdir(), 'headrace-package-'));
  // Where tests run as root, the database runs as a user who must be able to enter.
  await chmod(workspace, 0o755);
  project = join(workspace, 'project');
  env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
  const tarball = await pack();
  await mkdir(join(project, 'shop'), { recursive: true });
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }');
  await writeFile(
    join(project, 'workspace.yaml'),
    'code_locations:\n  - { name: shop, entry: shop/index.ts }\n',
  );
  await writeFile(join(project, 'shop/index.ts'), ASSET);
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: TYPED }));
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  const installed = run('npm', ['install', ...flags, tarball], INSTALL_TIMEOUT_MS);
  if (installed.status !== 0) throw new Error(`npm install failed:\n${installed.stderr}`);
}, 4 * MINUTES);

afterAll(() => rm(workspace, { recursive: true, force: true }));

describe('the package', () => {
  it('ships programs, functions, library, dashboard and declarations, and nothing else', () => {
    const kinds = new Set(packed.map((path) => path.replace(/^(dist\/[a-z]+\/).*/, '$1')));
    expect([...kinds].sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin/bootstrap.mjs',
      'bin/python-environment.mjs',
      'dist/bin/',
      'dist/chunks/',
      'dist/dashboard/',
      'dist/lambdas/',
      'dist/lib/',
      'dist/types/',
      'package.json',
    ]);
    expect(packed).toContain('dist/dashboard/index.html');
    expect(packed).toContain('dist/lambdas/graphql/handler.mjs');
  });

  it('holds every file that its exports and its command name', async () => {
    const { exports, bin } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
      bin: Record<string, string>;
    };
    const named = [exports, bin].flatMap((map) =>
      Object.values(map).flatMap((to) => Object.values([to].flat())),
    );
    const paths = named.flatMap((to) => (typeof to === 'string' ? [to] : Object.values(to)));
    expect(paths.length).toBeGreaterThan(12);
    expect(paths.map((path) => path.replace(/^\.\//, '')).filter((path) => !packed.includes(path))).toEqual(
      [],
    );
  });

  it('shows its help without installing or building anything', () => {
    const { status, stdout, stderr } = headrace('--help');
    expect(stdout).toContain('Usage: headrace');
    expect(stderr).not.toMatch(/installing|building/);
    expect(status).toBe(0);
  });

  it(
    'runs an asset of the project on its embedded database, and lists the run and its materialization',
    () => {
      const ran = headrace('run', 'shop/orders', '--wait');
      expect(ran.stdout).toMatch(/materialized shop\/orders/);
      expect(ran.status).toBe(0);

      const [run] = JSON.parse(headrace('--json', 'runs').stdout) as { runId: string }[];
      expect(run).toMatchObject({ status: 'SUCCESS', location: 'shop', assets: ['shop/orders'] });
      expect(headrace('logs', run?.runId ?? '').stdout).toMatch(
        /ASSET_MATERIALIZATION .*Materialized shop\/orders/,
      );
      expect(headrace('logs', run?.runId ?? '', '--step', 'shop__orders').stdout).toBe('reading orders\n');
    },
    3 * MINUTES,
  );

  it(
    'writes a new project that builds without a type error and runs',
    async () => {
      const compiler = join(project, 'node_modules', 'typescript');
      const fresh = ['-C', 'fresh'] as const;
      expect(headrace('init', 'fresh').stdout).toMatch(
        /wrote orchestration\/index\.ts[\s\S]*npx headrace dev/,
      );
      await symlink(join(ROOT, 'node_modules', 'typescript'), compiler);
      try {
        const built = JSON.parse(headrace('--json', ...fresh, 'build').stdout) as object[];
        // Its own job, and the one of all assets that every location has.
        expect(built).toMatchObject([{ location: 'orchestration', assets: 2, jobs: 2, typeErrors: 0 }]);
      } finally {
        await rm(compiler);
      }
      const ran = headrace(...fresh, 'run', 'refresh', '--wait');
      expect(ran.stdout).toMatch(/materialized example\/warmest_day/);
      expect(ran.status).toBe(0);

      const again = headrace('init', 'fresh');
      expect(again.status).toBe(2);
      expect(again.stderr).toMatch(/holds workspace\.yaml, .* already: nothing was written/);
      await rm(join(project, 'fresh'), { recursive: true });
    },
    3 * MINUTES,
  );

  it('makes no Python environment for a project that asks for none', () => {
    expect(existsSync(join(project, '.headrace/postgres_data'))).toBe(true);
    expect(existsSync(join(project, '.headrace/venv'))).toBe(false);
    expect(headrace('doctor').stdout).toMatch(/Python.*: not needed/);
  });

  it(
    'serves the project and its dashboard without TypeScript, and says how to have types checked',
    async () => {
      const child = spawn(process.execPath, [PROGRAM, 'dev', '--port', '0'], { cwd: project, env });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (output += bytes));
      const ended = new Promise((done) => child.once('close', done));
      const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
        for (const end = Date.now() + MINUTES; Date.now() < end && child.exitCode === null; ) {
          const found = pattern.exec(output);
          if (found !== null) return found;
          await new Promise((done) => setTimeout(done, 50));
        }
        throw new Error(`Never said ${pattern}:\n${output}`);
      };
      try {
        const [, link = ''] = await until(/Headrace is up at (\S+)/);
        expect(await (await fetch(link)).text()).toContain('<script');
        await writeFile(join(project, 'shop/index.ts'), ASSET.replace('Orders of', 'All orders of'));
        await until(
          /Types are not checked: TypeScript is not installed in .*npm install --save-dev typescript/,
        );
        expect(output).not.toMatch(/^\s+at /m);
      } finally {
        child.kill('SIGTERM');
        await ended;
      }
    },
    3 * MINUTES,
  );

  it.each(['bundler', 'nodenext'])('type-checks the project with %s resolution', async (resolution) => {
    await writeFile(join(project, 'shop/uses-all.ts'), USES_ALL);
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
    const checked = run(process.execPath, [
      compiler,
      ...['-p', '.', '--pretty', 'false', '--module', module, '--moduleResolution', resolution],
    ]);
    expect(checked.stdout).toBe('');
    expect(checked.status).toBe(0);
  });
});
