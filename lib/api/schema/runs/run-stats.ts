import type { Run } from '../../../model/run';
import type { StepStats } from '../../../ports/event-log-storage';
import { builder, byTypename, type Tagged } from '../../builder';
import { toSeconds } from '../common';
import { PythonError } from '../errors';

const StepEventStatus = builder.enumType('StepEventStatus', {
  values: ['SKIPPED', 'SUCCESS', 'FAILURE', 'IN_PROGRESS'] as const,
});

const RunMarker = builder.objectRef<{ readonly startedAt: number; readonly endedAt: number | null }>(
  'RunMarker',
);
RunMarker.implement({
  fields: (t) => ({
    startTime: t.float({ nullable: true, resolve: (m) => toSeconds(m.startedAt) }),
    endTime: t.float({ nullable: true, resolve: (m) => toSeconds(m.endedAt) }),
  }),
});

export const RunStepStats = builder.objectRef<StepStats & { readonly runId: string }>('RunStepStats');
RunStepStats.implement({
  fields: (t) => ({
    runId: t.exposeString('runId'),
    stepKey: t.exposeString('stepKey'),
    status: t.field({
      type: StepEventStatus,
      nullable: true,
      resolve: ({ status }) => (status === 'UP_FOR_RETRY' ? 'IN_PROGRESS' : status),
    }),
    startTime: t.float({ nullable: true, resolve: (s) => toSeconds(s.startedAt) }),
    endTime: t.float({ nullable: true, resolve: (s) => toSeconds(s.endedAt) }),
    attempts: t.field({ type: [RunMarker], resolve: (s) => [...s.tries] }),
    markers: t.field({ type: [RunMarker], resolve: () => [] }),
  }),
});

export const RunStatsSnapshot =
  builder.objectRef<Tagged<'RunStatsSnapshot', { run: Run; steps: readonly StepStats[] }>>(
    'RunStatsSnapshot',
  );
RunStatsSnapshot.implement({
  fields: (t) => ({
    id: t.string({ resolve: ({ run }) => `stats-${run.runId}` }),
    runId: t.string({ resolve: ({ run }) => run.runId }),
    stepsSucceeded: t.int({ resolve: ({ steps }) => steps.filter((s) => s.status === 'SUCCESS').length }),
    stepsFailed: t.int({ resolve: ({ steps }) => steps.filter((s) => s.status === 'FAILURE').length }),
    enqueuedTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.createdAt) }),
    launchTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.claimedAt) }),
    startTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.startedAt) }),
    endTime: t.float({ nullable: true, resolve: ({ run }) => toSeconds(run.endedAt) }),
  }),
});
export const RunStatsSnapshotOrError = builder.unionType('RunStatsSnapshotOrError', {
  types: [RunStatsSnapshot, PythonError],
  resolveType: byTypename,
});
