import type { StoredEvent } from '../../../model/event';
import { builder } from '../../builder';
import { DisplayableEvent, ErrorEvent, MessageEvent, StepEvent } from './event-interfaces';
import type { StoredOf } from './event-types';
import { plainEvent } from './plain-events';

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
