import { findMutation } from './find-mutation';

/** A few that are found early; all: `npm run simulate -- --mutations`. */
const SAMPLE = ['a limit on a tag counts nothing', 'run keys need not be unique', 'a worker is not fenced'];
const TIMEOUT_MS = 300_000;

describe('the simulator', () => {
  test.each(SAMPLE)(
    'finds out when %s',
    async (name) => {
      const { result, isFound } = await findMutation(name);

      expect(result.violations).not.toHaveLength(0);
      expect([result.violations, isFound]).toEqual([result.violations, true]);
    },
    TIMEOUT_MS,
  );
});
