/** `npm run simulate -- --seeds N`: plays seeds of the simulator. `--seed S` replays one, `--verbose` says all that happens. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ensurePackages, nodeBinary } from '../../bin/bootstrap.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
ensurePackages();
const outfile = join(root, 'node_modules', '.cache', 'simulate', 'main.mjs');
await build({
  entryPoints: [join(root, 'test', 'simulation', 'main.ts')],
  outfile,
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node22',
  sourcemap: true,
  logLevel: 'warning',
});
const { status } = spawnSync(nodeBinary(), ['--enable-source-maps', outfile, ...process.argv.slice(2)], {
  stdio: 'inherit',
  cwd: root,
});
process.exit(status ?? 1);
