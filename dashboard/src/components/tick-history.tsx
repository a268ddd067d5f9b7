import { Link } from '@tanstack/react-router';
import { CodeBlock } from './code-block';
import { formatDuration } from './format/duration';
import { plural } from './format/number';
import { stackText } from './format/stack-text';
import { tickStatus } from './status';
import { StatusIcon } from './status-icon';
import styles from './tick-history.module.css';
import { Time } from './time';

export interface TickLike {
  readonly id: string;
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

/** Ticks, newest first; an error opens its stack. */
export function TickHistory({ ticks }: { readonly ticks: readonly TickLike[] }) {
  return (
    <ol className={styles.list} aria-label="Ticks">
      {ticks.map((tick) => {
        const status = tickStatus(tick.status);
        const length = tick.endTimestamp ? (tick.endTimestamp - tick.timestamp) * 1_000 : undefined;
        return (
          <li key={tick.id}>
            <StatusIcon kind={status.kind} label={status.word} />
            <span className="nowrap">
              <Time at={tick.timestamp * 1_000} seconds />
            </span>
            <div className={styles.text}>
              {tick.error?.stack && tick.error.stack.length > 0 ? (
                <details>
                  <summary>{tickText(tick)}</summary>
                  <CodeBlock label="tick error" text={stackText(tick.error)} />
                </details>
              ) : (
                <span className={tick.status === 'SUCCESS' ? 't2' : undefined}>
                  {tickText(tick)}
                  {tick.status === 'SUCCESS' && length !== undefined && ` · ${formatDuration(length)}`}
                </span>
              )}
            </div>
            <span className={styles.runs}>
              {tick.runIds.slice(0, 3).map((runId) => (
                <Link key={runId} to="/runs/$runId" params={{ runId }} className="link mono">
                  {runId.slice(0, 8)}
                </Link>
              ))}
              {tick.runIds.length > 3 && <span className="t3">+{tick.runIds.length - 3}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
