import { expect, test } from '@jest/globals';
import { selectSteps } from '../../lib/engine/plan/select-steps';
import { aStep } from '../contracts/storage-builders';

/** a → b → c → d, and b → x. */
const steps = [
  aStep({ key: 'a' }),
  aStep({ key: 'b', dependsOn: ['a'] }),
  aStep({ key: 'c', dependsOn: ['b'] }),
  aStep({ key: 'd', dependsOn: ['c'] }),
  aStep({ key: 'x', dependsOn: ['b'] }),
  aStep({ key: 'load[?]', dependsOn: ['d'] }),
];

test.each([
  [['c'], ['c']],
  [['*c'], ['a', 'b', 'c']],
  [['+c'], ['b', 'c']],
  [['++c'], ['a', 'b', 'c']],
  [['b+'], ['b', 'c', 'x']],
  [['b*'], ['b', 'c', 'd', 'x', 'load[?]']],
  [['+b+'], ['a', 'b', 'c', 'x']],
  [
    ['d', 'a'],
    ['a', 'd'],
  ],
  [['*'], ['a', 'b', 'c', 'd', 'x', 'load[?]']],
  [['load[usgs]'], ['load[usgs]']],
  [['+load[usgs]'], ['d', 'load[usgs]']],
])('%j selects %j', (selections, expected) => {
  expect(selectSteps(steps, selections)).toEqual(expected);
});

test('a step that the job does not have is refused by its name', () => {
  expect(() => selectSteps(steps, ['*nosuch'])).toThrow("The job has no step 'nosuch'");
});
