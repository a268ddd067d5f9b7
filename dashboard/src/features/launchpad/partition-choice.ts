import { runTag } from '../../components/run-tags';

export interface PartitionChoice {
  readonly keys: readonly string[];
  readonly problem: string | undefined;
}

/** Joins the keys of two dimensions. */
const separator = '|';

/**
 * Reads what somebody chose of `keys`, oldest first: `2026-11-20..2026-11-23, 2026-11-01`, `latest`, `last 7`, `all`.
 */
export function readPartitions(text: string, keys: readonly string[]): PartitionChoice {
  const positions = new Map(keys.map((key, position) => [key, position]));
  const chosen = new Set<number>();
  for (const part of text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean)) {
    const span = spanOf(part, keys, positions);
    if (typeof span === 'string') return { keys: [], problem: span };
    for (let at = span[0]; at <= span[1]; at += 1) chosen.add(at);
  }
  if (chosen.size === 0) return { keys: [], problem: 'Choose a partition' };
  return { keys: [...chosen].sort((a, b) => a - b).flatMap((at) => keys[at] ?? []), problem: undefined };
}

function spanOf(
  part: string,
  keys: readonly string[],
  positions: ReadonlyMap<string, number>,
): readonly [number, number] | string {
  const exact = positions.get(part);
  if (exact !== undefined) return [exact, exact];
  const last = keys.length - 1;
  if (part === 'all' && last >= 0) return [0, last];
  if (part === 'latest' && last >= 0) return [last, last];
  const count = /^last (\d+)$/.exec(part);
  if (count && last >= 0) return [Math.max(0, keys.length - Number(count[1])), last];
  const range = /^(.+?)\s*\.\.\s*(.+)$/.exec(part);
  if (!range?.[1] || !range[2]) return `There is no partition “${part}”`;
  const from = positions.get(range[1]);
  const to = positions.get(range[2]);
  if (from === undefined) return `There is no partition “${range[1]}”`;
  if (to === undefined) return `There is no partition “${range[2]}”`;
  return from <= to ? [from, to] : `“${part}” ends before it begins`;
}

/** Keys as a text that reads back as them: neighbours as a range. */
export function writePartitions(chosen: readonly string[], keys: readonly string[]): string {
  const wanted = new Set(chosen);
  const parts: string[] = [];
  for (let at = 0; at < keys.length; at += 1) {
    const first = keys[at];
    if (first === undefined || !wanted.has(first)) continue;
    let end = at;
    while (end + 1 < keys.length && wanted.has(keys[end + 1] ?? '')) end += 1;
    const last = keys[end];
    parts.push(end === at ? first : end === at + 1 ? `${first}, ${last}` : `${first}..${last}`);
    at = end;
  }
  return parts.join(', ');
}

/** The keys of both dimensions, each in the order in which it first appears. */
export function splitDimensions(keys: readonly string[]): readonly [readonly string[], readonly string[]] {
  const first = new Set<string>();
  const second = new Set<string>();
  for (const key of keys) {
    const at = key.indexOf(separator);
    first.add(at < 0 ? key : key.slice(0, at));
    if (at >= 0) second.add(key.slice(at + 1));
  }
  return [[...first], [...second]];
}

/** The keys of a choice in each of two dimensions: every pair that there is. */
export function crossPartitions(
  first: PartitionChoice,
  second: PartitionChoice,
  keys: readonly string[],
): PartitionChoice {
  const problem = first.problem ?? second.problem;
  if (problem) return { keys: [], problem };
  const known = new Set(keys);
  const pairs = first.keys.flatMap((a) => second.keys.map((b) => `${a}${separator}${b}`));
  const found = pairs.filter((pair) => known.has(pair));
  return { keys: found, problem: found.length === 0 ? 'There is no such partition' : undefined };
}

export interface DimensionChoices {
  readonly first: PartitionChoice;
  /** Undefined: there is one dimension, or whole keys are chosen. */
  readonly second: PartitionChoice | undefined;
  readonly both: PartitionChoice;
}

/** What is chosen of one dimension or of two; whole keys, such as the map's, stand in one text. */
export function choosePartitions(
  text: string,
  secondText: string,
  keys: readonly string[],
  dimensions: readonly [readonly string[], readonly string[]] | undefined,
): DimensionChoices {
  if (!dimensions || text.includes(separator)) {
    const whole = readPartitions(text, keys);
    return { first: whole, second: undefined, both: whole };
  }
  const first = readPartitions(text, dimensions[0]);
  const second = readPartitions(secondText, dimensions[1]);
  return { first, second, both: crossPartitions(first, second, keys) };
}

/** Names of a key's dimensions in the order of its parts, from the tags of its run; none of a single dimension. */
export function dimensionNames(
  key: string,
  tags: readonly { readonly key: string; readonly value: string }[],
): readonly string[] {
  const prefix = `${runTag.partition}/`;
  const left = tags.filter((tag) => tag.key.startsWith(prefix));
  const parts = key.split(separator);
  if (parts.length < 2) return [];
  return parts.flatMap((part) => {
    const at = left.findIndex((tag) => tag.value === part);
    return at < 0 ? [] : left.splice(at, 1).map((tag) => tag.key.slice(prefix.length));
  });
}
