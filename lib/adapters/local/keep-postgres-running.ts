import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Milliseconds between two tries to start the server again. */
const PAUSE = 1_000;

export interface KeepPostgresRunningOptions {
  /** A database of the server; it keeps its port over restarts. */
  readonly url: string;
  /** Starts the server on its old port, or adopts the one that runs. */
  start(): Promise<void>;
  /** What happened, a line each. */
  onLog(line: string): void;
}

/**
 * Starts the embedded server again whenever it is gone: killed, stopped by somebody, crashed on a full disk. One
 * idle connection notices at once; whoever waits for the database waits a little longer.
 *
 * @returns how to stop that; resolves when no start is going on any more
 */
export function keepPostgresRunning(options: KeepPostgresRunningOptions): () => Promise<void> {
  const stopping = new AbortController();
  const watching = watch(options, stopping.signal);
  return async () => {
    stopping.abort();
    await watching;
  };
}

async function watch(options: KeepPostgresRunningOptions, signal: AbortSignal): Promise<void> {
  const { url, start, onLog } = options;
  /** What was said last, so that a fault that lasts is said once. */
  let said = '';
  const say = (line: string): void => {
    if (line !== said) onLog(line);
    said = line;
  };
  while (!signal.aborted) {
    try {
      if (await untilGone(url, signal)) said = '';
      if (signal.aborted) return;
      say('PostgreSQL is gone; starting it again');
      await start();
      say('PostgreSQL runs again');
    } catch (error) {
      say(error instanceof Error ? error.message : String(error));
    }
    await sleep(PAUSE, undefined, { signal }).catch(() => {});
  }
}

/** Resolves when the connection breaks, with whether there was one. */
async function untilGone(url: string, signal: AbortSignal): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'headrace watch' });
  const gone = new Promise<void>((resolve) => client.once('end', () => resolve()));
  client.on('error', () => {});
  const end = (): void => void client.end().catch(() => {});
  try {
    await client.connect();
  } catch {
    return false;
  }
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  await gone;
  signal.removeEventListener('abort', end);
  return true;
}
