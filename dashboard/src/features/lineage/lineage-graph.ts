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

export interface LineageGraph {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
  readonly frames: readonly LineageFrame[];
  readonly width: number;
  readonly height: number;
}

export const boxWidth = 204;
const assetHeight = 46;
const groupHeight = 58;
const layerStep = boxWidth + 92;
const framePadding = 12;
const frameHead = 26;

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
  readonly boxes: readonly LineageBox[];
  readonly input: LayoutInput;
}

/** Boxes and edges of the shown assets; assets of closed groups share one box. */
export function lineageBoxes(
  assets: readonly LineageAsset[],
  isOpen: (group: string) => boolean,
  noun = 'asset',
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
    boxes,
    input: {
      nodes: boxes.length,
      from,
      to,
      cluster: boxes.map((box) => positions.get(box.group) ?? -1),
      height: boxes.map((box) => (box.isGroup ? groupHeight : assetHeight)),
      nodeGap: 12,
      clusterGap: frameHead + framePadding * 2 + 6,
      layerStep,
    },
  };
}

/** The id of a closed group's box. */
export const groupBoxId = (group: string): string => `group:${group}`;

/** Boxes, frames and edges in their places. */
export function buildLineage(
  assets: readonly LineageAsset[],
  isOpen: (group: string) => boolean,
): LineageGraph {
  const boxes = lineageBoxes(assets, isOpen);
  return placeLineage(boxes, layoutLayered(boxes.input));
}

/** The key; without its prefix where the frame around it already says that. */
function boxTitle(asset: LineageAsset): string {
  if (asset.title !== undefined) return asset.title;
  const prefix = `${asset.group}/`;
  return asset.key.startsWith(prefix) ? asset.key.slice(prefix.length) : asset.key;
}

/** Gives the boxes the places of their layout. */
export function placeLineage({ boxes, input }: LineageBoxes, layout: LayoutResult): LineageGraph {
  const top = frameHead + framePadding;
  const nodes = boxes.map(
    (box, index): LineageNode => ({
      ...box,
      status: worstStatus(box.assets.map((asset) => asset.status)),
      x: framePadding + (layout.x[index] ?? 0),
      y: top + (layout.y[index] ?? 0),
      width: boxWidth,
      height: box.isGroup ? groupHeight : assetHeight,
      layer: layout.layer[index] ?? 0,
    }),
  );
  const frames = new Map<string, { group: string; count: number; x: number; top: number; bottom: number }>();
  for (const node of nodes) {
    if (node.isGroup || node.group === '') continue;
    const id = `${node.layer}:${node.group}`;
    const frame = frames.get(id);
    if (!frame) {
      frames.set(id, { group: node.group, count: 1, x: node.x, top: node.y, bottom: node.y + node.height });
      continue;
    }
    frame.count += 1;
    frame.top = Math.min(frame.top, node.y);
    frame.bottom = Math.max(frame.bottom, node.y + node.height);
  }
  return {
    nodes,
    edges: Array.from(input.from, (source, edge) => ({
      from: source,
      to: input.to[edge] ?? 0,
      bends: bendsOf(layout, edge, top),
    })),
    frames: [...frames.values()].map((frame) => ({
      group: frame.group,
      count: frame.count,
      x: frame.x - framePadding,
      y: frame.top - frameHead - 4,
      width: boxWidth + framePadding * 2,
      height: frame.bottom - frame.top + frameHead + 4 + framePadding,
    })),
    width: Math.max(0, layout.layers - 1) * layerStep + boxWidth + framePadding * 2,
    height: layout.height + top + framePadding * 2,
  };
}

function bendsOf(layout: LayoutResult, edge: number, top: number): Float32Array {
  return (layout.bends[edge] ?? new Float32Array()).map((y) => y + top);
}

/** Where an edge's bend of index `step` lies on the x axis. */
export function bendX(node: LineageNode, step: number): number {
  return node.x + (step + 1) * layerStep + boxWidth / 2;
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
