/** Partitions whose keys are windows of time between two ticks of a cron. */
import { isValidCron, nextTick, previousTick, ticksEveryHour, validateCron } from './cron';
import { formatOffset, type PartitionKeyFormat, partitionKeyFormat } from './partition-key-format';
import type { PartitionKeySet } from './partition-key-set';
import {
  InvalidPartitionsSpecError,
  type PartitionWindow,
  type TimeWindowPartitionsSpec,
} from './partitions-spec';
import { instantOfWallTime, type TimeZone, timeZone } from './time-zone';

/** Excluded windows in a row after which a definition is taken to have no other. */
const MAX_EXCLUDED_IN_A_ROW = 100_000;

/**
 * The windows of one definition. Those from its start on are found once and kept, so that counting, indexing and
 * listing cost a search, not a walk through the calendar.
 */
export class TimeWindowSeries {
  readonly spec: TimeWindowPartitionsSpec;
  /** Epoch milliseconds. */
  readonly start: number;
  /** Epoch milliseconds; infinity when the definition has no end. */
  readonly end: number;
  private readonly zone: TimeZone;
  private readonly keyFormat: PartitionKeyFormat;
  private readonly marksSecondOccurrence: boolean;
  private readonly excludedCrons: readonly string[];
  private readonly excludedInstants: ReadonlySet<number>;
  private readonly starts: number[] = [];
  private readonly keys: string[] = [];
  private nextStart: number | null;
  private lastBounds: { readonly now: number; readonly bounds: WindowBounds | null } | undefined;

  /** @throws {InvalidPartitionsSpecError} */
  constructor(spec: TimeWindowPartitionsSpec) {
    this.spec = spec;
    try {
      validateCron(spec.cron, spec.timezone);
    } catch (cause) {
      throw new InvalidPartitionsSpecError((cause as Error).message, { cause });
    }
    this.zone = timeZone(spec.timezone);
    this.keyFormat = partitionKeyFormat(spec.format);
    // Only windows shorter than the repeated hour can begin twice at the same wall time.
    this.marksSecondOccurrence = !this.keyFormat.hasOffset && ticksEveryHour(spec.cron);
    if (!Number.isInteger(spec.endOffset)) {
      throw new InvalidPartitionsSpecError(`endOffset is ${spec.endOffset}, not a whole number`);
    }
    const exclusions = spec.exclusions ?? [];
    this.excludedCrons = exclusions.flatMap((exclusion) => ('cron' in exclusion ? [exclusion.cron] : []));
    const badCron = this.excludedCrons.find((cron) => !isValidCron(cron));
    if (badCron !== undefined)
      throw new InvalidPartitionsSpecError(`exclusion '${badCron}' is not a cron expression`);
    this.excludedInstants = new Set(
      exclusions.flatMap((exclusion) => ('at' in exclusion ? [this.instantOfExclusion(exclusion.at)] : [])),
    );
    this.start = this.boundOf('start', spec.start);
    this.end = spec.end === undefined ? Number.POSITIVE_INFINITY : this.boundOf('end', spec.end);
    this.nextStart = nextTick(spec.cron, spec.timezone, this.start - 1);
  }

  /** The first window that begins at `instant` or later, whether or not the definition has begun or ended. */
  windowFrom(instant: number): PartitionWindow | null {
    const { cron, timezone } = this.spec;
    let start = nextTick(cron, timezone, instant - 1);
    for (let tries = 0; start !== null && tries < MAX_EXCLUDED_IN_A_ROW; tries += 1) {
      const end = nextTick(cron, timezone, start);
      if (end === null) return null;
      if (!this.isExcluded(start)) return { start, end };
      start = end;
    }
    return null;
  }

  /** The last window that ends at `instant` or earlier, whether or not the definition has begun. */
  windowUntil(instant: number): PartitionWindow | null {
    const { cron, timezone } = this.spec;
    let end = previousTick(cron, timezone, instant + 1);
    for (let tries = 0; end !== null && tries < MAX_EXCLUDED_IN_A_ROW; tries += 1) {
      const start = previousTick(cron, timezone, end);
      if (start === null) return null;
      if (!this.isExcluded(start)) return { start, end };
      end = start;
    }
    return null;
  }

  /** The last window that begins at `instant` or earlier: the one that holds it, unless that is excluded. */
  windowAt(instant: number): PartitionWindow | null {
    const { cron, timezone } = this.spec;
    let start = previousTick(cron, timezone, instant + 1);
    for (let tries = 0; start !== null && tries < MAX_EXCLUDED_IN_A_ROW; tries += 1) {
      if (!this.isExcluded(start)) {
        const end = nextTick(cron, timezone, start);
        return end === null ? null : { start, end };
      }
      start = previousTick(cron, timezone, start);
    }
    return null;
  }

  /** The first and the last window that exist at `now`, or null when none does. */
  boundsAt(now: number): WindowBounds | null {
    if (this.lastBounds?.now !== now) this.lastBounds = { now, bounds: this.findBounds(now) };
    return this.lastBounds.bounds;
  }

  private findBounds(now: number): WindowBounds | null {
    const first = this.windowFrom(this.start);
    if (first === null || this.end <= this.start) return null;
    const { endOffset } = this.spec;
    const lastBeforeEnd = this.end === Number.POSITIVE_INFINITY ? null : this.windowUntil(this.end);
    if (endOffset === 0) {
      const last = this.windowUntil(Math.min(now, this.end));
      return last === null || first.end > now || last.start < first.start ? null : { first, last };
    }
    // The first window appears when the last would end with it, counted from the tick that is to come: for a
    // positive offset that is up to a window earlier than counted from the tick that has passed.
    let last = this.windowUntil(now);
    if (endOffset > 0) {
      let ahead = this.windowFrom(now);
      for (let step = 0; ahead !== null && step < endOffset; step += 1) ahead = this.windowFrom(ahead.end);
      if (ahead !== null && first.end > ahead.start) return null;
      for (let step = 0; last !== null && step < endOffset; step += 1) last = this.windowFrom(last.end);
    } else {
      for (let step = 0; last !== null && step < -endOffset; step += 1) last = this.windowUntil(last.start);
      if (last === null || last.start < first.start) return null;
    }
    if (last === null || last.start < first.start) last = first;
    if (lastBeforeEnd !== null && lastBeforeEnd.start <= last.start) last = lastBeforeEnd;
    return last.start < first.start ? null : { first, last };
  }

  /** Every window that begins in `[from, to)`, whether or not the definition has begun or ended. */
  windowsBetween(from: number, to: number): PartitionWindow[] {
    const windows: PartitionWindow[] = [];
    let window = this.windowFrom(from);
    while (window !== null && window.start < to) {
      windows.push(window);
      window = this.windowFrom(window.end);
    }
    return windows;
  }

  /** The key of the window that begins at `start`. */
  keyOf(start: number): string {
    const offset = this.zone.offsetAt(start);
    const key = this.keyFormat.format(start + offset, offset);
    if (!this.marksSecondOccurrence) return key;
    const meaning = this.zone.meaningOf(start + offset);
    return meaning.kind === 'ambiguous' && meaning.second === start ? key + formatOffset(offset) : key;
  }

  /** The window that a key names, whether or not it exists yet, or null if none has that key. */
  windowOfKey(key: string): PartitionWindow | null {
    const instant = this.instantOf(key);
    const window = instant === null ? null : this.windowFrom(instant);
    return window !== null && this.keyOf(window.start) === key ? window : null;
  }

  /** The keys that exist at `now`. */
  keySetAt(now: number): PartitionKeySet {
    const bounds = this.boundsAt(now);
    if (bounds === null) return { count: 0, keyAt: () => '', indexOf: () => -1 };
    this.findUntil(bounds.last.start);
    const count = this.indexOfStart(bounds.last.start) + 1;
    return {
      count,
      keyAt: (index) => {
        let key = this.keys[index];
        if (key === undefined) {
          key = this.keyOf(this.starts[index] as number);
          this.keys[index] = key;
        }
        return key;
      },
      indexOf: (key) => {
        const instant = this.instantOf(key);
        if (instant === null) return -1;
        const index = this.indexOfStart(instant);
        return index >= 0 && index < count && this.keyOf(this.starts[index] as number) === key ? index : -1;
      },
    };
  }

  private findUntil(start: number): void {
    while (this.nextStart !== null && this.nextStart <= start) {
      if (!this.isExcluded(this.nextStart)) this.starts.push(this.nextStart);
      this.nextStart = nextTick(this.spec.cron, this.spec.timezone, this.nextStart);
    }
  }

  /** The index of the first known window that begins at `instant` or later. */
  private indexOfStart(instant: number): number {
    let low = 0;
    let high = this.starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] as number) < instant) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private isExcluded(start: number): boolean {
    if (this.excludedInstants.has(start)) return true;
    return this.excludedCrons.some((cron) => nextTick(cron, this.spec.timezone, start - 1) === start);
  }

  /** When a key says its window begins, as far as its format tells. */
  private instantOf(key: string): number | null {
    const parsed = this.keyFormat.parse(key) ?? partitionKeyFormat(`${this.spec.format}%z`).parse(key);
    if (parsed === null) return null;
    return parsed.offset === undefined
      ? instantOfWallTime(this.zone, parsed.wall)
      : parsed.wall - parsed.offset;
  }

  private boundOf(name: string, text: string): number {
    const instant = this.instantOf(text);
    if (instant !== null) return instant;
    const example = this.keyFormat.format(Date.UTC(2026, 0, 31), 0);
    throw new InvalidPartitionsSpecError(
      `${name} '${text}' is not written in the format '${this.spec.format}', as in '${example}'`,
    );
  }

  private instantOfExclusion(at: string): number {
    const wall = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/.test(at)
      ? Date.parse(at.length === 10 ? at : `${at}Z`)
      : Number.NaN;
    if (Number.isNaN(wall)) {
      throw new InvalidPartitionsSpecError(
        `exclusion '${at}' is not a wall time such as '2026-12-24T00:00:00'`,
      );
    }
    return instantOfWallTime(this.zone, wall);
  }
}

/** The ends of what exists at a moment. */
export interface WindowBounds {
  readonly first: PartitionWindow;
  readonly last: PartitionWindow;
}

const bySpec = new WeakMap<TimeWindowPartitionsSpec, TimeWindowSeries>();
const byContent = new Map<string, TimeWindowSeries>();
/** Definitions whose windows are kept; 100,000 windows with their keys take about 8 MB. */
const SERIES_KEPT = 200;

/**
 * The windows of a definition; the same object for equal definitions.
 * @throws {InvalidPartitionsSpecError}
 */
export function timeWindowSeries(spec: TimeWindowPartitionsSpec): TimeWindowSeries {
  const known = bySpec.get(spec);
  if (known !== undefined) return known;
  const content = timeWindowIdentity(spec);
  let series = byContent.get(content);
  if (series === undefined) {
    series = new TimeWindowSeries(spec);
    const oldest = byContent.size >= SERIES_KEPT ? byContent.keys().next().value : undefined;
    if (oldest !== undefined) byContent.delete(oldest);
    byContent.set(content, series);
  }
  bySpec.set(spec, series);
  return series;
}

/** Equal for definitions that mean the same. */
export function timeWindowIdentity(spec: TimeWindowPartitionsSpec): string {
  const { cron, timezone, start, end, endOffset, format, exclusions } = spec;
  return JSON.stringify([cron, timezone, start, end ?? null, endOffset, format, exclusions ?? []]);
}
