const MAX_SHOWN = 3;

/**
 * Known names that a misspelt one may have meant, best first, at most three: same letters in another case,
 * one a part of the other, or at most a third of the letters different.
 *
 * @example nearMisses('earthqakes', ['raw/earthquakes', 'raw/github']) // ['raw/earthquakes']
 */
export function nearMisses(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase();
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of known) {
    const score = scoreOf(wanted, candidate.toLowerCase());
    if (score !== undefined) scored.push({ candidate, score });
  }
  return scored
    .sort((a, b) => a.score - b.score || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, MAX_SHOWN)
    .map(({ candidate }) => candidate);
}

/** ` Did you mean 'a' or 'b'?`, or nothing: to be appended to a message. */
export function didYouMean(suggestions: readonly string[]): string {
  return suggestions.length === 0
    ? ''
    : ` Did you mean ${suggestions.map((name) => `'${name}'`).join(' or ')}?`;
}

function scoreOf(wanted: string, candidate: string): number | undefined {
  if (wanted === '' || candidate === '') return undefined;
  if (wanted === candidate) return 0;
  const lastPart = candidate.slice(candidate.lastIndexOf('/') + 1);
  const limit = Math.max(1, Math.floor(wanted.length / 3));
  const distance = Math.min(
    editDistance(wanted, candidate, limit),
    lastPart === candidate ? Number.POSITIVE_INFINITY : editDistance(wanted, lastPart, limit),
  );
  if (distance <= limit) return distance;
  const [short, long] = wanted.length < candidate.length ? [wanted, candidate] : [candidate, wanted];
  return short.length >= 3 && long.includes(short) ? limit + long.length - short.length : undefined;
}

/** Levenshtein's distance, given up (infinite) as soon as it must exceed `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    if (Math.min(...current) > limit) return Number.POSITIVE_INFINITY;
    previous = current;
  }
  return previous[b.length] as number;
}
