/** Cron schedules in words, for people who do not read cron. */

import type { Cron } from './cron';
import { CronError, type CronExpression, parseCronExpression } from './cron-expression';

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
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

/** Times of day listed before a description gives up and shows the expression. */
const MAX_TIMES = 6;

/**
 * When a cron ticks, in English; the expression itself where words would be longer than it, or wrong.
 * @example describeCron('30 2 * * *') // 'Every day at 02:30'
 * @example describeCron('0 9 * * 1') // 'Mondays at 09:00'
 * @example describeCron(['0 9 * * 1', '0 12 1 * *']) // 'Mondays at 09:00; on the 1st of every month at 12:00'
 */
export function describeCron(cron: Cron): string {
  const [first, ...others] = (typeof cron === 'string' ? [cron] : cron).map(describeOne);
  return [first ?? 'Never', ...others.map(lowerFirst)].join('; ');
}

function describeOne(source: string): string {
  let expression: CronExpression;
  try {
    expression = parseCronExpression(source);
  } catch (error) {
    if (error instanceof CronError) return source;
    throw error;
  }
  const days = daysOf(expression);
  if (days === null) return source;
  const months = monthsOf(expression, days.needsMonth);
  const frequency = frequencyOf(expression);
  if (frequency !== null) return [frequency, days.clause, months].filter((part) => part !== '').join(' ');
  const times = timesOf(expression);
  if (times === null) return source;
  return [days.lead, months, 'at', times].filter((part) => part !== '').join(' ');
}

/** 'Every 15 minutes', where ticks are evenly spaced through every hour or day. */
function frequencyOf({ minutes, hours }: CronExpression): string | null {
  const minute = evenStep(minutes, 60);
  const hour = evenStep(hours, 24);
  const past =
    minutes.length === 1 && minutes[0] !== 0
      ? ` at ${minutes[0]} ${plural(minutes[0] as number, 'minute')} past`
      : '';
  if (hours.length === 24) {
    if (minutes.length === 1) return `Every hour${past}`;
    if (minute !== null && minutes[0] === 0) return minute === 1 ? 'Every minute' : `Every ${minute} minutes`;
    return null;
  }
  if (minutes.length === 1 && hour !== null && hours[0] === 0 && hours.length > 2)
    return `Every ${hour} hours${past}`;
  const isRun = hours.length > 1 && hours.every((each, index) => each === (hours[0] as number) + index);
  if (!isRun) return null;
  const between = `between ${pad(hours[0] as number)}:00 and ${pad(hours.at(-1) as number)}:59`;
  if (minutes.length > 1 && minute !== null && minutes[0] === 0) {
    return `${minute === 1 ? 'Every minute' : `Every ${minute} minutes`} ${between}`;
  }
  return minutes.length === 1 && hours.length > MAX_TIMES ? `Every hour${past} ${between}` : null;
}

/** The step of values that start at the first and go evenly round `size`, or null. */
function evenStep(values: readonly number[], size: number): number | null {
  if (size % values.length !== 0) return null;
  const step = size / values.length;
  return values.every((value, index) => value === (values[0] as number) + index * step) ? step : null;
}

function timesOf({ minutesOfDay }: CronExpression): string | null {
  if (minutesOfDay.length > MAX_TIMES) return null;
  return list(minutesOfDay.map((minute) => `${pad(Math.floor(minute / 60))}:${pad(minute % 60)}`));
}

interface Days {
  /** Before 'at 09:00'. */
  readonly lead: string;
  /** After 'Every 15 minutes'. */
  readonly clause: string;
  readonly needsMonth: boolean;
}

function daysOf(expression: CronExpression): Days | null {
  const { daysOfMonth, daysOfWeek, lastDayOfMonth, nthDaysOfWeek } = expression;
  if (nthDaysOfWeek.length > 0) {
    const days = list(
      nthDaysOfWeek.map(([day, nth]) => `${nth === 'last' ? 'last' : ordinal(nth)} ${WEEKDAYS[day]}`),
    );
    return { lead: `On the ${days}`, clause: `on the ${days}`, needsMonth: true };
  }
  if (daysOfMonth !== null && daysOfWeek !== null) return null;
  if (daysOfMonth !== null) {
    const dates = [...daysOfMonth].map(ordinal);
    if (dates.length > MAX_TIMES) return null;
    const days = list(lastDayOfMonth ? [...dates, 'last day'] : dates);
    return { lead: `On the ${days}`, clause: `on the ${days}`, needsMonth: true };
  }
  if (daysOfWeek === null) return { lead: 'Every day', clause: '', needsMonth: false };
  const days = weekdaysOf([...daysOfWeek].sort((a, b) => a - b));
  return { lead: days, clause: `on ${days}`, needsMonth: false };
}

function weekdaysOf(days: readonly number[]): string {
  const key = days.join();
  if (key === '1,2,3,4,5') return 'Monday to Friday';
  // Sunday ends the week in the words, though it begins it in the numbers.
  const order = [...days].sort((a, b) => (a || 7) - (b || 7));
  return list(order.map((day) => `${WEEKDAYS[day]}s`));
}

function monthsOf({ months }: CronExpression, afterDate: boolean): string {
  if (months.size === 12) return afterDate ? 'of every month' : '';
  const sorted = [...months].sort((a, b) => a - b);
  return `${afterDate ? 'of' : 'in'} ${list(sorted.map((month) => MONTHS[month - 1] as string))}`;
}

function ordinal(value: number): string {
  const tens = value % 100;
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][value % 10] ?? 'th');
  return `${value}${suffix}`;
}

function list(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function plural(count: number, word: string): string {
  return count === 1 ? word : `${word}s`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** Names of days keep their capital. */
function lowerFirst(text: string): string {
  return /^(Every|On) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
