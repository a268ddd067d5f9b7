/** Keys as ranges of neighbours among all keys; what is not among them stands for itself. */
export function partitionRanges(
  keys: readonly string[],
  all: readonly string[],
): readonly { readonly start: string; readonly end: string }[] {
  const positions = new Map(all.map((key, position) => [key, position]));
  const ranges: { start: string; end: string }[] = [];
  let last: number | undefined;
  const sorted = [...new Set(keys)].sort((a, b) => (positions.get(a) ?? -1) - (positions.get(b) ?? -1));
  for (const key of sorted) {
    const position = positions.get(key);
    const range = ranges.at(-1);
    if (range && position !== undefined && last !== undefined && position === last + 1) range.end = key;
    else ranges.push({ start: key, end: key });
    last = position;
  }
  return ranges;
}
