import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../is-running';

/** Machines and containers may share the folder: each looks after its own processes only. */
const HOST = hostname().replace(/[^A-Za-z0-9]/g, '_');

/**
 * Makes a folder for files that are needed while this process lives, `<name>-<host>-<pid>-<random>`, and first
 * removes those that processes of this machine left there when they were killed. Whoever makes it removes it.
 *
 * @param name what the files are for, e.g. `headrace-snowflake`
 * @param parent default: the system's folder for temporary files
 */
export async function makeScratchDirectory(name: string, parent: string = tmpdir()): Promise<string> {
  const own = `${name}-${HOST}-`;
  await sweep(parent, own);
  return mkdtemp(join(parent, `${own}${process.pid}-`));
}

/** What cannot be removed now is tried again by the next one. */
async function sweep(parent: string, prefix: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const left = names.filter((name) => name.startsWith(prefix) && isLeft(name.slice(prefix.length)));
  await Promise.all(
    left.map((name) => rm(join(parent, name), { recursive: true, force: true }).catch(() => {})),
  );
}

/** @param rest `<pid>-<random>` */
const isLeft = (rest: string): boolean => {
  const pid = /^(\d+)-/.exec(rest)?.[1];
  return pid !== undefined && !isRunning(Number(pid));
};
