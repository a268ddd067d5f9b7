import { useEffect, useMemo, useRef, useState } from 'react';
import { Button } from './button';
import { drawPartitions, mapSizes } from './draw-partitions';
import { formatCount, plural } from './format/number';
import {
  cellsBetween,
  type PartitionCell,
  type PartitionGrid,
  partitionGrid,
  partitionWord,
} from './partition-grid';
import styles from './partition-map.module.css';
import { PartitionTable } from './partition-table';
import { StatusIcon } from './status-icon';
import { useCanvas } from './use-canvas';

type Place = readonly [row: number, column: number];

/**
 * One cell per partition; arrows move, with Shift they select; the line below describes the cell or the selection.
 * Two dimensions are a table of rows and columns. The canvas is as large as what is in view, however many there are.
 */
export function PartitionMap({
  cells,
  names = [],
  verb = 'Materialize',
  onMaterialize,
  onBackfill,
  onWipe,
  opened,
  onOpen,
  tallest = 320,
}: {
  readonly cells: readonly PartitionCell[];
  /** Of the dimensions, in the order of the keys' parts. */
  readonly names?: readonly string[];
  /** What `onMaterialize` does, as a button says it. */
  readonly verb?: string;
  readonly onMaterialize: ((keys: readonly string[]) => void) | undefined;
  /** Makes what is missing or failed; `onMaterialize` does by default. */
  readonly onBackfill?: ((keys: readonly string[]) => void) | undefined;
  readonly onWipe?: ((keys: readonly string[]) => void) | undefined;
  /** The partition that is shown beside the map. */
  readonly opened?: string | undefined;
  /** Called for a cell that is pressed, and by Enter. */
  readonly onOpen?: (key: string) => void;
  /** Height of the map at most, in pixels; beyond that it scrolls. */
  readonly tallest?: number;
}) {
  const grid = useMemo(() => partitionGrid(cells), [cells]);
  const { lines, axis } = grid;
  const columns = Math.max(1, ...lines.map((line) => line.cells.length));
  const [at, setAt] = useState(() => cellOf(grid, opened) ?? firstCell(grid));
  const [anchor, setAnchor] = useState<Place>();
  const [asTable, setAsTable] = useState(false);
  const map = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const sizes = useMemo(() => mapSizes(grid, width), [grid, width]);
  const { label, head, line, cell: size } = sizes;
  const whole = { width: label + columns * size, height: head + lines.length * line };
  const height = Math.min(tallest, whole.height);
  useEffect(() => {
    const element = map.current;
    if (!element || size === 0) return;
    const top = at[0] * line;
    if (top < element.scrollTop || top + line + head > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight / 2;
    const left = at[1] * size;
    if (left < element.scrollLeft || left + size + label > element.scrollLeft + element.clientWidth)
      element.scrollLeft = left - element.clientWidth / 2;
  }, [at, size, label, head, line]);
  const selected = useMemo(
    () => (anchor ? cellsBetween(grid, anchor, at).filter((cell) => cell.kind !== 'none') : []),
    [grid, anchor, at],
  );
  const chosen = useMemo(() => new Set(selected.map((cell) => cell.key)), [selected]);
  const current = lines[at[0]]?.cells[at[1]];

  const { ref, redraw } = useCanvas((context, boxWidth, boxHeight) => {
    if (boxWidth !== width) return setWidth(boxWidth);
    const scroll = { left: map.current?.scrollLeft ?? 0, top: map.current?.scrollTop ?? 0 };
    return drawPartitions(
      context,
      { width: boxWidth, height: boxHeight },
      grid,
      sizes,
      scroll,
      (row, column, cell) => (row === at[0] && column === at[1]) || chosen.has(cell.key),
    );
  });

  const goTo = (place: Place, extend: boolean) => {
    setAnchor(extend ? (anchor ?? at) : undefined);
    setAt(place);
  };
  const move = (rows: number, cols: number, extend: boolean) => {
    const row = Math.min(lines.length - 1, Math.max(0, at[0] + rows));
    const last = (lines[row]?.cells.length ?? 1) - 1;
    const column = at[1] + cols;
    if (!axis && column < 0 && row > 0) goTo([row - 1, (lines[row - 1]?.cells.length ?? 1) - 1], extend);
    else if (!axis && column > last && cols > 0 && row < lines.length - 1) goTo([row + 1, 0], extend);
    else goTo([row, Math.min(last, Math.max(0, column))], extend);
  };
  const counts = Map.groupBy(cells, (cell) => cell.kind);
  const holes = cells
    .filter((cell) => cell.kind === 'missing' || cell.kind === 'failure')
    .map((cell) => cell.key);
  const fill = onBackfill ?? onMaterialize;
  const shown = selected.length > 1 ? selected.map((cell) => cell.key) : current ? [current.key] : [];
  const name = shown.length > 1 ? formatCount(shown.length) : (shown[0] ?? '');
  return (
    <div>
      <ul className={styles.legend} aria-label="Partitions by status">
        {(['success', 'failure', 'running', 'missing'] as const).map((kind) => {
          const count = counts.get(kind)?.length ?? 0;
          return count > 0 ? (
            <li key={kind}>
              <StatusIcon kind={kind} size={12} />
              {formatCount(count)} {partitionWord[kind]}
            </li>
          ) : null;
        })}
        <li className="push">
          <Button
            look="ghost"
            small
            icon="table"
            aria-pressed={asTable}
            aria-label={asTable ? 'Partitions as a map' : 'Partitions as a table'}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? 'Map' : 'Table'}
          </Button>
        </li>
        {fill && holes.length > 0 && (
          <li>
            <Button small icon="backfills" onClick={() => fill(holes)}>
              Backfill {formatCount(holes.length)}…
            </Button>
          </li>
        )}
      </ul>
      {asTable && <PartitionTable cells={cells} />}
      {/* biome-ignore lint/a11y/useSemanticElements: a canvas cannot be a fieldset; arrows move, the status line tells the cell */}
      <div
        ref={map}
        className={styles.map}
        hidden={asTable}
        style={{ maxHeight: tallest }}
        role="group"
        aria-label={`Partitions, arrow keys move, Shift selects${onOpen ? ', Enter opens' : ''}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between the cells
        tabIndex={0}
        onScroll={redraw}
        onKeyDown={(event) => {
          const moves: Readonly<Record<string, Place>> = {
            ArrowLeft: [0, -1],
            ArrowRight: [0, 1],
            ArrowUp: [-1, 0],
            ArrowDown: [1, 0],
          };
          if (event.key === 'Enter' && current) return onOpen?.(current.key);
          const way = moves[event.key];
          if (!way) return;
          event.preventDefault();
          move(way[0], way[1], event.shiftKey);
        }}
      >
        <div style={{ height: whole.height, minWidth: whole.width > width ? whole.width : undefined }}>
          <canvas
            ref={ref}
            style={{ height }}
            onClick={(event) => {
              const box = event.currentTarget.getBoundingClientRect();
              const scroll = map.current;
              if (!scroll) return;
              const row = Math.floor((event.clientY - box.top - head + scroll.scrollTop) / line);
              const column = Math.floor((event.clientX - box.left - label + scroll.scrollLeft) / size);
              const cell = lines[row]?.cells[column];
              if (!cell) return;
              goTo([row, column], event.shiftKey);
              if (!event.shiftKey && cell.kind !== 'none') onOpen?.(cell.key);
            }}
          />
        </div>
      </div>
      {current && (
        <div className={styles.cell} aria-live="polite">
          {shown.length > 1 ? (
            <>
              <b className="strong">{plural(shown.length, 'partition')}</b>
              <span className="t2">
                {shown[0]} to {shown.at(-1)}
              </span>
            </>
          ) : (
            <>
              <CellKey cell={current} names={names} />
              <StatusIcon kind={current.kind} />
              <span className="t2">{partitionWord[current.kind] ?? current.kind}</span>
            </>
          )}
          <span className="push" />
          {onWipe && (
            <Button small look="danger" onClick={() => onWipe(shown)}>
              Wipe {name}…
            </Button>
          )}
          {onMaterialize && (
            <Button small icon="play" onClick={() => onMaterialize(shown)}>
              {verb} {name}…
            </Button>
          )}
        </div>
      )}
    </div>
  );
}

function cellOf({ lines }: PartitionGrid, key: string | undefined): Place | undefined {
  if (key === undefined) return undefined;
  const row = lines.findIndex((line) => line.cells.some((cell) => cell.key === key));
  const column = lines[row]?.cells.findIndex((cell) => cell.key === key);
  return column === undefined ? undefined : [row, column];
}

/** Where to begin: what failed last, else what was made last, else the end. */
function firstCell({ lines }: PartitionGrid): Place {
  for (const kind of ['failure', 'success'] as const) {
    const row = lines.findLastIndex((line) => line.cells.some((cell) => cell.kind === kind));
    if (row >= 0) return [row, lines[row]?.cells.findLastIndex((cell) => cell.kind === kind) ?? 0];
  }
  return [Math.max(0, lines.length - 1), Math.max(0, (lines.at(-1)?.cells.length ?? 1) - 1)];
}

/** A key; of two dimensions each part with its dimension's name. */
function CellKey({ cell, names }: { readonly cell: PartitionCell; readonly names: readonly string[] }) {
  const parts = names.length > 1 ? cell.key.split('|') : [];
  if (parts.length !== names.length || parts.length === 0) return <b className="strong">{cell.key}</b>;
  return parts.map((part, index) => (
    <span key={names[index]}>
      <span className="t3">{names[index]}</span> <b className="strong">{part}</b>
    </span>
  ));
}
