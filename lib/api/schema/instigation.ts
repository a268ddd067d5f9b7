import { stringify } from 'yaml';
import { effectiveStatus } from '../../engine/ticks/effective-status';
import { sensorDueAt } from '../../engine/ticks/next-wake-up';
import { ticksFrom } from '../../model/cron';
import type { ExpectedTick, ExpectedTickStatus } from '../../model/expected-tick';
import type { ScheduleManifest, SensorManifest } from '../../model/manifest';
import type { InstigatorResult, RunRequest } from '../../model/run-request';
import { isFinished } from '../../model/run-status';
import type { SerializableError } from '../../model/serializable-error';
import { TAG } from '../../model/tags';
import type { InstigatorId, InstigatorState, Tick } from '../../model/tick';
import { mayActAt } from '../access';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { LATEST_TICKS_PER_INSTIGATOR } from '../loaders';
import { REPOSITORY } from '../workspace-index';
import { AssetKeyType, assetKey, DefinitionTag, PipelineTag, tagPairs, toSeconds } from './common';
import { InstigationStateNotFoundError, orError, PythonError } from './errors';
import { MetadataEntry, metadataEntries } from './metadata';
import { pageSize } from './paging';
import { RepositoryOrigin } from './repositories/repository-origin';
import { RunType, runValue } from './runs/run';
import { SensorEventSource } from './sensor-event-source';

/** A schedule or sensor as the API passes it around. */
export type InstigatorValue =
  | { readonly kind: 'schedule'; readonly location: string; readonly definition: ScheduleManifest }
  | { readonly kind: 'sensor'; readonly location: string; readonly definition: SensorManifest };

export const instigatorId = ({ kind, location, definition }: InstigatorValue): InstigatorId => ({
  kind,
  location,
  name: definition.name,
});

/** `location:kind:name`; the id that `stopRunningSchedule` and `stopSensor` take. */
export function encodeInstigatorId({ location, kind, name }: InstigatorId): string {
  return `${location}:${kind}:${name}`;
}

/** The schedule or sensor of an encoded id. */
export function findInstigator(id: string, { workspace }: ApiContext): InstigatorValue | undefined {
  const [location = '', kind = '', ...rest] = id.split(':');
  const name = rest.join(':');
  if (kind === 'schedule') return scheduleValue(location, workspace.schedule(location, name));
  if (kind === 'sensor') return sensorValue(location, workspace.sensor(location, name));
  return undefined;
}

export const scheduleValue = (
  location: string,
  definition: ScheduleManifest | undefined,
): InstigatorValue | undefined =>
  definition === undefined ? undefined : { kind: 'schedule', location, definition };
export const sensorValue = (
  location: string,
  definition: SensorManifest | undefined,
): InstigatorValue | undefined =>
  definition === undefined ? undefined : { kind: 'sensor', location, definition };

export const InstigationStatus = builder.enumType('InstigationStatus', {
  values: ['RUNNING', 'STOPPED'] as const,
});
export const InstigationType = builder.enumType('InstigationType', {
  values: ['SCHEDULE', 'SENSOR', 'AUTO_MATERIALIZE'] as const,
});
export const InstigationTickStatus = builder.enumType('InstigationTickStatus', {
  values: ['STARTED', 'SKIPPED', 'SUCCESS', 'FAILURE'] as const,
});

const instigationType = (kind: InstigatorId['kind']): 'SCHEDULE' | 'SENSOR' =>
  kind === 'schedule' ? 'SCHEDULE' : 'SENSOR';
const pythonErrorOf = (error: SerializableError | null) =>
  error === null ? null : tag('PythonError', error);

export const InstigationTick = builder.objectRef<Tick>('InstigationTick');
InstigationTick.implement({
  fields: (t) => ({
    id: t.id({ resolve: (tick) => String(tick.tickId) }),
    tickId: t.id({ resolve: (tick) => String(tick.tickId) }),
    status: t.field({ type: InstigationTickStatus, resolve: (tick) => tick.status }),
    timestamp: t.float({ resolve: (tick) => tick.scheduledAt / 1000 }),
    endTimestamp: t.float({ nullable: true, resolve: (tick) => toSeconds(tick.endedAt) }),
    runIds: t.stringList({ resolve: (tick) => [...tick.runIds] }),
    originRunIds: t.stringList({ resolve: () => [] }),
    runKeys: t.stringList({
      resolve: (tick) => [...tick.skippedRunKeys],
      description: 'Keys asked for again that already had their run.',
    }),
    error: t.field({ type: PythonError, nullable: true, resolve: (tick) => pythonErrorOf(tick.error) }),
    skipReason: t.exposeString('skipReason', { nullable: true }),
    cursor: t.exposeString('cursor', { nullable: true }),
    runs: t.field({
      type: [RunType],
      resolve: async (tick, _args, { loaders }) =>
        (await Promise.all(tick.runIds.map(loaders.run.load))).flatMap((run) =>
          run === undefined ? [] : [runValue(run)],
        ),
    }),
    logKey: t.stringList({ nullable: true, resolve: () => null }),
    instigationType: t.field({
      type: InstigationType,
      resolve: (tick) => instigationType(tick.instigator.kind),
    }),
  }),
});

export const RunRequestType = builder.objectRef<RunRequest>('RunRequest');
RunRequestType.implement({
  fields: (t) => ({
    runKey: t.exposeString('runKey', { nullable: true }),
    jobName: t.exposeString('jobName', { nullable: true }),
    tags: t.field({
      type: [PipelineTag],
      resolve: ({ tags, partitionKey }) =>
        tagPairs(partitionKey === null ? tags : { ...tags, [TAG.partition]: partitionKey }),
    }),
    runConfigYaml: t.string({ resolve: (request) => stringify(request.config) }),
    assetSelection: t.field({
      type: [AssetKeyType],
      nullable: true,
      resolve: (request) => request.assetSelection?.map(assetKey) ?? null,
    }),
  }),
});

/** What an evaluation came to, or why it failed. */
export interface EvaluationValue {
  readonly result: InstigatorResult | null;
  readonly error: SerializableError | null;
}
export const TickEvaluation = builder.objectRef<EvaluationValue>('TickEvaluation');
TickEvaluation.implement({
  fields: (t) => ({
    runRequests: t.field({
      type: [RunRequestType],
      nullable: true,
      resolve: ({ result }) => (result === null ? null : [...result.runRequests]),
    }),
    skipReason: t.string({ nullable: true, resolve: ({ result }) => result?.skipReason ?? null }),
    error: t.field({ type: PythonError, nullable: true, resolve: ({ error }) => pythonErrorOf(error) }),
    cursor: t.string({ nullable: true, resolve: ({ result }) => result?.cursor ?? null }),
  }),
});

export type DryRunTickValue = Tagged<
  'DryRunInstigationTick',
  { readonly at: number | null; readonly evaluation: EvaluationValue | null }
>;
export const DryRunInstigationTick = builder.objectRef<DryRunTickValue>('DryRunInstigationTick');
DryRunInstigationTick.implement({
  fields: (t) => ({
    timestamp: t.float({ nullable: true, resolve: ({ at }) => toSeconds(at) }),
    evaluationResult: t.field({
      type: TickEvaluation,
      nullable: true,
      resolve: ({ evaluation }) => evaluation,
    }),
  }),
});

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
      resolve: async ({ instigator }, { limit }, { instance }) =>
        (await instance.storage.listRuns({ filter: runsOf(instigator), limit: pageSize(limit, 25) })).map(
          runValue,
        ),
    }),
    runsCount: t.int({
      resolve: ({ instigator }, _args, { instance }) =>
        instance.storage.countRuns(runsOf(instigator), 10_000),
    }),
    runningCount: t.int({
      resolve: async ({ instigator }, _args, { instance }) => {
        const newest = await instance.storage.listRuns({ filter: runsOf(instigator), limit: 100 });
        return newest.filter((run) => !isFinished(run.status)).length;
      },
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
  { kind, location, definition }: InstigatorValue,
  status: ExpectedTickStatus,
  page: { readonly cursor?: number | null | undefined; readonly limit?: number | null | undefined },
  { instance }: ApiContext,
): Promise<ExpectedTick[]> {
  if (kind === 'sensor') return [];
  const ticks = await instance.storage.expectedTicks({
    location,
    name: definition.name,
    status,
    cursor: toMilliseconds(page.cursor) ?? undefined,
    limit: pageSize(page.limit, 25),
  });
  return [...ticks];
}

const DAY_MS = 24 * 3600 * 1000;

/** Between which instants ticks are asked for; Dagster's days count back from now, and its timestamps speak first. */
export function tickBounds(
  asked: {
    readonly beforeTimestamp?: number | null | undefined;
    readonly afterTimestamp?: number | null | undefined;
    readonly dayRange?: number | null | undefined;
    readonly dayOffset?: number | null | undefined;
  },
  now: number,
): { readonly scheduledAfter?: number; readonly scheduledBefore?: number } | null {
  const offset = asked.dayOffset ?? 0;
  const before = toMilliseconds(asked.beforeTimestamp) ?? (offset > 0 ? now - offset * DAY_MS : null);
  const after =
    toMilliseconds(asked.afterTimestamp) ??
    (asked.dayRange == null ? null : now - (asked.dayRange + offset) * DAY_MS);
  if (before === null && after === null) return null;
  return {
    ...(after === null ? {} : { scheduledAfter: after }),
    ...(before === null ? {} : { scheduledBefore: before }),
  };
}

const toMilliseconds = (seconds: number | null | undefined): number | null =>
  seconds == null ? null : Math.round(seconds * 1000);

const runsOf = ({ kind, location, definition }: InstigatorValue) => ({
  location,
  tags: [
    { key: kind === 'schedule' ? 'dagster/schedule_name' : 'dagster/sensor_name', values: [definition.name] },
  ],
});

export async function statusOf(
  instigator: InstigatorValue,
  { loaders }: ApiContext,
): Promise<'RUNNING' | 'STOPPED'> {
  const state = await loaders.instigatorState(instigatorId(instigator));
  return effectiveStatus(instigator.definition, state);
}

/** One cron string, or all of them as Dagster writes a list. */
export function cronText({ cron }: ScheduleManifest): string {
  return cron.length === 1 ? (cron[0] ?? '') : JSON.stringify(cron);
}

/** Instants to come: of a schedule by its cron, of a sensor by its interval (just the next one). */
export async function futureTicks(
  instigator: InstigatorValue,
  { loaders, now }: ApiContext,
  limit: number,
  until: number | null,
): Promise<DryRunTickValue[]> {
  const state = await loaders.instigatorState(instigatorId(instigator));
  const instants =
    instigator.kind === 'schedule'
      ? scheduleTicks(instigator.definition, now, limit, until)
      : instigator.definition.kind === 'PUSH'
        ? []
        : [sensorDueAt(instigator.definition, state, now) ?? now];
  return instants.map((at) => tag('DryRunInstigationTick', { at, evaluation: null }));
}

function scheduleTicks(
  { cron, timezone }: ScheduleManifest,
  after: number,
  limit: number,
  until: number | null,
): number[] {
  const instants: number[] = [];
  for (const at of ticksFrom(cron, timezone, after + 1)) {
    if (instants.length >= limit || (until !== null && at > until)) break;
    instants.push(at);
  }
  return instants;
}

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
export type SensorValue = Tagged<'Sensor', Extract<InstigatorValue, { kind: 'sensor' }>>;

export const taggedSchedule = (location: string, definition: ScheduleValue['definition']): ScheduleValue =>
  tag('Schedule', { kind: 'schedule', location, definition });
export const taggedSensor = (location: string, definition: SensorValue['definition']): SensorValue =>
  tag('Sensor', { kind: 'sensor', location, definition });

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
          { ...context, now: Math.max(context.now, (cursor ?? 0) * 1000) },
          pageSize(limit, until ? 500 : 10),
          until ? until * 1000 : null,
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

/** Whether somebody has turned it on or off since the code was written. */
async function isOverridden(
  instigator: InstigatorValue,
  _args: unknown,
  { loaders }: ApiContext,
): Promise<boolean> {
  const state = await loaders.instigatorState(instigatorId(instigator));
  return state !== undefined && state.status !== 'DECLARED_IN_CODE';
}

export const SensorType = builder.enumType('SensorType', {
  values: [
    'STANDARD',
    'RUN_STATUS',
    'ASSET',
    'MULTI_ASSET',
    'FRESHNESS_POLICY',
    'AUTO_MATERIALIZE',
    'AUTOMATION',
    'UNKNOWN',
  ] as const,
});
/** Dagster's clients know no other word for one that events are pushed to; what pushes them is said beside it. */
export const sensorTypeOf = (kind: SensorManifest['kind']) => (kind === 'PUSH' ? 'STANDARD' : kind);
const Target = builder.objectRef<{ readonly jobName: string }>('Target');
Target.implement({
  fields: (t) => ({
    pipelineName: t.exposeString('jobName'),
    mode: t.string({ resolve: () => 'default' }),
    solidSelection: t.stringList({ nullable: true, resolve: () => null }),
  }),
});
const SensorMetadata = builder.objectRef<SensorManifest>('SensorMetadata');
SensorMetadata.implement({
  fields: (t) => ({
    assetKeys: t.field({
      type: [AssetKeyType],
      nullable: true,
      resolve: (sensor) => sensor.assets.map(assetKey),
    }),
  }),
});

export const Sensor = builder.objectRef<SensorValue>('Sensor');
Sensor.implement({
  fields: (t) => ({
    id: t.id({ resolve: (sensor) => encodeInstigatorId(instigatorId(sensor)) }),
    jobOriginId: t.string({ resolve: (sensor) => encodeInstigatorId(instigatorId(sensor)) }),
    name: t.string({ resolve: ({ definition }) => definition.name }),
    description: t.string({ nullable: true, resolve: ({ definition }) => definition.description }),
    targets: t.field({
      type: [Target],
      nullable: true,
      resolve: ({ definition }) => definition.jobNames.map((jobName) => ({ jobName })),
    }),
    defaultStatus: t.field({
      type: InstigationStatus,
      resolve: ({ definition }) => definition.defaultStatus,
    }),
    canReset: t.boolean({ resolve: isOverridden }),
    hasCursorUpdatePermissions: t.boolean({
      resolve: ({ location }, _args, { identity }) => mayActAt(identity, location, 'editor'),
    }),
    sensorState: t.field({ type: InstigationState, resolve: (sensor) => stateValue(sensor) }),
    minIntervalSeconds: t.int({ resolve: ({ definition }) => definition.minimumIntervalSeconds }),
    nextTick: t.field({
      type: DryRunInstigationTick,
      nullable: true,
      resolve: async (sensor, _args, context) =>
        (await statusOf(sensor, context)) === 'STOPPED'
          ? null
          : ((await futureTicks(sensor, context, 1, null))[0] ?? null),
    }),
    metadata: t.field({ type: SensorMetadata, resolve: ({ definition }) => definition }),
    eventSource: t.field({
      type: SensorEventSource,
      nullable: true,
      description: 'What pushes events to it; null = it is evaluated every so often.',
      resolve: ({ location, definition: { name, eventSource } }) =>
        eventSource == null ? null : { location, sensor: name, spec: eventSource },
    }),
    sensorType: t.field({
      type: SensorType,
      resolve: ({ definition: { kind } }) => sensorTypeOf(kind),
    }),
    tags: t.field({ type: [DefinitionTag], resolve: ({ definition }) => tagPairs(definition.tags) }),
    metadataEntries: t.field({
      type: [MetadataEntry],
      resolve: ({ definition }) => metadataEntries(definition.metadata),
    }),
  }),
});

export const InstigationSelector = builder.inputType('InstigationSelector', {
  fields: (t) => ({
    repositoryName: t.string({ required: true }),
    repositoryLocationName: t.string({ required: true }),
    name: t.string({ required: true }),
  }),
});

const InstigationStateOrError = builder.unionType('InstigationStateOrError', {
  types: [InstigationState, InstigationStateNotFoundError, PythonError],
  resolveType: byTypename,
});

builder.queryField('instigationStateOrError', (t) =>
  t.field({
    type: InstigationStateOrError,
    args: { instigationSelector: t.arg({ type: InstigationSelector, required: true }), id: t.arg.string() },
    resolve: (_root, { instigationSelector: { repositoryLocationName: location, name } }, { workspace }) =>
      orError(() => {
        const found =
          scheduleValue(location, workspace.schedule(location, name)) ??
          sensorValue(location, workspace.sensor(location, name));
        return found === undefined
          ? tag('InstigationStateNotFoundError', {
              name,
              message: `There is no schedule or sensor '${name}' in code location '${location}'.`,
            })
          : stateValue(found);
      }),
  }),
);
