/** The value below which `share` (0 to 1) of the samples lie. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Median and tail of samples in milliseconds, rounded to a tenth. */
export function summary(samples: readonly number[]): {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
} {
  const at = (share: number): number => Math.round(percentile(samples, share) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

/** A figure with so many decimals. */
export function round(value: number, decimals: number): number {
  return Number(value.toFixed(decimals));
}

/** How many times `b` goes into `a`, to a tenth; null when one of them was not measured. */
export function ratio(a: number | undefined, b: number | undefined): number | null {
  return a === undefined || b === undefined || b === 0 ? null : round(a / b, 1);
}

/** One JSON line per figure, dated, with the machine's load: a shared machine is part of the measurement. */
export function report(
  name: string,
  figures: Readonly<Record<string, unknown>>,
  load: readonly number[],
): void {
  const rounded = load.map((value) => Math.round(value * 100) / 100);
  console.log(JSON.stringify({ name, at: new Date().toISOString(), load: rounded, ...figures }));
}
