import { isAdHocJob } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import type { RunStatus, TimelineResult } from '../../graphql/generated';
import { findAttention } from './attention';
import type { ExpectedTicks } from './timeline-rows';

export type OverviewData = ReturnType<typeof toOverview>;

/** What the page shows of an answer. */
export function toOverview(answer: TimelineResult) {
  const { runTimelineOrError: timeline } = answer;
  const found = timeline.__typename === 'RunTimeline' ? timeline : undefined;
  const inProgress = answer.inProgress.__typename === 'Runs' ? answer.inProgress : undefined;
  const queued = answer.queued.__typename === 'Runs' ? answer.queued : undefined;
  const repositories =
    answer.repositoriesOrError.__typename === 'RepositoryConnection' ? answer.repositoriesOrError.nodes : [];
  const entries =
    answer.workspaceOrError.__typename === 'Workspace' ? answer.workspaceOrError.locationEntries : [];
  const expected = repositories.flatMap((repository): ExpectedTicks[] =>
    repository.schedules
      .filter((schedule) => schedule.scheduleState.status === 'RUNNING')
      .map((schedule) => ({
        rowName: isAdHocJob(schedule.pipelineName) ? schedule.name : schedule.pipelineName,
        jobName: schedule.pipelineName,
        location: repository.location.name,
        detail: (cronWords(schedule.cronSchedule) ?? schedule.cronSchedule).toLowerCase(),
        at: schedule.futureTicks.results.flatMap((tick) =>
          tick.timestamp === null ? [] : [tick.timestamp * 1_000],
        ),
      })),
  );
  return {
    /** Why the window's runs are not there. */
    problem: found ? undefined : 'message' in timeline ? timeline.message : 'It has no answer',
    runRows: found?.rows ?? [],
    rowCount: found?.rowCount ?? 0,
    counts: new Map<RunStatus, number>((found?.counts ?? []).map(({ status, count }) => [status, count])),
    latest: found?.latest ?? [],
    queued: queued?.results ?? [],
    queuedCount: queued?.count ?? 0,
    active: inProgress?.count ?? 0,
    expected,
    attention: findAttention(found?.unrecovered ?? [], repositories, entries),
    entries,
    instance: answer.instance,
    locations: repositories.map(({ location }) => location.name).sort(),
  };
}
