import { asSystem, type Instance } from '../ports/instance';
import { afterCommit } from './after-commit';
import { dequeue } from './dequeue';
import type { EngineSettings } from './engine-settings';

/** Gives a pool another limit, or none (null), and starts the queued runs that it lets through. */
export async function changePoolLimit(
  instance: Instance,
  settings: EngineSettings,
  { pool, limit }: { readonly pool: string; readonly limit: number | null },
): Promise<void> {
  await instance.storage.setPoolLimit(pool, limit);
  await claim(instance, settings);
}

/** Takes the slots of pools from a run, or from one of its steps, and starts the queued runs that wait for them. */
export async function takePoolSlots(
  instance: Instance,
  settings: EngineSettings,
  { runId, stepKey }: { readonly runId: string; readonly stepKey: string | null },
): Promise<void> {
  await instance.storage.freePoolSlots(runId, stepKey);
  await claim(instance, settings);
}

async function claim(instance: Instance, settings: EngineSettings): Promise<void> {
  await dequeue(asSystem(instance), settings);
  await afterCommit(instance, settings);
}
