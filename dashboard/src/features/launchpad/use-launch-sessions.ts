import { useCallback, useMemo, useSyncExternalStore } from 'react';
import { type LaunchSessions, readSessions } from './launch-sessions';

/** What the browser could not keep, by key: it lasts until the page is left. */
const unkept = new Map<string, string>();
const listeners = new Set<() => void>();

function read(key: string): string {
  try {
    return unkept.get(key) ?? localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(key, text);
    unkept.delete(key);
  } catch {
    unkept.set(key, text);
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Another window changed them.
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

/** The launchpad's tabs of a job, kept in this browser; all its windows share them. */
export function useLaunchSessions(
  job: string,
): readonly [LaunchSessions, (change: (sessions: LaunchSessions) => LaunchSessions) => void] {
  const key = `headrace.launch:${job}`;
  const text = useSyncExternalStore(subscribe, () => read(key));
  const sessions = useMemo(() => readSessions(text), [text]);
  const change = useCallback(
    (next: (sessions: LaunchSessions) => LaunchSessions) =>
      write(key, JSON.stringify(next(readSessions(read(key))))),
    [key],
  );
  return [sessions, change];
}
