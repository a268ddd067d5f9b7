import { INSTANCE_NAMESPACE, type InstancePause, PAUSE_KEY } from '../model/instance-pause';
import type { Instance } from '../ports/instance';

/** The pause in force; null when there is none. */
export async function readPause({ storage }: Pick<Instance, 'storage'>): Promise<InstancePause | null> {
  return ((await storage.getValue(INSTANCE_NAMESPACE, PAUSE_KEY)) as InstancePause | undefined) ?? null;
}
