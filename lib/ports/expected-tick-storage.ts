import type { ExpectedTick, ExpectedTickStatus } from '../model/expected-tick';

/** The ledger of the ticks that schedules should make. */
export interface ExpectedTickStorage {
  /** How far each schedule's ticks are written. */
  expectedSchedules(): Promise<readonly ExpectedSchedule[]>;
  /** Ticks that were due by `now` and have not been evaluated, oldest first. */
  overdueTicks(now: number, limit: number): Promise<readonly OverdueTick[]>;
  /**
   * Writes what was decided, all or nothing; a tick that was evaluated meanwhile is neither expected nor missed. What is
   * missed owes an alert, one for each schedule. Returns how many became missed; repeating it changes nothing.
   */
  recordExpectedTicks(change: ExpectedTicksChange, now: number): Promise<number>;
  /** Of schedules, in their order: `MISSED` newest first, `EXPECTED` soonest first; keyset by instant. */
  expectedTicks(query: {
    readonly schedules: readonly { readonly location: string; readonly name: string }[];
    readonly status: ExpectedTickStatus;
    /** Beyond this instant in the order of the list, exclusive; epoch ms. */
    readonly cursor?: number | undefined;
    /** Of each schedule. */
    readonly limit: number;
  }): Promise<readonly ExpectedTick[]>;
  /** Removes ticks that were seen to be missed before an instant; returns how many. */
  purgeMissedTicks(before: number, limit: number): Promise<number>;
}

export interface ExpectedSchedule {
  readonly location: string;
  readonly name: string;
  /** The timing by which its ticks were written. */
  readonly cron: readonly string[];
  readonly timezone: string;
  /** Latest instant written; epoch ms. */
  readonly through: number;
  /** When more are to be written, epoch ms; null = it never ticks again. */
  readonly refillAt: number | null;
}

export interface OverdueTick {
  readonly location: string;
  readonly name: string;
  readonly scheduledAt: number;
  /** How far its schedule has come. */
  readonly evaluatedThrough: number | null;
  /** The tick of the schedule whose evaluation is open; this one or an earlier one. */
  readonly openTickAt: number | null;
}

export interface ExpectedTicksChange {
  /** Ticks after an instant that are expected no more. Applied first. */
  readonly withdrawn: readonly { readonly location: string; readonly name: string; readonly after: number }[];
  readonly expected: readonly (ExpectedSchedule & { readonly ticks: readonly number[] })[];
  readonly missed: readonly {
    readonly location: string;
    readonly name: string;
    readonly scheduledAt: number;
    readonly reason: string;
  }[];
}
