/** `2026-11-20`, `2026-11-20T14:30`, `2026-11-20 14:30` */
const PATTERN = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?$/;

/** Ms that a zone's clock is ahead of UTC at an instant. */
function offsetAt(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const clock = Date.UTC(
    read('year'),
    read('month') - 1,
    read('day'),
    read('hour'),
    read('minute'),
    read('second'),
  );
  return clock - Math.floor(at / 1_000) * 1_000;
}

/**
 * The instant (epoch ms) at which a zone's clock shows a date, or a date and time; undefined when it is neither.
 * Of a time that the clock shows twice, the first; of one that it skips, the instant as long after the change.
 */
export function parseTime(text: string, zone: string): number | undefined {
  const [, ...matched] = PATTERN.exec(text) ?? [];
  if (matched.length === 0) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = matched.map((part) => Number(part ?? 0));
  const asUtc = Date.UTC(year, month - 1, day, hour, minute);
  const date = new Date(asUtc);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59)
    return undefined;
  // The offset before any change of that day decides first; where it does not hold, the one after does.
  const before = asUtc - offsetAt(asUtc - 86_400_000, zone);
  const after = asUtc - offsetAt(asUtc + 86_400_000, zone);
  return before + offsetAt(before, zone) === asUtc || before === after
    ? before
    : after + offsetAt(after, zone) === asUtc
      ? after
      : before;
}
