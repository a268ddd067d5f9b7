import { toMilliseconds } from '../common';

const DAY_MS = 24 * 3600 * 1000;

/** Between which instants ticks are asked for; Dagster's days count back from now, and its timestamps speak first. */
export function tickBounds(
  asked: {
    readonly beforeTimestamp?: number | null | undefined;
    readonly afterTimestamp?: number | null | undefined;
    readonly dayRange?: number | null | undefined;
    readonly dayOffset?: number | null | undefined;
  },
  now: number,
): { readonly scheduledAfter?: number; readonly scheduledBefore?: number } | null {
  const offset = asked.dayOffset ?? 0;
  const before = toMilliseconds(asked.beforeTimestamp) ?? (offset > 0 ? now - offset * DAY_MS : null);
  const after =
    toMilliseconds(asked.afterTimestamp) ??
    (asked.dayRange == null ? null : now - (asked.dayRange + offset) * DAY_MS);
  if (before === null && after === null) return null;
  return {
    ...(after === null ? {} : { scheduledAfter: after }),
    ...(before === null ? {} : { scheduledBefore: before }),
  };
}
