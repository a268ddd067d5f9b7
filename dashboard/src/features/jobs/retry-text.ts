import { formatSpan } from '../../components/format/duration';
import { plural } from '../../components/format/number';

/** A retry policy in words: how often, after which wait, and how that grows. */
export function retryText(
  policy: {
    readonly maxRetries: number;
    readonly delaySeconds: number;
    readonly backoff: string | null;
    readonly jitter: string | null;
  } | null,
): string {
  if (policy === null || policy.maxRetries === 0) return 'none';
  const wait = policy.delaySeconds === 0 ? 'at once' : `after ${formatSpan(policy.delaySeconds * 1_000)}`;
  const growth =
    policy.backoff === 'EXPONENTIAL'
      ? ', each wait about twice as long'
      : policy.backoff === 'LINEAR'
        ? ', each wait longer by as much'
        : '';
  const jitter =
    policy.jitter === 'FULL' ? ', or anything less' : policy.jitter ? ', give or take some of it' : '';
  return `up to ${plural(policy.maxRetries, 'time')}, ${wait}${growth}${jitter}`;
}
