/**
 * Freezes the storage code of a commit, with the contract suite of its time, into test/vectors/previous-storage.mjs:
 * `node test/support/freeze-storage.mjs <commit>`. previous-code.test.ts runs it on today's schema. To be renewed
 * with a commit of the version before, when a release is made; never with code of the schema that is being changed.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..', '..');
const [commit] = process.argv.slice(2);
if (commit === undefined) throw new Error('Name the commit whose code is to be frozen.');

const folder = mkdtempSync(join(tmpdir(), 'headrace-freeze-'));
try {
  const tar = join(folder, 'code.tar');
  execFileSync('git', ['-C', ROOT, 'archive', '-o', tar, commit, 'lib', 'test/contracts', 'test/support']);
  execFileSync('tar', ['-x', '-f', tar, '-C', folder]);
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const level = Math.max(
    ...readdirSync(join(folder, 'lib/adapters/postgres/migrations')).map((file) => Number(file.slice(0, 6))),
  );
  const hash = execFileSync('git', ['-C', ROOT, 'rev-parse', '--short', commit], { encoding: 'utf8' }).trim();
  const { outputFiles } = await build({
    stdin: {
      resolveDir: folder,
      contents: `
        export { createPostgresStorage } from './lib/adapters/postgres/postgres-storage';
        export { createPostgresWorkerStorage } from './lib/adapters/postgres/postgres-worker-storage';
        export { storageContract } from './test/contracts/storage-contract';
        export { workerStorageContract } from './test/contracts/worker-storage-contract';
        export const LEVEL = ${level};`,
    },
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    write: false,
  });
  writeFileSync(
    join(ROOT, 'test/vectors/previous-storage.mjs'),
    `// Storage of ${hash}, which knows ${level} migrations: written by test/support/freeze-storage.mjs.\n${outputFiles[0].text}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
