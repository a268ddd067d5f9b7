import { nextTick } from '../../model/cron';
import type { SchedulerTimings } from '../../model/scheduler-timings';

/** A rule is no more exact than this, in milliseconds; it fires some time within its minute. */
export const RULE_PRECISION_MS = 60_000;

/**
 * What is on is compared with the database so often, in milliseconds, whatever happens: time-zone rules that came with
 * a new version are taken up, and what a crash between two writes left wrong is put right. Once a day wakes Aurora for
 * $0.20 to $0.40 a month, where nothing else does.
 */
export const RECONCILE_MS = 24 * 3_600_000;

/** What a wake-up has to know to tell, without asking the database, whether anything is due. Objects in S3. */
export interface AlarmIndex {
  /** Written when definitions or states change. Undefined = never. */
  readonly timings: StoredTimings | undefined;
  /** Written after every evaluation and commit. Undefined = never. */
  readonly alarm: StoredAlarm | undefined;
}

export interface StoredTimings extends SchedulerTimings {
  /** Epoch ms. */
  readonly reconciledAt: number;
}

export interface StoredAlarm {
  /** The earliest instant at which anything is to be done, as the engine last worked it out; epoch ms. */
  readonly at: number | null;
  /** Not null while something is live or overdue: the sweep's rule has to be enabled. */
  readonly sweepAt: number | null;
  readonly setAt: number;
}

/** Whether what is on should be compared with the database. */
export function isReconcileDue({ timings }: AlarmIndex, now: number): boolean {
  return timings === undefined || now - timings.reconciledAt >= RECONCILE_MS;
}

/**
 * Whether a wake-up has anything to do: the alarm is due (within this minute), or a schedule ticked or a sensor's
 * interval passed since it was set, which it then did not know of. In doubt, yes: to look once too often costs a few
 * minutes of a database.
 */
export function isAnythingDue(index: AlarmIndex, now: number): boolean {
  const { timings, alarm } = index;
  if (timings === undefined || alarm === undefined) return true;
  const isDue = (at: number | null): boolean =>
    at !== null && Math.floor(at / RULE_PRECISION_MS) * RULE_PRECISION_MS <= now;
  return (
    isDue(alarm.at) ||
    timings.schedules.some(({ cron, timezone }) => isDue(nextTick(cron, timezone, alarm.setAt))) ||
    timings.sensors.some(({ minimumIntervalSeconds }) => isDue(alarm.setAt + minimumIntervalSeconds * 1_000))
  );
}
