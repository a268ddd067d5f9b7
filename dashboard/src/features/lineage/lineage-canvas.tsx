import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../components/button';
import { plural } from '../../components/format/number';
import { useCanvas } from '../../components/use-canvas';
import { drawLineage, type View } from './draw-lineage';
import { type LineageGraph, type LineageNode, reachable } from './lineage-graph';
import styles from './lineage-page.module.css';

const minScale = 0.04;
const maxScale = 2;
/** On a phone the graph opens at a scale that can be read, at its sources, rather than whole. */
const readableScale = 0.7;
const narrowWidth = 640;

/** The graph on a canvas: drag pans, the wheel zooms, arrows walk along the edges, Enter opens. */
export function LineageCanvas({
  graph,
  selectedId,
  onSelect,
  onToggleGroup,
}: {
  readonly graph: LineageGraph;
  readonly selectedId: string | undefined;
  readonly onSelect: (node: LineageNode | undefined) => void;
  readonly onToggleGroup: (group: string) => void;
}) {
  const [view, setView] = useState<View>();
  const [hovered, setHovered] = useState<number>();
  const [focusedId, setFocusedId] = useState<string>();
  const [hasFocus, setHasFocus] = useState(false);
  const selected = useMemo(() => {
    const index = graph.nodes.findIndex((node) => node.id === selectedId);
    return index < 0 ? undefined : index;
  }, [graph, selectedId]);
  const focused = useMemo(() => {
    const index = graph.nodes.findIndex((node) => node.id === focusedId);
    return index < 0 ? undefined : index;
  }, [graph, focusedId]);
  const path = useMemo(() => {
    if (selected === undefined) return undefined;
    return new Set([selected, ...reachable(graph, selected, 'up'), ...reachable(graph, selected, 'down')]);
  }, [graph, selected]);

  const { ref, redraw } = useCanvas((context, width, height) => {
    if (!view) return;
    drawLineage(context, { width, height }, graph, view, {
      selected,
      hovered,
      focused: hasFocus ? focused : undefined,
      path,
    });
  });

  const showAll = useCallback(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const scale = Math.min(
      1,
      Math.max(
        minScale,
        Math.min((canvas.clientWidth - 48) / graph.width, (canvas.clientHeight - 48) / graph.height),
      ),
    );
    setView(placeView(canvas, graph, scale));
  }, [graph, ref]);
  const showFirst = useCallback(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const fit = Math.min((canvas.clientWidth - 48) / graph.width, (canvas.clientHeight - 48) / graph.height);
    if (canvas.clientWidth < narrowWidth && fit < readableScale)
      setView(placeView(canvas, graph, readableScale));
    else showAll();
  }, [graph, ref, showAll]);
  const fitted = useRef('');
  const shape = `${graph.nodes.length}:${graph.width}:${graph.height}`;
  useEffect(() => {
    if (fitted.current === shape) return;
    fitted.current = shape;
    showFirst();
  }, [shape, showFirst]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: draws again when the view moves
  useEffect(redraw, [view, redraw]);

  const zoomAt = useCallback((factor: number, x: number, y: number) => {
    setView((current) => {
      if (!current) return current;
      const scale = Math.min(maxScale, Math.max(minScale, current.scale * factor));
      const by = scale / current.scale;
      return { scale, x: x - (x - current.x) * by, y: y - (y - current.y) * by };
    });
  }, []);
  const zoomCenter = (factor: number) => {
    const canvas = ref.current;
    if (canvas) zoomAt(factor, canvas.clientWidth / 2, canvas.clientHeight / 2);
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
    const canvas = ref.current;
    if (!canvas || !view) return { node: undefined, group: undefined };
    const box = canvas.getBoundingClientRect();
    const x = (clientX - box.left - view.x) / view.scale;
    const y = (clientY - box.top - view.y) / view.scale;
    const node = graph.nodes.findIndex(
      (each) => x >= each.x && x <= each.x + each.width && y >= each.y && y <= each.y + each.height,
    );
    if (node >= 0) return { node, group: undefined };
    const frame = graph.frames.find(
      (each) => x >= each.x && x <= each.x + each.width && y >= each.y && y <= each.y + 28,
    );
    return { node: undefined, group: frame?.group };
  };

  const drag = useRef<{ x: number; y: number; view: View; moved: boolean }>(undefined);
  const choose = (node: LineageNode | undefined) => {
    if (node?.isGroup) onToggleGroup(node.group);
    else onSelect(node);
  };
  const reveal = (index: number) => {
    const canvas = ref.current;
    const node = graph.nodes[index];
    if (!canvas || !node || !view) return;
    setFocusedId(node.id);
    const x = view.x + node.x * view.scale;
    const y = view.y + node.y * view.scale;
    const dx = x < 24 ? 24 - x : Math.min(0, canvas.clientWidth - 24 - x - node.width * view.scale);
    const dy = y < 24 ? 24 - y : Math.min(0, canvas.clientHeight - 24 - y - node.height * view.scale);
    if (dx !== 0 || dy !== 0) setView({ ...view, x: view.x + dx, y: view.y + dy });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const current = focused ?? selected ?? 0;
    const node = graph.nodes[current];
    if (!node) return;
    const next = step(graph, current, event.key);
    if (next !== undefined) reveal(next);
    else if (event.key === 'Enter' || event.key === ' ') choose(node);
    else if (event.key === '+' || event.key === '=') zoomCenter(1.2);
    else if (event.key === '-') zoomCenter(1 / 1.2);
    else if (event.key === '0') showAll();
    else return;
    event.preventDefault();
  };
  const current = focused === undefined ? undefined : graph.nodes[focused];

  return (
    <div className={styles.canvasBox}>
      {/* biome-ignore lint/a11y/useSemanticElements: a canvas with its own keyboard; the table is its twin */}
      <div
        className={styles.canvasFocus}
        role="group"
        aria-roledescription="graph"
        aria-label={`Lineage of ${plural(graph.nodes.length, 'box', 'boxes')}. Arrows move, Enter opens, plus and minus zoom.`}
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
            if (hit.group !== undefined) onToggleGroup(hit.group);
            else choose(node);
          }}
          onPointerLeave={() => setHovered(undefined)}
        />
      </div>
      <p className="hidden-visually" aria-live="polite">
        {current &&
          `${current.title}, ${current.isGroup ? `group of ${plural(current.assets.length, 'asset')}` : current.assets[0]?.word}`}
      </p>
      <div className={styles.zoom}>
        <Button look="ghost" small icon="minus" aria-label="Zoom out" onClick={() => zoomCenter(1 / 1.25)} />
        <span className="small">{Math.round((view?.scale ?? 1) * 100)} %</span>
        <Button look="ghost" small icon="plus" aria-label="Zoom in" onClick={() => zoomCenter(1.25)} />
        <Button look="ghost" small icon="fit" aria-label="Show all" onClick={showAll} />
      </div>
    </div>
  );
}

/** The box that an arrow key leads to: along an edge sideways, within the layer up and down. */
function step(graph: LineageGraph, from: number, key: string): number | undefined {
  const node = graph.nodes[from];
  if (!node) return undefined;
  const nearest = (candidates: readonly number[]) =>
    candidates.reduce<number | undefined>((best, each) => {
      const distance = (index: number) => Math.abs((graph.nodes[index]?.y ?? 0) - node.y);
      return best === undefined || distance(each) < distance(best) ? each : best;
    }, undefined);
  if (key === 'ArrowRight')
    return nearest(graph.edges.filter((edge) => edge.from === from).map((edge) => edge.to));
  if (key === 'ArrowLeft')
    return nearest(graph.edges.filter((edge) => edge.to === from).map((edge) => edge.from));
  if (key !== 'ArrowUp' && key !== 'ArrowDown') return undefined;
  const down = key === 'ArrowDown';
  return nearest(
    graph.nodes.flatMap((each, index) =>
      each.layer === node.layer && (down ? each.y > node.y : each.y < node.y) ? [index] : [],
    ),
  );
}

/** The graph in the middle; what does not fit begins at its left edge. */
function placeView(canvas: HTMLCanvasElement, graph: LineageGraph, scale: number): View {
  return {
    scale,
    x: Math.max(24, (canvas.clientWidth - graph.width * scale) / 2),
    y: Math.max(24, (canvas.clientHeight - graph.height * scale) / 2),
  };
}
