import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { canvasFont, token } from '../../components/canvas-colors';
import { drawMark } from '../../components/draw-mark';
import { formatDuration } from '../../components/format/duration';
import { plural } from '../../components/format/number';
import { formatAxis, formatTime } from '../../components/format/time';
import { Legend } from '../../components/legend';
import { runStatus, type Status } from '../../components/status';
import { StatusBadge, StatusText } from '../../components/status-text';
import { Time, useZone } from '../../components/time';
import { roundTimes } from '../../components/time-scale';
import { useCanvas } from '../../components/use-canvas';
import { useNarrow } from '../../components/use-media';
import styles from './overview-page.module.css';
import { TimelineInWords } from './timeline-in-words';
import { type TimelineMark, type TimelineRow, timelineLegend, timelineMarks } from './timeline-rows';

const rowHeight = 26;
const headHeight = 24;

interface Placed {
  readonly mark: TimelineMark;
  readonly row: number;
  readonly x: number;
  readonly width: number;
}

/** Runs over time by job: past, now, expected. Arrows move between marks, Enter opens the run. */
export function TimelineChart({
  rows,
  of,
  from,
  to,
  now,
}: {
  readonly rows: readonly TimelineRow[];
  /** How many rows there are, with those that are not drawn. */
  readonly of: number;
  readonly from: number;
  readonly to: number;
  readonly now: number;
}) {
  const zone = useZone();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const nameWidth = narrow ? 110 : 252;
  const placed = useRef<Placed[]>([]);
  const [focused, setFocused] = useState<{ row: number; from: number }>();
  const offset = useMemo(() => zoneOffsetMs(now, zone), [now, zone]);

  const { ref } = useCanvas((context, width, height) => {
    const scale = width / (to - from);
    const x = (at: number) => (at - from) * scale;
    context.fillStyle = token('--surface-2');
    context.fillRect(x(now), headHeight, width - x(now), height);
    context.font = canvasFont(11);
    context.textBaseline = 'middle';
    context.textAlign = 'center';
    for (const at of roundTimes(from, to, Math.max(2, Math.floor(width / 78)), offset)) {
      const line = Math.round(x(at)) + 0.5;
      context.strokeStyle = token('--viz-grid');
      context.lineWidth = 1;
      context.beginPath();
      context.moveTo(line, headHeight);
      context.lineTo(line, height);
      context.stroke();
      if (Math.abs(line - x(now)) < 40 || line < 16 || line > width - 16) continue;
      context.fillStyle = token('--text-3');
      context.fillText(formatAxis(at, zone), line, headHeight / 2);
    }
    const marks: Placed[] = [];
    rows.forEach((row, index) => {
      const y = headHeight + index * rowHeight + rowHeight / 2;
      for (const mark of timelineMarks(row.items, 2 / scale)) {
        if (mark.to < from || mark.from > to) continue;
        const left = Math.max(0, x(mark.from));
        const length = Math.max(4, x(mark.to) - left);
        marks.push({ mark, row: index, x: left, width: length });
        drawMark(context, { kind: mark.kind, x: left, y, width: length });
        if (mark.items.length > 1 && length > 16) {
          context.fillStyle = token(mark.kind === 'queued' ? '--text-2' : '--on-status');
          context.font = canvasFont(10, 620);
          context.fillText(String(mark.items.length), left + length / 2, y + 0.5);
        }
        if (focused?.row === index && focused.from === mark.from) {
          context.strokeStyle = token('--accent');
          context.lineWidth = 2;
          context.strokeRect(left - 2.5, y - 12.5, length + 5, 25);
        }
      }
    });
    placed.current = marks;
    const line = x(now);
    context.strokeStyle = token('--accent');
    context.lineWidth = 1.5;
    context.beginPath();
    context.moveTo(line, headHeight - 2);
    context.lineTo(line, height);
    context.stroke();
    context.fillStyle = token('--accent');
    context.beginPath();
    context.roundRect(line - 20, 4, 40, 17, 3);
    context.fill();
    context.fillStyle = token('--surface');
    context.font = canvasFont(11, 520);
    context.fillText(formatTime(now, { zone, now }), line, 13);
    context.textAlign = 'left';
  });

  const active =
    focused && placed.current.find((each) => each.row === focused.row && each.mark.from === focused.from);
  const open = (mark: TimelineMark | undefined) => {
    const run = mark?.items.at(-1)?.run;
    if (run) void navigate({ to: '/runs/$runId', params: { runId: run.runId } });
  };
  const move = (key: string): boolean => {
    const all = placed.current;
    if (all.length === 0) return false;
    const index = all.findIndex((each) => each.row === focused?.row && each.mark.from === focused.from);
    let next: Placed | undefined;
    if (index < 0) next = all[0];
    else if (key === 'ArrowRight') next = all[index + 1];
    else if (key === 'ArrowLeft') next = all[index - 1];
    else {
      const row = (focused?.row ?? 0) + (key === 'ArrowDown' ? 1 : -1);
      const current = all[index];
      next = all
        .filter((each) => each.row === row)
        .sort((a, b) => Math.abs(a.x - (current?.x ?? 0)) - Math.abs(b.x - (current?.x ?? 0)))[0];
    }
    if (next) setFocused({ row: next.row, from: next.mark.from });
    return true;
  };
  const height = headHeight + rows.length * rowHeight;
  return (
    <>
      <div className={styles.chart}>
        <div className={styles.names} style={{ width: nameWidth }}>
          <div className={styles.namesHead}>
            {of > rows.length ? `${rows.length} of ${plural(of, 'job')}` : plural(of, 'job')}
          </div>
          {rows.map((row) => (
            <div key={`${row.location}:${row.name}`} className={styles.nameRow}>
              <span className={styles.rowName} title={`${row.name} in ${row.location}`}>
                {row.name}
              </span>
              {!narrow && (
                <span className={styles.rowDetail} title={row.detail || row.location}>
                  {row.detail || row.location}
                </span>
              )}
            </div>
          ))}
        </div>
        {/* biome-ignore lint/a11y/useSemanticElements: a canvas with its own keyboard; the table is its twin */}
        <div
          className={styles.chartCanvas}
          role="group"
          aria-label="Timeline, arrow keys move between runs, Enter opens"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between the marks
          tabIndex={0}
          onKeyDown={(event) => {
            if (event.key.startsWith('Arrow') && move(event.key)) event.preventDefault();
            else if (event.key === 'Enter') open(active?.mark);
            else if (event.key === 'Escape') setFocused(undefined);
          }}
          onBlur={() => setFocused(undefined)}
        >
          <canvas
            ref={ref}
            style={{ height }}
            onMouseMove={(event) => {
              const hit = hitTest(placed.current, event);
              if (hit?.mark.from !== focused?.from || hit?.row !== focused?.row) {
                setFocused(hit && { row: hit.row, from: hit.mark.from });
              }
            }}
            onMouseLeave={() => setFocused(undefined)}
            onClick={(event) => open(hitTest(placed.current, event)?.mark)}
          />
          {active && <Card placed={active} rowName={rows[active.row]?.name ?? ''} />}
        </div>
      </div>
      <div className={styles.legend}>
        <Legend entries={timelineLegend(rows)} />
      </div>
      <TimelineInWords rows={rows} />
    </>
  );
}

function hitTest(marks: readonly Placed[], event: React.MouseEvent): Placed | undefined {
  const box = event.currentTarget.getBoundingClientRect();
  const x = event.clientX - box.left;
  const row = Math.floor((event.clientY - box.top - headHeight) / rowHeight);
  return marks.find((each) => each.row === row && x >= each.x - 4 && x <= each.x + each.width + 4);
}

function zoneOffsetMs(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    timeZoneName: 'longOffset',
  }).formatToParts(at);
  const match = /GMT([+-])(\d\d):(\d\d)/.exec(
    parts.find((part) => part.type === 'timeZoneName')?.value ?? '',
  );
  if (!match) return 0;
  return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3])) * 60_000;
}

const expectedTick: Status = { kind: 'expected', word: 'Expected' };
const tickWords: Partial<Record<string, Status>> = {
  late: { kind: 'late', word: 'Late' },
  missed: { kind: 'missed', word: 'Missed' },
};

function Card({ placed, rowName }: { readonly placed: Placed; readonly rowName: string }) {
  const { mark } = placed;
  const run = mark.items.at(-1)?.run;
  const below = placed.row < 3;
  const top = headHeight + placed.row * rowHeight + (below ? rowHeight : -10);
  return (
    <div
      className={styles.card}
      data-below={below || undefined}
      style={{ left: `min(${placed.x}px, calc(100% - 268px))`, top }}
      role="status"
    >
      <div className="row">
        {run && <StatusBadge status={runStatus(run.status)} />}
        {run && <span className="mono">{run.runId.slice(0, 8)}</span>}
        {!run && <StatusText status={tickWords[mark.kind] ?? expectedTick} />}
        <span className="t2 push">
          {run && run.startTime !== null && formatDuration(mark.to - mark.from)}
        </span>
      </div>
      <dl>
        <dt>Job</dt>
        <dd>{rowName}</dd>
        <dt>{run ? 'Started' : 'Due'}</dt>
        <dd>
          <Time at={mark.from} seconds /> · <Time at={mark.from} relative />
        </dd>
        {mark.items[0]?.note && (
          <>
            <dt>Why</dt>
            <dd>{mark.items[0].note}</dd>
          </>
        )}
        {mark.items.length > 1 && (
          <>
            <dt>Here</dt>
            <dd>{plural(mark.items.length, 'run')}; opens the last</dd>
          </>
        )}
      </dl>
    </div>
  );
}
