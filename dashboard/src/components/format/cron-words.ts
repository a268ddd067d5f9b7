const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const aliases: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
};

const isNumber = (field: string) => /^\d+$/.test(field);
const isList = (field: string) => /^\d+(,\d+)*$/.test(field);

function listWords(items: readonly string[]): string {
  if (items.length < 2) return items[0] ?? '';
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function clock(hour: string, minute: string): string {
  return `${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
}

function timeWords(minute: string, hour: string): string | undefined {
  const step = /^(?:\*|0)\/(\d+)$/.exec(minute)?.[1];
  const hourStep = /^(?:\*|0)\/(\d+)$/.exec(hour)?.[1];
  if (hour === '*') {
    if (minute === '*' || step === '1') return 'every minute';
    if (step) return `every ${step} minutes`;
    if (minute === '0') return 'hourly';
    if (isNumber(minute)) return `hourly, at minute ${minute}`;
    if (isList(minute)) return `at minutes ${listWords(minute.split(','))}`;
    return undefined;
  }
  if (hourStep && isNumber(minute)) {
    const at = minute === '0' ? '' : `, at minute ${minute}`;
    return hourStep === '1' ? `hourly${at}` : `every ${hourStep} hours${at}`;
  }
  if (isList(hour) && isNumber(minute)) {
    return `at ${listWords(hour.split(',').map((value) => clock(value, minute)))}`;
  }
  const range = /^(\d+)-(\d+)$/.exec(hour);
  if (range) {
    const inner = timeWords(minute, '*');
    return inner && `${inner}, from ${range[1]} to ${range[2]} h`;
  }
  return undefined;
}

function weekdayWords(field: string): string | undefined {
  const named = field
    .toUpperCase()
    .replace(/SUN|MON|TUE|WED|THU|FRI|SAT/g, (name) =>
      String(weekdays.findIndex((day) => day.toUpperCase().startsWith(name))),
    );
  if (named === '1-5') return 'weekdays';
  if (named === '0,6' || named === '6,0' || named === '6-7') return 'weekends';
  if (isList(named)) return listWords(named.split(',').map((day) => `${weekdays[Number(day) % 7]}s`));
  const range = /^(\d)-(\d)$/.exec(named);
  return range ? `${weekdays[Number(range[1]) % 7]} to ${weekdays[Number(range[2]) % 7]}` : undefined;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A cron expression in words: `Daily at 02:30`, `Weekdays at 16:15`, `Every 15 minutes`, `Day 1 at 06:00`.
 * Undefined when the expression has no short reading; show the expression alone then.
 */
export function cronWords(expression: string): string | undefined {
  const [minute, hour, day, month, weekday, ...rest] = (
    aliases[expression.trim().toLowerCase()] ?? expression.trim()
  ).split(/\s+/);
  if (!minute || !hour || !day || !month || !weekday || rest.length > 0) return undefined;
  const time = timeWords(minute, hour);
  if (!time) return undefined;
  const daily = time.startsWith('at ') && !time.startsWith('at minutes');
  const inMonth =
    month === '*'
      ? ''
      : isList(month)
        ? ` in ${listWords(month.split(',').map((m) => months[Number(m) - 1] ?? m))}`
        : undefined;
  if (inMonth === undefined) return undefined;
  if (day === '*' && weekday === '*') return capital(`${daily ? `daily ${time}` : time}${inMonth}`);
  if (day !== '*' && weekday !== '*') return undefined;
  if (weekday !== '*') {
    const days = weekdayWords(weekday);
    return days && capital(`${days}${daily ? ' ' : ', '}${time}${inMonth}`);
  }
  if (day.toUpperCase() === 'L') return capital(`last day${daily ? ' ' : ', '}${time}${inMonth}`);
  if (!isList(day)) return undefined;
  const days = day.split(',');
  return capital(`day${days.length > 1 ? 's' : ''} ${listWords(days)}${daily ? ' ' : ', '}${time}${inMonth}`);
}
