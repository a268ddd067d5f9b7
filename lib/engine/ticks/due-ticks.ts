import { ticksBackFrom } from '../../model/cron';
import type { ScheduleManifest } from '../../model/manifest';
import type { InstigatorState } from '../../model/tick';
import { effectiveStatus } from './effective-status';

/** When a schedule ticks, as it was when it was last evaluated. */
export interface KnownTiming {
  readonly cron: readonly string[];
  readonly timezone: string;
}

export interface DueTicksInput {
  readonly schedule: Pick<ScheduleManifest, 'cron' | 'timezone' | 'defaultStatus'>;
  readonly state: InstigatorState | undefined;
  /** Undefined when it was never evaluated. */
  readonly known: KnownTiming | undefined;
  /** When its code location last changed: the earliest that this cron can have been in force. Epoch ms. */
  readonly definedAt: number;
  readonly partitioned: boolean;
  readonly now: number;
  readonly maxCatchupRuns: number;
}

export interface DueTicks {
  /** Instants to evaluate, in order. */
  readonly ticks: readonly number[];
  /** Instants up to this one need no tick any more and are to be recorded so; null = nothing to record. */
  readonly passOver: number | null;
}

/** Whether a cron or time zone was edited since. */
export function timingChanged(schedule: KnownTiming, known: KnownTiming | undefined): boolean {
  if (known === undefined) return false;
  return known.timezone !== schedule.timezone || known.cron.join('\n') !== schedule.cron.join('\n');
}

/**
 * Which instants of a schedule are to be evaluated now.
 *
 * After a gap (the machine slept, the database was away) an unpartitioned schedule makes up for the latest tick only,
 * a partitioned one for the last `maxCatchupRuns`. What lies before it was turned on, or before the cron became what
 * it is, is never evaluated.
 */
export function dueTicks(input: DueTicksInput): DueTicks {
  const { schedule, state, known, now } = input;
  if (effectiveStatus(schedule, state) === 'STOPPED') return { ticks: [], passOver: null };
  const seen = state?.evaluatedThrough ?? null;
  const turnedOn = state?.startedAt == null ? null : state.startedAt - 1;
  const isNew = (seen === null && turnedOn === null) || timingChanged(schedule, known);
  const passOver = isNew ? Math.min(input.definedAt, now) - 1 : null;
  const after = Math.max(seen ?? 0, turnedOn ?? 0, passOver ?? 0);

  const wanted = input.partitioned ? Math.max(1, input.maxCatchupRuns) : 1;
  const ticks: number[] = [];
  for (const tick of ticksBackFrom(schedule.cron, schedule.timezone, now)) {
    if (tick <= after || ticks.length >= wanted) break;
    ticks.unshift(tick);
  }
  return { ticks, passOver: passOver !== null && passOver > (seen ?? 0) ? passOver : null };
}
