import type { SchedulerTimings } from '../model/scheduler-timings';

/** Sets alarms. An alarm only wakes the engine; what is due is decided by cron and storage. */
export interface Scheduler {
  /**
   * How exact alarms are, in milliseconds: 1, or 60,000 where nothing finer than a minute can be had. A sensor that
   * falls due within the same step as a wake-up is evaluated with it; otherwise it would wait for a whole interval.
   */
  readonly precisionMs: number;
  /**
   * Wakes the engine at (or soon after) `at`, epoch ms, at once when that has come; replaces earlier alarms.
   *
   * @param at earliest instant at which anything is to be done; null = nothing ever
   * @param sweepAt the part of `at` that is no coming tick of what `setTimings` was told: a sweep, another try of what
   *   is overdue. Null = no such thing. Default `at`.
   */
  setAlarm(at: number | null, sweepAt?: number | null): Promise<void>;
  /**
   * Tells which schedules and sensors are on; to be called whenever definitions or states change. Saying the same
   * again changes nothing. A scheduler that can set any alarm at any time needs none of it.
   */
  setTimings(timings: SchedulerTimings): Promise<void>;
}
