import { expect, test } from '@jest/globals';
import { failedTests } from './failed-tests.mjs';

const PASSED = { fullName: 'adds', status: 'passed', failureMessages: [] };

test('names each failed test with its file and the beginning of its message, without colors and stack', () => {
  const unmet = {
    fullName: 'sums of two numbers are right',
    status: 'failed',
    failureMessages: [
      'Error: \u001b[2mexpect(\u001b[22mreceived).toBe(expected)\n\nExpected: \u001b[32m4\u001b[39m\nReceived: 5\nDifference: 1\n    at Object.<anonymous> (test/sum.test.ts:3:9)',
    ],
  };
  const thrown = { fullName: 'throws', status: 'failed', failureMessages: ['Error: no\n    at x.ts:1:1'] };
  const suite = { name: '/r/test/sum.test.ts', status: 'failed', message: 'all of it' };

  const failed = failedTests([{ ...suite, assertionResults: [PASSED, unmet, thrown] }], '/r');

  expect(failed).toEqual([
    'test/sum.test.ts › sums of two numbers are right\n    Error: expect(received).toBe(expected)\n    Expected: 4\n    Received: 5',
    'test/sum.test.ts › throws\n    Error: no',
  ]);
});

test('names a suite that failed without a failed test of its own', () => {
  const message = '  ● Test suite failed to run\n\n    Cannot find module "x"\n\n      at resolve (y.js:1:1)';
  const suite = { name: '/r/test/broken.test.ts', status: 'failed', message, assertionResults: [] };

  expect(failedTests([suite], '/r')).toEqual([
    'test/broken.test.ts\n    ● Test suite failed to run\n    Cannot find module "x"',
  ]);
  expect(failedTests([{ ...suite, assertionResults: [PASSED] }], '/r')).toHaveLength(1);
});

test('says nothing of suites that passed', () => {
  const suite = { name: '/r/test/sum.test.ts', status: 'passed', message: '', assertionResults: [PASSED] };
  expect(failedTests([suite], '/r')).toEqual([]);
});
