import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { isRunning } from '../lib/is-running';
import { until } from './support/until';

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

    // A shell may collect its child before it becomes `sleep`; a stopped one collects nobody.
    parent.kill('SIGSTOP');
    await until('the parent is stopped', () => / T /.test(statusOf(parent.pid ?? 0)));
    process.kill(pid, 'SIGKILL');
    await until('the killed one counts as ended', () => !isRunning(pid));

    // It is still listed, so that asking by a signal alone would find it.
    expect(statusOf(pid)).toMatch(/\) Z /);
    expect(process.kill(pid, 0)).toBe(true);
  } finally {
    parent.kill('SIGKILL');
  }
});

/** As Linux lists a process: `<pid> (<name>) <state> …`, where Z is ended and uncollected and T stopped: proc_pid_stat(5). */
function statusOf(pid: number): string {
  return readFileSync(`/proc/${pid}/stat`, 'utf8');
}
