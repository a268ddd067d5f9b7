import type { Run } from '../../../model/run';
import { TAG } from '../../../model/tags';
import type { RunFilter } from '../../../ports/run-storage';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { countCap } from '../../count-cap';
import { InvalidPipelineRunsFilterError, orError, PythonError } from '../errors';
import { MAX_COUNT, MAX_PAGE, pageSize } from '../paging';
import { RunOrError, RunType, runNotFound, runValue } from './run';
import { RunsFilter, toRunFilter } from './runs-filter';

type RunsValue = Tagged<
  'Runs',
  { readonly filter: RunFilter; readonly cursor: string | undefined; readonly limit: number }
>;

export const Runs = builder.objectRef<RunsValue>('Runs');
Runs.implement({
  fields: (t) => ({
    results: t.field({
      type: [RunType],
      resolve: async ({ filter, cursor, limit }, _args, { instance }) =>
        (await instance.storage.listRuns({ filter, limit, cursor })).map(runValue),
    }),
    count: t.int({
      resolve: ({ filter }, _args, { instance }) =>
        instance.storage.countRuns(filter, countCap(filter, MAX_COUNT)),
    }),
  }),
});

const RunsOrError = builder.unionType('RunsOrError', {
  types: [Runs, InvalidPipelineRunsFilterError, PythonError],
  resolveType: byTypename,
});
const RunIds = builder.objectRef<Tagged<'RunIds', { readonly ids: readonly string[] }>>('RunIds');
RunIds.implement({ fields: (t) => ({ results: t.stringList({ resolve: ({ ids }) => [...ids] }) }) });
const RunIdsOrError = builder.unionType('RunIdsOrError', {
  types: [RunIds, InvalidPipelineRunsFilterError, PythonError],
  resolveType: byTypename,
});

const RunGroup =
  builder.objectRef<Tagged<'RunGroup', { readonly rootRunId: string; readonly runs: readonly Run[] }>>(
    'RunGroup',
  );
RunGroup.implement({
  fields: (t) => ({
    rootRunId: t.exposeString('rootRunId'),
    runs: t.field({
      type: [RunType],
      nullable: { list: true, items: true },
      resolve: ({ runs }) => runs.map(runValue),
    }),
  }),
});
const RunGroupNotFoundError =
  builder.objectRef<Tagged<'RunGroupNotFoundError', { message: string; runId: string }>>(
    'RunGroupNotFoundError',
  );
RunGroupNotFoundError.implement({
  fields: (t) => ({ message: t.exposeString('message'), runId: t.exposeString('runId') }),
});
const RunGroupOrError = builder.unionType('RunGroupOrError', {
  types: [RunGroup, RunGroupNotFoundError, PythonError],
  resolveType: byTypename,
});

builder.queryFields((t) => {
  const args = { filter: t.arg({ type: RunsFilter }), cursor: t.arg.string(), limit: t.arg.int() };
  const runs = (input: {
    filter?: typeof RunsFilter.$inferInput | null | undefined;
    cursor?: string | null | undefined;
    limit?: number | null | undefined;
  }): RunsValue =>
    tag('Runs', {
      filter: toRunFilter(input.filter),
      cursor: input.cursor ?? undefined,
      limit: pageSize(input.limit, 100),
    });
  const run = (runId: string | number, { loaders }: ApiContext) =>
    orError(async () => {
      const found = await loaders.run.load(String(runId));
      return found === undefined ? runNotFound(String(runId)) : runValue(found);
    });
  return {
    runsOrError: t.field({ type: RunsOrError, args, resolve: (_root, input) => orError(() => runs(input)) }),
    pipelineRunsOrError: t.field({
      type: RunsOrError,
      args,
      resolve: (_root, input) => orError(() => runs(input)),
    }),
    runOrError: t.field({
      type: RunOrError,
      args: { runId: t.arg.id({ required: true }) },
      resolve: (_root, { runId }, context) => run(runId, context),
    }),
    pipelineRunOrError: t.field({
      type: RunOrError,
      args: { runId: t.arg.id({ required: true }) },
      resolve: (_root, { runId }, context) => run(runId, context),
    }),
    runIdsOrError: t.field({
      type: RunIdsOrError,
      args,
      resolve: (_root, { filter, cursor, limit }, { instance }) =>
        orError(async () => {
          const found = await instance.storage.listRuns({
            filter: toRunFilter(filter),
            cursor: cursor ?? undefined,
            limit: pageSize(limit, 100),
          });
          return tag('RunIds', { ids: found.map(({ runId }) => runId) });
        }),
    }),
    runGroupOrError: t.field({
      type: RunGroupOrError,
      args: { runId: t.arg.id({ required: true }) },
      resolve: (_root, { runId }, { instance, loaders }) =>
        orError(async () => {
          const found = await loaders.run.load(String(runId));
          if (found === undefined)
            return tag('RunGroupNotFoundError', {
              message: `There is no run ${runId}.`,
              runId: String(runId),
            });
          const rootRunId = found.rootRunId ?? found.runId;
          const descendants = await instance.storage.listRuns({
            filter: { tags: [{ key: TAG.rootRunId, values: [rootRunId] }] },
            limit: MAX_PAGE,
          });
          const root = await loaders.run.load(rootRunId);
          return tag('RunGroup', {
            rootRunId,
            runs: [...(root === undefined ? [] : [root]), ...descendants],
          });
        }),
    }),
  };
});
