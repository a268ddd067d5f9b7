import type { useNavigate } from '@tanstack/react-router';
import { isAdHocJob } from '../../components/format/asset-key';
import type { MenuItem } from '../../components/menu';

interface LaunchedRun {
  readonly runId: string;
  readonly jobName: string;
  readonly repositoryOrigin?: { readonly repositoryLocationName: string } | null;
}

/** The way to the launchpad of a run's job, with what the run was launched with. */
export function launchpadItem(run: LaunchedRun, navigate: ReturnType<typeof useNavigate>): MenuItem {
  const location = run.repositoryOrigin?.repositoryLocationName;
  return {
    text: 'Open in launchpad',
    icon: 'play',
    disabled: isAdHocJob(run.jobName)
      ? 'assets chosen by hand have none'
      : location === undefined && 'its code location is not known',
    onSelect: () =>
      void navigate({
        to: '/jobs/$location/$name',
        params: { location: location ?? '', name: run.jobName },
        search: { tab: 'launch', from: run.runId },
      }),
  };
}
