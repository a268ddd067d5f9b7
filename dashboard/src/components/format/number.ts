/** Counts: `48,210`, from a million `9.41 M`, `1.20 G`. Unknown is `—`. */
export function formatCount(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '—';
  const abs = Math.abs(value);
  if (abs >= 1e9) return `${(value / 1e9).toFixed(2)} G`;
  if (abs >= 1e6) return `${(value / 1e6).toFixed(2)} M`;
  if (Number.isInteger(value)) return value.toLocaleString('en-US');
  return value.toLocaleString('en-US', { maximumSignificantDigits: abs >= 100 ? 5 : 4 });
}

/** Bytes in SI units: `212 kB`, `4.1 MB`. */
export function formatBytes(value: number | null | undefined): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '—';
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let size = value;
  let unit = 0;
  while (Math.abs(size) >= 1_000 && unit < units.length - 1) {
    size /= 1_000;
    unit += 1;
  }
  const digits = unit === 0 || size >= 100 ? 0 : 1;
  return `${size.toFixed(digits)} ${units[unit]}`;
}

/** A share of one: `97.4 %`, `100 %`. Never rounds up to 100 % what is not whole. */
export function formatShare(value: number): string {
  if (!Number.isFinite(value)) return '—';
  const percent = value * 100;
  if (percent === 0 || percent >= 100) return `${Math.round(percent)} %`;
  return `${Math.min(99.9, percent).toFixed(percent < 10 || percent > 95 ? 1 : 0)} %`;
}

/** `1 run`, `37 runs`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** Counting runs stops at these, by one condition and by several (`countCap` of the API). */
const COUNT_CAPS: readonly number[] = [10_000, 1_000];

/** A count of runs: `10,000+` and `1,000+` where the API stopped counting. */
export function formatRunCount(count: number | undefined): string {
  return count !== undefined && COUNT_CAPS.includes(count) ? `${formatCount(count)}+` : formatCount(count);
}

/** The middle value; undefined of nothing. */
export function median(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

/** Cuts the middle of a long key, so that both ends stay readable: `raw/github_…requests`. */
export function truncateMiddle(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const tail = Math.ceil((limit - 1) * 0.6);
  return `${text.slice(0, limit - 1 - tail)}…${text.slice(-tail)}`;
}
