const hourMs = 3_600_000;

/** Windows to choose from, by their hours. */
export const windowTexts = { '1': '1 h', '6': '6 h', '12': '12 h', '24': '24 h', '168': '7 d' } as const;
export type Hours = keyof typeof windowTexts;
const usual: Hours = '12';

/** What is expected after now, as a share of what was before. */
const ahead = 0.15;

export interface OverviewWindow {
  readonly hours: Hours;
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  /** It moves with the clock. */
  readonly isLive: boolean;
}

/**
 * The window that an address names: `hours`, and `until` where somebody has gone back or ahead; else up to now and a
 * little beyond. `now` in epoch ms; the window moves by the minute.
 */
export function readWindow(
  search: { readonly hours?: string | undefined; readonly until?: string | undefined },
  now: number,
): OverviewWindow {
  const hours = Object.keys(windowTexts).find((each): each is Hours => each === search.hours) ?? usual;
  const minute = Math.floor(now / 60_000) * 60_000;
  const span = Number(hours) * hourMs;
  const until = Date.parse(search.until ?? '');
  const isLive = Number.isNaN(until);
  const to = isLive ? minute + span * ahead : until;
  return { hours, from: to - span * (1 + ahead), to, isLive };
}

/** The address of the window a length before (`-1`) or after; the one that now is in follows the clock again. */
export function movedWindow(
  { hours, to, isLive }: OverviewWindow,
  direction: -1 | 1,
  now: number,
): { readonly until: string | undefined } {
  const live = readWindow({ hours }, now);
  const span = Number(hours) * hourMs;
  const until = (isLive ? live.to : to) + direction * span;
  if (!isLive && Math.abs(until - live.to) < span / 2) return { until: undefined };
  return { until: `${new Date(Math.round(until / 60_000) * 60_000).toISOString().slice(0, 16)}Z` };
}

/** What is ahead is only expected: one window of it is enough. */
export function isFurthestAhead(window: OverviewWindow, now: number): boolean {
  return window.from > now - 60_000;
}

/** What the address says of hours: nothing of the usual ones. */
export function hoursParameter(hours: Hours): string | undefined {
  return hours === usual ? undefined : hours;
}
