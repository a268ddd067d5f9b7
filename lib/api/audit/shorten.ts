/** Characters of one text, items of one list and levels that are kept: an entry is read by people, and stays small. */
const LONGEST = { text: 500, list: 50, depth: 8 } as const;

/** A copy of plain data small enough to be kept, which says what it leaves out. */
export function shorten(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') {
    if (value.length <= LONGEST.text) return value;
    return `${value.slice(0, LONGEST.text)}… (${value.length} characters)`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth === LONGEST.depth) return '…';
  if (Array.isArray(value)) {
    const kept = value.slice(0, LONGEST.list).map((item) => shorten(item, depth + 1));
    return value.length <= LONGEST.list ? kept : [...kept, `… (${value.length} items)`];
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shorten(item, depth + 1)]));
}
