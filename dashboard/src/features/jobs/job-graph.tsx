import { useMemo } from 'react';
import { canvasFont, token } from '../../components/canvas-colors';
import { plural } from '../../components/format/number';
import { ScrollRegion } from '../../components/scroll-region';
import { useCanvas } from '../../components/use-canvas';
import styles from './job-page.module.css';

export interface JobOp {
  readonly name: string;
  readonly inputs: readonly {
    readonly dependsOn: readonly { readonly solid: { readonly name: string } }[];
  }[];
}

const boxWidth = 190;
const boxHeight = 34;
const stepX = boxWidth + 64;
const stepY = boxHeight + 14;

interface Placed {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly parents: readonly string[];
}

/** Ops in layers by their longest path; within a layer near their parents. */
export function placeOps(ops: readonly JobOp[]): readonly Placed[] {
  const parents = new Map(
    ops.map((op) => [
      op.name,
      [...new Set(op.inputs.flatMap((input) => input.dependsOn.map((each) => each.solid.name)))],
    ]),
  );
  const layers = new Map<string, number>();
  const layerOf = (name: string, seen: ReadonlySet<string>): number => {
    const known = layers.get(name);
    if (known !== undefined) return known;
    const above = (parents.get(name) ?? []).filter((parent) => !seen.has(parent) && parents.has(parent));
    const next = new Set(seen).add(name);
    const layer = Math.max(-1, ...above.map((parent) => layerOf(parent, next))) + 1;
    layers.set(name, layer);
    return layer;
  };
  for (const op of ops) layerOf(op.name, new Set());
  const placed = new Map<string, Placed>();
  const counts = new Map<number, number>();
  for (const op of [...ops].sort((a, b) => (layers.get(a.name) ?? 0) - (layers.get(b.name) ?? 0))) {
    const layer = layers.get(op.name) ?? 0;
    const row = counts.get(layer) ?? 0;
    counts.set(layer, row + 1);
    placed.set(op.name, {
      name: op.name,
      x: layer * stepX,
      y: row * stepY,
      parents: parents.get(op.name) ?? [],
    });
  }
  return [...placed.values()];
}

/** What a job runs, from left to right; the list below it is its twin. */
export function JobGraph({
  ops,
  titles,
}: {
  readonly ops: readonly JobOp[];
  /** What readers call an op: its asset's key. */
  readonly titles: ReadonlyMap<string, string>;
}) {
  const placed = useMemo(() => placeOps(ops), [ops]);
  const width = Math.max(...placed.map((op) => op.x), 0) + boxWidth + 32;
  const height = Math.max(...placed.map((op) => op.y), 0) + boxHeight + 32;
  const { ref } = useCanvas((context) => {
    const byName = new Map(placed.map((op) => [op.name, op]));
    context.translate(16, 16);
    context.strokeStyle = token('--border-strong');
    context.lineWidth = 1.2;
    for (const op of placed) {
      for (const parent of op.parents) {
        const from = byName.get(parent);
        if (!from) continue;
        const startX = from.x + boxWidth;
        const startY = from.y + boxHeight / 2;
        const endY = op.y + boxHeight / 2;
        const half = (op.x - startX) / 2;
        context.beginPath();
        context.moveTo(startX, startY);
        context.bezierCurveTo(startX + half, startY, op.x - half, endY, op.x, endY);
        context.stroke();
      }
    }
    context.font = canvasFont(12, 520);
    context.textBaseline = 'middle';
    for (const op of placed) {
      context.fillStyle = token('--surface');
      context.strokeStyle = token('--border-strong');
      context.beginPath();
      context.roundRect(op.x, op.y, boxWidth, boxHeight, 6);
      context.fill();
      context.stroke();
      context.fillStyle = token('--text');
      let text = titles.get(op.name) ?? op.name;
      while (text.length > 4 && context.measureText(text).width > boxWidth - 24) text = `…${text.slice(2)}`;
      context.fillText(text, op.x + 12, op.y + boxHeight / 2 + 0.5);
    }
  });
  return (
    <>
      <ScrollRegion label={`Graph of ${plural(ops.length, 'op')}`} className={styles.graph}>
        <canvas ref={ref} style={{ width, height }} />
      </ScrollRegion>
      <ul className="hidden-visually" aria-label="Graph in words">
        {placed.map((op) => (
          <li key={op.name}>
            {titles.get(op.name) ?? op.name}
            {op.parents.length > 0 &&
              ` after ${op.parents.map((name) => titles.get(name) ?? name).join(', ')}`}
          </li>
        ))}
      </ul>
    </>
  );
}
