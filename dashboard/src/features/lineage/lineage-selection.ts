/** What the selection needs to know of an asset. */
export interface SelectableAsset {
  readonly key: string;
  readonly group: string;
  readonly kinds: readonly string[];
  readonly upstream: readonly string[];
}

export interface LineageSelection {
  readonly keys: ReadonlySet<string>;
  /** A term that matched nothing. */
  readonly unmatched: readonly string[];
}

interface Term {
  readonly up: number;
  readonly down: number;
  readonly matches: (asset: SelectableAsset) => boolean;
}

/** Depth of a `+`: a number before or after it, or everything. */
function parseTerm(text: string): Term {
  const up = /^(\d*)\+/.exec(text);
  const rest = up ? text.slice(up[0].length) : text;
  const down = /\+(\d*)$/.exec(rest);
  const name = down ? rest.slice(0, -down[0].length) : rest;
  const depth = (match: RegExpExecArray | null) =>
    match === null ? 0 : match[1] ? Number(match[1]) : Number.POSITIVE_INFINITY;
  return { up: depth(up), down: depth(down), matches: matcher(name) };
}

function matcher(name: string): (asset: SelectableAsset) => boolean {
  const [key, value] = name.includes(':')
    ? [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)]
    : ['key', name];
  const wanted = new RegExp(
    `^${value
      .toLowerCase()
      .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')}$`,
  );
  if (key === 'group') return (asset) => wanted.test(asset.group.toLowerCase());
  if (key === 'kind') return (asset) => asset.kinds.some((kind) => wanted.test(kind.toLowerCase()));
  return (asset) => {
    const text = asset.key.toLowerCase();
    return wanted.test(text) || wanted.test(text.split('/').at(-1) ?? '');
  };
}

/**
 * Assets that a selection names: keys (`raw/issues`, `stg_*`), `group:`, `kind:`; `2+` before a term takes two
 * levels upstream, `+` all, `+1` after it downstream. Terms apart by spaces, commas or `or` add up.
 */
export function selectAssets(text: string, assets: readonly SelectableAsset[]): LineageSelection {
  const byKey = new Map(assets.map((asset) => [asset.key, asset]));
  const downstream = new Map<string, string[]>();
  for (const asset of assets) {
    for (const parent of asset.upstream) {
      const list = downstream.get(parent);
      if (list) list.push(asset.key);
      else downstream.set(parent, [asset.key]);
    }
  }
  const keys = new Set<string>();
  const unmatched: string[] = [];
  for (const source of text.split(/[\s,]+/).filter((each) => each && each.toLowerCase() !== 'or')) {
    const term = parseTerm(source);
    const matched = assets.filter(term.matches).map((asset) => asset.key);
    if (matched.length === 0) unmatched.push(source);
    for (const key of matched) keys.add(key);
    walk(matched, term.up, (key) => byKey.get(key)?.upstream ?? [], keys);
    walk(matched, term.down, (key) => downstream.get(key) ?? [], keys);
  }
  for (const key of keys) if (!byKey.has(key)) keys.delete(key);
  return { keys, unmatched };
}

function walk(
  start: readonly string[],
  depth: number,
  next: (key: string) => readonly string[],
  into: Set<string>,
): void {
  let level = [...start];
  const seen = new Set(start);
  for (let step = 0; step < depth && level.length > 0; step += 1) {
    const following: string[] = [];
    for (const key of level) {
      for (const other of next(key)) {
        if (seen.has(other)) continue;
        seen.add(other);
        into.add(other);
        following.push(other);
      }
    }
    level = following;
  }
}
