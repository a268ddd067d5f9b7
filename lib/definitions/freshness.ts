import { isValidCron } from '../model/cron';
import type { FreshnessPolicySpec } from '../model/manifest';
import { type Duration, toSeconds } from './duration';

/** When an asset is fresh. */
export const freshness = {
  /**
   * Fails when the last materialization is older than `failWindow`, warns from `warnWindow` on.
   *
   * @example freshness.timeWindow({ failWindow: '26h', warnWindow: '25h' })
   */
  timeWindow: (options: {
    readonly failWindow: Duration;
    readonly warnWindow?: Duration;
  }): FreshnessPolicySpec => ({
    kind: 'time_window',
    failWindow: toSeconds(options.failWindow) ?? Number.NaN,
    warnWindow: options.warnWindow === undefined ? null : (toSeconds(options.warnWindow) ?? Number.NaN),
  }),
  /**
   * Must be materialized within `lowerBoundDelta` before each tick of the cron.
   *
   * @example freshness.cron({ deadlineCron: '0 9 * * *', lowerBoundDelta: '3h', timezone: 'Europe/Berlin' })
   */
  cron: (options: {
    readonly deadlineCron: string;
    readonly lowerBoundDelta: Duration;
    readonly timezone?: string;
  }): FreshnessPolicySpec => ({
    kind: 'cron',
    deadlineCron: options.deadlineCron,
    lowerBoundDelta: toSeconds(options.lowerBoundDelta) ?? Number.NaN,
    timezone: options.timezone ?? 'UTC',
  }),
};

const MINUTE = 60;

/** What is wrong with a policy; undefined when it is fine. */
export function freshnessProblem(policy: FreshnessPolicySpec): string | undefined {
  if (policy.kind === 'cron') {
    if (!isValidCron(policy.deadlineCron))
      return `deadlineCron "${policy.deadlineCron}" is not a cron expression`;
    return policy.lowerBoundDelta >= MINUTE ? undefined : 'lowerBoundDelta must be at least one minute';
  }
  const { failWindow, warnWindow } = policy;
  if (!(failWindow >= MINUTE)) return 'failWindow must be a duration of at least one minute, e.g. "24h"';
  if (warnWindow === null) return undefined;
  if (!(warnWindow >= MINUTE)) return 'warnWindow must be a duration of at least one minute, e.g. "12h"';
  return warnWindow < failWindow ? undefined : 'warnWindow must be shorter than failWindow';
}

/** How backfills cut partitions into runs. */
export const backfill = {
  /** All partitions in one run: `partition.keys` has them. */
  singleRun: () => ({ maxPartitionsPerRun: null }),
  /** At most so many partitions a run; the last run takes the remainder. */
  multiRun: (maxPartitionsPerRun = 1) => ({ maxPartitionsPerRun }),
};
