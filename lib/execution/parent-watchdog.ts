import { Worker } from 'node:worker_threads';

/** Milliseconds between looks at the parent. */
const INTERVAL = 500;

/** Runs in a thread, so that a busy loop in the main thread cannot keep it from looking. Plain JavaScript. */
const SOURCE = `
const parent = process.ppid;
setInterval(() => {
  if (process.ppid === parent) return;
  try { process.kill(-process.pid, 'SIGKILL'); } catch { process.kill(process.pid, 'SIGKILL'); }
}, ${INTERVAL});
`;

/** Kills this process, with everything that it started, soon after its parent is gone. */
export function watchParent(): void {
  const watcher = new Worker(SOURCE, { eval: true, stdout: false, stderr: false });
  watcher.unref();
  watcher.on('error', () => {});
}
