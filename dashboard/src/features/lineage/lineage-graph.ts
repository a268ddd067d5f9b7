import { plural } from '../../components/format/number';
import { type StatusKind, worstStatus } from '../../components/status';
import { type LayoutInput, type LayoutResult, layoutLayered } from './layered-layout';

export interface LineageAsset {
  readonly key: string;
  /** What its box says; default: its key. */
  readonly title?: string;
  readonly path: readonly string[];
  /** Empty: it is in none, and its box is in no frame. */
  readonly group: string;
  readonly kinds: readonly string[];
  readonly upstream: readonly string[];
  readonly status: StatusKind;
  readonly word: string;
  readonly detail: string;
}

/** A box on the canvas: an asset, or a closed group. */
export interface LineageNode {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly assets: readonly LineageAsset[];
  /** How many there are, in words. */
  readonly count: string;
  readonly isGroup: boolean;
  readonly status: StatusKind;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly layer: number;
}

export interface LineageEdge {
  readonly from: number;
  readonly to: number;
  /** Where it crosses the layers between: along each layer, across the flow. */
  readonly bends: Float32Array;
}

/** The frame of an open group in one layer. */
export interface LineageFrame {
  readonly group: string;
  readonly count: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Which way the lines go: to the right, or down. */
export type Flow = 'right' | 'down';

export interface LineageGraph {
  readonly flow: Flow;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly frames: readonly LineageFrame[];
  readonly width: number;
  readonly height: number;
}

export const boxWidth = 204;
const assetHeight = 46;
const groupHeight = 58;
const framePadding = 12;
const frameHead = 26;
/** From the beginning of a layer to that of the next. */
const layerSteps: Readonly<Record<Flow, number>> = {
  right: boxWidth + 92,
  down: groupHeight + frameHead + 96,
};

/** A box before it has a place. */
interface LineageBox {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  readonly assets: readonly LineageAsset[];
  readonly count: string;
  readonly isGroup: boolean;
}

/** What is to be drawn, and what the layout needs to know of it. */
export interface LineageBoxes {
  readonly flow: Flow;
  readonly boxes: readonly LineageBox[];
  readonly input: LayoutInput;
}

/** Boxes and edges of the shown assets; assets of closed groups share one box. */
export function lineageBoxes(
  assets: readonly LineageAsset[],
  isOpen: (group: string) => boolean,
  noun = 'asset',
  flow: Flow = 'right',
): LineageBoxes {
  const members = Map.groupBy(assets, (asset) => asset.group);
  const boxes: LineageBox[] = [];
  const boxOf = new Map<string, number>();
  for (const [group, list] of [...members].sort((a, b) => a[0].localeCompare(b[0]))) {
    if (!isOpen(group) && list.length > 1) {
      for (const asset of list) boxOf.set(asset.key, boxes.length);
      const count = plural(list.length, noun);
      boxes.push({ id: groupBoxId(group), title: group, group, assets: list, count, isGroup: true });
      continue;
    }
    for (const asset of [...list].sort((a, b) => a.key.localeCompare(b.key))) {
      boxOf.set(asset.key, boxes.length);
      const count = plural(1, noun);
      boxes.push({ id: asset.key, title: boxTitle(asset), group, assets: [asset], count, isGroup: false });
    }
  }
  const from: number[] = [];
  const to: number[] = [];
  const known = new Set<number>();
  for (const asset of assets) {
    const target = boxOf.get(asset.key) ?? 0;
    for (const parent of asset.upstream) {
      const source = boxOf.get(parent);
      if (source === undefined || source === target || known.has(source * boxes.length + target)) continue;
      known.add(source * boxes.length + target);
      from.push(source);
      to.push(target);
    }
  }
  const positions = new Map([...members.keys()].map((group, position) => [group, position]));
  return {
    flow,
    boxes,
    input: {
      nodes: boxes.length,
      from,
      to,
      cluster: boxes.map((box) => positions.get(box.group) ?? -1),
      height: boxes.map((box) => (flow === 'down' ? boxWidth : heightOf(box))),
      nodeGap: 12,
      clusterGap: (flow === 'down' ? 0 : frameHead) + framePadding * 2 + 6,
      layerStep: layerSteps[flow],
    },
  };
}

const heightOf = (box: LineageBox): number => (box.isGroup ? groupHeight : assetHeight);

/** The id of a closed group's box. */
export const groupBoxId = (group: string): string => `group:${group}`;

/** Boxes, frames and edges in their places. */
export function buildLineage(
  assets: readonly LineageAsset[],
  isOpen: (group: string) => boolean,
  flow: Flow = 'right',
): LineageGraph {
  const boxes = lineageBoxes(assets, isOpen, 'asset', flow);
  return placeLineage(boxes, layoutLayered(boxes.input));
}

/** The key; without its prefix where the frame around it already says that. */
function boxTitle(asset: LineageAsset): string {
  if (asset.title !== undefined) return asset.title;
  const prefix = `${asset.group}/`;
  return asset.key.startsWith(prefix) ? asset.key.slice(prefix.length) : asset.key;
}

/** Gives the boxes the places of their layout. */
export function placeLineage({ boxes, input, flow }: LineageBoxes, layout: LayoutResult): LineageGraph {
  const top = frameHead + framePadding;
  const isDown = flow === 'down';
  const nodes = boxes.map((box, index): LineageNode => {
    const main = layout.x[index] ?? 0;
    const cross = layout.y[index] ?? 0;
    return {
      ...box,
      status: worstStatus(box.assets.map((asset) => asset.status)),
      x: framePadding + (isDown ? cross : main),
      y: top + (isDown ? main : cross),
      width: boxWidth,
      height: heightOf(box),
      layer: layout.layer[index] ?? 0,
    };
  });
  const crossStart = isDown ? framePadding : top;
  const length = Math.max(0, layout.layers - 1) * layerSteps[flow];
  return {
    flow,
    nodes,
    edges: Array.from(input.from, (source, edge) => ({
      from: source,
      to: input.to[edge] ?? 0,
      bends: (layout.bends[edge] ?? new Float32Array()).map((at) => at + crossStart),
    })),
    frames: framesOf(nodes),
    width: (isDown ? layout.height : length + boxWidth) + framePadding * 2,
    height: (isDown ? length + groupHeight : layout.height) + top + framePadding * 2,
  };
}

/** A frame around the open boxes that a group has in a layer. */
function framesOf(nodes: readonly LineageNode[]): LineageFrame[] {
  const members = Map.groupBy(
    nodes.filter((node) => !node.isGroup && node.group !== ''),
    (node) => `${node.layer}:${node.group}`,
  );
  return [...members.values()].map((list) => {
    const x = Math.min(...list.map((node) => node.x)) - framePadding;
    const y = Math.min(...list.map((node) => node.y)) - frameHead - 4;
    return {
      group: list[0]?.group ?? '',
      count: list.length,
      x,
      y,
      width: Math.max(...list.map((node) => node.x + node.width)) + framePadding - x,
      height: Math.max(...list.map((node) => node.y + node.height)) + framePadding - y,
    };
  });
}

/** A box along the flow of its graph (`start`, `length`) and across it (`middle`). */
export function extentOf(
  node: LineageNode,
  flow: Flow,
): { readonly start: number; readonly length: number; readonly middle: number } {
  return flow === 'down'
    ? { start: node.y, length: node.height, middle: node.x + node.width / 2 }
    : { start: node.x, length: node.width, middle: node.y + node.height / 2 };
}

/** Where an edge's bend of index `step` lies along the flow. */
export function bendAt(node: LineageNode, step: number, flow: Flow): number {
  const { start, length } = extentOf(node, flow);
  return start + (step + 1) * layerSteps[flow] + length / 2;
}

/** Box indices that lead to, or from, a box. */
export function reachable(graph: LineageGraph, start: number, direction: 'up' | 'down'): ReadonlySet<number> {
  const next = new Map<number, number[]>();
  for (const edge of graph.edges) {
    const [a, b] = direction === 'down' ? [edge.from, edge.to] : [edge.to, edge.from];
    const list = next.get(a);
    if (list) list.push(b);
    else next.set(a, [b]);
  }
  const seen = new Set<number>();
  const stack = [start];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const other of next.get(at) ?? []) {
      if (seen.has(other)) continue;
      seen.add(other);
      stack.push(other);
    }
  }
  return seen;
}
