import type { RunFilter } from '../ports/run-storage';

/** Several conditions are looked up one beside the other, run by run; one is counted along an index alone. */
const SHARE_OF_MIXTURES = 0.1;

/**
 * Where counting runs stops, so that no count costs more than a glance is worth: a count of as many means "so many or
 * more", and the dashboard shows it as `10,000+`, or of mixed filters as `1,000+`.
 *
 * @param most cap of a filter with one condition or none
 * @example await storage.countRuns(filter, countCap(filter, 10_000));
 */
export function countCap(filter: RunFilter, most: number): number {
  const { tags = [], ...others } = filter;
  const conditions = Object.values(others).filter((value) => value !== undefined).length + tags.length;
  return conditions > 1 ? most * SHARE_OF_MIXTURES : most;
}
