import { plural } from './format/number';

export interface TickLike {
  readonly id: string;
  /** Undefined where nothing was evaluated. */
  readonly tickId?: string;
  readonly status: string;
  /** Epoch s. */
  readonly timestamp: number;
  readonly endTimestamp?: number | null;
  readonly runIds: readonly string[];
  readonly skipReason: string | null;
  readonly error: { readonly message: string; readonly stack?: readonly string[] } | null;
}

/** The scheduler looks every few seconds; a tick is late when it had several chances. Ms. */
const GRACE_MS = 30_000;

/** Whether a tick that was due at an instant (epoch s) and is not evaluated is late by `now` (epoch ms). */
export const isLateTick = (timestamp: number, now: number): boolean => timestamp * 1_000 < now - GRACE_MS;

/** What a tick did, in a few words. */
export function tickText(tick: TickLike): string {
  if (tick.status === 'LATE') return 'Late: not evaluated yet';
  if (tick.status === 'MISSED') return `Missed. ${tick.skipReason ?? ''}`;
  if (tick.status === 'SKIPPED') return tick.skipReason ?? 'Skipped, no reason given';
  if (tick.status === 'FAILURE') return tick.error?.message.split('\n')[0] ?? 'Failed';
  if (tick.status === 'STARTED') return 'evaluating';
  return plural(tick.runIds.length, 'run');
}
