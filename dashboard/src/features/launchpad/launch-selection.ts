import { type SelectableAsset, selectAssets } from '../lineage/lineage-selection';

export interface LaunchSelection {
  /** Null: everything the job has. */
  readonly keys: readonly string[] | null;
  readonly count: number;
  readonly problem: string | undefined;
}

/** The assets of a job that a selection names; an empty one is all of them. */
export function selectJobAssets(text: string, assets: readonly SelectableAsset[]): LaunchSelection {
  if (!text.trim()) return { keys: null, count: assets.length, problem: undefined };
  const { keys, unmatched } = selectAssets(text, assets);
  const [stray] = unmatched;
  if (stray !== undefined) return { keys: null, count: 0, problem: `“${stray}” is no asset of this job` };
  return { keys: [...keys], count: keys.size, problem: undefined };
}

/** Terms such as `load`, `*load`, `++load`, `load+` over a job's ops; the API resolves them. */
export function selectJobOps(
  text: string,
  ops: readonly { readonly name: string; readonly parents: readonly string[] }[],
): LaunchSelection {
  const terms = text.split(/[\s,]+/).filter(Boolean);
  if (terms.length === 0) return { keys: null, count: ops.length, problem: undefined };
  const names = new Set(ops.map((op) => op.name));
  for (const term of terms) {
    const name = term.replaceAll(/^(\*|\++)|(\*|\++)$/g, '');
    if (!names.has(name)) return { keys: null, count: 0, problem: `“${name || term}” is no op of this job` };
  }
  const chosen = new Set(terms.flatMap((term) => [...reach(term, ops)]));
  return { keys: terms, count: chosen.size, problem: undefined };
}

function reach(
  term: string,
  ops: readonly { readonly name: string; readonly parents: readonly string[] }[],
): ReadonlySet<string> {
  const match = /^(\*|\+*)(.*?)(\*|\+*)$/.exec(term);
  const depth = (mark: string | undefined) => (mark === '*' ? ops.length : (mark?.length ?? 0));
  const found = new Set([match?.[2] ?? '']);
  const walk = (steps: number, next: (name: string) => readonly string[]) => {
    let level = [match?.[2] ?? ''];
    for (let step = 0; step < steps && level.length > 0; step += 1) {
      level = level.flatMap(next).filter((name) => !found.has(name));
      for (const name of level) found.add(name);
    }
  };
  walk(depth(match?.[1]), (name) => ops.find((op) => op.name === name)?.parents ?? []);
  walk(depth(match?.[3]), (name) => ops.filter((op) => op.parents.includes(name)).map((op) => op.name));
  return found;
}
