import type { JsonValue } from '../../model/json';
import type { ParamValue } from './values';

/** A value of a cursor field: an ISO time or another ordered text, or a number. */
export type CursorValue = string | number;

/** Reads only what changed since the last committed load. */
export interface Incremental {
  /** Dot path to the field that grows with every change, e.g. `updated_at`. It is read before `map`. */
  readonly field: string;
  /** The parameter that takes where to start, e.g. `since`. */
  readonly param: string;
  /** Where the first load starts. Default: no parameter, so everything. */
  readonly start?: CursorValue;
  /**
   * How far each load reaches back behind the last one, because records may appear late or share the last
   * value: milliseconds for times, else the unit of the number. The overlap is read again, so load with merge.
   * Default 1,000 for times, 0 for numbers; other texts have none.
   */
  readonly overlap?: number;
  /**
   * `ascending`: the service sends records in the field's order, so the cursor moves on with every batch and a
   * failed load resumes where it stopped. Default `unordered`: it moves when everything has been read.
   */
  readonly order?: 'ascending' | 'unordered';
  /** Writes the value as the service wants it, e.g. as Unix seconds. Default: as it stands in the records. */
  readonly format?: (value: CursorValue) => ParamValue;
}

const DEFAULT_TIME_OVERLAP_MS = 1000;
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/** The parameter's value for a load that continues after `last` (undefined: a first load). */
export function startParam(incremental: Incremental, last: CursorValue | undefined): ParamValue {
  const { start, format = (value) => value } = incremental;
  if (last === undefined) return start === undefined ? undefined : format(start);
  const value = stepBack(last, incremental.overlap);
  const beforeStart = start !== undefined && compareCursorValues(value, start) < 0;
  return format(beforeStart ? start : value);
}

/** The value `overlap` before; times keep their form (date, seconds or milliseconds). */
export function stepBack(value: CursorValue, overlap: number | undefined): CursorValue {
  if (typeof value === 'number') return value - (overlap ?? 0);
  if (!ISO_TIME.test(value)) return value;
  const time = asTime(value) - (overlap ?? DEFAULT_TIME_OVERLAP_MS);
  const iso = new Date(time).toISOString();
  if (!value.includes('T')) return iso.slice(0, 10);
  const seconds = value.includes('.') ? iso.slice(0, 23) : iso.slice(0, 19);
  return /(Z|[+-]\d\d:?\d\d)$/.test(value) ? `${seconds}Z` : seconds;
}

/** Orders cursor values: numbers by size, ISO times by instant, other texts by code unit. */
export function compareCursorValues(a: CursorValue, b: CursorValue): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a), String(b)];
  const times = ISO_TIME.test(left) && ISO_TIME.test(right) ? asTime(left) - asTime(right) : 0;
  // Equal to the millisecond: finer digits, if any, decide.
  return times !== 0 ? times : left < right ? -1 : left > right ? 1 : 0;
}

/** The value as a cursor value, or undefined when it cannot be one (null, boolean, nested). */
export function asCursorValue(value: JsonValue | undefined): CursorValue | undefined {
  return typeof value === 'string' || typeof value === 'number' ? value : undefined;
}

/** Times without a zone are read as UTC, so that the result does not depend on where the worker runs. */
function asTime(value: string): number {
  return Date.parse(value.includes('T') && !/(Z|[+-]\d\d:?\d\d)$/.test(value) ? `${value}Z` : value);
}
