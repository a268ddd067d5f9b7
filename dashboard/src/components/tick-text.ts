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

/** What a tick did, in a few words. */
export function tickText(tick: TickLike): string {
  if (tick.status === 'MISSED') return `Missed. ${tick.skipReason ?? ''}`;
  if (tick.status === 'SKIPPED') return tick.skipReason ?? 'Skipped, no reason given';
  if (tick.status === 'FAILURE') return tick.error?.message.split('\n')[0] ?? 'Failed';
  if (tick.status === 'STARTED') return 'evaluating';
  return plural(tick.runIds.length, 'run');
}
