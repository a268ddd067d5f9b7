import { copyFile, mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import { ensurePythonEnvironment } from '../../../../bin/python-environment.mjs';
import { ROOT } from '../../build-programs';

const HERE = import.meta.dirname;

/** The emulator's own Python environment, beside the other caches; made once, in about a minute. */
export async function ensureEmulator(): Promise<{ readonly python: string; readonly launcher: string }> {
  const root = join(ROOT, 'node_modules/.cache/aws-emulator');
  await mkdir(root, { recursive: true });
  await copyFile(join(HERE, 'requirements.txt'), join(root, 'requirements.txt'));
  const { python } = await ensurePythonEnvironment({ root });
  return { python, launcher: join(HERE, 'launcher.py') };
}

/** Bundles the container engine to `engine.mjs` in the directory. */
export async function buildEngine(directory: string): Promise<void> {
  await build({
    entryPoints: [join(HERE, 'container-engine/main.ts')],
    outfile: join(directory, 'engine.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node22',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}

/** A loopback port that nothing listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
