import type { ExpectedTick, ExpectedTickStatus } from '../../../model/expected-tick';
import type { Run } from '../../../model/run';
import { isFinished } from '../../../model/run-status';
import { TAG } from '../../../model/tags';
import type { InstigatorState } from '../../../model/tick';
import { mayActAt } from '../../access';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { LATEST_TICKS_PER_INSTIGATOR } from '../../loaders';
import { REPOSITORY } from '../../workspace-index';
import { toMilliseconds, toSeconds } from '../common';
import { pageSize } from '../paging';
import { RepositoryOrigin } from '../repositories/repository-origin';
import { RunType, runValue } from '../runs/run';
import { futureTicks, statusOf } from './future-ticks';
import { InstigationStatus, InstigationType, instigationType } from './instigation-status';
import { InstigationTick, InstigationTickStatus } from './instigation-tick';
import { cronText, encodeInstigatorId, type InstigatorValue, instigatorId } from './instigator';
import { tickBounds } from './tick-bounds';
import { DryRunInstigationTick } from './tick-evaluation';

const SensorData =
  builder.objectRef<Tagged<'SensorData', { readonly state: InstigatorState | undefined }>>('SensorData');
SensorData.implement({
  fields: (t) => ({
    lastTickTimestamp: t.float({
      nullable: true,
      resolve: ({ state }) => toSeconds(state?.lastTickStartedAt ?? null),
    }),
    lastRunKey: t.string({ nullable: true, resolve: ({ state }) => state?.lastRunKey ?? null }),
    lastCursor: t.string({ nullable: true, resolve: ({ state }) => state?.cursor ?? null }),
  }),
});
const ScheduleData =
  builder.objectRef<
    Tagged<'ScheduleData', { readonly cron: string; readonly state: InstigatorState | undefined }>
  >('ScheduleData');
ScheduleData.implement({
  fields: (t) => ({
    cronSchedule: t.exposeString('cron'),
    startTimestamp: t.float({ nullable: true, resolve: ({ state }) => toSeconds(state?.startedAt ?? null) }),
  }),
});
const InstigationTypeSpecificData = builder.unionType('InstigationTypeSpecificData', {
  types: [SensorData, ScheduleData],
  resolveType: byTypename,
});

export type InstigationStateValue = Tagged<'InstigationState', { readonly instigator: InstigatorValue }>;
export const stateValue = (instigator: InstigatorValue): InstigationStateValue =>
  tag('InstigationState', { instigator });

const ExpectedTickType = builder.objectRef<ExpectedTick>('ExpectedTick');
ExpectedTickType.implement({
  description: 'A tick of a schedule that has not been evaluated.',
  fields: (t) => ({
    timestamp: t.float({ resolve: ({ scheduledAt }) => scheduledAt / 1000 }),
    reason: t.string({
      nullable: true,
      resolve: ({ reason }) => reason,
      description: 'Why it never will be; null while it is expected.',
    }),
    missedTimestamp: t.float({
      nullable: true,
      resolve: ({ missedAt }) => toSeconds(missedAt),
      description: 'When it was seen to be missed.',
    }),
  }),
});

export const InstigationState = builder.objectRef<InstigationStateValue>('InstigationState');
InstigationState.implement({
  fields: (t) => ({
    id: t.id({ resolve: ({ instigator }) => encodeInstigatorId(instigatorId(instigator)) }),
    selectorId: t.string({ resolve: ({ instigator }) => encodeInstigatorId(instigatorId(instigator)) }),
    name: t.string({ resolve: ({ instigator }) => instigator.definition.name }),
    instigationType: t.field({
      type: InstigationType,
      resolve: ({ instigator }) => instigationType(instigator.kind),
    }),
    status: t.field({
      type: InstigationStatus,
      resolve: ({ instigator }, _args, context) => statusOf(instigator, context),
    }),
    repositoryName: t.string({ resolve: () => REPOSITORY }),
    repositoryLocationName: t.string({ resolve: ({ instigator }) => instigator.location }),
    repositoryOrigin: t.field({
      type: RepositoryOrigin,
      resolve: ({ instigator }) => ({ location: instigator.location }),
    }),
    typeSpecificData: t.field({
      type: InstigationTypeSpecificData,
      nullable: true,
      resolve: async ({ instigator }, _args, { loaders }) => {
        const state = await loaders.instigatorState(instigatorId(instigator));
        return instigator.kind === 'sensor'
          ? tag('SensorData', { state })
          : tag('ScheduleData', { state, cron: cronText(instigator.definition) });
      },
    }),
    runs: t.field({
      type: [RunType],
      args: { limit: t.arg.int() },
      resolve: async ({ instigator }, { limit }, context) =>
        (await newestRuns(instigator, context, pageSize(limit, 25))).map(runValue),
    }),
    runsCount: t.int({
      resolve: ({ instigator }, _args, { instance }) =>
        instance.storage.countRuns(runsOf(instigator), 10_000),
    }),
    runningCount: t.int({
      resolve: async ({ instigator }, _args, context) =>
        (await newestRuns(instigator, context, 100)).filter((run) => !isFinished(run.status)).length,
    }),
    ticks: t.field({
      type: [InstigationTick],
      args: {
        dayRange: t.arg.int(),
        dayOffset: t.arg.int(),
        limit: t.arg.int(),
        cursor: t.arg.string(),
        statuses: t.arg({ type: [InstigationTickStatus] }),
        beforeTimestamp: t.arg.float(),
        afterTimestamp: t.arg.float(),
      },
      resolve: async (
        { instigator },
        { limit, cursor, statuses, beforeTimestamp, afterTimestamp, dayRange, dayOffset },
        { instance, loaders, now },
      ) => {
        const size = pageSize(limit, LATEST_TICKS_PER_INSTIGATOR);
        const id = instigatorId(instigator);
        const bounds = tickBounds({ beforeTimestamp, afterTimestamp, dayRange, dayOffset }, now);
        if (!cursor && !statuses && bounds === null && size <= LATEST_TICKS_PER_INSTIGATOR) {
          return (await loaders.latestTicks(id)).slice(0, size);
        }
        return [
          ...(await instance.storage.listTicks({
            instigator: id,
            limit: size,
            ...(statuses ? { statuses } : {}),
            ...(cursor ? { before: Number(cursor) } : {}),
            ...bounds,
          })),
        ];
      },
    }),
    nextTick: t.field({
      type: DryRunInstigationTick,
      nullable: true,
      resolve: async ({ instigator }, _args, context) => {
        if ((await statusOf(instigator, context)) === 'STOPPED') return null;
        return (await futureTicks(instigator, context, 1, null))[0] ?? null;
      },
    }),
    expectedTicks: t.field({
      type: [ExpectedTickType],
      args: { cursor: t.arg.float(), limit: t.arg.int() },
      resolve: ({ instigator }, page, context) => ledgerOf(instigator, 'EXPECTED', page, context),
      description:
        'Of a schedule: ticks to come, or due and not evaluated yet, soonest first. `cursor` is the timestamp of the last one seen.',
    }),
    missedTicks: t.field({
      type: [ExpectedTickType],
      args: { cursor: t.arg.float(), limit: t.arg.int() },
      resolve: ({ instigator }, page, context) => ledgerOf(instigator, 'MISSED', page, context),
      description:
        'Of a schedule: ticks that were due and never evaluated, newest first. `cursor` is the timestamp of the last one seen.',
    }),
    stopReason: t.string({
      nullable: true,
      resolve: async ({ instigator }, _args, { loaders }) =>
        (await loaders.instigatorState(instigatorId(instigator)))?.stopReason ?? null,
      description: 'Why it turned itself off; null while it is on, and when a person turned it off.',
    }),
    hasStartPermission: t.boolean({
      resolve: ({ instigator }, _args, { identity }) => mayActAt(identity, instigator.location, 'editor'),
    }),
    hasStopPermission: t.boolean({
      resolve: ({ instigator }, _args, { identity }) => mayActAt(identity, instigator.location, 'editor'),
    }),
  }),
});

async function ledgerOf(
  instigator: InstigatorValue,
  status: ExpectedTickStatus,
  page: { readonly cursor?: number | null | undefined; readonly limit?: number | null | undefined },
  { loaders }: ApiContext,
): Promise<ExpectedTick[]> {
  if (instigator.kind === 'sensor') return [];
  const ticks = await loaders.expectedTicks.load(instigatorId(instigator), {
    status,
    cursor: toMilliseconds(page.cursor) ?? undefined,
    limit: pageSize(page.limit, 25),
  });
  return [...ticks];
}

const tagOf = ({ kind }: InstigatorValue): string =>
  kind === 'schedule' ? TAG.scheduleName : TAG.sensorName;

const runsOf = (instigator: InstigatorValue) => ({
  location: instigator.location,
  tags: [{ key: tagOf(instigator), values: [instigator.definition.name] }],
});

function newestRuns(
  instigator: InstigatorValue,
  { loaders }: ApiContext,
  limit: number,
): Promise<readonly Run[]> {
  const args = { key: tagOf(instigator), locations: [instigator.location], limit };
  return loaders.runsByTag.load(instigator.definition.name, args);
}
