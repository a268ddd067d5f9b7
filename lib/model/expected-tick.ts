import type { InstigatorId } from './tick';

/** `EXPECTED`: to come, or due and not evaluated yet. `MISSED`: it never will be. What was evaluated is a `Tick`. */
export const EXPECTED_TICK_STATUSES = ['EXPECTED', 'MISSED'] as const;
export type ExpectedTickStatus = (typeof EXPECTED_TICK_STATUSES)[number];

/** A tick of a schedule that has not been evaluated. */
export interface ExpectedTick {
  readonly instigator: InstigatorId;
  /** Epoch ms. */
  readonly scheduledAt: number;
  readonly status: ExpectedTickStatus;
  /** Why it was missed; null while it is expected. */
  readonly reason: string | null;
  /** When it was seen to be missed, epoch ms. */
  readonly missedAt: number | null;
}
