import { formatFilter } from '../../components/filter-tokens';
import { parseTime } from '../../components/format/parse-time';
import { wallClock } from '../../components/format/time';
import { createdBetween, onlyRun, type TimelineMark } from './timeline-marks';

const minute = 60_000;

/** Where a mark of runs leads: to its only run, or to the list of its job's runs of that time. */
export type MarkLink =
  | { readonly to: '/runs/$runId'; readonly params: { readonly runId: string } }
  | { readonly to: '/runs'; readonly search: { readonly q: string } };

/**
 * @param jobName undefined for a mark of several jobs
 * @param zone the reader's: the list's filter is in its times
 */
export function markLink(
  mark: TimelineMark,
  jobName: string | undefined,
  zone: string,
): MarkLink | undefined {
  const runId = onlyRun(mark);
  if (runId) return { to: '/runs/$runId', params: { runId } };
  const created = createdBetween(mark);
  if (!created) return undefined;
  const [first, last] = created;
  // `after` leaves the instant itself out, and both know minutes only.
  const after = Math.floor((first - 1) / minute) * minute;
  const token = (key: string, value: string) => ({ key, values: [value], exclude: false });
  return {
    to: '/runs',
    search: {
      q: formatFilter([
        ...(jobName === undefined ? [] : [token('job', jobName)]),
        token('after', wallClock(after, zone)),
        token('before', wallClock(endOf(last, zone), zone)),
      ]),
    },
  };
}

/** The minute after an instant; where the zone's clock shows it twice, the first time of both is too early. */
function endOf(at: number, zone: string): number {
  const end = (Math.floor(at / minute) + 1) * minute;
  return (parseTime(wallClock(end, zone), zone) ?? end) < end ? end + 60 * minute : end;
}
