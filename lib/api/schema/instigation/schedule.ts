import { builder, type Tagged, tag } from '../../builder';
import { DefinitionTag, tagPairs, toMilliseconds } from '../common';
import { MetadataEntry, metadataEntries } from '../metadata';
import { pageSize } from '../paging';
import { futureTicks } from './future-ticks';
import { InstigationState, stateValue } from './instigation-state';
import { InstigationStatus, isOverridden } from './instigation-status';
import { cronText, encodeInstigatorId, type InstigatorValue, instigatorId } from './instigator';
import { DryRunInstigationTick, type DryRunTickValue } from './tick-evaluation';

const DryRunInstigationTicks = builder.objectRef<{ readonly results: readonly DryRunTickValue[] }>(
  'DryRunInstigationTicks',
);
DryRunInstigationTicks.implement({
  fields: (t) => ({
    results: t.field({ type: [DryRunInstigationTick], resolve: ({ results }) => [...results] }),
    cursor: t.float({ resolve: ({ results }) => (results.at(-1)?.at ?? 0) / 1000 }),
  }),
});

export type ScheduleValue = Tagged<'Schedule', Extract<InstigatorValue, { kind: 'schedule' }>>;
export const taggedSchedule = (location: string, definition: ScheduleValue['definition']): ScheduleValue =>
  tag('Schedule', { kind: 'schedule', location, definition });
export const Schedule = builder.objectRef<ScheduleValue>('Schedule');
Schedule.implement({
  fields: (t) => ({
    id: t.id({ resolve: (schedule) => encodeInstigatorId(instigatorId(schedule)) }),
    name: t.string({ resolve: ({ definition }) => definition.name }),
    cronSchedule: t.string({ resolve: ({ definition }) => cronText(definition) }),
    pipelineName: t.string({ resolve: ({ definition }) => definition.jobName }),
    mode: t.string({ resolve: () => 'default' }),
    executionTimezone: t.string({ nullable: true, resolve: ({ definition }) => definition.timezone }),
    description: t.string({ nullable: true, resolve: ({ definition }) => definition.description }),
    defaultStatus: t.field({
      type: InstigationStatus,
      resolve: ({ definition }) => definition.defaultStatus,
    }),
    canReset: t.boolean({ resolve: isOverridden }),
    scheduleState: t.field({ type: InstigationState, resolve: (schedule) => stateValue(schedule) }),
    futureTicks: t.field({
      type: DryRunInstigationTicks,
      args: { cursor: t.arg.float(), limit: t.arg.int(), until: t.arg.float() },
      resolve: async (schedule, { limit, until, cursor }, context) => ({
        results: await futureTicks(
          schedule,
          { ...context, now: Math.max(context.now, toMilliseconds(cursor) ?? 0) },
          pageSize(limit, until ? 500 : 10),
          until ? toMilliseconds(until) : null,
        ),
      }),
    }),
    tags: t.field({ type: [DefinitionTag], resolve: ({ definition }) => tagPairs(definition.tags) }),
    metadataEntries: t.field({
      type: [MetadataEntry],
      resolve: ({ definition }) => metadataEntries(definition.metadata),
    }),
  }),
});
