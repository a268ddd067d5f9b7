import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { plural } from '../../components/format/number';
import { useCanvas } from '../../components/use-canvas';
import { drawLineage } from './draw-lineage';
import { LineageFind } from './lineage-find';
import { type Flow, groupBoxId, type LineageGraph, type LineageNode, reachable } from './lineage-graph';
import { LineageMinimap } from './lineage-minimap';
import styles from './lineage-page.module.css';
import { firstView, isCropped, revealView, type View, wholeView, zoomView } from './lineage-view';
import { hitTest, walkTo } from './lineage-walk';

/** Name of the performance entry of drawing a graph for the first time. */
const drawMeasure = 'lineage-draw';

const lineageWords = { label: 'Lineage', doubt: 'From what is not fresh' };

interface Props {
  /** What the graph is of. Default: the lineage of assets. */
  readonly words?: { readonly label: string; readonly doubt: string };
  /** Undefined until the first layout is made. */
  readonly graph: LineageGraph | undefined;
  /** What is being laid out; undefined when the graph is the latest. */
  readonly pending: string | undefined;
  readonly selectedId: string | undefined;
  readonly onSelect: (node: LineageNode | undefined) => void;
  readonly onToggleGroup: (group: string) => void;
  /** Turns the flow; without it there is no button to do so. */
  readonly onTurn?: (flow: Flow) => void;
}

/** The graph on a canvas: drag pans, the wheel zooms, arrows walk along the edges, Enter opens. */
export function LineageCanvas({ graph, pending, ...rest }: Props) {
  return (
    <div className={styles.canvasBox}>
      {graph && <Graph graph={graph} {...rest} />}
      {pending && (
        <p className={styles.pending} role="status">
          Laying out {pending}…
        </p>
      )}
    </div>
  );
}

function Graph({
  graph,
  words = lineageWords,
  selectedId,
  onSelect,
  onToggleGroup,
  onTurn,
}: Omit<Props, 'graph' | 'pending'> & { readonly graph: LineageGraph }) {
  const [view, setView] = useState<View>();
  const [hovered, setHovered] = useState<number>();
  const [focusedId, setFocusedId] = useState<string>();
  const [hasFocus, setHasFocus] = useState(false);
  const indexes = useMemo(() => new Map(graph.nodes.map((node, index) => [node.id, index])), [graph]);
  const selected = selectedId === undefined ? undefined : indexes.get(selectedId);
  const focused = focusedId === undefined ? undefined : indexes.get(focusedId);
  const path = useMemo(() => {
    if (selected === undefined) return undefined;
    return new Set([selected, ...reachable(graph, selected, 'up'), ...reachable(graph, selected, 'down')]);
  }, [graph, selected]);

  const drawn = useRef<LineageGraph>(undefined);
  const { ref, redraw } = useCanvas((context, width, height) => {
    if (!view) return;
    const start = performance.now();
    drawLineage(context, { width, height }, graph, view, {
      selected,
      hovered,
      focused: hasFocus ? focused : undefined,
      path,
    });
    if (drawn.current === graph) return;
    drawn.current = graph;
    performance.measure(drawMeasure, {
      start,
      end: performance.now(),
      detail: { nodes: graph.nodes.length },
    });
  });
  const sizeOf = useCallback(() => {
    const canvas = ref.current;
    return canvas && { width: canvas.clientWidth, height: canvas.clientHeight };
  }, [ref]);

  /** Where the group that was just opened or closed stood on the canvas: it stays there. */
  const anchor = useRef<{ readonly group: string; readonly x: number; readonly y: number }>(undefined);
  /** An asset that is to be shown once its group is open. */
  const sought = useRef<string>(undefined);
  const toggle = (group: string) => {
    const at = graph.frames.find((frame) => frame.group === group) ?? nodeOf(graph, groupBoxId(group));
    if (view && at) anchor.current = { group, x: view.x + at.x * view.scale, y: view.y + at.y * view.scale };
    onToggleGroup(group);
  };
  const shape = `${graph.flow}:${graph.nodes.length}:${graph.width}:${graph.height}`;
  const shown = useRef('');
  useEffect(() => {
    const size = sizeOf();
    if (shown.current === shape || !size) return;
    shown.current = shape;
    const kept = anchor.current;
    const group = kept && (nodeOf(graph, groupBoxId(kept.group)) ?? frameOf(graph, kept.group));
    const found = sought.current === undefined ? undefined : nodeOf(graph, sought.current);
    anchor.current = undefined;
    sought.current = undefined;
    setView((current) => {
      const from =
        current && kept && group
          ? { ...current, x: kept.x - group.x * current.scale, y: kept.y - group.y * current.scale }
          : firstView(size, graph, selected === undefined ? undefined : graph.nodes[selected]);
      return found ? revealView(from, size, found) : from;
    });
  }, [shape, graph, selected, sizeOf]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen elsewhere comes into sight once, not at every poll
  useEffect(() => {
    const size = sizeOf();
    const chosen = selected === undefined ? undefined : graph.nodes[selected];
    if (size && chosen) setView((current) => current && revealView(current, size, chosen));
  }, [selectedId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: draws again when the view moves
  useEffect(redraw, [view, redraw]);

  const zoomAt = useCallback((factor: number, x: number, y: number) => {
    setView((current) => current && zoomView(current, factor, x, y));
  }, []);
  const zoomCenter = (factor: number) => {
    const size = sizeOf();
    if (size) zoomAt(factor, size.width / 2, size.height / 2);
  };
  const showAll = () => {
    const size = sizeOf();
    if (size) setView(wholeView(size, graph));
  };
  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      if (event.ctrlKey || event.metaKey || Math.abs(event.deltaY) > 40) {
        const box = canvas.getBoundingClientRect();
        zoomAt(event.deltaY > 0 ? 1 / 1.15 : 1.15, event.clientX - box.left, event.clientY - box.top);
      } else {
        setView(
          (current) => current && { ...current, x: current.x - event.deltaX, y: current.y - event.deltaY },
        );
      }
    };
    canvas.addEventListener('wheel', onWheel, { passive: false });
    return () => canvas.removeEventListener('wheel', onWheel);
  }, [ref, zoomAt]);

  const at = (clientX: number, clientY: number) => {
    const box = ref.current?.getBoundingClientRect();
    if (!box || !view) return { node: undefined, group: undefined };
    return hitTest(
      graph,
      (clientX - box.left - view.x) / view.scale,
      (clientY - box.top - view.y) / view.scale,
    );
  };
  const drag = useRef<{ x: number; y: number; view: View; moved: boolean }>(undefined);
  const choose = (node: LineageNode | undefined) => {
    if (node?.isGroup) toggle(node.group);
    else onSelect(node);
  };
  const reveal = (index: number) => {
    const size = sizeOf();
    const node = graph.nodes[index];
    if (!size || !node) return;
    setFocusedId(node.id);
    setView((current) => current && revealView(current, size, node));
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const current = focused ?? selected ?? 0;
    const node = graph.nodes[current];
    if (!node) return;
    const next = walkTo(graph, current, event.key);
    if (next !== undefined) reveal(next);
    else if (event.key === 'Enter' || event.key === ' ') choose(node);
    else if (event.key === '+' || event.key === '=') zoomCenter(1.2);
    else if (event.key === '-') zoomCenter(1 / 1.2);
    else if (event.key === '0') showAll();
    else return;
    event.preventDefault();
  };
  const current = focused === undefined ? undefined : graph.nodes[focused];
  const size = sizeOf();
  const isDown = graph.flow === 'down';

  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a canvas with its own keyboard; the table is its twin */}
      <div
        className={styles.canvasFocus}
        role="group"
        aria-roledescription="graph"
        aria-label={`${words.label} of ${plural(graph.nodes.length, 'box', 'boxes')}. Arrows move, Enter opens, plus and minus zoom.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move between the boxes
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setHasFocus(true)}
        onBlur={() => setHasFocus(false)}
      >
        <canvas
          ref={ref}
          className={styles.canvas}
          data-hand={hovered !== undefined || undefined}
          onPointerDown={(event) => {
            if (!view) return;
            event.currentTarget.setPointerCapture(event.pointerId);
            drag.current = { x: event.clientX, y: event.clientY, view, moved: false };
          }}
          onPointerMove={(event) => {
            const start = drag.current;
            if (!start) {
              setHovered(at(event.clientX, event.clientY).node);
              return;
            }
            const dx = event.clientX - start.x;
            const dy = event.clientY - start.y;
            if (!start.moved && Math.hypot(dx, dy) < 4) return;
            start.moved = true;
            setView({ ...start.view, x: start.view.x + dx, y: start.view.y + dy });
          }}
          onPointerUp={(event) => {
            const start = drag.current;
            drag.current = undefined;
            if (start?.moved) return;
            const hit = at(event.clientX, event.clientY);
            const node = hit.node === undefined ? undefined : graph.nodes[hit.node];
            if (node) setFocusedId(node.id);
            if (hit.group !== undefined) toggle(hit.group);
            else choose(node);
          }}
          onPointerLeave={() => setHovered(undefined)}
        />
      </div>
      <p className="hidden-visually" aria-live="polite">
        {current &&
          `${current.title}, ${current.isGroup ? `group of ${current.count}` : current.assets[0]?.word}`}
      </p>
      <LineageFind
        graph={graph}
        onFound={(asset, index) => {
          if (!graph.nodes[index]?.isGroup) return reveal(index);
          setFocusedId(asset.key);
          sought.current = asset.key;
          return toggle(asset.group);
        }}
      />
      <div className={styles.zoom}>
        <Button look="ghost" small icon="minus" aria-label="Zoom out" onClick={() => zoomCenter(1 / 1.25)} />
        <span className="small">{Math.round((view?.scale ?? 1) * 100)} %</span>
        <Button look="ghost" small icon="plus" aria-label="Zoom in" onClick={() => zoomCenter(1.25)} />
        <Button look="ghost" small icon="fit" aria-label="Show all" onClick={showAll} />
        {onTurn && (
          <Button
            look="ghost"
            small
            icon={isDown ? 'chevronRight' : 'chevronDown'}
            aria-label={isDown ? 'Draw from left to right' : 'Draw from top to bottom'}
            onClick={() => onTurn(isDown ? 'right' : 'down')}
          />
        )}
      </div>
      {path && (
        <ul className={styles.legend} aria-label="Lines">
          <li data-line="path">Focus path</li>
          <li data-line="stale">{words.doubt}</li>
        </ul>
      )}
      {view && size && isCropped(view, size, graph) && (
        <LineageMinimap graph={graph} view={view} size={size} onMove={setView} />
      )}
    </>
  );
}

const nodeOf = (graph: LineageGraph, id: string) => graph.nodes.find((node) => node.id === id);
const frameOf = (graph: LineageGraph, group: string) => graph.frames.find((frame) => frame.group === group);
