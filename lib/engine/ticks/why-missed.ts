import type { CodeLocation } from '../../model/code-location';
import { ticksBetween } from '../../model/cron';
import { describePause, type InstancePause } from '../../model/instance-pause';
import type { ScheduleManifest } from '../../model/manifest';
import type { InstigatorState } from '../../model/tick';
import type { ExpectedSchedule, OverdueTick } from '../../ports/expected-tick-storage';
import { timingChanged } from './due-ticks';
import { effectiveStatus } from './effective-status';
import { isPartitionedSchedule } from './is-partitioned-schedule';

/** One schedule that code defines, or that the ledger remembers. */
export interface ExpectingSchedule {
  readonly location: string;
  readonly name: string;
  /** Undefined when it left the workspace; its manifest is null while it has not loaded. */
  readonly codeLocation: CodeLocation | undefined;
  readonly definition: ScheduleManifest | undefined;
  readonly state: InstigatorState | undefined;
  readonly entry: ExpectedSchedule | undefined;
}

/** The evaluation of a tick may be about to begin while the next one falls due; milliseconds. */
const GRACE_MS = 10_000;

export interface MissedTickFacts {
  readonly now: number;
  readonly pause: InstancePause | null;
  /** Missed ticks of a partitioned schedule that are made up for. */
  readonly maxCatchupRuns: number;
}

/**
 * Why a tick that was due will never be evaluated, in words for whoever reads the history. Null while it may yet be,
 * or when it is to be taken back rather than missed.
 */
export function whyMissed(
  { location, codeLocation, definition, state, entry }: ExpectingSchedule,
  { now, pause, maxCatchupRuns }: MissedTickFacts,
  tick: OverdueTick,
): string | null {
  const at = tick.scheduledAt;
  // Somebody is at it, or its end says that nobody was.
  if (tick.openTickAt === at) return null;
  const isLoaded = codeLocation === undefined || codeLocation.manifest !== null;
  const changedAt = Math.min(codeLocation?.updatedAt ?? now, now);
  if (definition === undefined && isLoaded) {
    return codeLocation === undefined
      ? `Code location '${location}' left the workspace before this tick was evaluated.`
      : at < changedAt
        ? `The schedule was removed from code location '${location}' at ${iso(changedAt)}, before this tick was evaluated.`
        : null;
  }
  if (definition !== undefined && effectiveStatus(definition, state) === 'STOPPED') {
    const stoppedAt = state?.stoppedAt ?? changedAt;
    return at > stoppedAt
      ? null
      : `The schedule was turned off at ${iso(stoppedAt)}, before this tick was evaluated.`;
  }
  const startedAt = state?.startedAt ?? null;
  if (startedAt !== null && at < startedAt) {
    return `The schedule was turned on at ${iso(startedAt)}; ticks before that are not made up for.`;
  }
  const isEdited = definition !== undefined && entry !== undefined && timingChanged(definition, entry);
  if (isEdited) {
    return at >= changedAt
      ? null
      : `The schedule's cron or time zone was changed at ${iso(changedAt)}, before this tick was evaluated.`;
  }
  const isPassedOver = tick.evaluatedThrough !== null && at <= tick.evaluatedThrough;
  const isPartitioned =
    definition === undefined || isPartitionedSchedule(definition, codeLocation?.manifest ?? null);
  const madeUpFor = isPartitioned ? Math.max(1, maxCatchupRuns) : 1;
  const timing = definition ?? entry;
  const later =
    timing === undefined ? [] : ticksBetween(timing.cron, timing.timezone, at + 1, now - GRACE_MS, madeUpFor);
  if (!isPassedOver && later.length < madeUpFor) return null;
  const nextAt = later[0] ?? null;
  const next = nextAt === null ? '' : `, at ${iso(nextAt)}`;
  if (pause?.scope === 'all' && at >= pause.since) {
    return `The instance was paused by ${pause.by} since ${iso(pause.since)}, beyond the next tick${next}.`;
  }
  if (!isLoaded) {
    return `Code location '${location}' did not load (${codeLocation?.error?.message.split('\n')[0] ?? 'no code yet'}) before the next tick was due${next}.`;
  }
  if (pause !== null && pause.scope === 'all') {
    return `${describePause(pause)}, and nothing evaluated this tick before.`;
  }
  if (tick.openTickAt !== null && tick.openTickAt < at) {
    return `The tick of ${iso(tick.openTickAt)} was still being evaluated when the next one was due${next}.`;
  }
  return `Nothing evaluated it before the next tick was due${next}: the scheduler was not running, or too late.`;
}

const iso = (instant: number): string => new Date(instant).toISOString();
