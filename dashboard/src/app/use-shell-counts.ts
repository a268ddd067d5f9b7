import { progressRunStatuses } from '../components/status';
import { pollInterval, useLiveQuery } from '../graphql/use-live-query';
import { shellCountsDocument } from './shell.graphql';

export interface ShellCounts {
  readonly inProgress: number;
  readonly loadErrors: number;
}

const none: ShellCounts = { inProgress: 0, loadErrors: 0 };

/** Counts beside the navigation's items; silent when they cannot be read, the pages tell. */
export function useShellCounts(): ShellCounts {
  const { data } = useLiveQuery(
    shellCountsDocument,
    { inProgress: { statuses: progressRunStatuses } },
    {
      interval: pollInterval.slow,
      select: (result): ShellCounts => ({
        inProgress: result.runsOrError.__typename === 'Runs' ? result.runsOrError.count : 0,
        loadErrors:
          result.workspaceOrError.__typename === 'Workspace'
            ? result.workspaceOrError.locationEntries.filter(
                (entry) => entry.locationOrLoadError?.__typename === 'PythonError',
              ).length
            : 0,
      }),
    },
  );
  return data ?? none;
}
