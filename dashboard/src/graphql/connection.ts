import { useSyncExternalStore } from 'react';

/** How the API answered last: what the live mark in the top bar shows. */
export interface Connection {
  /** Epoch ms of the last good answer; undefined before the first. */
  readonly lastAnswerAt: number | undefined;
  /** Epoch ms of the first failure since then; undefined while all is well. */
  readonly failingSince: number | undefined;
}

let connection: Connection = { lastAnswerAt: undefined, failingSince: undefined };
const listeners = new Set<() => void>();

function publish(next: Connection): void {
  const changed = next.failingSince !== connection.failingSince;
  connection = next;
  if (changed) for (const listener of listeners) listener();
}

export function reportAnswer(now: number): void {
  publish({ lastAnswerAt: now, failingSince: undefined });
}

export function reportFailure(now: number): void {
  publish({ ...connection, failingSince: connection.failingSince ?? now });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Re-renders when the API starts or stops answering, not on every answer. */
export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => connection);
}
