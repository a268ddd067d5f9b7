import type { TickLike } from '../../components/tick-text';
import type { SchedulesResult } from '../../graphql/generated';

type Repository = Extract<
  SchedulesResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'][number];

/** A schedule with where it is defined. */
export interface ScheduleRow {
  readonly id: string;
  readonly schedule: Repository['schedules'][number];
  /** Its last ticks with those that were missed or are late, newest first. */
  readonly ticks: readonly TickLike[];
  readonly repositoryName: string;
  readonly locationName: string;
}

/** How the API names a schedule. */
export const scheduleSelector = (row: ScheduleRow) => ({
  scheduleName: row.schedule.name,
  repositoryName: row.repositoryName,
  repositoryLocationName: row.locationName,
});
