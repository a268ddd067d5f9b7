import type { CodeLocation } from '../../../model/code-location';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { RepositorySelector } from '../common';
import {
  PythonError,
  RepositoryNotFoundError,
  ScheduleNotFoundError,
  SensorNotFoundError,
  UnauthorizedError,
} from '../errors';
import { type RepositoryValue, repositoryValue } from '../repositories/repository-value';
import { statusOf } from './future-ticks';
import { InstigationStatus } from './instigation-status';
import type { InstigatorValue } from './instigator';
import { Schedule, type ScheduleValue, taggedSchedule } from './schedule';
import { Sensor, type SensorValue, taggedSensor } from './sensor';

export const ScheduleSelector = builder.inputType('ScheduleSelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    scheduleName: t.string({ required: true }),
  }),
});
export const SensorSelector = builder.inputType('SensorSelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    sensorName: t.string({ required: true }),
  }),
});

const Schedules =
  builder.objectRef<Tagged<'Schedules', { readonly results: readonly ScheduleValue[] }>>('Schedules');
Schedules.implement({
  fields: (t) => ({ results: t.field({ type: [Schedule], resolve: ({ results }) => [...results] }) }),
});
const Sensors = builder.objectRef<Tagged<'Sensors', { readonly results: readonly SensorValue[] }>>('Sensors');
Sensors.implement({
  fields: (t) => ({ results: t.field({ type: [Sensor], resolve: ({ results }) => [...results] }) }),
});
const SchedulesOrError = builder.unionType('SchedulesOrError', {
  types: [Schedules, RepositoryNotFoundError, PythonError],
  resolveType: byTypename,
});
const SensorsOrError = builder.unionType('SensorsOrError', {
  types: [Sensors, RepositoryNotFoundError, PythonError],
  resolveType: byTypename,
});
const ScheduleOrError = builder.unionType('ScheduleOrError', {
  types: [Schedule, ScheduleNotFoundError, PythonError],
  resolveType: byTypename,
});
export const SensorOrError = builder.unionType('SensorOrError', {
  types: [Sensor, SensorNotFoundError, UnauthorizedError, PythonError],
  resolveType: byTypename,
});

export const scheduleNotFound = (name: string) =>
  tag('ScheduleNotFoundError', { scheduleName: name, message: `There is no schedule '${name}'.` });
export const sensorNotFound = (name: string) =>
  tag('SensorNotFoundError', { sensorName: name, message: `There is no sensor '${name}'.` });

/** Those that are on, or off. */
async function withStatus<T extends InstigatorValue>(
  all: readonly T[],
  wanted: 'RUNNING' | 'STOPPED' | null | undefined,
  context: ApiContext,
): Promise<readonly T[]> {
  if (!wanted) return all;
  const statuses = await Promise.all(all.map((each) => statusOf(each, context)));
  return all.filter((_, i) => statuses[i] === wanted);
}

builder.queryFields((t) => ({
  schedulesOrError: t.field({
    type: SchedulesOrError,
    args: {
      repositorySelector: t.arg({ type: RepositorySelector }),
      scheduleStatus: t.arg({ type: InstigationStatus }),
    },
    resolve: async (_root, { repositorySelector, scheduleStatus }, context) => {
      const all = located(context.workspace.locations, repositorySelector?.repositoryLocationName).flatMap(
        ({ location, manifest }) =>
          manifest.schedules.map((definition) => taggedSchedule(location, definition)),
      );
      return tag('Schedules', { results: await withStatus(all, scheduleStatus, context) });
    },
  }),
  sensorsOrError: t.field({
    type: SensorsOrError,
    args: {
      repositorySelector: t.arg({ type: RepositorySelector }),
      sensorStatus: t.arg({ type: InstigationStatus }),
    },
    resolve: async (_root, { repositorySelector, sensorStatus }, context) => {
      const all = located(context.workspace.locations, repositorySelector?.repositoryLocationName).flatMap(
        ({ location, manifest }) => manifest.sensors.map((definition) => taggedSensor(location, definition)),
      );
      return tag('Sensors', { results: await withStatus(all, sensorStatus, context) });
    },
  }),
  scheduleOrError: t.field({
    type: ScheduleOrError,
    args: { scheduleSelector: t.arg({ type: ScheduleSelector, required: true }) },
    resolve: (
      _root,
      { scheduleSelector: { repositoryLocationName: location, scheduleName } },
      { workspace },
    ) => {
      const found = workspace.schedule(location, scheduleName);
      return found === undefined ? scheduleNotFound(scheduleName) : taggedSchedule(location, found);
    },
  }),
  sensorOrError: t.field({
    type: SensorOrError,
    args: { sensorSelector: t.arg({ type: SensorSelector, required: true }) },
    resolve: (_root, { sensorSelector: { repositoryLocationName: location, sensorName } }, { workspace }) => {
      const found = workspace.sensor(location, sensorName);
      return found === undefined ? sensorNotFound(sensorName) : taggedSensor(location, found);
    },
  }),
}));

function located(locations: readonly CodeLocation[], only: string | null | undefined): RepositoryValue[] {
  return locations.flatMap((location) =>
    only && location.name !== only ? [] : (repositoryValue(location) ?? []),
  );
}
