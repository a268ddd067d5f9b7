import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');

test('without a lock, a unique key or a fence tests turn red (all guards: npm run mutate)', () => {
  const program = join(ROOT, 'test/chaos/mutations/run.mjs');
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, '--sample'], {
    cwd: ROOT,
    encoding: 'utf8',
  });

  expect([status, stderr]).toEqual([0, '']);
  expect(stdout.match(/^\| .* \| red \| .+ \|$/gm)).toHaveLength(3);
});
