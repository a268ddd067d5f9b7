import { useQuery } from '@tanstack/react-query';
import { type ApiError, expectType } from '../../graphql/api-error';
import type { RunsFilter } from '../../graphql/generated';
import { request } from '../../graphql/request';
import type { TimelineRun } from './attention';
import { olderRunsDocument } from './overview.graphql';
import { windowPage } from './overview-data';

/** Pages beyond the first: a timeline of more runs than these says so. */
const mostPages = 4;
/** They have ended and do not change. Ms. */
const interval = 60_000;

export interface OlderRuns {
  readonly runs: readonly TimelineRun[];
  /** Whether the window has no more. */
  readonly isComplete: boolean;
}

/** A window's runs below a run of its first page; nothing is asked for without one. */
export function useOlderRuns(window: RunsFilter, hours: string, cursor: string | undefined): OlderRuns {
  const { data } = useQuery<OlderRuns, ApiError>({
    queryKey: ['OlderRuns', hours],
    queryFn: ({ signal }) => readOlderRuns(window, cursor ?? '', signal),
    enabled: cursor !== undefined,
    staleTime: interval,
    refetchInterval: interval,
    refetchIntervalInBackground: false,
    refetchOnWindowFocus: true,
  });
  return data ?? { runs: [], isComplete: cursor === undefined };
}

async function readOlderRuns(window: RunsFilter, cursor: string, signal: AbortSignal): Promise<OlderRuns> {
  const runs: TimelineRun[] = [];
  for (let page = 0; page < mostPages; page += 1) {
    const last = runs.at(-1)?.runId ?? cursor;
    const answer = await request(olderRunsDocument, { window, cursor: last }, signal);
    const { results } = expectType(answer.runsOrError, 'Runs');
    runs.push(...results);
    if (results.length < windowPage) return { runs, isComplete: true };
  }
  return { runs, isComplete: false };
}
