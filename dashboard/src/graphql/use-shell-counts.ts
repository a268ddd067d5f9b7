import { progressRunStatuses } from '../components/status';
import { shellCountsDocument } from './shell-counts.graphql';
import { pollInterval, useLiveQuery } from './use-live-query';

export interface ShellCounts {
  readonly inProgress: number;
  /** Code locations whose last build did not load: what they had before is still served. */
  readonly brokenLocations: readonly string[];
}

const none: ShellCounts = { inProgress: 0, brokenLocations: [] };

/** Counts beside the navigation's items; silent when they cannot be read, the pages tell. */
export function useShellCounts(): ShellCounts {
  const { data } = useLiveQuery(
    shellCountsDocument,
    { inProgress: { statuses: progressRunStatuses } },
    {
      interval: pollInterval.slow,
      select: (result): ShellCounts => ({
        inProgress: result.runsOrError.__typename === 'Runs' ? result.runsOrError.count : 0,
        brokenLocations:
          result.workspaceOrError.__typename === 'Workspace'
            ? result.workspaceOrError.locationEntries.flatMap((entry) =>
                entry.locationOrLoadError?.__typename === 'PythonError' ? [entry.name] : [],
              )
            : [],
      }),
    },
  );
  return data ?? none;
}
