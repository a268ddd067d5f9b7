/**
 * Makes every program that runs: `bin/*.ts` bundled by esbuild into `dist/bin/*.mjs`, packages left in
 * node_modules, and the dashboard into `dist/dashboard`. Takes a moment, so a checkout does it on every start.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Entry points of `bin/` that become programs. */
export const PROGRAMS = ['headrace', 'worker', 'code-location', 'app'];

/** The package's public modules: `headrace`, `headrace/rest` and so on (`exports` of package.json). */
const LIBRARY = {
  index: 'lib/index.ts',
  rest: 'lib/integrations/rest/index.ts',
  snowflake: 'lib/integrations/snowflake/index.ts',
  dbt: 'lib/integrations/dbt/index.ts',
  testing: 'lib/testing/index.ts',
  client: 'lib/client/index.ts',
  infra: 'lib/infra/index.ts',
};

/** Stand-ins for outside services, for development in a checkout; not in the package. */
const TOOLS = ['sample-apis', 'local-snowflake'];

/**
 * @param {{ root: string, outDirectory: string, tools?: boolean, functions?: boolean, log?: (message: string) => void }} options
 * tools: the stand-ins too, default true; functions: those of AWS too, which only a deployment needs, default false
 */
export async function buildPrograms({ root, outDirectory, tools = true, functions = false, log = () => {} }) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [
      ...PROGRAMS.map((name) => ({ in: join(root, 'bin', `${name}.ts`), out: `bin/${name}` })),
      ...Object.entries(LIBRARY).map(([name, path]) => ({ in: join(root, path), out: `lib/${name}` })),
      ...(tools ? TOOLS : []).map((name) => ({
        in: join(root, 'tools', name, 'main.ts'),
        out: `tools/${name}`,
      })),
    ],
    outdir: outDirectory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    sourcemap: true,
    logLevel: 'warning',
  });
  buildDashboard({ root, outDirectory, log });
  if (!functions) return;
  log('building the functions');
  const { buildFunctions } = await import('./build-functions.mjs');
  await buildFunctions({ root, outDirectory });
}

/** Builds the dashboard when its sources changed since the last build. */
function buildDashboard({ root, outDirectory, log }) {
  const stamp = join(outDirectory, 'dashboard.stamp');
  const wanted = hashFolder(join(root, 'dashboard'));
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  log('building the dashboard');
  const { status, stderr, stdout } = spawnSync(process.execPath, [join(root, 'dashboard', 'build.mjs')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`The dashboard does not build:\n${stdout}${stderr}`);
  writeFileSync(stamp, wanted);
}

/** Hash of names, sizes and times: enough to notice an edit without reading every file. */
function hashFolder(folder) {
  const hash = createHash('sha256');
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const { size, mtimeMs } = statSync(path);
    hash.update(`${path}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  await buildPrograms({ root, outDirectory: join(root, 'dist'), functions: true, log: console.error });
}
