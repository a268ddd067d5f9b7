import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { formatSpan } from '../../components/format/duration';
import { formatCount, formatShare, plural } from '../../components/format/number';
import type { Stat } from '../../components/stat-strip';
import { expectType } from '../../graphql/api-error';
import type { TimelineResult } from '../../graphql/generated';
import { findAttention, type TimelineRun } from './attention';
import type { ExpectedTicks } from './timeline-rows';

export type OverviewData = ReturnType<typeof toOverview>;

export function toOverview(answer: TimelineResult) {
  const window = expectType(answer.window, 'Runs');
  const inProgress = answer.inProgress.__typename === 'Runs' ? answer.inProgress : undefined;
  const queued = answer.queued.__typename === 'Runs' ? answer.queued : undefined;
  const repositories =
    answer.repositoriesOrError.__typename === 'RepositoryConnection' ? answer.repositoriesOrError.nodes : [];
  const entries =
    answer.workspaceOrError.__typename === 'Workspace' ? answer.workspaceOrError.locationEntries : [];
  const runs = new Map<string, TimelineRun>();
  for (const run of [...window.results, ...(queued?.results ?? []), ...(inProgress?.results ?? [])])
    runs.set(run.runId, run);
  const expected = repositories.flatMap((repository): ExpectedTicks[] =>
    repository.schedules
      .filter((schedule) => schedule.scheduleState.status === 'RUNNING')
      .map((schedule) => ({
        jobName: isAdHocJob(schedule.pipelineName) ? schedule.name : schedule.pipelineName,
        location: repository.location.name,
        detail: (cronWords(schedule.cronSchedule) ?? schedule.cronSchedule).toLowerCase(),
        at: schedule.futureTicks.results.flatMap((tick) =>
          tick.timestamp === null ? [] : [tick.timestamp * 1_000],
        ),
      })),
  );
  return {
    runs: [...runs.values()],
    truncated: window.count > window.results.length,
    queued: queued?.results ?? [],
    queuedCount: queued?.count ?? 0,
    active: inProgress?.count ?? 0,
    expected,
    attention: findAttention([...runs.values()], repositories, entries),
    entries,
    instance: answer.instance,
    hasDefinitions: repositories.length > 0,
  };
}

export function stats(data: OverviewData, now: number): Stat[] {
  const finished = data.runs.filter((run) => run.endTime !== null);
  const failed = finished.filter((run) => run.status === 'FAILURE');
  const succeeded = finished.filter((run) => run.status === 'SUCCESS');
  const oldest = Math.min(...data.queued.map((run) => run.creationTime * 1_000));
  const broken = data.entries.filter(
    (entry) => entry.locationOrLoadError?.__typename === 'PythonError',
  ).length;
  const jobs = new Set(failed.map((run) => run.jobName)).size;
  return [
    {
      label: 'Failed runs',
      kind: failed.length > 0 ? 'failure' : 'none',
      value: formatCount(failed.length),
      detail: failed.length > 0 ? plural(jobs, 'job') : 'in this window',
      link: { to: '/runs', search: { tab: 'failed' } },
    },
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
      value: formatCount(data.active),
      detail: 'now',
      link: { to: '/runs', search: { tab: 'progress' } },
    },
    {
      label: 'Queued',
      kind: 'queued',
      value: formatCount(data.queuedCount),
      detail: data.queued.length > 0 ? `oldest ${formatSpan(now - oldest)}` : 'nothing waits',
      link: { to: '/runs', search: { tab: 'queued' } },
    },
    {
      label: 'Succeeded',
      kind: 'success',
      value: formatCount(succeeded.length),
      detail: finished.length > 0 ? formatShare(succeeded.length / finished.length) : 'in this window',
      link: { to: '/runs', search: { q: 'status:success' } },
    },
  ];
}
