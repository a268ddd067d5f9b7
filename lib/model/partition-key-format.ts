/** Partition keys of time windows: strftime and its reverse, over wall times. */
import { InvalidPartitionsSpecError } from './partitions-spec';

const MINUTE = 60_000;
const DAY = 86_400_000;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** A parsed key: a wall time (epoch milliseconds as if in UTC), and the offset if the key names one. */
export interface ParsedKey {
  readonly wall: number;
  readonly offset: number | undefined;
}

/** Writes and reads keys of one format. */
export interface PartitionKeyFormat {
  /** Whether keys hold their UTC offset (`%z`). */
  readonly hasOffset: boolean;
  format(wall: number, offset: number): string;
  /** Null for a text that is not of this format. Not every text it accepts is what `format` would write. */
  parse(text: string): ParsedKey | null;
}

interface Fields {
  year: number;
  month: number;
  day: number;
  dayOfYear: number | undefined;
  hour: number;
  hour12: number | undefined;
  afternoon: boolean | undefined;
  minute: number;
  second: number;
  millisecond: number;
  offset: number | undefined;
}

interface Directive {
  write(date: Date, offset: number): string;
  readonly pattern: string;
  read(text: string, fields: Fields): void;
}

const names = (list: readonly string[], length: number | undefined) =>
  list.map((name) => name.slice(0, length)).join('|');
const indexOfName = (list: readonly string[], text: string) =>
  list.findIndex((name) => name.slice(0, 3).toLowerCase() === text.slice(0, 3).toLowerCase());
const pad = (value: number, width: number) => String(value).padStart(width, '0');
const nothing = () => {};

const DIRECTIVES: Readonly<Record<string, Directive>> = {
  Y: {
    write: (date) => pad(date.getUTCFullYear(), 4),
    pattern: '\\d{4}',
    read: (text, fields) => {
      fields.year = Number(text);
    },
  },
  y: {
    write: (date) => pad(date.getUTCFullYear() % 100, 2),
    pattern: '\\d{2}',
    read: (text, fields) => {
      // POSIX: 69 to 99 are of the twentieth century.
      fields.year = Number(text) + (Number(text) >= 69 ? 1900 : 2000);
    },
  },
  m: {
    write: (date) => pad(date.getUTCMonth() + 1, 2),
    pattern: '1[0-2]|0[1-9]|[1-9]',
    read: (text, fields) => {
      fields.month = Number(text);
    },
  },
  B: {
    write: (date) => MONTHS[date.getUTCMonth()] as string,
    pattern: names(MONTHS, undefined),
    read: (text, fields) => {
      fields.month = indexOfName(MONTHS, text) + 1;
    },
  },
  b: {
    write: (date) => (MONTHS[date.getUTCMonth()] as string).slice(0, 3),
    pattern: names(MONTHS, 3),
    read: (text, fields) => {
      fields.month = indexOfName(MONTHS, text) + 1;
    },
  },
  d: {
    write: (date) => pad(date.getUTCDate(), 2),
    pattern: '3[01]|[12]\\d|0[1-9]|[1-9]',
    read: (text, fields) => {
      fields.day = Number(text);
    },
  },
  j: {
    write: (date) => pad(Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / DAY) + 1, 3),
    pattern: '36[0-6]|3[0-5]\\d|[12]\\d\\d|0[1-9]\\d|00[1-9]|[1-9]\\d|0[1-9]|[1-9]',
    read: (text, fields) => {
      fields.dayOfYear = Number(text);
    },
  },
  A: {
    write: (date) => WEEKDAYS[date.getUTCDay()] as string,
    pattern: names(WEEKDAYS, undefined),
    read: nothing,
  },
  a: {
    write: (date) => (WEEKDAYS[date.getUTCDay()] as string).slice(0, 3),
    pattern: names(WEEKDAYS, 3),
    read: nothing,
  },
  H: {
    write: (date) => pad(date.getUTCHours(), 2),
    pattern: '2[0-3]|[01]\\d|\\d',
    read: (text, fields) => {
      fields.hour = Number(text);
    },
  },
  I: {
    write: (date) => pad(date.getUTCHours() % 12 || 12, 2),
    pattern: '1[0-2]|0[1-9]|[1-9]',
    read: (text, fields) => {
      fields.hour12 = Number(text);
    },
  },
  p: {
    write: (date) => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    pattern: 'AM|PM',
    read: (text, fields) => {
      fields.afternoon = text.toUpperCase() === 'PM';
    },
  },
  M: {
    write: (date) => pad(date.getUTCMinutes(), 2),
    pattern: '[0-5]\\d|\\d',
    read: (text, fields) => {
      fields.minute = Number(text);
    },
  },
  S: {
    write: (date) => pad(date.getUTCSeconds(), 2),
    pattern: '[0-5]\\d|\\d',
    read: (text, fields) => {
      fields.second = Number(text);
    },
  },
  f: {
    write: (date) => pad(date.getUTCMilliseconds() * 1000, 6),
    pattern: '\\d{1,6}',
    read: (text, fields) => {
      fields.millisecond = Math.floor(Number(text.padEnd(6, '0')) / 1000);
    },
  },
  z: {
    write: (_date, offset) => formatOffset(offset),
    pattern: 'Z|[+-]\\d\\d:?[0-5]\\d',
    read: (text, fields) => {
      fields.offset = parseOffset(text);
    },
  },
};

const compiled = new Map<string, PartitionKeyFormat>();

/**
 * The reader and writer of a strftime format. Directives: `%Y %y %m %B %b %d %j %A %a %H %I %p %M %S %f %z %%`.
 * @throws {InvalidPartitionsSpecError} for another directive
 * @example partitionKeyFormat('%Y-%m-%d').format(Date.UTC(2026, 0, 2), 0) // '2026-01-02'
 */
export function partitionKeyFormat(format: string): PartitionKeyFormat {
  let result = compiled.get(format);
  if (result === undefined) {
    result = compile(format);
    compiled.set(format, result);
  }
  return result;
}

function compile(format: string): PartitionKeyFormat {
  const parts: (string | Directive)[] = [];
  const directives: Directive[] = [];
  let pattern = '';
  for (let at = 0; at < format.length; at += 1) {
    const character = format[at] as string;
    const letter = character === '%' ? format[at + 1] : undefined;
    if (character !== '%' || letter === '%') {
      if (letter === '%') at += 1;
      parts.push(character);
      pattern += /\s/.test(character) ? '\\s+' : character.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
      continue;
    }
    const directive = letter === undefined ? undefined : DIRECTIVES[letter];
    if (directive === undefined) {
      const known = Object.keys(DIRECTIVES)
        .map((name) => `%${name}`)
        .join(' ');
      throw new InvalidPartitionsSpecError(
        `format '${format}' has '%${letter ?? ''}'; directives are ${known} %%`,
      );
    }
    at += 1;
    parts.push(directive);
    directives.push(directive);
    pattern += `(${directive.pattern})`;
  }
  const expression = new RegExp(`^${pattern}$`, 'i');
  return {
    hasOffset: directives.includes(DIRECTIVES.z as Directive),
    format(wall, offset) {
      const date = new Date(wall);
      let text = '';
      for (const part of parts) text += typeof part === 'string' ? part : part.write(date, offset);
      return text;
    },
    parse(text) {
      const match = expression.exec(text);
      if (match === null) return null;
      const fields: Fields = {
        year: 1900,
        month: 1,
        day: 1,
        dayOfYear: undefined,
        hour: 0,
        hour12: undefined,
        afternoon: undefined,
        minute: 0,
        second: 0,
        millisecond: 0,
        offset: undefined,
      };
      directives.forEach((directive, index) => {
        directive.read(match[index + 1] as string, fields);
      });
      return wallOf(fields);
    },
  };
}

function wallOf(fields: Fields): ParsedKey | null {
  let { month, day, hour } = fields;
  if (fields.dayOfYear !== undefined) {
    const date = new Date(Date.UTC(fields.year, 0, fields.dayOfYear));
    if (date.getUTCFullYear() !== fields.year) return null;
    month = date.getUTCMonth() + 1;
    day = date.getUTCDate();
  }
  if (fields.hour12 !== undefined) hour = (fields.hour12 % 12) + (fields.afternoon === true ? 12 : 0);
  const wall = Date.UTC(fields.year, month - 1, day, hour, fields.minute, fields.second, fields.millisecond);
  // Date.UTC rolls 30 February over into March.
  if (new Date(wall).getUTCDate() !== day) return null;
  return { wall, offset: fields.offset };
}

/** `+0530`, as `%z` writes it. */
export function formatOffset(offset: number): string {
  const minutes = Math.round(Math.abs(offset) / MINUTE);
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60), 2)}${pad(minutes % 60, 2)}`;
}

/** Milliseconds of `+0530`, `+05:30` or `Z`. */
export function parseOffset(text: string): number {
  if (text.toUpperCase() === 'Z') return 0;
  const digits = text.replace(/\D/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith('-') ? -minutes : minutes) * MINUTE;
}
