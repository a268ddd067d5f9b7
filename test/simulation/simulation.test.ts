import { describeFailure, untouched } from './report';
import { runSeed, type SeedResult } from './run-seed';

/** `npm run simulate -- --seeds N` plays more of them. */
const SEEDS = 25;
const TIMEOUT_MS = 180_000;

describe('the control plane in a world that fails', () => {
  const results: SeedResult[] = [];

  // Some at a time, each with a database and a timeline of its own: while one waits for its database, others go on.
  test.concurrent.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
    'keeps its promises and comes to an end with seed %i',
    async (seed) => {
      const result = await runSeed(seed);

      results.push(result);
      expect(describeFailure(result)).toBe('');
    },
    TIMEOUT_MS,
  );

  test('meets every kind of fault and fills every limit', () => {
    expect(results).toHaveLength(SEEDS);
    expect(untouched(results)).toEqual([]);
  });

  test(
    'takes the same course with the same seed, step by step',
    async () => {
      const again = await runSeed(2);

      const first = results.find(({ seed }) => seed === 2);
      expect([again.digest, again.steps]).toEqual([first?.digest, first?.steps]);
      expect(new Set(results.map((result) => result.digest)).size).toBe(SEEDS);
    },
    TIMEOUT_MS,
  );
});
