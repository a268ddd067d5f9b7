import workerFile from 'worker:./layout-worker';
import { useEffect, useMemo, useRef, useState } from 'react';
import { type LayoutInput, type LayoutResult, layoutLayered } from './layered-layout';
import { layoutHash } from './layout-hash';
import type { LayoutAnswer, LayoutRequest } from './layout-worker';
import { type LineageBoxes, type LineageGraph, placeLineage } from './lineage-graph';

/** Up to this many boxes a layout takes less than a frame, and is made where it is needed. */
const inPlace = 150;
/** Layouts that a tab keeps: going back and forth between open and closed groups makes none again. */
const kept = 16;
/** Name of the performance entry of each layout, with its size; tests and measurements read it. */
export const layoutMeasure = 'lineage-layout';

const layouts = new Map<string, LayoutResult>();
const waiting = new Map<string, Set<() => void>>();
let worker: Worker | undefined;

function keep(hash: string, layout: LayoutResult): LayoutResult {
  layouts.set(hash, layout);
  const [oldest] = layouts.keys();
  if (layouts.size > kept && oldest !== undefined) layouts.delete(oldest);
  return layout;
}

function finish(hash: string, layout: LayoutResult): void {
  keep(hash, layout);
  for (const done of waiting.get(hash) ?? []) done();
  waiting.delete(hash);
}

function measure(start: number, input: LayoutInput, computed: number, inWorker: boolean): void {
  const detail = { nodes: input.nodes, edges: input.from.length, computed, inWorker };
  performance.measure(layoutMeasure, { start, end: performance.now(), detail });
}

function layOutInPlace(hash: string, input: LayoutInput): LayoutResult {
  const start = performance.now();
  const layout = keep(hash, layoutLayered(input));
  measure(start, input, performance.now() - start, false);
  return layout;
}

/** Asks the worker; a browser that has none, or may not start it, lays out by itself. */
function layOutInWorker(hash: string, input: LayoutInput, done: () => void): () => void {
  const others = waiting.get(hash);
  if (others) others.add(done);
  else {
    waiting.set(hash, new Set([done]));
    const start = performance.now();
    worker ??= new Worker(new URL(workerFile, import.meta.url), { type: 'module' });
    const stop = new AbortController();
    worker.addEventListener(
      'message',
      ({ data }: MessageEvent<LayoutAnswer>) => {
        if (data.hash !== hash) return;
        stop.abort();
        measure(start, input, data.computed, true);
        finish(hash, data.layout);
      },
      { signal: stop.signal },
    );
    worker.addEventListener(
      'error',
      () => {
        stop.abort();
        worker = undefined;
        finish(hash, layOutInPlace(hash, input));
      },
      { signal: stop.signal },
    );
    const message: LayoutRequest = { hash, input };
    worker.postMessage(message);
  }
  return () => waiting.get(hash)?.delete(done);
}

/** The layout of a graph, at once where it is small or known; else when the worker has made it. */
function useLayout(input: LayoutInput): LayoutResult | undefined {
  const hash = useMemo(() => layoutHash(input), [input]);
  const [, setDone] = useState('');
  const known = layouts.get(hash);
  const layout = known ?? (input.nodes <= inPlace ? layOutInPlace(hash, input) : undefined);
  const isKnown = layout !== undefined;
  useEffect(() => {
    if (!isKnown) return layOutInWorker(hash, input, () => setDone(hash));
    return undefined;
  }, [hash, input, isKnown]);
  return layout;
}

/** The graph in its places; until a big one is laid out, the one before it, and that it is pending. */
export function useLineageLayout(boxes: LineageBoxes): {
  readonly graph: LineageGraph | undefined;
  readonly pending: boolean;
} {
  const layout = useLayout(boxes.input);
  const placed = useMemo(() => layout && placeLineage(boxes, layout), [boxes, layout]);
  const last = useRef<LineageGraph>(undefined);
  if (placed) last.current = placed;
  return { graph: placed ?? last.current, pending: placed === undefined };
}
