import type { NewEvent } from '../model/event';
import type { NewRun } from '../model/run';
import type { SerializableError } from '../model/serializable-error';
import type { InstigatorId, InstigatorKind, InstigatorState, Tick, TickStatus } from '../model/tick';
import type { AutomationTickOutcome } from './automation-storage';

/** Schedules and sensors: whether they are on, their ticks and their cursors. */
export interface InstigatorStorage {
  instigatorStates(): Promise<readonly InstigatorState[]>;
  /** Turns on (ticks before `now` are never run), off, or back to the code's default. */
  setInstigatorStatus(
    id: InstigatorId,
    status: InstigatorState['status'],
    now: number,
  ): Promise<InstigatorState>;
  /**
   * Turns off the schedule or sensor of a tick that failed, and owes an alert. Undefined when it is off already, or was
   * turned on since the tick began.
   */
  pauseInstigator(tick: Tick, reason: string, now: number): Promise<InstigatorState | undefined>;
  setSensorCursor(id: InstigatorId, cursor: string | null): Promise<InstigatorState>;
  /**
   * Opens a tick: one row per (instigator, scheduledAt). Returns undefined when it is done, or when an evaluation of it or
   * of another tick of the same instigator is open (younger than `leaseSeconds`).
   *
   * @param last `lastTickStartedAt` of the state by which it is due: undefined is returned, too, when another tick was
   * started since. Left out, that is no reason
   */
  startTick(
    id: InstigatorId,
    scheduledAt: number,
    now: number,
    leaseSeconds: number,
    last?: number | null,
  ): Promise<Tick | undefined>;
  /**
   * Ends a tick in one transaction: creates its runs, applies dynamic partitions, saves cursor and
   * `evaluatedThrough`, records skipped run keys. Repeating it changes nothing.
   */
  finishTick(tick: Tick, outcome: TickOutcome): Promise<Tick>;
  /** Records that instants up to `through` need no tick any more (skipped catch-up). */
  passOver(id: InstigatorId, through: number): Promise<void>;
  /** Latest `perInstigator` ticks of each schedule and sensor, newest first, in one statement. */
  latestTicks(perInstigator: number): Promise<readonly Tick[]>;
  /** Newest first, keyset by tick id. */
  listTicks(query: {
    readonly instigator: InstigatorId;
    readonly statuses?: readonly TickStatus[];
    readonly before?: number;
    /** Bounds of `scheduledAt`, exclusive; epoch ms. */
    readonly scheduledAfter?: number;
    readonly scheduledBefore?: number;
    readonly limit: number;
  }): Promise<readonly Tick[]>;
  /** Ticks that have not ended and whose evaluation began before an instant; oldest first. */
  openTicks(query: { readonly startedBefore: number; readonly limit: number }): Promise<readonly Tick[]>;
  /** Ticks past their retention by any of the rules, oldest first. */
  expiredTicks(rules: readonly TickRetention[], limit: number): Promise<readonly Tick[]>;
  /** Removes ticks. What their schedule or sensor remembers (cursor, instant reached) stays. */
  deleteTicks(tickIds: readonly number[]): Promise<void>;
}

/** Ticks of one kind and status that are not kept. */
export interface TickRetention {
  readonly kind: InstigatorKind;
  readonly status: TickStatus;
  /** Those begun before this instant; epoch ms. */
  readonly startedBefore: number;
}

export interface TickOutcome {
  readonly status: Exclude<TickStatus, 'STARTED'>;
  readonly runs: readonly NewRun[];
  readonly skipReason: string | null;
  readonly cursor: string | null;
  readonly error: SerializableError | null;
  readonly dynamicPartitions: readonly {
    readonly kind: 'add' | 'delete';
    readonly name: string;
    readonly keys: readonly string[];
  }[];
  /** About assets, without a run. Absent = none. */
  readonly assetEvents?: readonly NewEvent[];
  /** Epoch ms. */
  readonly endedAt: number;
  /** Of automation sensors. */
  readonly automation?: AutomationTickOutcome;
}
