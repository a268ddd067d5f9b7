import { mkdtemp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Repository's root. */
export const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Bundles TypeScript entry points as the product's programs are bundled, each to `<name>.mjs` in a new folder
 * (inside node_modules/.cache, so that packages resolve). Returns that folder.
 *
 * @param entries name → path relative to the repository's root
 */
export async function buildPrograms(entries: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(ROOT, 'node_modules/.cache/test-programs-'));
  await build({
    absWorkingDir: ROOT,
    entryPoints: Object.entries(entries).map(([out, path]) => ({ in: join(ROOT, path), out })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node22',
    sourcemap: true,
    logLevel: 'warning',
  });
  return folder;
}
