import { Worker } from 'node:worker_threads';

/** Milliseconds between looks at the parent. */
const INTERVAL = 500;

/** Runs in a thread, so that a busy loop in the main thread cannot keep it from looking. Plain JavaScript. */
const SOURCE = `
const { workerData } = require('node:worker_threads');
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) process.kill(workerData.target, 'SIGKILL');
}, ${INTERVAL});
`;

/**
 * Kills this process soon after its parent is gone.
 *
 * @param options.killsGroup whether the process leads a group: all that it started then dies with it
 */
export function watchParent(options: { readonly killsGroup: boolean }): void {
  const target = options.killsGroup ? -process.pid : process.pid;
  const watcher = new Worker(SOURCE, { eval: true, workerData: { target } });
  watcher.unref();
}
