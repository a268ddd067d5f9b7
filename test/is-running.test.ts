import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isRunning } from '../lib/is-running';

test('A living process runs; one that ended and was collected does not', async () => {
  const living = spawn('sleep', ['60']);
  const pid = living.pid ?? 0;
  expect([isRunning(process.pid), isRunning(pid)]).toEqual([true, true]);

  living.kill('SIGKILL');
  await once(living, 'exit');

  expect(isRunning(pid)).toBe(false);
});

const onLinux = process.platform === 'linux' ? test : test.skip;
onLinux('One that was killed and that its parent never collects does not run', async () => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [output] = await once(parent.stdout, 'data');
    const pid = Number(String(output));
    expect(isRunning(pid)).toBe(true);

    process.kill(pid, 'SIGKILL');
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 5));

    // It is still listed, so that asking by a signal alone would find it.
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) Z /);
    expect(process.kill(pid, 0)).toBe(true);
  } finally {
    parent.kill('SIGKILL');
  }
});
