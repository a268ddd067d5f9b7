import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import { formatSpan } from '../../components/format/duration';
import { formatCount, formatRunCount, formatShare, plural } from '../../components/format/number';
import type { Stat } from '../../components/stat-strip';
import { finishedRunStatuses } from '../../components/status';
import { expectType } from '../../graphql/api-error';
import type { TimelineResult } from '../../graphql/generated';
import { findAttention, type TimelineRun } from './attention';
import type { ExpectedTicks } from './timeline-rows';

export type OverviewData = ReturnType<typeof toOverview>;

/** Ended runs of the window that come with the overview; the others follow by pages of as many. */
export const windowPage = 1_000;

/**
 * Below which run those of further pages lie; undefined when there are none. In the middle of the first page, so that
 * no run is between them when new ones have moved it on since.
 */
export function olderCursor({ window }: TimelineResult): string | undefined {
  const { results } = expectType(window, 'Runs');
  return results.length < windowPage ? undefined : results[windowPage / 2]?.runId;
}

/** What the page shows; `older` are ended runs of the window beyond its first page, as far as they were read. */
export function toOverview(answer: TimelineResult, older: readonly TimelineRun[] = []) {
  const window = expectType(answer.window, 'Runs');
  const failed = answer.failed.__typename === 'Runs' ? answer.failed : undefined;
  const succeeded = answer.succeeded.__typename === 'Runs' ? answer.succeeded : undefined;
  const inProgress = answer.inProgress.__typename === 'Runs' ? answer.inProgress : undefined;
  const queued = answer.queued.__typename === 'Runs' ? answer.queued : undefined;
  const repositories =
    answer.repositoriesOrError.__typename === 'RepositoryConnection' ? answer.repositoriesOrError.nodes : [];
  const entries =
    answer.workspaceOrError.__typename === 'Workspace' ? answer.workspaceOrError.locationEntries : [];
  const runs = new Map<string, TimelineRun>();
  for (const some of [older, failed?.results, window.results, queued?.results, inProgress?.results]) {
    for (const run of some ?? []) runs.set(run.runId, run);
  }
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
    failedCount: failed?.count ?? 0,
    succeededCount: succeeded?.count ?? 0,
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
  const failed = data.runs.filter((run) => run.status === 'FAILURE');
  const share = succeededShare(data);
  const oldest = Math.min(...data.queued.map((run) => run.creationTime * 1_000));
  const broken = data.entries.filter(
    (entry) => entry.locationOrLoadError?.__typename === 'PythonError',
  ).length;
  const jobs = new Set(failed.map((run) => run.jobName)).size;
  return [
    {
      label: 'Failed runs',
      kind: data.failedCount > 0 ? 'failure' : 'none',
      value: formatRunCount(data.failedCount),
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
      value: formatRunCount(data.active),
      detail: 'now',
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
      value: formatRunCount(data.succeededCount),
      detail: share === undefined ? 'in this window' : formatShare(share),
      link: { to: '/runs', search: { q: 'status:success' } },
    },
  ];
}

/** Of the window's ended runs; undefined when there is none, or while not all of them are there. */
function succeededShare({ runs, succeededCount }: OverviewData): number | undefined {
  const ended = runs.filter((run) => finishedRunStatuses.has(run.status));
  const succeeded = ended.filter((run) => run.status === 'SUCCESS').length;
  return ended.length === 0 || succeeded < succeededCount ? undefined : succeeded / ended.length;
}
