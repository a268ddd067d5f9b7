import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { Legend } from '../../components/legend';
import { useZone } from '../../components/time';
import { useCanvas } from '../../components/use-canvas';
import { useNarrow } from '../../components/use-media';
import { drawTimeline, headHeight, type PlacedMark } from './draw-timeline';
import styles from './timeline.module.css';
import { TimelineCard } from './timeline-card';
import { TimelineInWords } from './timeline-in-words';
import { markLink } from './timeline-link';
import { timelineLegend } from './timeline-marks';
import { TimelineNames } from './timeline-names';
import { type TimelineRow, timelineLines } from './timeline-rows';

/** Runs over time by job: past, now, expected. Arrows move between marks, Enter opens the run, or several as a list. */
export function TimelineChart({
  rows,
  summary,
  closed,
  onToggle,
  from,
  to,
  now,
}: {
  readonly rows: readonly TimelineRow[];
  /** How many rows there are, in words. */
  readonly summary: string;
  /** Code locations whose rows are not shown. */
  readonly closed: ReadonlySet<string>;
  readonly onToggle: (location: string) => void;
  readonly from: number;
  readonly to: number;
  readonly now: number;
}) {
  const zone = useZone();
  const navigate = useNavigate();
  const narrow = useNarrow();
  const rowHeight = narrow ? 32 : 26;
  const placed = useRef<readonly PlacedMark[]>([]);
  const [focused, setFocused] = useState<{ line: number; from: number }>();
  const lines = useMemo(() => timelineLines(rows, closed), [rows, closed]);

  const isFocused = (each: PlacedMark) => each.line === focused?.line && each.mark.from === focused.from;
  const { ref } = useCanvas((context, width, height) => {
    placed.current = drawTimeline(context, {
      lines,
      rowHeight,
      from,
      to,
      now,
      zone,
      width,
      height,
      isFocused,
    });
  });

  const active = focused && placed.current.find(isFocused);
  const activeLine = active && lines[active.line];
  const open = (each: PlacedMark | undefined) => {
    const line = each && lines[each.line];
    if (!line) return;
    const link = markLink(each.mark, line.kind === 'row' ? line.row.jobName : undefined, zone);
    if (link) void navigate(link);
  };
  const move = (key: string): boolean => {
    const all = placed.current;
    if (all.length === 0) return false;
    const index = all.findIndex(isFocused);
    const current = all[index];
    const next =
      current === undefined
        ? all[0]
        : key === 'ArrowRight' || key === 'ArrowLeft'
          ? all[index + (key === 'ArrowRight' ? 1 : -1)]
          : nearestIn(all, current, key === 'ArrowDown' ? 1 : -1);
    if (next) setFocused({ line: next.line, from: next.mark.from });
    return true;
  };
  const hit = (event: React.MouseEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    const x = event.clientX - box.left;
    const line = Math.floor((event.clientY - box.top - headHeight) / rowHeight);
    // The last drawn lies above.
    return placed.current.findLast(
      (each) => each.line === line && x >= each.x - 4 && x <= each.x + each.width + 4,
    );
  };
  const below = active !== undefined && active.line < 5;
  return (
    <>
      <div className={styles.chart}>
        <TimelineNames lines={lines} summary={summary} narrow={narrow} onToggle={onToggle} />
        {/* biome-ignore lint/a11y/useSemanticElements: a canvas with its own keyboard; the table is its twin */}
        <div
          className={styles.canvas}
          role="group"
          aria-label="Timeline, arrow keys move between runs, Enter opens"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between the marks
          tabIndex={0}
          onKeyDown={(event) => {
            if (event.key.startsWith('Arrow') && move(event.key)) event.preventDefault();
            else if (event.key === 'Enter') open(active);
            else if (event.key === 'Escape') setFocused(undefined);
          }}
          onBlur={() => setFocused(undefined)}
        >
          <canvas
            ref={ref}
            style={{ height: headHeight + lines.length * rowHeight }}
            onMouseMove={(event) => {
              const found = hit(event);
              if (found?.mark.from !== focused?.from || found?.line !== focused?.line)
                setFocused(found && { line: found.line, from: found.mark.from });
            }}
            onMouseLeave={() => setFocused(undefined)}
            onClick={(event) => open(hit(event))}
          />
          {active && activeLine && (
            <TimelineCard
              mark={active.mark}
              name={activeLine.kind === 'row' ? activeLine.row.name : `all of ${activeLine.location}`}
              x={active.x}
              top={headHeight + active.line * rowHeight + (below ? rowHeight : -6)}
              below={below}
            />
          )}
        </div>
      </div>
      <div className={styles.legend}>
        <Legend entries={timelineLegend(lines)} />
      </div>
      <TimelineInWords rows={rows} />
    </>
  );
}

/** The mark of the next line with marks that is nearest. */
function nearestIn(
  all: readonly PlacedMark[],
  current: PlacedMark,
  direction: 1 | -1,
): PlacedMark | undefined {
  const lines = all.map(({ line }) => line).filter((line) => (line - current.line) * direction > 0);
  const line = direction > 0 ? Math.min(...lines) : Math.max(...lines);
  return all
    .filter((each) => each.line === line)
    .sort((a, b) => Math.abs(a.x - current.x) - Math.abs(b.x - current.x))[0];
}
