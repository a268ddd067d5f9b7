/**
 * The grammar of a cron expression: five fields (minute, hour, day of month, month, day of week) with names,
 * lists, steps, ranges that wrap around (`fri-mon`, `22-2`), `?`, `L`, `L5`, `1#2` and `@daily` and its kin.
 */

/** A cron string that cannot be understood. `field` is the part at fault, where one is. */
export class CronError extends Error {
  readonly expression: string;
  readonly field: CronFieldName | undefined;

  constructor(expression: string, reason: string, field?: CronFieldName) {
    super(
      `Cron expression '${expression}' is not valid: ${field === undefined ? '' : `${field}: `}${reason}`,
    );
    this.name = 'CronError';
    this.expression = expression;
    this.field = field;
  }
}

export type CronFieldName = 'minute' | 'hour' | 'day of month' | 'month' | 'day of week';

/** What a parsed expression matches. Months count from 1, days of the week from Sunday = 0. */
export interface CronExpression {
  readonly source: string;
  /** Minutes of the day that match, ascending: hour · 60 + minute. */
  readonly minutesOfDay: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  /** Days of the month that match, or null when any does. */
  readonly daysOfMonth: ReadonlySet<number> | null;
  readonly lastDayOfMonth: boolean;
  readonly months: ReadonlySet<number>;
  /** Days of the week that match, or null when any does. */
  readonly daysOfWeek: ReadonlySet<number> | null;
  /** `1#2` is [1, 2]; `L5` is [5, 'last']. When there are any, the day-of-month field has no effect. */
  readonly nthDaysOfWeek: readonly (readonly [day: number, nth: number | 'last'])[];
}

interface Field {
  readonly name: CronFieldName;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const MINUTE: Field = { name: 'minute', min: 0, max: 59, names: [] };
const HOUR: Field = { name: 'hour', min: 0, max: 23, names: [] };
const DAY_OF_MONTH: Field = { name: 'day of month', min: 1, max: 31, names: [] };
const MONTH: Field = { name: 'month', min: 1, max: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { name: 'day of week', min: 0, max: 6, names: WEEKDAYS };

const ALIASES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

/**
 * Reads one cron string.
 * @throws {CronError}
 * @example parseCronExpression('30 2 * * mon-fri').hours // [2]
 */
export function parseCronExpression(source: string): CronExpression {
  const trimmed = source.trim().toLowerCase();
  // An alias stands alone, without blanks around it.
  const expanded = trimmed.startsWith('@') ? ALIASES[source.toLowerCase()] : trimmed;
  if (expanded === undefined) {
    throw new CronError(source, `unknown alias; known are ${Object.keys(ALIASES).join(', ')}`);
  }
  const parts = expanded.split(/\s+/);
  if (parts.length !== 5) {
    throw new CronError(
      source,
      `it has ${expanded === '' ? 0 : parts.length} fields, not the 5 of minute, hour, day of month, month and day of week`,
    );
  }
  const [minuteText, hourText, dayText, monthText, weekdayText] = parts as [
    string,
    string,
    string,
    string,
    string,
  ];

  const minutes = valuesOf(source, MINUTE, minuteText).values;
  const hours = valuesOf(source, HOUR, hourText).values;
  const days = valuesOf(source, DAY_OF_MONTH, dayText);
  const months = valuesOf(source, MONTH, monthText).values;
  const weekdays = valuesOf(source, DAY_OF_WEEK, weekdayText);

  const [onlyDay] = days.values;
  if (
    !days.last &&
    days.values.length === 1 &&
    (onlyDay as number) >= 30 &&
    months.length === 1 &&
    months[0] === 2
  ) {
    throw new CronError(source, `February has no day ${onlyDay}`, 'day of month');
  }
  // A field that covers everything without being written `*` restricts nothing only if the other day field
  // has a `*` in it: `1-31 * 2` is every day, `1-31 * */2` is every second day of the week.
  const anyDay = days.star || (days.values.length === 31 && weekdayText.includes('*'));
  const anyWeekday = weekdays.star || (weekdays.values.length === 7 && dayText.includes('*'));

  const nthDays = new Set(weekdays.nth.map(([day]) => day));
  if (nthDays.size > 0 && !anyWeekday && weekdays.values.some((day) => !nthDays.has(day))) {
    throw new CronError(
      source,
      `'${weekdayText}' mixes plain days with '#' or 'L' days; write a list of two expressions`,
      'day of week',
    );
  }

  return {
    source,
    minutes,
    hours,
    minutesOfDay: hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute)),
    daysOfMonth: anyDay ? null : new Set(days.values),
    lastDayOfMonth: days.last,
    months: new Set(months),
    daysOfWeek: anyWeekday ? null : new Set(weekdays.values),
    nthDaysOfWeek: weekdays.nth,
  };
}

interface FieldValues {
  /** Ascending, distinct. */
  readonly values: readonly number[];
  /** Whether `*` (or `?`) stands in the list. */
  readonly star: boolean;
  readonly last: boolean;
  readonly nth: readonly (readonly [number, number | 'last'])[];
}

function valuesOf(source: string, field: Field, text: string): FieldValues {
  const values = new Set<number>();
  const nth: [number, number | 'last'][] = [];
  let star = false;
  let last = false;
  for (const item of text === '?' && (field === DAY_OF_MONTH || field === DAY_OF_WEEK)
    ? ['*']
    : text.split(',')) {
    const nthMatch = field === DAY_OF_WEEK ? /^([a-z0-9]+)#([1-5])$/.exec(item) : null;
    const lastMatch = field === DAY_OF_WEEK ? /^l([0-9]+)$/.exec(item) : null;
    if (nthMatch !== null) {
      nth.push([fieldValue(source, field, nthMatch[1] as string), Number(nthMatch[2])]);
    } else if (lastMatch !== null) {
      nth.push([fieldValue(source, field, lastMatch[1] as string), 'last']);
    } else if (item === '*') {
      star = true;
    } else if (item === 'l' && field === DAY_OF_MONTH) {
      last = true;
    } else {
      for (const value of rangeOf(source, field, item)) values.add(value);
    }
  }
  const all = star ? rangeOf(source, field, `${field.min}-${field.max}`) : [...values];
  return { values: all.sort((a, b) => a - b), star, last, nth };
}

function rangeOf(source: string, field: Field, item: string): number[] {
  const match = /^(?:(\*)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/([0-9]+))?$/.exec(item);
  if (match === null) throw new CronError(source, `'${item}' is not a value, range or step`, field.name);
  const [, star, lowText, highText, stepText] = match;
  const step = stepText === undefined ? 1 : Number(stepText);
  if (step === 0) throw new CronError(source, `the step of '${item}' is 0`, field.name);
  if (star === undefined && highText === undefined && stepText === undefined) {
    return [fieldValue(source, field, lowText as string)];
  }
  const low = star === undefined ? fieldValue(source, field, lowText as string) : field.min;
  const high =
    highText === undefined
      ? field.max
      : field === DAY_OF_MONTH && highText === 'l'
        ? field.max
        : fieldValue(source, field, highText);
  // A range from a value to itself goes round the whole field, as in Jan-Jan.
  if (low === high) return steps(field.min, field.max, step);
  if (low <= high) return steps(low, high, step);
  const upper = steps(low, field.max, step);
  const reached = upper.at(-1) as number;
  // The step goes on over the end of the field, and the first value of the field counts as already stepped
  // on unless the step lands exactly there: 50-10/7 is 50, 57, 5.
  const size = field.max - field.min + 1;
  const left = field.max - reached;
  const skip = reached - field.min + step > size && left < step ? step - left : 0;
  return [...upper, ...steps(field.min + skip, high, step)];
}

function steps(from: number, to: number, step: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}

function fieldValue(source: string, field: Field, text: string): number {
  const named = field.names.indexOf(text);
  if (named >= 0) return named + field.min;
  if (/^[0-9]+$/.test(text)) {
    const value = field === DAY_OF_WEEK && Number(text) === 7 ? 0 : Number(text);
    if (value >= field.min && value <= field.max) return value;
    throw new CronError(source, `${text} is not between ${field.min} and ${field.max}`, field.name);
  }
  const names = field.names.length > 0 ? ` or a name such as '${field.names[1]}'` : '';
  throw new CronError(source, `'${text}' is not a number${names}`, field.name);
}
