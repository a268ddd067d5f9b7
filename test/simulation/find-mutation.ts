import { MUTATIONS } from './mutations';
import { runSeed, type SeedResult } from './run-seed';

/** Seeds in which a mutation has to be found. */
const SEEDS = 8;

/**
 * Plays seeds with something taken away until one finds out.
 *
 * @param name of the mutation in mutations.ts
 * @returns the seed that found it, or the last one played; whether it says what it has to say
 */
export async function findMutation(
  name: string,
): Promise<{ readonly result: SeedResult; readonly isFound: boolean }> {
  const mutation = MUTATIONS[name];
  if (mutation === undefined) throw new Error(`There is no mutation "${name}" in mutations.ts.`);
  const seeds = new Set([mutation.seed, ...Array.from({ length: SEEDS }, (_, index) => index + 1)]);
  let result: SeedResult | undefined;
  for (const seed of seeds) {
    result = await runSeed(seed, { mutation, plagues: mutation.plagues ?? [] });
    if (result.violations.length > 0) break;
  }
  if (result === undefined) throw new Error('there are no seeds');
  return { result, isFound: mutation.finds.test(result.violations.join('\n')) };
}
