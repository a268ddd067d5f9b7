const cache = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone}|${JSON.stringify(options)}`;
  let found = cache.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone, hourCycle: 'h23' });
    cache.set(key, found);
  }
  return found;
}

function parts(zone: string, options: Intl.DateTimeFormatOptions, at: number): Record<string, string> {
  return Object.fromEntries(
    formatter(zone, options)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
}

/** Whether times count to 24, as `14:30`, or to 12 twice a day, as `2:30 PM`. */
export type Clock = '24' | '12';

let clock: Clock = '24';

/** What every time is written with from now on; the reader's preference. */
export function setClock(wanted: Clock): void {
  clock = wanted;
}

/** `14:30`, or `2:30 PM`. `rest` is what stands behind the hour. */
function clockText(hour = '00', rest: string): string {
  if (clock === '24') return `${hour}:${rest}`;
  const hours = Number(hour);
  return `${hours % 12 || 12}:${rest} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** Calendar day of an instant in a zone, as `2026-11-23`. */
export function dayOf(at: number, zone: string): string {
  const { year, month, day } = parts(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }, at);
  return `${year}-${month}-${day}`;
}

/** What a zone's clock shows, to the minute, as `parseTime` reads it: `2026-11-23 14:30`. */
export function wallClock(at: number, zone: string): string {
  const { hour, minute } = parts(zone, { hour: '2-digit', minute: '2-digit' }, at);
  return `${dayOf(at, zone)} ${hour}:${minute}`;
}

/** `Mon 23 Nov`. */
export function formatDay(at: number, zone: string): string {
  const { weekday, day, month } = parts(zone, { weekday: 'short', day: 'numeric', month: 'short' }, at);
  return `${weekday} ${day} ${month}`;
}

/**
 * An instant as short as it stays clear: `14:30` today, `Fri 16:15` within six days, `1 Dec 06:00` beyond,
 * `1 Dec 2024` in another year. `seconds` where order matters, `milliseconds` in event logs.
 */
export function formatTime(
  at: number,
  options: {
    readonly zone: string;
    readonly now: number;
    readonly seconds?: boolean;
    readonly milliseconds?: boolean;
  },
): string {
  const { zone, now } = options;
  const { hour, minute, second } = parts(zone, { hour: '2-digit', minute: '2-digit', second: '2-digit' }, at);
  const fine = options.seconds || options.milliseconds ? `:${second}` : '';
  const ms = options.milliseconds ? `.${String(Math.floor(at) % 1_000).padStart(3, '0')}` : '';
  const time = clockText(hour, `${minute}${fine}${ms}`);
  const day = dayOf(at, zone);
  if (day === dayOf(now, zone)) return time;
  if (Math.abs(at - now) < 6 * 86_400_000) {
    return `${parts(zone, { weekday: 'short' }, at).weekday} ${time}`;
  }
  const date = parts(zone, { day: 'numeric', month: 'short', year: 'numeric' }, at);
  if (date.year !== parts(zone, { year: 'numeric' }, now).year) {
    return `${date.day} ${date.month} ${date.year}`;
  }
  return `${date.day} ${date.month} ${time}`;
}

/** Offset of a zone at an instant, as `UTC+1`, `UTC−3:30`, `UTC`. */
export function zoneOffset(at: number, zone: string): string {
  const name = parts(zone, { timeZoneName: 'shortOffset' }, at).timeZoneName ?? 'UTC';
  return name.replace('GMT', 'UTC').replace('-', '−');
}

/** The whole truth for hover and focus: `2026-11-23 14:30:04 Europe/Berlin (UTC+1) · 13:30:04 UTC`. */
export function formatFullTime(at: number, zone: string): string {
  const timeIn = (in_: string) => {
    const { hour, minute, second } = parts(
      in_,
      { hour: '2-digit', minute: '2-digit', second: '2-digit' },
      at,
    );
    return clockText(hour, `${minute}:${second}`);
  };
  const local = `${dayOf(at, zone)} ${timeIn(zone)} ${zone} (${zoneOffset(at, zone)})`;
  return zone === 'UTC' ? `${dayOf(at, zone)} ${timeIn(zone)} UTC` : `${local} · ${timeIn('UTC')} UTC`;
}

/** Short label of an axis tick: `14:30`, or `23 Nov` at midnight. */
export function formatAxis(at: number, zone: string): string {
  const { hour, minute, day, month } = parts(
    zone,
    { hour: '2-digit', minute: '2-digit', day: 'numeric', month: 'short' },
    at,
  );
  return hour === '00' && minute === '00' ? `${day} ${month}` : clockText(hour, minute ?? '00');
}

/** The last part of an IANA name, as people say it: `Berlin`, `New York`, `UTC`. */
export function zoneLabel(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
}
