import { describeFailure, untouched } from './report';
import { runSeed, type SeedResult } from './run-seed';

/** `npm run simulate -- --seeds N` plays more of them. */
const SEEDS = 25;
const TIMEOUT_MS = 180_000;

/** What a course of events came to. */
const courseOf = ({ steps, statements, runs, endedAfter, faults, reached }: SeedResult) => ({
  ...{ steps, statements, runs, endedAfter },
  faults: [...faults],
  reached: [...reached],
});

describe('the control plane in a world that fails', () => {
  const results: SeedResult[] = [];

  test.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
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
    'takes the same course with the same seed',
    async () => {
      const again = await runSeed(2);

      const first = results.find(({ seed }) => seed === 2);
      expect(courseOf(again)).toEqual(first && courseOf(first));
      expect(new Set(results.map((result) => result.digest)).size).toBe(SEEDS);
    },
    TIMEOUT_MS,
  );
});
