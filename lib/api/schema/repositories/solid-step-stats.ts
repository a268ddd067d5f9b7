import type { StepStats } from '../../../ports/event-log-storage';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { LATEST_RUNS_PER_JOB } from '../../loaders';
import { ErrorInterface } from '../errors';
import { pageSize } from '../paging';
import { RunStepStats } from '../runs/run-stats';
import { SolidHandle } from './graph';

/* How the step of a node did in the latest runs of its job. */

type Connection = Tagged<
  'SolidStepStatsConnection',
  { readonly nodes: readonly (StepStats & { readonly runId: string })[] }
>;
const SolidStepStatsConnection = builder.objectRef<Connection>('SolidStepStatsConnection');
SolidStepStatsConnection.implement({
  fields: (t) => ({ nodes: t.field({ type: [RunStepStats], resolve: ({ nodes }) => [...nodes] }) }),
});
const SolidStepStatusUnavailableError = builder.objectRef<
  Tagged<'SolidStepStatusUnavailableError', { readonly message: string }>
>('SolidStepStatusUnavailableError');
SolidStepStatusUnavailableError.implement({ interfaces: [ErrorInterface], fields: () => ({}) });
const SolidStepStatsOrError = builder.unionType('SolidStepStatsOrError', {
  types: [SolidStepStatsConnection, SolidStepStatusUnavailableError],
  resolveType: byTypename,
});

builder.objectField(SolidHandle, 'stepStats', (t) =>
  t.field({
    type: SolidStepStatsOrError,
    nullable: true,
    description: `Of the latest runs of its job: ${LATEST_RUNS_PER_JOB} at most.`,
    args: { limit: t.arg.int() },
    resolve: async ({ name, location, job, isDynamicMapped }, { limit }, { loaders }) => {
      if (isDynamicMapped) {
        const message = `'${name}' has a step for each mapped value: ask the runs of job '${job}' for their steps.`;
        return tag('SolidStepStatusUnavailableError', { message });
      }
      const size = Math.min(pageSize(limit, LATEST_RUNS_PER_JOB), LATEST_RUNS_PER_JOB);
      const runs = (await loaders.latestRuns(location, job)).slice(0, size);
      const nodes = await Promise.all(
        runs.map(async ({ runId }) =>
          (await loaders.stepStats.load(runId))
            .filter(({ stepKey }) => stepKey === name)
            .map((stats) => ({ ...stats, runId })),
        ),
      );
      return tag('SolidStepStatsConnection', { nodes: nodes.flat() });
    },
  }),
);
