import { Worker } from 'node:worker_threads';

/** Milliseconds between looks at the parent. */
const INTERVAL = 500;

/** Runs in a thread, so that a busy loop in the main thread cannot keep it from looking. Plain JavaScript. */
const SOURCE = `
const { parent, target } = require('node:worker_threads').workerData;
setInterval(() => {
  if (process.ppid !== parent) process.kill(target, 'SIGKILL');
}, ${INTERVAL});
`;

/**
 * Kills this process soon after its parent is gone.
 *
 * @param options.killsGroup whether the process leads a group: all that it started then dies with it
 */
export function watchParent(options: { readonly killsGroup: boolean }): void {
  const target = options.killsGroup ? -process.pid : process.pid;
  // Read here: by the time the thread runs the parent may be gone.
  const watcher = new Worker(SOURCE, { eval: true, workerData: { parent: process.ppid, target } });
  watcher.unref();
}
