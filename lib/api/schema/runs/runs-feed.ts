import { BACKFILL_STATUSES, type Backfill, type BackfillStatus } from '../../../model/backfill';
import type { Run } from '../../../model/run';
import type { RunStatus } from '../../../model/run-status';
import type { BackfillQuery } from '../../../ports/backfill-storage';
import type { RunFilter } from '../../../ports/run-storage';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { mayAct } from '../../identity';
import { backfillValue, PartitionBackfill } from '../backfills/partition-backfill';
import { AssetCheckHandle, AssetKeyType, assetKey, PipelineTag, tagPairs, toSeconds } from '../common';
import { orError, PythonError } from '../errors';
import { MAX_COUNT, pageSize } from '../paging';
import { RunType, runValue } from './run';
import { RunStatusEnum } from './run-status';
import { RunsFilter, toRunFilter } from './runs-filter';

type Entry = ReturnType<typeof runValue> | ReturnType<typeof backfillValue>;

/** What the list of runs shows: runs, and backfills with theirs inside. */
const RunsFeedEntry = builder.interfaceRef<Entry>('RunsFeedEntry').implement({
  resolveType: byTypename,
  fields: (t) => ({
    id: t.id({ resolve: (entry) => ('runId' in entry ? entry.runId : entry.backfillId) }),
    runStatus: t.field({
      type: RunStatusEnum,
      nullable: true,
      resolve: (entry) => ('runId' in entry ? entry.status : RUN_STATUS_OF_BACKFILL[entry.status]),
    }),
    creationTime: t.float({ resolve: ({ createdAt }) => createdAt / 1000 }),
    startTime: t.float({
      nullable: true,
      resolve: (entry) => toSeconds('runId' in entry ? entry.startedAt : entry.createdAt),
    }),
    endTime: t.float({ nullable: true, resolve: ({ endedAt }) => toSeconds(endedAt) }),
    tags: t.field({ type: [PipelineTag], resolve: ({ tags }) => tagPairs(tags) }),
    jobName: t.exposeString('jobName', { nullable: true }),
    assetSelection: t.field({
      type: [AssetKeyType],
      nullable: true,
      resolve: ({ assetSelection }) => assetSelection?.map(assetKey) ?? null,
    }),
    assetCheckSelection: t.field({
      type: [AssetCheckHandle],
      nullable: true,
      resolve: (entry) => ('runId' in entry ? entry.assetCheckSelection : null),
    }),
  }),
});
RunType.addInterfaces([RunsFeedEntry as never]);
PartitionBackfill.addInterfaces([RunsFeedEntry as never]);
// The interface allows null: of a backfill of assets.
builder.objectField(RunType, 'jobName', (t) => t.exposeString('jobName'));

/** How a backfill stands, in the words of a run: Dagster's rule. */
const RUN_STATUS_OF_BACKFILL: Readonly<Record<BackfillStatus, RunStatus>> = {
  REQUESTED: 'STARTED',
  CANCELING: 'CANCELING',
  CANCELED: 'CANCELED',
  FAILING: 'STARTED',
  FAILED: 'FAILURE',
  COMPLETED_SUCCESS: 'SUCCESS',
  COMPLETED_FAILED: 'FAILURE',
};

builder.objectFields(PartitionBackfill, (t) => ({
  runStatus: t.field({ type: RunStatusEnum, resolve: ({ status }) => RUN_STATUS_OF_BACKFILL[status] }),
  assetCheckSelection: t.field({
    type: [AssetCheckHandle],
    nullable: true,
    description: 'Null: backfills are of assets or of jobs, with their checks.',
    resolve: () => null,
  }),
}));

const RunsFeedView = builder.enumType('RunsFeedView', { values: ['ROOTS', 'RUNS', 'BACKFILLS'] as const });
type View = 'ROOTS' | 'RUNS' | 'BACKFILLS';

type ConnectionValue = Tagged<
  'RunsFeedConnection',
  { readonly results: readonly Entry[]; readonly cursor: string; readonly hasMore: boolean }
>;
const RunsFeedConnection = builder.objectRef<ConnectionValue>('RunsFeedConnection');
RunsFeedConnection.implement({
  fields: (t) => ({
    results: t.field({ type: [RunsFeedEntry], resolve: ({ results }) => [...results] }),
    cursor: t.exposeString('cursor', { description: 'Where the next page begins.' }),
    hasMore: t.exposeBoolean('hasMore'),
  }),
});
const RunsFeedConnectionOrError = builder.unionType('RunsFeedConnectionOrError', {
  types: [RunsFeedConnection, PythonError],
  resolveType: byTypename,
});
const RunsFeedCount = builder.objectRef<Tagged<'RunsFeedCount', { readonly count: number }>>('RunsFeedCount');
RunsFeedCount.implement({
  fields: (t) => ({ count: t.exposeInt('count', { description: `At most ${MAX_COUNT} of each kind.` }) }),
});
const RunsFeedCountOrError = builder.unionType('RunsFeedCountOrError', {
  types: [RunsFeedCount, PythonError],
  resolveType: byTypename,
});

/** Which runs a view shows: roots are those that no backfill made. Null = none. */
const runFilterOf = (view: View, filter: RunFilter): RunFilter | null => {
  if (view === 'BACKFILLS') return null;
  return view === 'ROOTS' ? { ...filter, outsideBackfills: true } : filter;
};

/** Which backfills a view shows. Null = none, also when the filter speaks of what only runs have. */
function backfillFilterOf(view: View, filter: RunFilter): Omit<BackfillQuery, 'limit'> | null {
  const { runIds, runIdPrefix, statuses, jobName, jobNames, bundleHash, tags, createdAfter, createdBefore } =
    filter;
  if (view === 'RUNS' || runIdPrefix !== undefined || bundleHash !== undefined) return null;
  if (filter.updatedAfter !== undefined || filter.updatedBefore !== undefined) return null;
  return {
    jobName,
    jobNames,
    tags,
    createdAfter,
    createdBefore,
    ...(runIds === undefined ? {} : { backfillIds: runIds }),
    ...(statuses === undefined
      ? {}
      : { statuses: BACKFILL_STATUSES.filter((each) => statuses.includes(RUN_STATUS_OF_BACKFILL[each])) }),
  };
}

/** `<last run id>|<last backfill id>` */
function parseCursor(cursor: string | null | undefined): { run?: string; backfill?: string } {
  const [run, backfill] = (cursor ?? '').split('|');
  return { ...(run ? { run } : {}), ...(backfill ? { backfill } : {}) };
}

/** One page of runs and backfills together, newest first. */
async function readFeed(
  view: View,
  filter: RunFilter,
  { limit, cursor }: { readonly limit: number; readonly cursor: string | null | undefined },
  { instance }: ApiContext,
): Promise<ConnectionValue> {
  const size = pageSize(limit, 25);
  const after = parseCursor(cursor);
  const [ofRuns, ofBackfills] = [runFilterOf(view, filter), backfillFilterOf(view, filter)];
  const [runs, backfills] = await Promise.all([
    ofRuns === null ? [] : instance.storage.listRuns({ filter: ofRuns, cursor: after.run, limit: size + 1 }),
    ofBackfills === null
      ? []
      : instance.storage.listBackfills({ ...ofBackfills, cursor: after.backfill, limit: size + 1 }),
  ]);
  const merged = mergeNewestFirst(runs, backfills);
  const results = merged.slice(0, size);
  const lastRun = results.findLast((entry) => 'runId' in entry)?.runId ?? after.run ?? '';
  const lastBackfill =
    results.findLast((entry): entry is ReturnType<typeof backfillValue> => !('runId' in entry))?.backfillId ??
    after.backfill;
  return tag('RunsFeedConnection', {
    results,
    cursor: `${lastRun}|${lastBackfill ?? ''}`,
    hasMore: merged.length > size,
  });
}

/** Each list keeps its order. */
function mergeNewestFirst(runs: readonly Run[], backfills: readonly Backfill[]): Entry[] {
  const merged: Entry[] = [];
  let [r, b] = [0, 0];
  for (;;) {
    const [run, backfill] = [runs[r], backfills[b]];
    if (run !== undefined && (backfill === undefined || run.createdAt >= backfill.createdAt)) {
      merged.push(runValue(run));
      r += 1;
    } else if (backfill !== undefined) {
      merged.push(backfillValue(backfill));
      b += 1;
    } else return merged;
  }
}

builder.queryFields((t) => {
  const view = t.arg({ type: RunsFeedView, required: true });
  const filter = t.arg({ type: RunsFilter });
  return {
    runsFeedOrError: t.field({
      type: RunsFeedConnectionOrError,
      description: 'Runs and backfills together, newest first; ROOTS leaves out the runs of backfills.',
      args: { limit: t.arg.int({ required: true }), cursor: t.arg.string(), view, filter },
      resolve: (_root, { limit, cursor, ...args }, context) =>
        orError(() => readFeed(args.view, toRunFilter(args.filter), { limit, cursor }, context)),
    }),
    runsFeedCountOrError: t.field({
      type: RunsFeedCountOrError,
      args: { view, filter },
      resolve: (_root, args, { instance }) =>
        orError(async () => {
          const asked = toRunFilter(args.filter);
          const [ofRuns, ofBackfills] = [runFilterOf(args.view, asked), backfillFilterOf(args.view, asked)];
          const [runs, backfills] = await Promise.all([
            ofRuns === null ? 0 : instance.storage.countRuns(ofRuns, MAX_COUNT),
            ofBackfills === null
              ? 0
              : instance.storage
                  .listBackfills({ ...ofBackfills, limit: MAX_COUNTED_BACKFILLS })
                  .then(({ length }) => length),
          ]);
          return tag('RunsFeedCount', { count: runs + backfills });
        }),
    }),
    canBulkTerminate: t.boolean({
      description: 'Whether the caller may end many runs with one mutation.',
      resolve: (_root, _args, { identity }) => mayAct(identity.role, 'launcher'),
    }),
  };
});

const MAX_COUNTED_BACKFILLS = 1_000;
