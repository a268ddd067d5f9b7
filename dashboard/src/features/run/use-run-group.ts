import { expectType } from '../../graphql/api-error';
import type { RunGroupResult } from '../../graphql/generated';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { runGroupDocument } from './run.graphql';

type Members = NonNullable<
  Extract<RunGroupResult['runGroupOrError'], { readonly __typename: 'RunGroup' }>['runs']
>;
export type GroupedRun = NonNullable<Members[number]>;

/** A run and all that execute it again, or that it executes again, oldest first; undefined until it is known. */
export function useRunGroup(runId: string): readonly GroupedRun[] | undefined {
  const { data } = useLiveQuery(
    runGroupDocument,
    { runId },
    {
      interval: pollInterval.slow,
      keepPrevious: false,
      select: (answer) =>
        (expectType(answer.runGroupOrError, 'RunGroup').runs ?? [])
          .filter((run) => run !== null)
          .toSorted((a, b) => a.creationTime - b.creationTime),
    },
  );
  return data;
}
