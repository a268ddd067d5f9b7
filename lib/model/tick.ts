import type { SerializableError } from './serializable-error';

/** What evaluates on a clock or on a poll. */
export type InstigatorKind = 'schedule' | 'sensor';

export interface InstigatorId {
  readonly location: string;
  readonly kind: InstigatorKind;
  readonly name: string;
}

export type TickStatus = 'STARTED' | 'SUCCESS' | 'SKIPPED' | 'FAILURE';

/** One evaluation of a schedule or sensor. At most one row per (instigator, scheduledAt). */
export interface Tick {
  readonly tickId: number;
  readonly instigator: InstigatorId;
  readonly status: TickStatus;
  /** The instant the tick stands for (schedules), or at which it was due (sensors); epoch ms. */
  readonly scheduledAt: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly runIds: readonly string[];
  /** Keys asked for again that already had their run. */
  readonly skippedRunKeys: readonly string[];
  readonly skipReason: string | null;
  readonly cursor: string | null;
  readonly error: SerializableError | null;
  readonly failureCount: number;
}

/** Stored state of a schedule or sensor; absent = never touched: the code's default status holds. */
export interface InstigatorState {
  readonly instigator: InstigatorId;
  /** `DECLARED_IN_CODE` follows the definition's default; the others override it. */
  readonly status: 'RUNNING' | 'STOPPED' | 'DECLARED_IN_CODE';
  /** When it was last turned on; ticks before it are never evaluated. Epoch ms. */
  readonly startedAt: number | null;
  /** When it was turned off, while it is; epoch ms. */
  readonly stoppedAt: number | null;
  /** Why it turned itself off; null when a person did. */
  readonly stopReason: string | null;
  readonly cursor: string | null;
  /** Latest scheduled instant evaluated or passed over; later ticks only. Epoch ms. */
  readonly evaluatedThrough: number | null;
  readonly lastTickStartedAt: number | null;
  /** Latest run key requested with a run. */
  readonly lastRunKey: string | null;
}
