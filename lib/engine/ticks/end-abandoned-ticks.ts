import type { InstigatorId, InstigatorKind } from '../../model/tick';
import type { Instance } from '../../ports/instance';
import { failedTick, leaseSeconds, type TickRequest } from './run-tick';

/** Ticks ended by one call; more are ended by the next. */
const BATCH = 100;

export interface AbandonedTicksQuery {
  /** Evaluations that began later are somebody's; epoch ms. */
  readonly begunAt: number;
  readonly leases: Readonly<Record<InstigatorKind, Pick<TickRequest, 'timeoutSeconds' | 'maxRetries'>>>;
  /** Whether ticks of this one may yet be evaluated: they could not be just now. */
  stillDue(id: InstigatorId): boolean;
}

/**
 * Ends ticks that were left open by a process that died in the middle, and that nobody will evaluate again: a sensor
 * has gone on to its next tick, a later tick of the schedule has made up for it, or it was turned off. They fail; a
 * tick that is due is not among them, because it has just been opened anew.
 *
 * @returns how many
 */
export async function endAbandonedTicks(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  { begunAt, leases, stillDue }: AbandonedTicksQuery,
): Promise<number> {
  const expired = { schedule: leaseEnd(leases.schedule), sensor: leaseEnd(leases.sensor) };
  const startedBefore = Math.max(expired.schedule, expired.sensor);
  const open = await storage.openTicks({ startedBefore, limit: BATCH });
  const abandoned = open.filter(
    ({ instigator, startedAt }) => startedAt < expired[instigator.kind] && !stillDue(instigator),
  );
  for (const tick of abandoned) {
    const message = `The process ended in the middle of this evaluation, which began at ${new Date(tick.startedAt).toISOString()}, or its code location could not be reached. It made no run, and is not evaluated again: ${tick.instigator.kind === 'sensor' ? 'the next tick goes on from the same cursor' : 'a later tick has taken its place, or the schedule was turned off'}.`;
    await storage.finishTick(tick, failedTick({ name: 'AbandonedTickError', message }, clock.now()));
  }
  return abandoned.length;

  function leaseEnd(limits: Pick<TickRequest, 'timeoutSeconds' | 'maxRetries'>): number {
    return begunAt - leaseSeconds(limits) * 1000;
  }
}
