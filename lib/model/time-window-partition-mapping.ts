/** Partition mappings by overlap of time windows. */
import type { TimeWindowPartitionMappingSpec, UpstreamPartitions } from './partition-mapping-spec';
import {
  PartitionsError,
  type PartitionsSpec,
  type PartitionWindow,
  type TimeWindowPartitionsSpec,
  UnknownPartitionKeyError,
} from './partitions';
import { type TimeWindowSeries, timeWindowSeries, type WindowBounds } from './time-window-partitions';

/** What windows of the downstream asset need of the upstream one. */
export function upstreamWindows(
  mapping: TimeWindowPartitionMappingSpec,
  upstream: PartitionsSpec,
  downstream: PartitionsSpec | null,
  keys: readonly string[],
  now: number,
): UpstreamPartitions {
  const from = seriesOf(downstream);
  const to = seriesOf(upstream);
  const bounds = to.boundsAt(now);
  const startOffset = mapping.startOffset ?? 0;
  const endOffset = mapping.endOffset ?? 0;
  const runs = runsOf(from, keys);
  const found: PartitionWindow[] = [];
  const missing = new Set<string>();
  const miss = (stretch: PartitionWindow) => {
    if (mapping.allowNonexistentUpstreamPartitions === true) return;
    for (const window of to.windowsBetween(stretch.start, stretch.end)) missing.add(to.keyOf(window.start));
  };
  const endsBeforeUpstream = (runs.at(-1)?.end ?? 0) <= to.start;
  for (const run of runs) {
    if (endsBeforeUpstream && startOffset === 0 && endOffset === 0) {
      // Nothing of it exists, so no window is needed for the part of it that lies in the run: only those that
      // begin in the run are missing.
      miss(run);
      continue;
    }
    const wanted = align(from, to, {
      start: shift(from, run.start, startOffset, bounds),
      end: shift(from, run.end, endOffset, bounds),
    });
    if (wanted === null || wanted.start >= wanted.end) continue;
    const existing = clip(wanted, bounds);
    if (existing !== null) found.push(existing);
    const outside = outsideOf(wanted, bounds);
    if (outside !== null) miss(outside);
  }
  return { keys: keysIn(to, found), missing: [...missing].sort() };
}

/** Windows of the downstream asset that need any of those of the upstream one. */
export function downstreamWindows(
  mapping: TimeWindowPartitionMappingSpec,
  upstream: PartitionsSpec,
  downstream: PartitionsSpec,
  keys: readonly string[],
  now: number,
): string[] {
  const from = seriesOf(upstream);
  const to = seriesOf(downstream);
  const bounds = to.boundsAt(now);
  const found: PartitionWindow[] = [];
  for (const run of runsOf(from, keys)) {
    const aligned = align(from, to, run);
    if (aligned === null) continue;
    // Offsets count downstream windows, so here they are applied after the alignment, the other way round.
    const wanted = {
      start: shift(to, aligned.start, -(mapping.endOffset ?? 0), bounds),
      end: shift(to, aligned.end, -(mapping.startOffset ?? 0), bounds),
    };
    const existing = wanted.start < wanted.end ? clip(wanted, bounds) : null;
    if (existing !== null) found.push(existing);
  }
  return keysIn(to, found);
}

function seriesOf(partitions: PartitionsSpec | null): TimeWindowSeries {
  if (partitions?.type !== 'time_window')
    throw new PartitionsError('Only time windows can be mapped by overlap');
  return timeWindowSeries(partitions satisfies TimeWindowPartitionsSpec);
}

/** The windows of keys, successive ones joined into one stretch, with any excluded windows between them. */
function runsOf(series: TimeWindowSeries, keys: readonly string[]): PartitionWindow[] {
  const windows = keys.map((key) => {
    const window = series.windowOfKey(key);
    if (window === null)
      throw new UnknownPartitionKeyError(key, `no window of '${series.spec.cron}' has this key`);
    return window;
  });
  const runs: { start: number; end: number }[] = [];
  for (const window of windows.sort((a, b) => a.start - b.start)) {
    const last = runs.at(-1);
    const follows =
      last !== undefined && (window.start <= last.end || series.windowFrom(last.end)?.start === window.start);
    if (follows) last.end = Math.max(last.end, window.end);
    else runs.push({ ...window });
  }
  return runs;
}

/** An instant moved by a number of windows, but not out of the windows that exist on the other side. */
function shift(
  series: TimeWindowSeries,
  instant: number,
  offset: number,
  bounds: WindowBounds | null,
): number {
  let shifted = instant;
  for (let step = 0; step < Math.abs(offset); step += 1) {
    const window = offset < 0 ? series.windowUntil(shifted) : series.windowFrom(shifted);
    if (window === null) break;
    shifted = offset < 0 ? window.start : window.end;
  }
  if (bounds === null || offset === 0) return shifted;
  return offset < 0 ? Math.max(bounds.first.start, shifted) : Math.min(bounds.last.end, shifted);
}

/** The whole windows of `to` that a stretch of `from` touches. */
function align(
  from: TimeWindowSeries,
  to: TimeWindowSeries,
  stretch: PartitionWindow,
): PartitionWindow | null {
  if (from.spec.cron === to.spec.cron) return stretch;
  const first = to.windowAt(stretch.start);
  const last = to.windowAt(stretch.end - 1);
  return first === null || last === null ? null : { start: first.start, end: last.end };
}

function clip(wanted: PartitionWindow, bounds: WindowBounds | null): PartitionWindow | null {
  if (bounds === null || wanted.start > bounds.last.start || wanted.end < bounds.first.end) return null;
  return { start: Math.max(wanted.start, bounds.first.start), end: Math.min(wanted.end, bounds.last.end) };
}

/** The part of a stretch that lies outside of what exists: before it if there is such a part, else after. */
function outsideOf(wanted: PartitionWindow, bounds: WindowBounds | null): PartitionWindow | null {
  if (bounds === null) return wanted;
  const { first, last } = bounds;
  const before = wanted.start < first.start;
  const after = wanted.end > last.end;
  if (before && after) return wanted;
  if (before) return { start: wanted.start, end: Math.min(wanted.end, first.start) };
  return after ? { start: Math.max(wanted.start, last.end), end: wanted.end } : null;
}

function keysIn(series: TimeWindowSeries, stretches: readonly PartitionWindow[]): string[] {
  const starts = new Set<number>();
  for (const { start, end } of stretches)
    for (const window of series.windowsBetween(start, end)) starts.add(window.start);
  return [...starts].sort((a, b) => a - b).map((start) => series.keyOf(start));
}
