import fc from 'fast-check';
import { type RetryPolicy, retryDelaySeconds } from '../../lib/model/retry-policy';
import { vectors } from './vectors';

interface VectorPolicy {
  readonly max_retries?: number;
  readonly delay?: number;
  readonly backoff?: string | null;
  readonly jitter?: string | null;
}

interface Item {
  readonly id: string;
  readonly group: string;
  readonly policy: VectorPolicy;
  readonly expected: {
    readonly delays?: readonly {
      readonly attempt: number;
      readonly delay: number;
      readonly random?: number;
      readonly random_0?: number;
      readonly random_1?: number;
    }[];
    readonly delay_attempt_1?: number;
    readonly delay_attempt_3?: number;
  };
}

function policyOf(policy: VectorPolicy): RetryPolicy {
  return {
    maxRetries: policy.max_retries ?? 1,
    ...(policy.delay === undefined ? {} : { delaySeconds: policy.delay }),
    ...(policy.backoff ? { backoff: policy.backoff.toUpperCase() as 'LINEAR' } : {}),
    ...(policy.jitter ? { jitter: policy.jitter.toUpperCase() as 'FULL' } : {}),
  };
}

const items = vectors<readonly Item[]>('retry');

describe('recorded policies', () => {
  it('are all here', () => {
    expect(items).toHaveLength(13);
  });

  it.each(items.filter((item) => item.group !== 'construction'))('$id ($group)', (item) => {
    const policy = policyOf(item.policy);

    for (const { attempt, delay, random, random_0, random_1 } of item.expected.delays ?? []) {
      expect(retryDelaySeconds(policy, attempt, random ?? 0.5)).toBeCloseTo(delay, 9);
      if (random_0 !== undefined) expect(retryDelaySeconds(policy, attempt, 0)).toBeCloseTo(random_0, 9);
      if (random_1 !== undefined) expect(retryDelaySeconds(policy, attempt, 1)).toBeCloseTo(random_1, 9);
    }
  });

  it.each(items.filter((item) => item.group === 'construction'))('$id ($group)', (item) => {
    const policy = policyOf(item.policy);

    expect(retryDelaySeconds(policy, 1, 0.5)).toBe(item.expected.delay_attempt_1);
    expect(retryDelaySeconds(policy, 3, 0.5)).toBe(item.expected.delay_attempt_3);
  });
});

describe('properties', () => {
  it('a delay is never negative and at most the grown delay plus one base delay', () => {
    const policies = fc.record(
      {
        maxRetries: fc.nat({ max: 10 }),
        delaySeconds: fc.integer({ min: 0, max: 3600 }),
        backoff: fc.constantFrom('LINEAR' as const, 'EXPONENTIAL' as const),
        jitter: fc.constantFrom('FULL' as const, 'PLUS_MINUS' as const),
      },
      { requiredKeys: ['maxRetries', 'delaySeconds'] },
    );
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (policy, n, random) => {
          const delay = retryDelaySeconds(policy, n, random);
          const base = policy.delaySeconds;
          const most =
            (policy.backoff === 'EXPONENTIAL' ? 2 ** n - 1 : policy.backoff === 'LINEAR' ? n : 1) * base +
            base;

          expect(delay).toBeGreaterThanOrEqual(0);
          expect(delay).toBeLessThanOrEqual(most);
        },
      ),
    );
  });
});
