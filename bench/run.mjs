/** `npm run bench -- <name> [arguments]`: builds and runs one benchmark; without a name, says which there are. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensurePackages, nodeBinary } from '../bin/bootstrap.mjs';
import { buildPrograms } from '../bin/build-programs.mjs';

const folder = dirname(fileURLToPath(import.meta.url));
const root = dirname(folder);
const names = readdirSync(folder).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
const [name = '', ...rest] = process.argv.slice(2);
if (!existsSync(join(folder, `${name}.ts`))) {
  console.error(`Benchmarks: ${names.join(', ')}. Run one: npm run bench -- <name>`);
  process.exit(2);
}
ensurePackages();
await buildPrograms({ root, outDirectory: join(root, 'dist'), log: console.error });
const { build } = await import('esbuild');
const outfile = join(root, 'dist', 'bench', `${name}.mjs`);
await build({
  entryPoints: [join(folder, `${name}.ts`)],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  logLevel: 'warning',
});
const { status } = spawnSync(nodeBinary(), ['--enable-source-maps', outfile, ...rest], {
  stdio: 'inherit',
  cwd: root,
});
process.exit(status ?? 1);
