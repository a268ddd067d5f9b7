import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { CodeBlock } from './code-block';
import { cx } from './cx';
import { formatDuration } from './format/duration';
import { stackText } from './format/stack-text';
import { runTag } from './run-tags';
import { tickStatus } from './status';
import { StatusIcon } from './status-icon';
import styles from './tick-history.module.css';
import { type TickLike, tickText } from './tick-text';
import { Time } from './time';

/** Ticks, newest first; an error opens its stack, and each tick that happened its log. */
export function TickHistory({
  ticks,
  log,
}: {
  readonly ticks: readonly TickLike[];
  /** What the tick logged; drawn once it is asked for. */
  readonly log: (tickId: string) => ReactNode;
}) {
  return (
    <ol className={styles.list} aria-label="Ticks">
      {ticks.map((tick) => (
        <TickLine key={tick.id} tick={tick} log={log} />
      ))}
    </ol>
  );
}

function TickLine({ tick, log }: { readonly tick: TickLike; readonly log: (tickId: string) => ReactNode }) {
  const [open, setOpen] = useState(false);
  const status = tickStatus(tick.status);
  const length = tick.endTimestamp ? (tick.endTimestamp - tick.timestamp) * 1_000 : undefined;
  return (
    <li>
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
        {tick.runIds.length > 3 && (
          <Link to="/runs" search={{ q: `tag:${runTag.tick}=${tick.tickId}` }} className="link">
            all {tick.runIds.length}
          </Link>
        )}
        {tick.tickId !== undefined && tick.status !== 'STARTED' && (
          <button
            type="button"
            className={cx('hit', styles.toggle)}
            aria-expanded={open}
            onClick={() => setOpen(!open)}
          >
            Log
          </button>
        )}
      </span>
      {open && tick.tickId !== undefined && <div className={styles.log}>{log(tick.tickId)}</div>}
    </li>
  );
}
