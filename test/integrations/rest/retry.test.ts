import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  DEFAULT_RETRY,
  isRateLimited,
  isTransientStatus,
  retryDelay,
  serverDelay,
} from '../../../lib/integrations/rest/retry';

const now = Date.parse('2026-01-01T00:00:00Z');

describe('retry decisions', () => {
  it('waits within full jitter and never beyond the time allowed', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 0, max: 400_000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, elapsedMs, random) => {
          const delay = retryDelay({ attempt, elapsedMs }, DEFAULT_RETRY, () => random);
          if (delay === undefined) return attempt >= 10 || elapsedMs + 60_000 > 300_000;
          return (
            delay <= Math.min(60_000, 500 * 2 ** (attempt - 1)) &&
            elapsedMs + delay <= 300_000 &&
            attempt < 10
          );
        },
      ),
    );
  });

  it('keeps a wait that the service asked for, or gives up', () => {
    const delay = (serverDelayMs: number) =>
      retryDelay({ attempt: 1, elapsedMs: 0, serverDelayMs }, DEFAULT_RETRY, () => 0.9);

    expect(delay(0)).toBe(0);
    expect(delay(299_000)).toBe(299_000);
    expect(delay(301_000)).toBeUndefined();
  });
});

describe('what the service asks for', () => {
  it.each([
    [{ 'retry-after': '120' }, 120_000],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, 30_000],
    [{ 'retry-after': 'Wed, 31 Dec 2025 23:59:00 GMT' }, 0],
    [{ 'retry-after': 'soon' }, undefined],
    [{ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 + 42) }, 42_000],
    [{ 'ratelimit-remaining': '0', 'ratelimit-reset': '5' }, 5000],
    [{ 'x-ratelimit-remaining': '3', 'x-ratelimit-reset': String(now / 1000 + 42) }, undefined],
    [{}, undefined],
  ])('reads %j as %s ms', (headers, expected) => {
    expect(serverDelay(new Headers(headers as Record<string, string>), now)).toBe(expected);
  });

  it('tells a used-up limit from a refusal', () => {
    expect(isRateLimited(429, new Headers())).toBe(true);
    expect(isRateLimited(403, new Headers({ 'x-ratelimit-remaining': '0' }))).toBe(true);
    expect(isRateLimited(403, new Headers({ 'x-ratelimit-remaining': '9' }))).toBe(false);
    expect([500, 502, 503, 504, 408, 429].every(isTransientStatus)).toBe(true);
    expect([400, 401, 404, 409, 422, 501].some(isTransientStatus)).toBe(false);
  });
});
