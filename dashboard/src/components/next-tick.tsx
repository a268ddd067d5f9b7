import { Time } from './time';
import { TimeUntil } from './time-until';
import { TwoLines } from './two-lines';

/** When a schedule or a sensor is evaluated next (epoch ms); `untimed` is said of one that waits for an event. */
export function NextTick({
  at,
  isOn,
  untimed,
}: {
  readonly at: number | null | undefined;
  readonly isOn: boolean;
  readonly untimed: string;
}) {
  if (!isOn) return <TwoLines first={<span className="t3">None</span>} second="off" />;
  if (at === null || at === undefined) return <span className="t3">{untimed}</span>;
  return <TwoLines first={<Time at={at} />} second={<TimeUntil at={at} />} />;
}
