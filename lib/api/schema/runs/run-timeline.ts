import type { RunStatus } from '../../../model/run-status';
import type {
  RunTimelineRow as Row,
  RunStatusCounts,
  RunWindow,
  RunTimeline as Timeline,
} from '../../../ports/run-timeline-storage';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { ClientFacingError } from '../../client-facing-error';
import { ExecutionTag, toMilliseconds } from '../common';
import { orError, PythonError } from '../errors';
import { pageSize } from '../paging';
import { RunType, runValue } from './run';
import { RunStatusEnum } from './run-status';
import { toTagFilter } from './runs-filter';

/** Parts of a window in which runs are told apart: a mark of ten pixels in a wide window. */
const SLOTS = 96;
/** Rows with marks, unless asked for others. */
const ROWS = 24;

const RunTimelineFilter = builder.inputType('RunTimelineFilter', {
  description: 'Which rows and runs a timeline has. Not in Dagster.',
  fields: (t) => ({
    names: t.stringList({
      description:
        'Of rows, any of them: a part of the name, or with `*` for anything a pattern of all of it.',
    }),
    excludedNames: t.stringList(),
    locations: t.stringList(),
    excludedLocations: t.stringList(),
    statuses: t.field({ type: [RunStatusEnum] }),
    tags: t.field({ type: [ExecutionTag] }),
  }),
});

const RunStatusCount = builder.objectRef<{ readonly status: RunStatus; readonly count: number }>(
  'RunStatusCount',
);
RunStatusCount.implement({
  fields: (t) => ({
    status: t.field({ type: RunStatusEnum, resolve: ({ status }) => status }),
    count: t.exposeInt('count'),
  }),
});
const countList = (counts: RunStatusCounts) =>
  Object.entries(counts).map(([status, count]) => ({ status: status as RunStatus, count }));

/** Columns, because a list of objects takes several times as long to answer. */
const RunTimelineMarks = builder.objectRef<Row['marks']>('RunTimelineMarks');
RunTimelineMarks.implement({
  description:
    'Runs of a row over time, by columns: one entry for each run, or for several of one status that began at about the same time. Times in seconds. Not in Dagster.',
  fields: (t) => ({
    startTime: t.floatList({
      description: 'Of the first; of a run without a start when it was created.',
      resolve: (marks) => marks.map(({ from }) => from / 1_000),
    }),
    endTime: t.floatList({
      description: 'Of the last; now while one has not ended.',
      resolve: (marks) => marks.map(({ to }) => to / 1_000),
    }),
    status: t.field({ type: [RunStatusEnum], resolve: (marks) => marks.map(({ status }) => status) }),
    count: t.intList({ resolve: (marks) => marks.map(({ count }) => count) }),
    runId: t.stringList({
      nullable: { list: false, items: true },
      description: 'Of the only run; null of several.',
      resolve: (marks) => marks.map(({ runId }) => runId),
    }),
    firstCreationTime: t.floatList({
      resolve: (marks) => marks.map(({ createdFrom }) => createdFrom / 1_000),
    }),
    lastCreationTime: t.floatList({ resolve: (marks) => marks.map(({ createdTo }) => createdTo / 1_000) }),
  }),
});

const RunTimelineRow = builder.objectRef<Row>('RunTimelineRow');
RunTimelineRow.implement({
  fields: (t) => ({
    locationName: t.exposeString('location'),
    name: t.exposeString('name', { description: "The job's, or of a run of assets only its first asset's." }),
    jobName: t.exposeString('jobName'),
    counts: t.field({ type: [RunStatusCount], resolve: ({ counts }) => countList(counts) }),
    marks: t.field({
      type: RunTimelineMarks,
      nullable: true,
      description: 'Null beyond the rows that were asked for.',
      resolve: ({ marks }) => (marks.length === 0 ? null : marks),
    }),
  }),
});

type TimelineValue = Tagged<
  'RunTimeline',
  { readonly window: RunWindow; readonly timeline: () => Promise<Timeline> }
>;
const RunTimeline = builder.objectRef<TimelineValue>('RunTimeline');
RunTimeline.implement({
  description: 'What ran in a window of time, however much it is. Not in Dagster.',
  fields: (t) => ({
    rowCount: t.int({ resolve: async ({ timeline }) => (await timeline()).rowCount }),
    counts: t.field({
      type: [RunStatusCount],
      resolve: async ({ timeline }) => countList((await timeline()).counts),
    }),
    rows: t.field({
      type: [RunTimelineRow],
      description:
        'Those where something failed, then those where something runs, then those that ran last; at most 1,000.',
      resolve: async ({ timeline }) => (await timeline()).rows,
    }),
    runs: t.field({
      type: [RunType],
      description: 'Newest first.',
      args: {
        limit: t.arg.int(),
        onlyUnrecovered: t.arg.boolean({
          description: 'Of each job and partition the latest that failed, if none succeeded after it.',
        }),
      },
      resolve: async ({ window }, { limit, onlyUnrecovered }, { instance }) => {
        const found = await instance.storage.windowRuns({
          ...window,
          limit: pageSize(limit, 25),
          onlyUnrecovered: onlyUnrecovered ?? false,
        });
        return found.map(runValue);
      },
    }),
  }),
});
const RunTimelineOrError = builder.unionType('RunTimelineOrError', {
  types: [RunTimeline, PythonError],
  resolveType: byTypename,
});

builder.queryField('runTimelineOrError', (t) =>
  t.field({
    type: RunTimelineOrError,
    description: 'Runs that waited, were under way or ended in a window of time, by job. Not in Dagster.',
    args: {
      startTime: t.arg.float({ required: true, description: 'In seconds.' }),
      endTime: t.arg.float({ required: true, description: 'In seconds.' }),
      filter: t.arg({ type: RunTimelineFilter }),
      rows: t.arg.int({ description: `How many rows have marks. Default: ${ROWS}.` }),
    },
    resolve: (_root, { startTime, endTime, filter, rows }, { instance, now }) =>
      orError(async () => {
        const [from, to] = [toMilliseconds(startTime), toMilliseconds(endTime)];
        if (to <= from)
          throw new ClientFacingError(`endTime ${endTime}: a window ends after its start, ${startTime}.`);
        const window: RunWindow = {
          from,
          to,
          filter: {
            names: filter?.names ?? undefined,
            excludedNames: filter?.excludedNames ?? undefined,
            locations: filter?.locations ?? undefined,
            excludedLocations: filter?.excludedLocations ?? undefined,
            statuses: filter?.statuses ?? undefined,
            tags: toTagFilter(filter?.tags),
          },
        };
        let found: Promise<Timeline> | undefined;
        return tag('RunTimeline', {
          window,
          timeline: () => {
            found ??= instance.storage.runTimeline({
              ...window,
              now,
              rows: pageSize(rows, ROWS),
              slots: SLOTS,
            });
            return found;
          },
        });
      }),
  }),
);
