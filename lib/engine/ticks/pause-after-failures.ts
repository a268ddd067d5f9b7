import type { Tick } from '../../model/tick';
import type { Instance } from '../../ports/instance';

/**
 * Turns off the schedule or sensor of a tick that was one failure too many, with why. Turning it on again counts anew.
 *
 * @param limit failures in a row; 0 = never
 * @returns whether it was turned off
 */
export async function pauseAfterFailures(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  tick: Tick,
  limit: number,
): Promise<boolean> {
  if (limit === 0 || tick.status !== 'FAILURE' || tick.failureCount < limit) return false;
  const { kind } = tick.instigator;
  const times = tick.failureCount === 1 ? 'a failure' : `${tick.failureCount} failures in a row`;
  const reason = `The ${kind} turned itself off after ${times}. The last was: ${tick.error?.message.split('\n')[0] ?? 'unknown'} Turn it on again when that is mended; failures are then counted anew.`;
  return (await storage.pauseInstigator(tick, reason, clock.now())) !== undefined;
}
