import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../../is-running';

/** Where a running `headrace dev` can be reached; kept in its home so that the other commands find it. */
export interface ServerInfo {
  readonly url: string;
  readonly pid: number;
  /** What it asks for. */
  readonly token: string;
}

const path = (home: string): string => join(home, 'server.json');

/** Announces this process; readable by this user only. */
export function writeServerFile(home: string, info: ServerInfo): void {
  writeFileSync(path(home), `${JSON.stringify(info)}\n`, { mode: 0o600 });
}

/** Takes the announcement back, if it is still this process's. */
export function removeServerFile(home: string, pid: number): void {
  if (readServerFile(home)?.pid === pid) rmSync(path(home), { force: true });
}

/** The running server, or undefined: no file, an unreadable one, or a process that is gone. */
export function readServerFile(home: string): ServerInfo | undefined {
  try {
    const info = JSON.parse(readFileSync(path(home), 'utf8')) as ServerInfo;
    return isRunning(info.pid) ? info : undefined;
  } catch {
    return undefined;
  }
}
