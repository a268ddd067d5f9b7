import { formatDuration, formatRelative } from './format/duration';
import { formatFullTime, formatTime } from './format/time';
import { resolveZone, usePreferences } from './preferences';
import { useNow } from './use-now';

/** The zone that times are shown in. */
export function useZone(): string {
  return resolveZone(usePreferences().zone);
}

/**
 * An instant (epoch ms) in the chosen zone; the whole of it, with zone and UTC, on hover and focus.
 * `focusable` outside of rows only: rows would get too many stops.
 */
export function Time({
  at,
  seconds = false,
  milliseconds = false,
  relative = false,
  focusable = false,
  since,
}: {
  readonly at: number | null | undefined;
  readonly seconds?: boolean;
  readonly milliseconds?: boolean;
  /** Shows "3 min ago" instead of the clock. */
  readonly relative?: boolean;
  readonly focusable?: boolean;
  /** Epoch ms: of this day only the clock is shown, as if it were today's. For what belongs together, as a log. */
  readonly since?: number | undefined;
}) {
  const zone = useZone();
  const now = useNow();
  if (at === null || at === undefined) return <span className="t3">—</span>;
  const text = relative
    ? formatRelative(at, now)
    : formatTime(at, { zone, now: since ?? now, seconds, milliseconds });
  const full = formatFullTime(at, zone);
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={full}
      {...(focusable ? { tabIndex: 0, 'aria-label': `${text}, ${full}`, role: 'note' } : {})}
    >
      {text}
    </time>
  );
}

/** A length between two instants; counts on while `to` is missing. */
export function Duration({ from, to }: { readonly from: number | null; readonly to: number | null }) {
  if (from === null) return <span className="t3">—</span>;
  return to === null ? <Running from={from} /> : formatDuration(to - from);
}

function Running({ from }: { readonly from: number }) {
  const now = useNow();
  const elapsed = Math.max(0, now - from);
  return <>{formatDuration(elapsed < 10_000 ? Math.floor(elapsed / 1_000) * 1_000 : elapsed)}</>;
}
