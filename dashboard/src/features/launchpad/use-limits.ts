import { progressRunStatuses } from '../../components/status';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import type { LaunchLimits } from './launch-wait';
import { launchLimitsDocument } from './launchpad.graphql';

/** What holds runs back now; undefined until it is known. */
export function useLimits(): LaunchLimits | undefined {
  const { data } = useLiveQuery(
    launchLimitsDocument,
    { active: { statuses: progressRunStatuses }, queued: { statuses: ['QUEUED'] } },
    {
      interval: pollInterval.slow,
      select: (answer) => ({
        active: answer.active.__typename === 'Runs' ? answer.active.count : 0,
        queued: answer.queued.__typename === 'Runs' ? answer.queued.count : 0,
        maxConcurrentRuns: answer.instance.runQueueConfig?.maxConcurrentRuns,
        pools: answer.instance.concurrencyLimits,
      }),
    },
  );
  return data;
}
