import { evaluateMissedTick } from '../../../engine/evaluate-missed-tick';
import { setNextAlarm } from '../../../engine/next-alarm';
import { type InstigatorPreview, previewSchedule, previewSensor } from '../../../engine/preview-instigator';
import { setInstigatorStatus } from '../../../engine/set-instigator-status';
import type { InstigatorId, InstigatorState, Tick } from '../../../model/tick';
import { asSystem } from '../../../ports/instance';
import type { ApiContext } from '../../api-context';
import { builder, byTypename, type Tagged, tag } from '../../builder';
import { guarded, requireAt } from '../../guard';
import { createLoaders } from '../../loaders';
import { toMilliseconds } from '../common';
import { PythonError, ScheduleNotFoundError, SensorNotFoundError, UnauthorizedError } from '../errors';
import { InstigationState, type InstigationStateValue, stateValue } from './instigation-state';
import { InstigationTick } from './instigation-tick';
import { findInstigator, type InstigatorValue, instigatorId, scheduleValue, sensorValue } from './instigator';
import {
  ScheduleSelector,
  SensorOrError,
  SensorSelector,
  scheduleNotFound,
  sensorNotFound,
} from './instigator-queries';
import { taggedSensor } from './sensor';
import { DryRunInstigationTick, type DryRunTickValue } from './tick-evaluation';

const ScheduleStateResult =
  builder.objectRef<Tagged<'ScheduleStateResult', { readonly state: InstigationStateValue }>>(
    'ScheduleStateResult',
  );
ScheduleStateResult.implement({
  fields: (t) => ({ scheduleState: t.field({ type: InstigationState, resolve: ({ state }) => state }) }),
});
const ScheduleMutationResult = builder.unionType('ScheduleMutationResult', {
  types: [PythonError, UnauthorizedError, ScheduleStateResult, ScheduleNotFoundError],
  resolveType: byTypename,
});
const StopSensorMutationResult =
  builder.objectRef<Tagged<'StopSensorMutationResult', { readonly state: InstigationStateValue }>>(
    'StopSensorMutationResult',
  );
StopSensorMutationResult.implement({
  fields: (t) => ({
    instigationState: t.field({ type: InstigationState, nullable: true, resolve: ({ state }) => state }),
  }),
});
const StopSensorMutationResultOrError = builder.unionType('StopSensorMutationResultOrError', {
  types: [StopSensorMutationResult, UnauthorizedError, PythonError],
  resolveType: byTypename,
});
const ScheduleDryRunResult = builder.unionType('ScheduleDryRunResult', {
  types: [DryRunInstigationTick, PythonError, ScheduleNotFoundError, UnauthorizedError],
  resolveType: byTypename,
});
const EvaluateMissedTickSuccess =
  builder.objectRef<Tagged<'EvaluateMissedTickSuccess', { readonly tick: Tick }>>(
    'EvaluateMissedTickSuccess',
  );
EvaluateMissedTickSuccess.implement({
  fields: (t) => ({ tick: t.field({ type: InstigationTick, resolve: ({ tick }) => tick }) }),
});
const EvaluateMissedTickResult = builder.unionType('EvaluateMissedTickResult', {
  types: [EvaluateMissedTickSuccess, PythonError, ScheduleNotFoundError, UnauthorizedError],
  resolveType: byTypename,
});
const SensorDryRunResult = builder.unionType('SensorDryRunResult', {
  types: [PythonError, SensorNotFoundError, UnauthorizedError, DryRunInstigationTick],
  resolveType: byTypename,
});

type Status = InstigatorState['status'];

async function setStatus(context: ApiContext, id: InstigatorId, status: Status): Promise<void> {
  await setInstigatorStatus(context.instance, context.options.engine, id, status);
  // The answer shows the state after the change, not the one that this request has already read.
  Object.assign(context.loaders, {
    instigatorState: createLoaders(context.instance.storage).instigatorState,
  });
}

interface ScheduleSelectorValue {
  readonly repositoryLocationName: string;
  readonly scheduleName: string;
}
interface SensorSelectorValue {
  readonly repositoryLocationName: string;
  readonly sensorName: string;
}

function setSchedule(
  context: ApiContext,
  { repositoryLocationName: location, scheduleName }: ScheduleSelectorValue,
  status: Status,
) {
  const schedule = scheduleValue(location, context.workspace.schedule(location, scheduleName));
  return guarded(context, 'editor', async () => {
    if (schedule === undefined) return scheduleNotFound(scheduleName);
    await setStatus(context, instigatorId(schedule), status);
    return tag('ScheduleStateResult', { state: stateValue(schedule) });
  });
}

function setSensor(
  context: ApiContext,
  { repositoryLocationName: location, sensorName }: SensorSelectorValue,
  change: (id: InstigatorId) => Promise<void>,
) {
  const definition = context.workspace.sensor(location, sensorName);
  return guarded(context, 'editor', async () => {
    if (definition === undefined) return sensorNotFound(sensorName);
    await change({ kind: 'sensor', location, name: sensorName });
    return taggedSensor(location, definition);
  });
}

/** What an evaluation would have done, in the shape of a tick. */
function dryRunTick(at: number, preview: InstigatorPreview): DryRunTickValue {
  const evaluation = preview.ok
    ? { result: preview.result, error: null }
    : { result: null, error: preview.error };
  return tag('DryRunInstigationTick', { at, evaluation });
}

const unknownId = (kind: string, id: string) =>
  tag('PythonError', { name: 'NotFound', message: `There is no ${kind} with the id '${id}'.` });

function stopById(
  context: ApiContext,
  id: string,
  kind: InstigatorId['kind'],
  answer: (instigator: InstigatorValue) => unknown,
) {
  return guarded(context, 'editor', async () => {
    const found = findInstigator(id, context);
    if (found === undefined || found.kind !== kind) return unknownId(kind, id);
    await setStatus(context, instigatorId(found), 'STOPPED');
    return answer(found);
  });
}

builder.mutationFields((t) => {
  const scheduleSelector = t.arg({ type: ScheduleSelector, required: true });
  const sensorSelector = t.arg({ type: SensorSelector, required: true });
  return {
    startSchedule: t.field({
      type: ScheduleMutationResult,
      args: { scheduleSelector },
      resolve: (_root, args, context) => setSchedule(context, args.scheduleSelector, 'RUNNING') as never,
    }),
    resetSchedule: t.field({
      type: ScheduleMutationResult,
      args: { scheduleSelector },
      resolve: (_root, args, context) =>
        setSchedule(context, args.scheduleSelector, 'DECLARED_IN_CODE') as never,
    }),
    stopRunningSchedule: t.field({
      type: ScheduleMutationResult,
      description: 'By any of its ids, which are the same here.',
      args: { id: t.arg.string(), scheduleOriginId: t.arg.string(), scheduleSelectorId: t.arg.string() },
      resolve: (_root, { id, scheduleOriginId, scheduleSelectorId }, context) =>
        stopById(context, id ?? scheduleOriginId ?? scheduleSelectorId ?? '', 'schedule', (found) =>
          tag('ScheduleStateResult', { state: stateValue(found) }),
        ) as never,
    }),
    startSensor: t.field({
      type: SensorOrError,
      args: { sensorSelector },
      resolve: (_root, args, context) =>
        setSensor(context, args.sensorSelector, (id) => setStatus(context, id, 'RUNNING')) as never,
    }),
    resetSensor: t.field({
      type: SensorOrError,
      args: { sensorSelector },
      resolve: (_root, args, context) =>
        setSensor(context, args.sensorSelector, (id) => setStatus(context, id, 'DECLARED_IN_CODE')) as never,
    }),
    stopSensor: t.field({
      type: StopSensorMutationResultOrError,
      description: 'By any of its ids, which are the same here.',
      args: { id: t.arg.string(), jobOriginId: t.arg.string(), jobSelectorId: t.arg.string() },
      resolve: (_root, { id, jobOriginId, jobSelectorId }, context) =>
        stopById(context, id ?? jobOriginId ?? jobSelectorId ?? '', 'sensor', (found) =>
          tag('StopSensorMutationResult', { state: stateValue(found) }),
        ) as never,
    }),
    setSensorCursor: t.field({
      type: SensorOrError,
      args: { sensorSelector, cursor: t.arg.string() },
      resolve: (_root, args, context) =>
        setSensor(context, args.sensorSelector, async (id) => {
          await context.instance.storage.setSensorCursor(id, args.cursor ?? null);
          // Set back, it has something to see, of which nothing else tells.
          await setNextAlarm(asSystem(context.instance), context.options.engine);
        }) as never,
    }),
    scheduleDryRun: t.field({
      type: ScheduleDryRunResult,
      args: { selectorData: t.arg({ type: ScheduleSelector, required: true }), timestamp: t.arg.float() },
      resolve: (
        _root,
        { selectorData: { repositoryLocationName: location, scheduleName }, timestamp },
        context,
      ) =>
        guarded(context, 'launcher', async () => {
          if (context.workspace.schedule(location, scheduleName) === undefined)
            return scheduleNotFound(scheduleName);
          requireAt(context, 'launcher', location);
          const at = toMilliseconds(timestamp) ?? context.now;
          return dryRunTick(
            at,
            await previewSchedule(
              context.instance,
              context.options.engine,
              { location, name: scheduleName },
              at,
            ),
          );
        }) as never,
    }),
    evaluateMissedTick: t.field({
      type: EvaluateMissedTickResult,
      description:
        'Makes up for a tick that the schedule missed, once: evaluates it as of its own instant (`timestamp`, in seconds) and launches what it asks for.',
      args: { scheduleSelector, timestamp: t.arg.float({ required: true }) },
      resolve: (
        _root,
        { scheduleSelector: { repositoryLocationName: location, scheduleName: name }, timestamp },
        context,
      ) =>
        guarded(context, 'launcher', async () => {
          if (context.workspace.schedule(location, name) === undefined) return scheduleNotFound(name);
          requireAt(context, 'launcher', location);
          const { instance, options } = context;
          const at = toMilliseconds(timestamp);
          const tick = await evaluateMissedTick(instance, options.engine, { location, name }, at);
          return tag('EvaluateMissedTickSuccess', { tick });
        }) as never,
    }),
    sensorDryRun: t.field({
      type: SensorDryRunResult,
      args: { selectorData: t.arg({ type: SensorSelector, required: true }), cursor: t.arg.string() },
      resolve: (_root, { selectorData: { repositoryLocationName: location, sensorName }, cursor }, context) =>
        guarded(context, 'launcher', async () => {
          if (sensorValue(location, context.workspace.sensor(location, sensorName)) === undefined)
            return sensorNotFound(sensorName);
          requireAt(context, 'launcher', location);
          return dryRunTick(
            context.now,
            await previewSensor(
              context.instance,
              context.options.engine,
              { location, name: sensorName },
              cursor ?? null,
            ),
          );
        }) as never,
    }),
  };
});
