import type { StoredSubset } from '../../model/automation-evaluation';

/**
 * Sets of partitions of one asset or check. Without partitions there is one member, `UNPARTITIONED`: such an entity is
 * either in the set or not. Sets are never changed, so that what is equal is often identical, which keeps 10,000 assets
 * cheap.
 */
export type Subset = ReadonlySet<string>;

/** The only member of an entity without partitions. */
export const UNPARTITIONED = '';

export const EMPTY: Subset = new Set();
export const WHOLE: Subset = new Set([UNPARTITIONED]);

export function union(a: Subset, b: Subset): Subset {
  if (a === b || b.size === 0) return a;
  if (a.size === 0) return b;
  if (b.size > a.size) return union(b, a);
  let result: Set<string> | null = null;
  for (const member of b) {
    if (a.has(member)) continue;
    result ??= new Set(a);
    result.add(member);
  }
  return result ?? a;
}

export function intersection(a: Subset, b: Subset): Subset {
  if (a === b) return a;
  if (a.size === 0 || b.size === 0) return EMPTY;
  if (a.size > b.size) return intersection(b, a);
  return filter(a, (member) => b.has(member));
}

/** Members of `a` that are not in `b`. */
export function difference(a: Subset, b: Subset): Subset {
  if (a === b || a.size === 0) return EMPTY;
  if (b.size === 0) return a;
  return filter(a, (member) => !b.has(member));
}

/** Members that pass; `subset` itself when all do. */
export function filter(subset: Subset, passes: (member: string) => boolean): Subset {
  const kept = new Set<string>();
  for (const member of subset) if (passes(member)) kept.add(member);
  if (kept.size === 0) return EMPTY;
  return kept.size === subset.size ? subset : kept;
}

/** The subset of members of a list. */
export function subsetOf(members: Iterable<string>): Subset {
  const set = new Set(members);
  return set.size === 0 ? EMPTY : set;
}

/**
 * As ranges over the order of all partitions, so that 10,000 neighbours take two keys.
 *
 * @param order every key that exists, in order; null = unpartitioned
 */
export function storeSubset(subset: Subset, order: Subset | null): StoredSubset {
  if (order === null) return subset.size > 0;
  const stored: (string | [string, string])[] = [];
  let isOpen = false;
  for (const key of order) {
    const last = stored.length - 1;
    if (!subset.has(key)) isOpen = false;
    else if (!isOpen) {
      stored.push(key);
      isOpen = true;
    } else {
      const open = stored[last] as string | [string, string];
      stored[last] = [typeof open === 'string' ? open : open[0], key];
    }
  }
  return stored;
}

/**
 * Reads a stored subset against the partitions that exist now. Keys that are gone are dropped; so is a range of which
 * neither end exists any more.
 */
export function readSubset(stored: StoredSubset, order: Subset | null): Subset {
  if (typeof stored === 'boolean') return order === null && stored ? WHOLE : EMPTY;
  if (order === null || stored.length === 0) return EMPTY;
  const members = new Set<string>();
  const ends = new Map<string, string>();
  for (const each of stored) {
    if (typeof each === 'string') {
      if (order.has(each)) members.add(each);
    } else if (order.has(each[0]) && order.has(each[1])) ends.set(each[0], each[1]);
    else for (const end of each) if (order.has(end)) members.add(end);
  }
  if (ends.size > 0) {
    let until: string | undefined;
    for (const key of order) {
      until ??= ends.get(key);
      if (until === undefined) continue;
      members.add(key);
      if (until === key) until = undefined;
    }
  }
  if (members.size === 0) return EMPTY;
  return members.size === order.size ? order : members;
}
