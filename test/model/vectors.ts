import { readFileSync } from 'node:fs';

/** The items of a data file in `test/vectors`; the shape of each is described there. */
export function vectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')) as T;
}

/** '2026-01-01T00:00:00Z', as the data files write instants. */
export function isoSeconds(instant: number): string {
  return new Date(instant).toISOString().replace('.000Z', 'Z');
}
