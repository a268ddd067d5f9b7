const MINUTES_OF_HOUR = 60;
const HOURS_OF_DAY = 24;

/** One rule: every one of these minutes in every one of these hours, UTC. Both ascending. */
interface Rectangle {
  readonly hours: readonly number[];
  readonly minutes: readonly number[];
}

/**
 * Rule expressions that together wake in all of these minutes of the UTC day, each minute once, by the fewest rules.
 * A rule takes lists of minutes and of hours, so hours with the same minutes share one, or minutes with the same hours
 * do: no day needs more than 24. Beyond `maxRules` the two rules whose union adds the fewest wake-ups become one.
 *
 * @param maxRules at least 1
 * @example planExpressions(new Set([150, 90]), 80) // ['cron(30 1-2 * * ? *)']
 */
export function planExpressions(minutesOfDay: ReadonlySet<number>, maxRules: number): readonly string[] {
  const times = [...minutesOfDay].sort((a, b) => a - b);
  const hourOf = (time: number): number => Math.floor(time / MINUTES_OF_HOUR);
  const minuteOf = (time: number): number => time % MINUTES_OF_HOUR;
  const byHour = group(times, hourOf, minuteOf).map(([hours, minutes]): Rectangle => ({ hours, minutes }));
  const byMinute = group(times, minuteOf, hourOf).map(([minutes, hours]): Rectangle => ({ hours, minutes }));
  const [best] = [byHour, byMinute]
    .map((rectangles) => mergeDownTo(rectangles, maxRules))
    .sort((a, b) => totalSize(a) - totalSize(b) || a.length - b.length);
  return (best ?? []).map(toExpression).sort();
}

/** Keys that have the same values, together, with those values. */
function group(
  times: readonly number[],
  keyOf: (time: number) => number,
  memberOf: (time: number) => number,
): readonly (readonly [keys: readonly number[], values: readonly number[]])[] {
  const valuesByKey = Map.groupBy(times, keyOf);
  const sorted = [...valuesByKey].sort(([a], [b]) => a - b);
  const alike = Map.groupBy(sorted, ([, members]) => members.map(memberOf).join());
  return [...alike.values()].map((entries) => {
    const values = entries[0]?.[1].map(memberOf) ?? [];
    return [entries.map(([key]) => key), values] as const;
  });
}

/** The rectangles share no hour, or no minute, so what a union adds is its size less that of the two. */
function mergeDownTo(rectangles: readonly Rectangle[], count: number): readonly Rectangle[] {
  const merged = [...rectangles];
  while (merged.length > Math.max(1, count)) {
    let best = { added: Number.POSITIVE_INFINITY, first: 0, second: 1, union: merged[0] as Rectangle };
    for (const [first, a] of merged.entries()) {
      for (let second = first + 1; second < merged.length; second += 1) {
        const b = merged[second] as Rectangle;
        const union = { hours: unite(a.hours, b.hours), minutes: unite(a.minutes, b.minutes) };
        const added = size(union) - size(a) - size(b);
        if (added < best.added) best = { added, first, second, union };
      }
    }
    merged[best.first] = best.union;
    merged.splice(best.second, 1);
  }
  return merged;
}

function unite(a: readonly number[], b: readonly number[]): readonly number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

const size = ({ hours, minutes }: Rectangle): number => hours.length * minutes.length;
const totalSize = (rectangles: readonly Rectangle[]): number =>
  rectangles.reduce((sum, rectangle) => sum + size(rectangle), 0);

/**
 * EventBridge's cron has six fields: minutes, hours, day of month, month, day of week, year. One of the two day fields
 * must be `?`. All is UTC, and nothing is finer than a minute. Minutes and hours take `,` `-` `*` and `/`, where
 * `a/n` is every n-th value from a to the end.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
 *
 * An expression has at most 256 characters. Ours stay under 200: three values take at most the 6 characters of `10-11,`.
 * https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
 */
function toExpression({ hours, minutes }: Rectangle): string {
  return `cron(${toField(minutes, MINUTES_OF_HOUR)} ${toField(hours, HOURS_OF_DAY)} * * ? *)`;
}

function toField(values: readonly number[], end: number): string {
  if (values.length === end) return '*';
  const [first, second] = values as readonly [number, number?];
  if (second !== undefined && values.length > 2) {
    const step = second - first;
    const last = first + (values.length - 1) * step;
    const isEven = values.every((value, index) => value === first + index * step);
    if (step > 1 && isEven && last + step >= end) return `${first}/${step}`;
  }
  const parts: string[] = [];
  for (let start = 0; start < values.length; ) {
    let stop = start;
    while (values[stop + 1] === (values[stop] as number) + 1) stop += 1;
    parts.push(stop === start ? `${values[start]}` : `${values[start]}-${values[stop]}`);
    start = stop + 1;
  }
  return parts.join(',');
}
