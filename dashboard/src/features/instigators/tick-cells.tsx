import { plural } from '../../components/format/number';
import { tickStatus } from '../../components/status';
import { StatusIcon } from '../../components/status-icon';
import { TickStrip } from '../../components/tick-strip';
import { type TickLike, tickText } from '../../components/tick-text';
import { Time } from '../../components/time';

/** The last 20 ticks (newest first) as a strip. */
export function TicksCell({ ticks }: { readonly ticks: readonly TickLike[] }) {
  const kinds = ticks.map((tick) => tickStatus(tick.status).kind);
  const count = (wanted: string) => kinds.filter((kind) => kind === wanted).length;
  const missed = count('missed');
  const label = `${plural(ticks.length, 'tick')}, ${count('failure')} failed${missed > 0 ? `, ${missed} missed` : ''}`;
  return <TickStrip ticks={kinds.toReversed()} slots={20} label={label} />;
}

/** When the newest tick was, and what came of it. */
export function LastTickCell({ tick }: { readonly tick: TickLike | undefined }) {
  if (!tick) return <span className="t3">never evaluated</span>;
  const { kind, word } = tickStatus(tick.status);
  return (
    <span className="row" title={tickText(tick)}>
      <StatusIcon kind={kind} label={word} />
      <Time at={tick.timestamp * 1_000} />
      <span className="t2 ellipsis">{tickText(tick)}</span>
    </span>
  );
}
