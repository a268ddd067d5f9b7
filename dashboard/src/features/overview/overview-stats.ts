import { formatSpan } from '../../components/format/duration';
import { formatCount, formatRunCount, formatShare, plural } from '../../components/format/number';
import type { Stat } from '../../components/stat-strip';
import type { AssetOverview } from './asset-overview';
import type { OverdueTick } from './overdue-ticks';
import type { OverviewData } from './overview-data';

/** What is known a moment later than the rest. */
export interface SlowFigures {
  readonly overdue: readonly OverdueTick[];
  readonly assets: AssetOverview;
}

/** The figures of the page, what is wrong first. `slow` is undefined while it is not there. */
export function stats(data: OverviewData, slow: SlowFigures | undefined, now: number): Stat[] {
  const failed = data.counts.get('FAILURE') ?? 0;
  const succeeded = data.counts.get('SUCCESS') ?? 0;
  const ended = failed + succeeded + (data.counts.get('CANCELED') ?? 0);
  const failing = data.runRows.filter(({ counts }) => counts.some(({ status }) => status === 'FAILURE'));
  const oldest = Math.min(...data.queued.map((run) => run.creationTime * 1_000));
  const broken = data.entries.filter(
    (entry) => entry.locationOrLoadError?.__typename === 'PythonError',
  ).length;
  const most = data.instance.runQueueConfig?.maxConcurrentRuns ?? -1;
  return [
    {
      label: 'Failed runs',
      kind: failed > 0 ? 'failure' : 'none',
      value: formatCount(failed),
      detail: failed > 0 ? `in ${plural(failing.length, 'job')}` : 'in this window',
      link: { to: '/runs', search: { tab: 'failed' } },
    },
    lateStat(slow),
    freshnessStat(slow),
    {
      label: 'Load errors',
      kind: broken > 0 ? 'warn' : 'none',
      value: formatCount(broken),
      detail: `of ${plural(data.entries.length, 'code location')}`,
      link: { to: '/deployment' },
    },
    {
      label: 'Running',
      kind: data.active > 0 ? 'running' : 'none',
      value: formatRunCount(data.active),
      detail: most >= 0 ? `of ${formatCount(most)} allowed` : 'now',
      link: { to: '/runs', search: { tab: 'progress' } },
    },
    {
      label: 'Queued',
      kind: 'queued',
      value: formatRunCount(data.queuedCount),
      detail: data.queued.length > 0 ? `oldest ${formatSpan(now - oldest)}` : 'nothing waits',
      link: { to: '/runs', search: { tab: 'queued' } },
    },
    {
      label: 'Succeeded',
      kind: 'success',
      value: formatCount(succeeded),
      detail: ended === 0 ? 'in this window' : formatShare(succeeded / ended),
      link: { to: '/runs', search: { q: 'status:success' } },
    },
  ];
}

function lateStat(slow: SlowFigures | undefined): Stat {
  const ticks = slow?.overdue ?? [];
  const schedules = [...new Set(ticks.map(({ schedule }) => schedule))];
  const isMissed = ticks.some(({ kind }) => kind === 'missed');
  return {
    label: 'Late or missed',
    kind: ticks.length === 0 ? 'none' : isMissed ? 'missed' : 'late',
    value: slow ? formatCount(ticks.length) : '—',
    detail: !slow
      ? undefined
      : ticks.length === 0
        ? 'ticks'
        : schedules.length === 1
          ? `${ticks.length === 1 ? 'tick' : 'ticks'} of ${schedules[0]}`
          : `ticks of ${plural(schedules.length, 'schedule')}`,
    link: { to: '/schedules' },
  };
}

function freshnessStat(slow: SlowFigures | undefined): Stat {
  const { late, soon, fresh, unknown } = slow?.assets.freshness ?? {
    late: [],
    soon: [],
    fresh: 0,
    unknown: 0,
  };
  const policies = late.length + soon.length + fresh + unknown;
  return {
    label: 'Freshness',
    kind: late.length > 0 ? 'late' : 'none',
    value: slow ? formatCount(late.length) : '—',
    detail: !slow ? undefined : policies === 0 ? 'no policies' : `late, of ${plural(policies, 'asset')}`,
    link: { to: '/assets' },
  };
}
