/**
 * A length of time: seconds as a number, or a string of numbers with units `ms`, `s`, `m`, `h`, `d`.
 *
 * @example '10s' // or 10, '1h30m', '250ms', '2d'
 */
export type Duration = number | string;

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/;

/** Seconds of a duration; undefined when it cannot be understood or is negative. */
export function toSeconds(duration: Duration): number | undefined {
  if (typeof duration === 'number') return Number.isFinite(duration) && duration >= 0 ? duration : undefined;
  const text = duration.replaceAll(/\s+/g, '');
  if (!WHOLE.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(PART)) seconds += Number(amount) * (SECONDS[unit ?? ''] ?? 0);
  return seconds;
}
