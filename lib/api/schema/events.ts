import type { AssetCheckEvaluation } from '../../model/asset-check';
import { toLogKey } from '../../model/compute-log';
import type { EventOf, EventType, LogLevel, StoredEvent } from '../../model/event';
import { toMetadata } from '../../model/metadata';
import type { SerializableError } from '../../model/serializable-error';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { AssetKeyType, assetKey, EventTag } from './common';
import { orError, PythonError, RunNotFoundError } from './errors';
import { MetadataEntry, type MetadataEntryValue, metadataEntries } from './metadata';
import { pageSize } from './paging';
import { RunOrError, runNotFound, runValue } from './runs/run';
import { RunStepStats } from './runs/run-stats';

/** GraphQL's type for each event type; the names are Dagster's. */
export const TYPE_OF_EVENT: Record<EventType, string> = {
  RUN_ENQUEUED: 'RunEnqueuedEvent',
  RUN_DEQUEUED: 'RunDequeuedEvent',
  RUN_STARTING: 'RunStartingEvent',
  RUN_START: 'RunStartEvent',
  RUN_SUCCESS: 'RunSuccessEvent',
  RUN_FAILURE: 'RunFailureEvent',
  RUN_CANCELING: 'RunCancelingEvent',
  RUN_CANCELED: 'RunCanceledEvent',
  ENGINE_EVENT: 'EngineEvent',
  STEP_WORKER_STARTED: 'StepWorkerStartedEvent',
  STEP_START: 'ExecutionStepStartEvent',
  STEP_INPUT: 'ExecutionStepInputEvent',
  LOADED_INPUT: 'LoadedInputEvent',
  STEP_OUTPUT: 'ExecutionStepOutputEvent',
  HANDLED_OUTPUT: 'HandledOutputEvent',
  STEP_SUCCESS: 'ExecutionStepSuccessEvent',
  STEP_FAILURE: 'ExecutionStepFailureEvent',
  STEP_SKIPPED: 'ExecutionStepSkippedEvent',
  STEP_UP_FOR_RETRY: 'ExecutionStepUpForRetryEvent',
  STEP_RESTARTED: 'ExecutionStepRestartEvent',
  STEP_WAITING: 'EngineEvent',
  RESOURCE_INIT_STARTED: 'ResourceInitStartedEvent',
  RESOURCE_INIT_SUCCESS: 'ResourceInitSuccessEvent',
  RESOURCE_INIT_FAILURE: 'ResourceInitFailureEvent',
  HOOK_COMPLETED: 'HookCompletedEvent',
  HOOK_ERRORED: 'HookErroredEvent',
  HOOK_SKIPPED: 'HookSkippedEvent',
  LOGS_CAPTURED: 'LogsCapturedEvent',
  LOG_MESSAGE: 'LogMessageEvent',
  ASSET_MATERIALIZATION_PLANNED: 'AssetMaterializationPlannedEvent',
  ASSET_MATERIALIZATION: 'MaterializationEvent',
  ASSET_OBSERVATION: 'ObservationEvent',
  ASSET_FAILED_TO_MATERIALIZE: 'FailedToMaterializeEvent',
  FRESHNESS_STATE_CHANGE: 'EngineEvent',
  ASSET_CHECK_EVALUATION_PLANNED: 'AssetCheckEvaluationPlannedEvent',
  ASSET_CHECK_EVALUATION: 'AssetCheckEvaluationEvent',
};

/** Of events, and of what backfills say. */
export const LogLevelEnum = builder.enumType('LogLevel', {
  values: ['CRITICAL', 'ERROR', 'INFO', 'WARNING', 'DEBUG'] as const,
});
const DagsterEventType = builder.enumType('DagsterEventType', {
  values: Object.keys(TYPE_OF_EVENT).filter((type) => type !== 'LOG_MESSAGE') as EventType[],
});

const MessageEvent = builder.interfaceRef<StoredEvent>('MessageEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    runId: t.string({ resolve: (event) => event.runId ?? '' }),
    message: t.exposeString('message'),
    // Milliseconds as text, as Dagster's API writes the time of an event.
    timestamp: t.string({ resolve: (event) => String(event.timestamp) }),
    level: t.field({ type: LogLevelEnum, resolve: (event): LogLevel => event.level }),
    stepKey: t.string({ nullable: true, resolve: (event) => event.stepKey ?? null }),
    solidHandleID: t.string({ nullable: true, resolve: (event) => event.stepKey ?? null }),
    eventType: t.field({
      type: DagsterEventType,
      nullable: true,
      resolve: (event) => (event.type === 'LOG_MESSAGE' ? null : event.type),
    }),
  }),
});

const StepEvent = builder.interfaceRef<StoredEvent>('StepEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    stepKey: t.string({ nullable: true, resolve: (event) => event.stepKey ?? null }),
    solidHandleID: t.string({ nullable: true, resolve: (event) => event.stepKey ?? null }),
  }),
});

const RunEvent = builder.interfaceRef<StoredEvent>('RunEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    pipelineName: t.string({
      resolve: async (event, _args, { loaders }) =>
        (await loaders.run.load(event.runId ?? ''))?.jobName ?? '',
    }),
  }),
});

const ErrorEvent = builder.interfaceRef<StoredEvent>('ErrorEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    error: t.field({
      type: PythonError,
      nullable: true,
      resolve: (event) => {
        const error = errorOf(event);
        return error === undefined ? null : tag('PythonError', error);
      },
    }),
  }),
});

const DisplayableEvent = builder.interfaceRef<StoredEvent>('DisplayableEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    label: t.string({ nullable: true, resolve: () => null }),
    description: t.string({ nullable: true, resolve: descriptionOf }),
    metadataEntries: t.field({ type: [MetadataEntry], resolve: entriesOf }),
  }),
});

/** Ends of stretches that a timeline shows: the preparation of resources, and the start of a step's process. */
const MarkerEvent = builder.interfaceRef<StoredEvent>('MarkerEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    markerStart: t.string({
      nullable: true,
      resolve: ({ type }) => (type === 'RESOURCE_INIT_STARTED' ? RESOURCES_MARKER : null),
    }),
    markerEnd: t.string({
      nullable: true,
      resolve: ({ type }) => {
        if (type === 'STEP_WORKER_STARTED') return PROCESS_MARKER;
        return type === 'RESOURCE_INIT_SUCCESS' || type === 'RESOURCE_INIT_FAILURE' ? RESOURCES_MARKER : null;
      },
    }),
  }),
});
/** Dagster's names of them. */
const RESOURCES_MARKER = 'resources';
const PROCESS_MARKER = 'step_process_start';

function errorOf(event: StoredEvent): SerializableError | undefined {
  return 'error' in event.data ? (event.data.error as SerializableError | undefined) : undefined;
}

function descriptionOf(event: StoredEvent): string | null {
  return event.type === 'ASSET_MATERIALIZATION' ? (event.data.description ?? null) : null;
}

/** What an event has to show beside its message. */
function entriesOf(event: StoredEvent): MetadataEntryValue[] {
  switch (event.type) {
    case 'ASSET_MATERIALIZATION':
    case 'ASSET_OBSERVATION':
    case 'HANDLED_OUTPUT':
      return metadataEntries(event.data.metadata);
    case 'ENGINE_EVENT':
      return metadataEntries(event.data.metadata ?? {});
    case 'LOG_MESSAGE':
      return metadataEntries(toMetadata(event.data.fields ?? {}));
    default:
      return [];
  }
}

type StoredOf<T extends EventType> = EventOf<T, StoredEvent>;

/** A concrete event type that adds nothing to its interfaces. */
function plainEvent(
  name: string,
  extra: 'run' | 'step' | 'run-error' | 'step-error' | 'display' | 'none',
): void {
  const isRun = extra === 'run' || extra === 'run-error';
  const isStep = extra === 'step' || extra === 'step-error';
  builder.objectRef<StoredEvent>(name).implement({
    interfaces: [
      MessageEvent,
      ...(isRun ? [RunEvent] : []),
      ...(isStep ? [StepEvent] : []),
      ...(extra.endsWith('error') ? [ErrorEvent] : []),
      ...(extra === 'display' ? [DisplayableEvent, StepEvent, ErrorEvent, MarkerEvent] : []),
    ],
    fields: () => ({}),
  });
}

for (const name of [
  'RunEnqueuedEvent',
  'RunDequeuedEvent',
  'RunStartingEvent',
  'RunStartEvent',
  'RunSuccessEvent',
  'RunCancelingEvent',
])
  plainEvent(name, 'run');
for (const name of ['RunFailureEvent', 'RunCanceledEvent']) plainEvent(name, 'run-error');
for (const name of [
  'ExecutionStepStartEvent',
  'ExecutionStepSuccessEvent',
  'ExecutionStepSkippedEvent',
  'ExecutionStepRestartEvent',
  'HookCompletedEvent',
  'HookSkippedEvent',
])
  plainEvent(name, 'step');
plainEvent('HookErroredEvent', 'step-error');
for (const name of [
  'EngineEvent',
  'StepWorkerStartedEvent',
  'ResourceInitStartedEvent',
  'ResourceInitSuccessEvent',
  'ResourceInitFailureEvent',
])
  plainEvent(name, 'display');
plainEvent('LogMessageEvent', 'none');

builder.objectRef<StoredEvent>('ExecutionStepUpForRetryEvent').implement({
  interfaces: [MessageEvent, StepEvent, ErrorEvent],
  fields: (t) => ({
    secondsToWait: t.float({
      nullable: true,
      resolve: (event) => (event as StoredOf<'STEP_UP_FOR_RETRY'>).data.secondsToWait,
    }),
  }),
});
builder.objectRef<StoredEvent>('ExecutionStepInputEvent').implement({
  interfaces: [MessageEvent, StepEvent],
  fields: (t) => ({
    inputName: t.string({ resolve: (event) => (event as StoredOf<'STEP_INPUT'>).data.input }),
  }),
});
builder.objectRef<StoredEvent>('LoadedInputEvent').implement({
  interfaces: [MessageEvent, StepEvent, DisplayableEvent],
  fields: (t) => ({
    inputName: t.string({ resolve: (event) => (event as StoredOf<'LOADED_INPUT'>).data.input }),
    managerKey: t.string({ resolve: (event) => (event as StoredOf<'LOADED_INPUT'>).data.ioManager }),
  }),
});
builder.objectRef<StoredEvent>('ExecutionStepOutputEvent').implement({
  interfaces: [MessageEvent, StepEvent, DisplayableEvent],
  fields: (t) => ({
    outputName: t.string({ resolve: (event) => (event as StoredOf<'STEP_OUTPUT'>).data.output }),
  }),
});
builder.objectRef<StoredEvent>('HandledOutputEvent').implement({
  interfaces: [MessageEvent, StepEvent, DisplayableEvent],
  fields: (t) => ({
    outputName: t.string({ resolve: (event) => (event as StoredOf<'HANDLED_OUTPUT'>).data.output }),
    managerKey: t.string({ resolve: (event) => (event as StoredOf<'HANDLED_OUTPUT'>).data.ioManager }),
  }),
});

builder.objectRef<StoredEvent>('ExecutionStepFailureEvent').implement({
  interfaces: [MessageEvent, StepEvent, ErrorEvent],
  fields: (t) => ({
    exitReason: t.string({
      nullable: true,
      description: 'How the process ended, when the step did not end by itself.',
      resolve: (event) => (event.type === 'STEP_FAILURE' ? (event.data.exitReason ?? null) : null),
    }),
  }),
});

builder.objectRef<StoredEvent>('LogsCapturedEvent').implement({
  interfaces: [MessageEvent],
  fields: (t) => ({
    fileKey: t.string({ resolve: (event) => logKeyOf(event).at(-1) ?? '' }),
    logKey: t.string({ resolve: (event) => JSON.stringify(logKeyOf(event)) }),
    stepKeys: t.stringList({
      nullable: true,
      resolve: (event) => (event.stepKey === undefined ? null : [event.stepKey]),
    }),
    pid: t.int({ nullable: true, resolve: () => null }),
  }),
});

function logKeyOf(event: StoredEvent): string[] {
  if (event.type === 'LOGS_CAPTURED') return [...event.data.logKey];
  return toLogKey({
    runId: event.runId ?? '',
    stepKey: event.stepKey ?? '',
    tryNumber: event.tryNumber ?? 1,
  });
}

export const MaterializationEvent = builder.objectRef<StoredEvent>('MaterializationEvent');
export const ObservationEvent = builder.objectRef<StoredEvent>('ObservationEvent');
export const FailedToMaterializeEvent = builder.objectRef<StoredEvent>('FailedToMaterializeEvent');
for (const ref of [MaterializationEvent, ObservationEvent, FailedToMaterializeEvent]) {
  ref.implement({
    interfaces: [MessageEvent, StepEvent, DisplayableEvent],
    fields: (t) => ({
      assetKey: t.field({
        type: AssetKeyType,
        nullable: true,
        resolve: (event) => (event.assetKey === undefined ? null : assetKey(event.assetKey)),
      }),
      partition: t.string({ nullable: true, resolve: (event) => event.partition ?? null }),
      tags: t.field({
        type: [EventTag],
        resolve: (event) =>
          event.type === 'ASSET_MATERIALIZATION' || event.type === 'ASSET_OBSERVATION'
            ? Object.entries(event.data.tags).map(([key, value]) => ({ key, value }))
            : [],
      }),
      runOrError: t.field({ type: RunOrError, resolve: runOfEvent }),
      stepStats: t.field({
        type: RunStepStats,
        nullable: true,
        description: 'Null of an event that was reported from outside of any run.',
        resolve: async ({ runId, stepKey }, _args, { loaders }) => {
          if (runId === null || stepKey === undefined) return null;
          const found = (await loaders.stepStats.load(runId)).find((each) => each.stepKey === stepKey);
          return found === undefined ? null : { ...found, runId };
        },
      }),
    }),
  });
}

const runOfEvent = ({ runId }: StoredEvent, _args: object, { loaders }: ApiContext) =>
  orError(async () => {
    const run = await loaders.run.load(runId ?? '');
    return run === undefined ? runNotFound(runId ?? '') : runValue(run);
  });

const FailureType = builder.enumType('AssetMaterializationFailureType', {
  values: ['FAILED', 'SKIPPED'] as const,
});
const FailureReason = builder.enumType('AssetMaterializationFailureReason', {
  values: ['FAILED_TO_MATERIALIZE', 'UPSTREAM_FAILED_TO_MATERIALIZE', 'RUN_TERMINATED', 'UNKNOWN'] as const,
});
FailedToMaterializeEvent.addInterfaces([ErrorEvent as never]);
builder.objectFields(FailedToMaterializeEvent, (t) => ({
  materializationFailureType: t.field({
    type: FailureType,
    description: 'Of a run that failed; what a step leaves out on purpose is no failure.',
    resolve: () => 'FAILED' as const,
  }),
  materializationFailureReason: t.field({
    type: FailureReason,
    resolve: (event) => (errorOf(event) === undefined ? 'UNKNOWN' : 'FAILED_TO_MATERIALIZE'),
  }),
}));

builder.objectRef<StoredEvent>('AssetMaterializationPlannedEvent').implement({
  interfaces: [MessageEvent, RunEvent],
  fields: (t) => ({
    assetKey: t.field({
      type: AssetKeyType,
      nullable: true,
      resolve: (event) => (event.assetKey === undefined ? null : assetKey(event.assetKey)),
    }),
    runOrError: t.field({ type: RunOrError, resolve: runOfEvent }),
  }),
});

const AssetCheckEvaluationPlanned = builder.objectRef<StoredEvent>('AssetCheckEvaluationPlannedEvent');
AssetCheckEvaluationPlanned.implement({
  interfaces: [MessageEvent],
  fields: (t) => ({
    assetKey: t.field({
      type: AssetKeyType,
      resolve: (event) => assetKey((event as StoredOf<'ASSET_CHECK_EVALUATION_PLANNED'>).data.asset),
    }),
    checkName: t.string({
      resolve: (event) => (event as StoredOf<'ASSET_CHECK_EVALUATION_PLANNED'>).data.name,
    }),
  }),
});

export const AssetCheckSeverityEnum = builder.enumType('AssetCheckSeverity', {
  values: ['WARN', 'ERROR'] as const,
});

export type CheckEvaluationValue = {
  readonly evaluation: AssetCheckEvaluation;
  readonly timestamp: number;
};
export const AssetCheckEvaluationType = builder.objectRef<CheckEvaluationValue>('AssetCheckEvaluation');
AssetCheckEvaluationType.implement({
  fields: (t) => ({
    timestamp: t.float({ resolve: ({ timestamp }) => timestamp / 1000 }),
    checkName: t.string({ resolve: ({ evaluation }) => evaluation.name }),
    assetKey: t.field({ type: AssetKeyType, resolve: ({ evaluation }) => assetKey(evaluation.asset) }),
    metadataEntries: t.field({
      type: [MetadataEntry],
      resolve: ({ evaluation }) => metadataEntries(evaluation.metadata),
    }),
    severity: t.field({ type: AssetCheckSeverityEnum, resolve: ({ evaluation }) => evaluation.severity }),
    description: t.string({ nullable: true, resolve: ({ evaluation }) => evaluation.description ?? null }),
    partition: t.string({ nullable: true, resolve: ({ evaluation }) => evaluation.partition ?? null }),
    success: t.boolean({ resolve: ({ evaluation }) => evaluation.passed }),
  }),
});

builder.objectRef<StoredEvent>('AssetCheckEvaluationEvent').implement({
  interfaces: [MessageEvent, StepEvent],
  fields: (t) => ({
    evaluation: t.field({
      type: AssetCheckEvaluationType,
      resolve: (event) => ({
        evaluation: (event as StoredOf<'ASSET_CHECK_EVALUATION'>).data,
        timestamp: event.timestamp,
      }),
    }),
  }),
});

const DagsterRunEvent = builder.unionType('DagsterRunEvent', {
  types: [...new Set(Object.values(TYPE_OF_EVENT))].map((name) => name as never),
  resolveType: (event: StoredEvent) => TYPE_OF_EVENT[event.type],
});

type ConnectionValue = Tagged<
  'EventConnection',
  { readonly events: readonly StoredEvent[]; readonly cursor: string; readonly hasMore: boolean }
>;
export const EventConnection = builder.objectRef<ConnectionValue>('EventConnection');
EventConnection.implement({
  fields: (t) => ({
    events: t.field({ type: [DagsterRunEvent], resolve: ({ events }) => [...events] as never }),
    cursor: t.exposeString('cursor'),
    hasMore: t.exposeBoolean('hasMore'),
  }),
});
const EventConnectionOrError = builder.unionType('EventConnectionOrError', {
  types: [EventConnection, RunNotFoundError, PythonError],
  resolveType: byTypename,
});

/** Events of a run in their order, after a cursor. */
export async function eventPage(
  runId: string,
  { afterCursor, limit }: { afterCursor?: string | null | undefined; limit?: number | null | undefined },
  { instance }: ApiContext,
): Promise<ConnectionValue> {
  const size = pageSize(limit, 1_000);
  const after = Number(afterCursor ?? 0);
  const events = await instance.storage.runEvents({ runId, after, limit: size });
  return tag('EventConnection', {
    events,
    cursor: String(events.at(-1)?.storageId ?? after),
    hasMore: events.length === size,
  });
}

builder.queryField('logsForRun', (t) =>
  t.field({
    type: EventConnectionOrError,
    args: { runId: t.arg.id({ required: true }), afterCursor: t.arg.string(), limit: t.arg.int() },
    resolve: (_root, { runId, afterCursor, limit }, context) =>
      orError(async () => {
        const id = String(runId);
        if ((await context.loaders.run.load(id)) === undefined) return runNotFound(id);
        return eventPage(id, { afterCursor, limit }, context);
      }),
  }),
);
