import { formatDuration, formatSpan } from '../../components/format/duration';
import { formatCount, formatShare } from '../../components/format/number';
import type { Stat } from '../../components/stat-strip';
import type { BackfillDetail } from './backfill-page';
import { countTargets, notMade, settled } from './backfill-progress';
import { isLive } from './backfill-words';

/** How far a backfill is, what went wrong, and when it will be done. */
export function backfillStats(backfill: BackfillDetail, now = Date.now()): Stat[] {
  const counts = countTargets(backfill.targetCounts);
  const live = isLive(backfill);
  const lost = counts.BLOCKED + counts.CANCELED + counts.SKIPPED;
  const toRuns = (q: string): NonNullable<Stat['link']> => ({ to: '.', search: { tab: 'runs', q } });
  return [
    {
      label: 'Made',
      kind: counts.SUCCESS === counts.total ? 'success' : live ? 'running' : 'none',
      value: `${formatCount(counts.SUCCESS)} of ${formatCount(counts.total)}`,
      detail: formatShare(counts.SUCCESS / Math.max(1, counts.total)),
    },
    {
      label: 'In progress',
      kind: counts.REQUESTED > 0 ? 'running' : 'none',
      value: formatCount(counts.REQUESTED),
      detail: counts.PENDING > 0 ? `${formatCount(counts.PENDING)} to come` : 'nothing to come',
    },
    {
      label: 'Failed',
      kind: counts.FAILED > 0 ? 'failure' : 'none',
      value: formatCount(counts.FAILED),
      detail:
        lost > 0
          ? `${formatCount(lost)} more ${live ? 'will not be' : 'not'} made`
          : counts.FAILED > 0
            ? 'open its runs'
            : 'nothing failed',
      ...(counts.FAILED > 0 ? { link: toRuns('failed') } : {}),
    },
    end(backfill, { left: counts.total - settled(counts), missed: notMade(counts), now }),
  ];
}

function end(
  backfill: BackfillDetail,
  { left, missed, now }: { left: number; missed: number; now: number },
): Stat {
  const { creationTime, endTime, estimatedEndTime } = backfill;
  if (endTime !== null) {
    return {
      label: 'Ended',
      kind: missed > 0 ? 'none' : 'success',
      value: `after ${formatDuration((endTime - creationTime) * 1_000)}`,
      detail: missed > 0 ? `${formatCount(missed)} not made` : 'all made',
    };
  }
  if (backfill.isPaused) return { label: 'Estimate', kind: 'waiting', value: '—', detail: 'paused' };
  if (estimatedEndTime === null)
    return { label: 'Estimate', kind: 'none', value: '—', detail: 'after the first partition' };
  return {
    label: 'Estimate',
    kind: 'expected',
    value: `about ${formatSpan(Math.max(0, estimatedEndTime * 1_000 - now))}`,
    detail: `at this pace, ${formatCount(left)} left`,
  };
}
