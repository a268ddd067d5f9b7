import { describe, expect, it } from '@jest/globals';
import { vectors } from '../../model/vectors';
import { type Item, replay } from './replay-automation';

const items = vectors<readonly Item[]>('automation');
/**
 * Left out: evaluations exactly on a tick of a cron. Dagster sees such a tick again at the next evaluation, so that
 * `cron_tick_passed` by itself asks twice; here every tick passes once.
 */
const shared = items.filter(({ group }) => group !== 'boundary');

describe('recorded automation', () => {
  it('is all here', () => {
    expect(items.length).toBe(shared.length + 1);
  });

  it.each(shared)('$id ($name)', (item) => {
    expect(replay(item)).toEqual(expectedOf(item));
  });
});

function expectedOf({ ticks }: Item): string[][] {
  return ticks.map(({ expected_requests }) =>
    expected_requests
      .map(({ asset, partition }) => (partition === null ? asset : `${asset}|${partition}`))
      .sort(),
  );
}

const random = vectors<readonly Item[]>('automation_random');

describe('recorded automation of random conditions', () => {
  it('is all here', () => {
    expect(random).toHaveLength(80);
  });

  it.each(random)('$id ($group)', (item) => {
    expect(replay(item)).toEqual(expectedOf(item));
  });
});
