import { SEEDED_GROUP_TEAMS } from '../../bench/support/seeded-instance';

/** What the assets `generated/aN` of a seeded instance are to each other, by their numbers. */
export function parentsOf(n: number): number[] {
  return [...new Set([Math.floor(n / 2), Math.floor(n / 3)])].filter((each) => each < n);
}

/** An asset and all that it is made from. */
export function withUpstream(n: number): ReadonlySet<number> {
  const found = new Set([n]);
  for (const each of found) for (const parent of parentsOf(each)) found.add(parent);
  return found;
}

/** An asset with what is at most two steps above or below it, of so many. */
export function neighboursOf(n: number, assets: number): ReadonlySet<number> {
  const above = parentsOf(n).flatMap((parent) => [parent, ...parentsOf(parent)]);
  const below = new Set([n]);
  for (const _ of [1, 2]) {
    const next = numbers(assets).filter((each) => parentsOf(each).some((parent) => below.has(parent)));
    for (const each of next) below.add(each);
  }
  return new Set([...below, ...above]);
}

/** How many assets are in one group: a fifth of them each is a layer, which eight teams share. */
export function sizeOfGroup(layer: number, team: number, assets: number): number {
  return numbers(assets).filter(
    (n) => Math.floor((n / assets) * 5) === layer && n % SEEDED_GROUP_TEAMS === team,
  ).length;
}

function numbers(length: number): number[] {
  return Array.from({ length }, (_, n) => n);
}
