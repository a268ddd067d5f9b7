/**
 * UTC offsets of IANA time zones, as a table of segments with one offset each.
 *
 * `Intl` only answers "what is the wall time at this instant", at about 1.3 µs a question; finding
 * transitions from it costs hundreds of questions. So the segments of a UTC year are found once and kept.
 */

const DAY = 86_400_000;

/** No such IANA time zone. */
export class TimeZoneError extends Error {
  readonly timezone: string;

  constructor(timezone: string, options?: ErrorOptions) {
    super(`'${timezone}' is not an IANA time zone; use a name such as 'Europe/Berlin' or 'UTC'`, options);
    this.name = 'TimeZoneError';
    this.timezone = timezone;
  }
}

/** A stretch of time, `[start, end)` in epoch milliseconds, with one UTC offset in milliseconds. */
export interface OffsetSegment {
  readonly start: number;
  readonly end: number;
  readonly offset: number;
}

/**
 * What a wall time means in a zone: one instant, two (the clock was put back), or none (the clock was put
 * forward over it; `gapEnd` is the first instant after the gap, `before` the offset in force until then).
 */
export type WallTimeMeaning =
  | { readonly kind: 'unique'; readonly instant: number }
  | { readonly kind: 'ambiguous'; readonly first: number; readonly second: number }
  | { readonly kind: 'gap'; readonly gapEnd: number; readonly before: number };

/**
 * Wall times are written as epoch milliseconds too: the instant at which a clock in UTC shows them.
 * `wall = instant + offset`.
 */
export class TimeZone {
  readonly name: string;
  private readonly format: Intl.DateTimeFormat | null;
  private readonly years = new Map<number, readonly OffsetSegment[]>();
  private last: OffsetSegment = { start: 0, end: 0, offset: 0 };

  constructor(name: string) {
    this.name = name;
    // Fixed offsets such as '+02:00' are accepted by Intl but are not names of zones.
    if (!/^[A-Za-z]/.test(name)) throw new TimeZoneError(name);
    try {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
      });
      this.format = format.resolvedOptions().timeZone === 'UTC' ? null : format;
    } catch (cause) {
      throw new TimeZoneError(name, { cause });
    }
  }

  /** The offset in force at an instant. */
  offsetAt(instant: number): number {
    return this.segmentAt(instant).offset;
  }

  /**
   * The segment that holds an instant. Its ends are real transitions or ends of a UTC year, so neighbours may
   * have the same offset.
   */
  segmentAt(instant: number): OffsetSegment {
    if (this.last.start <= instant && instant < this.last.end) return this.last;
    if (this.format === null) {
      this.last = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY, offset: 0 };
      return this.last;
    }
    const segments = this.segmentsOfYear(new Date(instant).getUTCFullYear());
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((segments[middle] as OffsetSegment).start <= instant) low = middle;
      else high = middle - 1;
    }
    this.last = segments[low] as OffsetSegment;
    return this.last;
  }

  /** Which instants a wall time names. */
  meaningOf(wall: number): WallTimeMeaning {
    // A wall time lies within 14 hours of its UTC reading, so a day to either side holds all that concerns it.
    let segment = this.segmentAt(wall - DAY);
    if (wall + DAY < segment.end) return { kind: 'unique', instant: wall - segment.offset };
    let first: number | undefined;
    let second: number | undefined;
    let gap: WallTimeMeaning | undefined;
    for (;;) {
      const instant = wall - segment.offset;
      if (segment.start <= instant && instant < segment.end) {
        if (first === undefined) first = instant;
        else second = instant;
      }
      if (segment.end > wall + DAY) break;
      const next = this.segmentAt(segment.end);
      if (instant >= segment.end && wall - next.offset < next.start) {
        gap = { kind: 'gap', gapEnd: segment.end, before: segment.offset };
      }
      segment = next;
    }
    if (first !== undefined && second !== undefined) return { kind: 'ambiguous', first, second };
    if (first !== undefined) return { kind: 'unique', instant: first };
    return gap as WallTimeMeaning;
  }

  private segmentsOfYear(year: number): readonly OffsetSegment[] {
    const known = this.years.get(year);
    if (known !== undefined) return known;
    const start = Date.UTC(year, 0, 1);
    const end = Date.UTC(year + 1, 0, 1);
    const segments: OffsetSegment[] = [];
    let segmentStart = start;
    let offset = this.askOffset(start);
    for (let probe = start; probe < end; ) {
      const next = Math.min(probe + DAY, end);
      const nextOffset = this.askOffset(next === end ? end - 1000 : next);
      if (nextOffset !== offset) {
        const transition = this.findTransition(probe, next === end ? end - 1000 : next, nextOffset);
        segments.push({ start: segmentStart, end: transition, offset });
        segmentStart = transition;
        offset = nextOffset;
      }
      probe = next;
    }
    segments.push({ start: segmentStart, end, offset });
    this.years.set(year, segments);
    return segments;
  }

  /** The first whole second in (low, high] that has `offset`. */
  private findTransition(low: number, high: number, offset: number): number {
    let before = low / 1000;
    let at = high / 1000;
    while (at - before > 1) {
      const middle = Math.floor((before + at) / 2);
      if (this.askOffset(middle * 1000) === offset) at = middle;
      else before = middle;
    }
    return at * 1000;
  }

  /** Only for whole seconds. */
  private askOffset(instant: number): number {
    const text = (this.format as Intl.DateTimeFormat).format(instant);
    const [month, day, year, hour, minute, second] = text.split(/\D+/).map(Number) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
  }
}

const zones = new Map<string, TimeZone>();

/**
 * The zone of an IANA name; the same object each time, so that its table is shared.
 * @throws {TimeZoneError}
 */
export function timeZone(name: string): TimeZone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new TimeZone(name);
    zones.set(name, zone);
  }
  return zone;
}

/**
 * The instant of a wall time: the first of two when it is ambiguous; read with the offset before the gap when
 * it does not exist (so 02:30 in a gap from 02:00 to 03:00 is 03:30).
 */
export function instantOfWallTime(zone: TimeZone, wall: number): number {
  const meaning = zone.meaningOf(wall);
  switch (meaning.kind) {
    case 'unique':
      return meaning.instant;
    case 'ambiguous':
      return meaning.first;
    case 'gap':
      return wall - meaning.before;
  }
}
