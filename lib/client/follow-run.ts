import type { StoredEvent } from '../model/event';
import { isFinished } from '../model/run-status';
import { ClientError } from './client-error';
import type { HeadraceClient } from './headrace-client';

/** Failures in a row that following a run survives, and the longest pause between two tries. */
const PATIENCE = { failures: 10, longestMs: 10_000 };

/** What following a run asks. */
type RunReader = Pick<HeadraceClient, 'getRun' | 'runEvents'>;

/** All events of a run in order, waiting for more until it has ended. */
export async function* followRun(
  client: RunReader,
  runId: string,
  pollMs: number,
  signal?: AbortSignal,
): AsyncIterable<StoredEvent> {
  let after = 0;
  let failures = 0;
  for (;;) {
    signal?.throwIfAborted();
    const read = await readOn(client, runId, after).catch((error: unknown) => {
      failures += 1;
      if (error instanceof ClientError && error.transient && failures <= PATIENCE.failures) return undefined;
      throw error;
    });
    if (read === undefined) {
      await pause(Math.min(pollMs * 2 ** failures, PATIENCE.longestMs), signal);
      continue;
    }
    failures = 0;
    for (const event of read.events) {
      after = event.storageId;
      yield event;
    }
    if (read.events.length > 0) continue;
    if (isFinished(read.status)) return;
    await pause(pollMs, signal);
  }
}

async function readOn(client: RunReader, runId: string, after: number) {
  // The status before the events: what the run wrote until it ended is then in the page that follows.
  const { status } = await client.getRun(runId);
  return { status, events: await client.runEvents(runId, after) };
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
