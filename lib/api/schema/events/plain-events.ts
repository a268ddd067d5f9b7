import type { StoredEvent } from '../../../model/event';
import { builder } from '../../builder';
import {
  DisplayableEvent,
  ErrorEvent,
  MarkerEvent,
  MessageEvent,
  RunEvent,
  StepEvent,
} from './event-interfaces';

/** A concrete event type that adds nothing to its interfaces. */
export function plainEvent(
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
