import { useSyncExternalStore } from 'react';
import { type Clock, setClock } from './format/time';

export type Theme = 'system' | 'light' | 'dark';

export interface Preferences {
  readonly theme: Theme;
  /** IANA zone, or `local` for the browser's. */
  readonly zone: string;
  readonly navFolded: boolean;
  /** Whether times count to 12 twice a day, or to 24. */
  readonly clock: Clock;
  /** Whether single letters are shortcuts. Keys that move within a list are not meant. */
  readonly shortcuts: boolean;
}

const storageKey = 'headrace.preferences';
const defaults: Preferences = {
  theme: 'system',
  zone: 'local',
  navFolded: false,
  clock: '24',
  shortcuts: true,
};
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    return { ...defaults, ...(JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Preferences>) };
  } catch {
    return defaults;
  }
}

let current = read();

function apply(): void {
  const root = document.documentElement;
  if (current.theme === 'system') root.removeAttribute('data-theme');
  else root.dataset.theme = current.theme;
  setClock(current.clock);
}

/** Changes what this browser remembers. */
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(storageKey, JSON.stringify(current));
  } catch {
    // A browser that keeps nothing still gets the change until the next reload.
  }
  apply();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** For what is no component, such as a listener of keys. */
export const readPreferences = (): Preferences => current;

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}

/** Applies the remembered theme and clock; call before the first render. */
export function startPreferences(): void {
  apply();
}

/** Notifies when the colours change: another theme here, or another one of the system. */
export function onThemeChange(listener: () => void): () => void {
  const media = matchMedia('(prefers-color-scheme: dark)');
  media.addEventListener('change', listener);
  listeners.add(listener);
  return () => {
    media.removeEventListener('change', listener);
    listeners.delete(listener);
  };
}

export const browserZone = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

export function resolveZone(zone: string): string {
  return zone === 'local' ? browserZone : zone;
}
