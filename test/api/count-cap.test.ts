import { expect, test } from '@jest/globals';
import { countCap } from '../../lib/api/count-cap';

const team = { key: 'team', values: ['a', 'b'] };

test.each([
  [{}, 10_000],
  [{ statuses: ['FAILURE'], jobName: undefined }, 10_000],
  [{ tags: [team] }, 10_000],
  [{ tags: [team, { key: 'env', values: ['staging'] }] }, 1_000],
  [{ tags: [team], statuses: ['FAILURE'] }, 1_000],
  [{ jobName: 'load', createdAfter: 1 }, 1_000],
] as const)('counting by %j stops at %i', (filter, cap) => {
  expect(countCap(filter, 10_000)).toBe(cap);
});
