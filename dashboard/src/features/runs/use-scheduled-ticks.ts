import type { UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import { type ApiError, expectType } from '../../graphql/api-error';
import { useLiveQuery } from '../../graphql/use-live-query';
import { scheduledTicksDocument } from './runs.graphql';

/** What a schedule is expected to launch. */
export interface ScheduledTick {
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly schedule: string;
  readonly location: string;
  readonly job: string;
  readonly cronSchedule: string;
  readonly executionTimezone: string | null;
}

const HOURS = 24;
/** Ticks of one schedule that are looked at. */
const OF_EACH = 100;

/** What schedules that are on will launch within a day, soonest first. */
export function useScheduledTicks(): UseQueryResult<readonly ScheduledTick[], ApiError> {
  // As long as the page is open the same question: a tick leaves the answer when it is due.
  const [until] = useState(() => Math.ceil(Date.now() / 60_000) * 60 + HOURS * 3_600);
  return useLiveQuery(
    scheduledTicksDocument,
    { until, limit: OF_EACH },
    {
      interval: 15_000,
      select: (answer) =>
        expectType(answer.repositoriesOrError, 'RepositoryConnection')
          .nodes.flatMap(({ location, schedules }) =>
            schedules
              .filter(({ scheduleState }) => scheduleState.status === 'RUNNING')
              .flatMap((schedule) =>
                schedule.futureTicks.results.flatMap(({ timestamp }) =>
                  timestamp === null
                    ? []
                    : {
                        id: `${location.name}:${schedule.name}:${timestamp}`,
                        at: timestamp * 1_000,
                        schedule: schedule.name,
                        location: location.name,
                        job: schedule.pipelineName,
                        cronSchedule: schedule.cronSchedule,
                        executionTimezone: schedule.executionTimezone,
                      },
                ),
              ),
          )
          .toSorted((a, b) => a.at - b.at),
    },
  );
}
