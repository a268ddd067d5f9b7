/** What the values of a column have in common, as far as they have been seen. */
export type ColumnKind =
  | 'BOOLEAN'
  | 'INTEGER'
  | 'FLOAT'
  | 'DATE'
  | 'TIMESTAMP_NTZ'
  | 'TIMESTAMP_TZ'
  | 'VARCHAR'
  | 'VARIANT';

const SQL_TYPES: Readonly<Record<ColumnKind, string>> = {
  BOOLEAN: 'BOOLEAN',
  INTEGER: 'NUMBER(38,0)',
  FLOAT: 'FLOAT',
  DATE: 'DATE',
  TIMESTAMP_NTZ: 'TIMESTAMP_NTZ',
  TIMESTAMP_TZ: 'TIMESTAMP_TZ',
  VARCHAR: 'VARCHAR',
  VARIANT: 'VARIANT',
};

/** The type with which a column of this kind is created. */
export function sqlType(kind: ColumnKind): string {
  return SQL_TYPES[kind];
}

const TIME_ORDER: readonly ColumnKind[] = ['DATE', 'TIMESTAMP_NTZ', 'TIMESTAMP_TZ'];
const NUMBER_ORDER: readonly ColumnKind[] = ['INTEGER', 'FLOAT'];

/**
 * The narrowest kind that holds both: integers fit into floats; dates into timestamps, and timestamps without an
 * offset into those with one (as UTC); anything with nested values is VARIANT; every other mixture is text.
 */
export function widest(a: ColumnKind, b: ColumnKind): ColumnKind {
  if (a === b) return a;
  if (a === 'VARIANT' || b === 'VARIANT') return 'VARIANT';
  for (const order of [NUMBER_ORDER, TIME_ORDER]) {
    const [x, y] = [order.indexOf(a), order.indexOf(b)];
    if (x >= 0 && y >= 0) return x > y ? a : b;
  }
  return 'VARCHAR';
}

const SHORTEST = '2026-01-02'.length;
const LONGEST = '2026-01-02T03:04:05.123456789+00:00'.length;
const DASH = 45;
const DATE_OR_TIMESTAMP =
  /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?:[T ]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-][01]\d:[0-5]\d)?)?$/;

/** DATE or a timestamp for ISO 8601 text that is a real date, VARCHAR for every other text. */
export function kindOfText(text: string): ColumnKind {
  if (text.length < SHORTEST || text.length > LONGEST || text.charCodeAt(4) !== DASH) return 'VARCHAR';
  const match = DATE_OR_TIMESTAMP.exec(text);
  if (match === null || (Number(match[2]) > 28 && !isRealDate(text))) return 'VARCHAR';
  if (match[3] === undefined) return 'DATE';
  return match[4] === undefined ? 'TIMESTAMP_NTZ' : 'TIMESTAMP_TZ';
}

/** February has no 30th. */
function isRealDate(text: string): boolean {
  const day = text.slice(0, SHORTEST);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}
