import { ERROR_SOURCES, type StoredEvent } from '../../../model/event';
import { builder } from '../../builder';
import { DisplayableEvent, ErrorEvent, MessageEvent, StepEvent } from './event-interfaces';
import type { StoredOf } from './event-types';
import { plainEvent } from './plain-events';

plainEvent('LogMessageEvent', 'none');

const TypeCheck = builder.objectRef<StoredEvent>('TypeCheck');
TypeCheck.implement({
  description: 'Values are of type Any, which any value is.',
  interfaces: [DisplayableEvent],
  fields: (t) => ({ success: t.boolean({ resolve: () => true }) }),
});

const FailureMetadata = builder.objectRef<StoredEvent>('FailureMetadata');
FailureMetadata.implement({ interfaces: [DisplayableEvent], fields: () => ({}) });

const ErrorSourceEnum = builder.enumType('ErrorSource', { values: ERROR_SOURCES });

builder.objectRef<StoredEvent>('ExecutionStepUpForRetryEvent').implement({
  interfaces: [MessageEvent, StepEvent, ErrorEvent, DisplayableEvent],
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
    typeCheck: t.field({ type: TypeCheck, resolve: (event) => event }),
  }),
});
builder.objectRef<StoredEvent>('LoadedInputEvent').implement({
  interfaces: [MessageEvent, StepEvent, DisplayableEvent],
  fields: (t) => ({
    inputName: t.string({ resolve: (event) => (event as StoredOf<'LOADED_INPUT'>).data.input }),
    managerKey: t.string({ resolve: (event) => (event as StoredOf<'LOADED_INPUT'>).data.ioManager }),
    upstreamStepKey: t.string({
      nullable: true,
      description: 'The step that stored it. Null when no step of the run did, or several.',
      resolve: (event) => (event as StoredOf<'LOADED_INPUT'>).data.upstreamStep ?? null,
    }),
    upstreamOutputName: t.string({
      nullable: true,
      resolve: (event) => (event as StoredOf<'LOADED_INPUT'>).data.upstreamOutput ?? null,
    }),
  }),
});
builder.objectRef<StoredEvent>('ExecutionStepOutputEvent').implement({
  interfaces: [MessageEvent, StepEvent, DisplayableEvent],
  fields: (t) => ({
    outputName: t.string({ resolve: (event) => (event as StoredOf<'STEP_OUTPUT'>).data.output }),
    typeCheck: t.field({ type: TypeCheck, resolve: (event) => event }),
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
  interfaces: [MessageEvent, StepEvent, ErrorEvent, DisplayableEvent],
  fields: (t) => ({
    exitReason: t.string({
      nullable: true,
      description: 'How the process ended, when the step did not end by itself.',
      resolve: (event) => (event.type === 'STEP_FAILURE' ? (event.data.exitReason ?? null) : null),
    }),
    errorSource: t.field({
      type: ErrorSourceEnum,
      nullable: true,
      resolve: (event) => (event.type === 'STEP_FAILURE' ? (event.data.errorSource ?? null) : null),
    }),
    failureMetadata: t.field({
      type: FailureMetadata,
      nullable: true,
      description: 'What its `Failure` carries; null: nothing.',
      resolve: (event) => (event.type === 'STEP_FAILURE' && event.data.metadata ? event : null),
    }),
  }),
});
