import type { SchedulesResult } from '../../graphql/generated';

type Repository = Extract<
  SchedulesResult['repositoriesOrError'],
  { readonly __typename: 'RepositoryConnection' }
>['nodes'][number];

/** A schedule with where it is defined. */
export interface ScheduleRow {
  readonly id: string;
  readonly schedule: Repository['schedules'][number];
  readonly repositoryName: string;
  readonly locationName: string;
}
