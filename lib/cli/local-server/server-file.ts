import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../is-running';
import { processStart } from './process-start';

/** Where a running `headrace dev` can be reached; kept in its home so that the other commands find it. */
export interface ServerInfo {
  readonly url: string;
  readonly pid: number;
  /** What it asks for. */
  readonly token: string;
}

/** What the file holds: whose the home is, and, while its server answers, where. */
interface Stored extends Partial<ServerInfo> {
  readonly pid: number;
  /** As `processStart`. Absent in files of earlier versions. */
  readonly started?: string | null;
}

const path = (home: string): string => join(home, 'server.json');

/**
 * Takes the home for this process, as only one server may use its database, unless another one that lives has it.
 *
 * @returns the other one; undefined when the home is taken
 */
export function takeHome(home: string): Pick<Stored, 'pid' | 'url' | 'token'> | undefined {
  const draft = write(home, { pid: process.pid });
  try {
    for (;;) {
      try {
        linkSync(draft, path(home));
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const other = readLiving(home);
      if (other !== undefined) return other;
      rmSync(path(home), { force: true });
    }
  } finally {
    rmSync(draft);
  }
}

/** Says where this process's server answers; readable by this user only. */
export function writeServerFile(home: string, info: ServerInfo): void {
  renameSync(write(home, info), path(home));
}

/** Says that it answers no more, while the home stays taken. */
export function retractServerFile(home: string): void {
  renameSync(write(home, { pid: process.pid }), path(home));
}

/** Gives the home back, if it is still this process's. */
export function removeServerFile(home: string, pid: number): void {
  if (readLiving(home)?.pid === pid) rmSync(path(home), { force: true });
}

/** The running server, or undefined: no file, an unreadable one, a process that is gone, or one that does not answer yet. */
export function readServerFile(home: string): ServerInfo | undefined {
  const stored = readLiving(home);
  if (stored?.url === undefined) return undefined;
  return { url: stored.url, pid: stored.pid, token: stored.token ?? '' };
}

/** Under a name of its own, so that the file of its final name is always whole. */
function write(home: string, info: Omit<Stored, 'started'>): string {
  const draft = `${path(home)}.${process.pid}`;
  const stored: Stored = { ...info, started: processStart(info.pid) };
  writeFileSync(draft, `${JSON.stringify(stored)}\n`, { mode: 0o600 });
  return draft;
}

function readLiving(home: string): Stored | undefined {
  try {
    const stored = JSON.parse(readFileSync(path(home), 'utf8')) as Stored;
    if (!isRunning(stored.pid)) return undefined;
    const started = stored.started ?? null;
    return started === null || started === processStart(stored.pid) ? stored : undefined;
  } catch {
    return undefined;
  }
}
