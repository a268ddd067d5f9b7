import { asSystem, type Instance } from '../ports/instance';
import { deliverOutbox } from './deliver-outbox';
import type { EngineSettings } from './engine-settings';
import { setNextAlarm } from './next-alarm';

/**
 * To be called after whatever may have enqueued, ended or stopped a run: delivers what is owed and arms the sweep
 * that makes up for a delivery that fails. Nothing is lost when it is not called, or fails: the sweep delivers.
 */
export async function afterCommit(instance: Instance, settings: EngineSettings): Promise<void> {
  const system = asSystem(instance);
  await deliverOutbox(system, settings);
  await setNextAlarm(system, settings);
}
