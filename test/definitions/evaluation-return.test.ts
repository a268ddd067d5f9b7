import { describe, expect, test } from '@jest/globals';
import { dynamicPartitions } from '../../lib/definitions/partitions';
import {
  addPartitions,
  type EvaluationReturn,
  runRequest,
  toInstigatorResult,
} from '../../lib/definitions/run-requests';

const answerOf = (returned: unknown) => toInstigatorResult(returned as EvaluationReturn);

describe('what a sensor returns that means nothing is refused, so that nothing is lost in silence', () => {
  test.each([
    [
      { run_requests: [], cursor: '7' },
      /"run_requests", which means nothing there\. Did you mean 'runRequests'\?/,
    ],
    [{ cursor: 7 }, /cursor is a number, not text\. Write numbers and objects by JSON\.stringify/],
    [{ cursor: { page: 1 } }, /cursor is an object, not text/],
    [{ runRequests: runRequest() }, /runRequests is an object, not a list/],
    [
      { runRequests: [runRequest(), { runKey: 'a' }] },
      /runRequests\[1\] is an object that runRequest\(…\) did not make/,
    ],
    [[null], /The returned list\[0\] is null that runRequest/],
    [{ skipReason: 3 }, /skipReason is a number/],
    [{ dynamicPartitions: 'acme' }, /dynamicPartitions is a string, not a list/],
    [
      { dynamicPartitions: [addPartitions(dynamicPartitions('customers'), ['ok', 'a\nb'])] },
      /Partition key "a\\nb" contains a control character/,
    ],
    ['later', /It returned a string; it may return runRequest\(…\)/],
    [3, /It returned a number/],
    [{ kind: 'materialize_result' }, /It returned a materialize_result/],
    [runRequest({ runKey: 5 as unknown as string }), /The run request: runKey is a number, not text/],
    [
      runRequest({ tags: { rows: 5 } as unknown as Record<string, string> }),
      /tag "rows" is a number, not text/,
    ],
    [[runRequest({ partition: 1 as unknown as string })], /The returned list\[0\]: partition is a number/],
  ])('%j', (returned, expected) => {
    expect(() => answerOf(returned)).toThrow(expected);
  });
});

test('everything that may be returned is taken', () => {
  const requests = [runRequest({ runKey: 'a', tags: { team: 'data' }, partition: 'x' })];
  expect(answerOf(requests).runRequests).toHaveLength(1);
  expect(answerOf(requests[0]).runRequests).toHaveLength(1);
  expect(
    answerOf({ runRequests: requests, cursor: '1', skipReason: undefined, assetEvents: [] }).cursor,
  ).toBe('1');
  expect(answerOf({ kind: 'skip', reason: 'later' }).skipReason).toBe('later');
  expect([answerOf(undefined), answerOf(null)].map(({ runRequests }) => runRequests)).toEqual([[], []]);
});
