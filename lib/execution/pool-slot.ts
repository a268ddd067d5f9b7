import type { PlannedStep } from '../model/execution-plan';
import type { ExecutionHost } from './execution-host';
import type { Emit } from './run-scope';

/**
 * Milliseconds between tries to get a slot: 1 s, growing by a tenth, as in Dagster, but up to 5 s instead of 15: a slot
 * that is kept for the first in line stays empty until that one asks.
 */
const POOL_WAIT = { first: 1_000, factor: 1.1, longest: 5_000 };

/**
 * Gets a slot of the step's pool together with room in the run, waiting for either without holding the other.
 *
 * @returns what gives both back
 */
export async function enterStep(
  step: PlannedStep,
  host: ExecutionHost,
  room: { acquire(): Promise<void>; release(): void },
  signal: AbortSignal,
  emit: Emit,
): Promise<() => Promise<void>> {
  await room.acquire();
  const { pool } = step;
  if (pool === null) return async () => room.release();
  let wait = POOL_WAIT.first;
  let hasSaidSo = false;
  for (;;) {
    let isHeld = false;
    try {
      signal.throwIfAborted();
      const claim = await host.claimPoolSlot(pool, step.key, step.priority);
      if (claim.held) {
        isHeld = true;
        return async () => {
          room.release();
          await host.releasePoolSlot(pool, step.key);
        };
      }
      if (!hasSaidSo) {
        const message = `Step "${step.key}" waits for a slot of pool "${pool}" (limit ${claim.limit}); held by ${claim.holders.join(', ') || 'nobody'}.`;
        emit('STEP_WAITING', message, { pool, holders: claim.holders }, { level: 'INFO' });
        hasSaidSo = true;
      }
    } finally {
      if (!isHeld) room.release();
    }
    await host.clock.sleep(wait, signal);
    wait = Math.min(wait * POOL_WAIT.factor, POOL_WAIT.longest);
    await room.acquire();
  }
}
