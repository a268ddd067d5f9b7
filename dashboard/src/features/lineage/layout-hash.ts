import type { LayoutInput } from './layered-layout';

/** Names a graph by its shape: what is said in its boxes may change without another layout. */
export function layoutHash({ nodes, from, to, cluster, height }: LayoutInput): string {
  const parts = [from, to, cluster, height];
  // FNV-1a, twice with different starts: 64 bits are enough to tell the shapes that one tab draws apart.
  const sums = [0x811c9dc5, 0x01234567].map((start) => {
    let sum = start;
    for (const part of parts) {
      sum = Math.imul(sum ^ part.length, 0x01000193);
      for (let at = 0; at < part.length; at += 1) sum = Math.imul(sum ^ (part[at] ?? 0), 0x01000193);
    }
    return (sum >>> 0).toString(36);
  });
  return [nodes, ...sums].join('-');
}
