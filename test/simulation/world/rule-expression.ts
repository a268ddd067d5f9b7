/** Whether a rule fires in a minute of the UTC day: `rate(1 minute)`, or minutes and hours of a cron expression. */
export function matchesRule(expression: string, instant: number): boolean {
  if (expression === 'rate(1 minute)') return true;
  const [, minutes = '', hours = ''] = /^cron\((\S+) (\S+) \* \* \? \*\)$/.exec(expression) ?? [];
  if (minutes === '') throw new Error(`the simulator does not know the expression ${expression}`);
  const time = new Date(instant);
  return matchesField(minutes, time.getUTCMinutes(), 60) && matchesField(hours, time.getUTCHours(), 24);
}

function matchesField(field: string, value: number, end: number): boolean {
  return field.split(',').some((part) => {
    if (part === '*') return true;
    const [range = '', step] = part.split('/');
    const [first = 0, last = step === undefined ? first : end - 1] = range.split('-').map(Number);
    return value >= first && value <= last && (value - first) % Number(step ?? 1) === 0;
  });
}
