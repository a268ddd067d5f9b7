import { difference, EMPTY, type Subset, union } from './subset';

/** When parts of a subset became what they are, by epoch ms: decides which of two came later within one tick. */
export type Timing = ReadonlyMap<number, Subset>;

/** Where `trigger` came later than `reset`. */
export function laterThan(trigger: Timing, reset: Timing): Subset {
  let result = EMPTY;
  for (const [at, subset] of trigger) {
    let later = subset;
    for (const [resetAt, resetSubset] of reset) {
      if (resetAt >= at) later = difference(later, resetSubset);
    }
    result = union(result, later);
  }
  return result;
}

export function mergeTimings(timings: readonly (Timing | null)[]): Timing | null {
  const merged = new Map<number, Subset>();
  for (const timing of timings) {
    for (const [at, subset] of timing ?? []) merged.set(at, union(merged.get(at) ?? EMPTY, subset));
  }
  return merged.size === 0 ? null : merged;
}

export function mapTiming(timing: Timing | null, map: (subset: Subset) => Subset): Timing | null {
  return timing === null ? null : new Map([...timing].map(([at, subset]) => [at, map(subset)]));
}
