import type { EventType, LogLevel, StoredEvent } from '../../../model/event';
import { toMetadata } from '../../../model/metadata';
import type { SerializableError } from '../../../model/serializable-error';
import { builder, tag } from '../../builder';
import { PythonError } from '../errors';
import { MetadataEntry, type MetadataEntryValue, metadataEntries } from '../metadata';
import { TYPE_OF_EVENT } from './event-types';

/** Of events, and of what backfills say. */
export const LogLevelEnum = builder.enumType('LogLevel', {
  values: ['CRITICAL', 'ERROR', 'INFO', 'WARNING', 'DEBUG'] as const,
});
const DagsterEventType = builder.enumType('DagsterEventType', {
  values: Object.keys(TYPE_OF_EVENT).filter((type) => type !== 'LOG_MESSAGE') as EventType[],
});

export const MessageEvent = builder.interfaceRef<StoredEvent>('MessageEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    runId: t.string({ resolve: (event) => event.runId ?? '' }),
    cursor: t.string({
      description: 'What `logsForRun` reads on from after this event. Not in Dagster.',
      resolve: ({ storageId }) => String(storageId),
    }),
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

export const StepEvent = builder.interfaceRef<StoredEvent>('StepEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    stepKey: t.string({ nullable: true, resolve: (event) => event.stepKey ?? null }),
    solidHandleID: t.string({ nullable: true, resolve: (event) => event.stepKey ?? null }),
  }),
});

export const RunEvent = builder.interfaceRef<StoredEvent>('RunEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    pipelineName: t.string({
      resolve: async (event, _args, { loaders }) =>
        (await loaders.run.load(event.runId ?? ''))?.jobName ?? '',
    }),
  }),
});

export const ErrorEvent = builder.interfaceRef<StoredEvent>('ErrorEvent').implement({
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

export const DisplayableEvent = builder.interfaceRef<StoredEvent>('DisplayableEvent').implement({
  resolveType: (event) => TYPE_OF_EVENT[event.type],
  fields: (t) => ({
    label: t.string({ nullable: true, resolve: () => null }),
    description: t.string({ nullable: true, resolve: descriptionOf }),
    metadataEntries: t.field({ type: [MetadataEntry], resolve: entriesOf }),
  }),
});

/** Ends of stretches that a timeline shows: the preparation of resources, and the start of a step's process. */
export const MarkerEvent = builder.interfaceRef<StoredEvent>('MarkerEvent').implement({
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

export function errorOf(event: StoredEvent): SerializableError | undefined {
  return 'error' in event.data ? (event.data.error as SerializableError | undefined) : undefined;
}

function descriptionOf(event: StoredEvent): string | null {
  switch (event.type) {
    case 'ASSET_MATERIALIZATION':
      return event.data.description ?? null;
    case 'STEP_FAILURE':
    case 'STEP_UP_FOR_RETRY':
      return event.data.error.message;
    default:
      return null;
  }
}

/** What an event has to show beside its message. */
function entriesOf(event: StoredEvent): MetadataEntryValue[] {
  switch (event.type) {
    case 'ASSET_MATERIALIZATION':
    case 'ASSET_OBSERVATION':
    case 'HANDLED_OUTPUT':
      return metadataEntries(event.data.metadata);
    case 'STEP_FAILURE':
    case 'STEP_UP_FOR_RETRY':
    case 'ENGINE_EVENT':
      return metadataEntries(event.data.metadata ?? {});
    case 'LOG_MESSAGE':
      return metadataEntries(toMetadata(event.data.fields ?? {}));
    case 'RESOURCE_INIT_SUCCESS':
      return metadataEntries(toMetadata({ seconds: event.data.seconds }));
    default:
      return [];
  }
}
