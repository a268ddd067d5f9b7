/** EventBridge's documented grammar of schedule expressions, as far as rules of every day need it; strict. */

const parsed = new Map<string, ReadonlySet<number>>();

/** The minutes of the UTC day in which a rule fires. Throws a `RangeError` for what EventBridge would refuse. */
export function minutesOfRule(expression: string): ReadonlySet<number> {
  const minutes = parsed.get(expression) ?? parse(expression);
  parsed.set(expression, minutes);
  return minutes;
}

function parse(expression: string): ReadonlySet<number> {
  if (expression.length > 256) throw new RangeError(`${expression.length} characters, over 256`);
  const rate = /^rate\((\d+) (minutes?|hours?|days?)\)$/.exec(expression);
  if (rate !== null) return minutesOfRate(Number(rate[1]), rate[2] as string);
  const fields = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)$/.exec(expression);
  if (fields === null) throw new RangeError(`'${expression}' is neither rate(…) nor six fields of cron(…)`);
  const [, minuteField, hourField, day, month, weekday, year] = fields as unknown as string[];
  if ((day === '?') === (weekday === '?'))
    throw new RangeError(`one day field must be '?', in ${expression}`);
  if (month !== '*' || year !== '*' || (day !== '*' && weekday !== '*')) {
    throw new RangeError(`'${expression}' is not for every day`);
  }
  const minutes = valuesOfField(minuteField as string, 59);
  return new Set(
    valuesOfField(hourField as string, 23).flatMap((hour) => minutes.map((minute) => hour * 60 + minute)),
  );
}

/** A rate counts from when its rule was made; here, from midnight. */
function minutesOfRate(value: number, unit: string): ReadonlySet<number> {
  if (value < 1 || unit.endsWith('s') !== value > 1) throw new RangeError(`rate(${value} ${unit})`);
  const step = value * { minute: 1, hour: 60, day: 1_440 }[unit.replace(/s$/, '') as 'minute'];
  const minutes = new Set<number>();
  for (let minute = 0; minute < 1_440; minute += step) minutes.add(minute);
  return minutes;
}

function valuesOfField(field: string, max: number): number[] {
  const values = field.split(',').flatMap((part) => {
    const match = /^(?:(\*)|(\d+))(?:-(\d+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) throw new RangeError(`field part '${part}'`);
    const [, star, from, to, step] = match;
    const low = star === undefined ? Number(from) : 0;
    const high = to !== undefined ? Number(to) : star !== undefined || step !== undefined ? max : low;
    if (low > high || high > max || (star !== undefined && to !== undefined)) {
      throw new RangeError(`field part '${part}'`);
    }
    const found: number[] = [];
    for (let value = low; value <= high; value += Number(step ?? 1)) found.push(value);
    return found;
  });
  if (new Set(values).size !== values.length) throw new RangeError(`field '${field}' names a value twice`);
  return values;
}
