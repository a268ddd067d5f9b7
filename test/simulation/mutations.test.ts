import { MUTATIONS } from './mutations';
import { runSeed } from './run-seed';

/** Seeds in which a mutation has to be found. */
const SEEDS = 8;
const TIMEOUT_MS = 600_000;

describe('the simulator', () => {
  test.each(Object.entries(MUTATIONS))(
    'finds out when %s',
    async (_, mutation) => {
      let found: readonly string[] = [];
      for (let seed = 1; seed <= SEEDS && found.length === 0; seed += 1) {
        found = (await runSeed(seed, { mutation, plagues: mutation.plagues ?? [] })).violations;
      }

      expect(found.join('\n')).toMatch(mutation.finds);
      expect(found).not.toHaveLength(0);
    },
    TIMEOUT_MS,
  );
});
