import type { UseQueryResult } from '@tanstack/react-query';
import { type ApiError, expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { lastTicks } from './last-ticks';
import type { ScheduleRow } from './schedule-row';
import { schedulesDocument } from './schedules.graphql';

/** The schedules of every code location, with their latest ticks. */
export function useSchedules(): UseQueryResult<readonly ScheduleRow[], ApiError> {
  return useLiveQuery(
    schedulesDocument,
    {},
    {
      interval: 2_000,
      select: (answer) =>
        expectType(answer.repositoriesOrError, 'RepositoryConnection').nodes.flatMap((repository) =>
          repository.schedules.map(
            (schedule): ScheduleRow => ({
              id: `${repository.location.name}:${schedule.name}`,
              schedule,
              ticks: lastTicks(schedule.scheduleState, Date.now()),
              repositoryName: repository.name,
              locationName: repository.location.name,
            }),
          ),
        ),
    },
  );
}
