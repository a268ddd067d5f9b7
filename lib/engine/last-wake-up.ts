import type { Instance } from '../ports/instance';

const NAMESPACE = 'daemons';
const KEY = 'last_wake_up';

/** Remembers that everything was looked at, as of an instant (epoch ms), by whoever has found the database awake. */
export const recordWakeUp = ({ storage }: Pick<Instance, 'storage'>, at: number): Promise<void> =>
  storage.putValue(NAMESPACE, KEY, { at });

/** When everything was last looked at; null = never. */
export async function readWakeUp({ storage }: Pick<Instance, 'storage'>): Promise<number | null> {
  return ((await storage.getValue(NAMESPACE, KEY)) as { readonly at: number } | undefined)?.at ?? null;
}
