import { useMemo } from 'react';
import { expectType } from '../../graphql/api-error';
import type { JobGraphResult } from '../../graphql/generated';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { jobGraphDocument, jobLastStepsDocument } from './jobs.graphql';
import { stepStatuses } from './op-boxes';

/** What a job is made of. */
export type JobParts = Extract<JobGraphResult['pipelineOrError'], { readonly __typename: 'Pipeline' }>;
export type JobOp = JobParts['solids'][number];

export interface JobSelector {
  readonly pipelineName: string;
  readonly repositoryName: string;
  readonly repositoryLocationName: string;
}

export function useJobGraph(params: JobSelector) {
  return useLiveQuery(
    jobGraphDocument,
    { params },
    {
      keepPrevious: false,
      interval: pollInterval.still,
      select: (answer): JobParts => expectType(answer.pipelineOrError, 'Pipeline'),
    },
  );
}

const none = stepStatuses([]);

/** How each op of a job fared in its last run. */
export function useLastSteps(params: JobSelector) {
  const { data } = useLiveQuery(
    jobLastStepsDocument,
    { params },
    {
      interval: pollInterval.slow,
      select: (answer) => expectType(answer.pipelineOrError, 'Pipeline').runs[0]?.stepStats ?? [],
    },
  );
  return useMemo(() => (data ? stepStatuses(data) : none), [data]);
}
