const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Steps that read as round times. */
const steps = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  20 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  20 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  4 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  28 * day,
];

/** The smallest round step with at most `count` of them in `span`. */
export function roundStep(span: number, count: number): number {
  return steps.find((step) => span / step <= count) ?? steps.at(-1) ?? day;
}

/** Round instants in [from, to], aligned to the zone's clock by `offset` ms. */
export function roundTimes(from: number, to: number, count: number, offset = 0): number[] {
  const step = roundStep(to - from, count);
  const first = Math.ceil((from + offset) / step) * step - offset;
  const times: number[] = [];
  for (let at = first; at <= to; at += step) times.push(at);
  return times;
}

export interface Span<Item> {
  readonly from: number;
  readonly to: number;
  readonly items: readonly Item[];
}

/**
 * Merges neighbours on one line that would be closer than `gap` ms into one span with all of their items, as long as it
 * is shorter than `most` ms. Input sorted by start.
 */
export function mergeClose<Item extends { readonly from: number; readonly to: number }>(
  items: readonly Item[],
  gap: number,
  most = Number.POSITIVE_INFINITY,
): Span<Item>[] {
  const spans: { from: number; to: number; items: Item[] }[] = [];
  for (const item of items) {
    const last = spans.at(-1);
    if (last && item.from - last.to < gap && item.from - last.from < most) {
      last.items.push(item);
      last.to = Math.max(last.to, item.to);
    } else {
      spans.push({ from: item.from, to: item.to, items: [item] });
    }
  }
  return spans;
}
