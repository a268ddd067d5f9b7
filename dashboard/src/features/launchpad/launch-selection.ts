import { type SelectableStep, selectSteps } from '../../../../lib/model/select-steps';
import { type SelectableAsset, selectAssets } from '../../../../lib/model/selection';

export interface LaunchSelection {
  /** Null: everything the job has. */
  readonly keys: readonly string[] | null;
  readonly count: number;
  readonly problem: string | undefined;
}

/** The assets of a job that a selection names; an empty one is all of them. */
export function selectJobAssets(text: string, assets: readonly SelectableAsset[]): LaunchSelection {
  if (!text.trim()) return { keys: null, count: assets.length, problem: undefined };
  return select(() => {
    const keys = selectAssets(text, assets);
    return { keys, count: keys.length };
  });
}

/** Clauses such as `load`, `*load`, `++load`, `load+` over a job's ops; the API resolves them. */
export function selectJobOps(text: string, ops: readonly SelectableStep[]): LaunchSelection {
  const clauses = text.split(/[\s,]+/).filter(Boolean);
  if (clauses.length === 0) return { keys: null, count: ops.length, problem: undefined };
  return select(() => ({ keys: clauses, count: selectSteps(clauses, ops).length }));
}

function select(read: () => Omit<LaunchSelection, 'problem'>): LaunchSelection {
  try {
    const found = read();
    return { ...found, problem: found.count === 0 ? 'Nothing of this job is selected' : undefined };
  } catch (error) {
    return { keys: null, count: 0, problem: (error as Error).message };
  }
}

/** A selection of exactly these assets. */
export function selectionOfKeys(keys: readonly string[]): string {
  return keys.map((key) => `key:"${key}"`).join(' or ');
}
