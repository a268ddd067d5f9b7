import type { StoredEvent } from '../../../model/event';
import { builder } from '../../builder';
import { AssetKeyType, EventTag } from '../common';
import { MetadataEntry } from '../metadata';
import { RunOrError } from '../runs/run';
import { RunStepStats } from '../runs/run-stats';
import { DisplayableEvent, MessageEvent, StepEvent } from './event-interfaces';
import { plainEvent } from './plain-events';

/*
 * Dagster's events that no run here logs: there are no expectations, no object store of its own and no health events, and
 * what is said of alerts, suspensions and starting processes are engine events. Clients spread on them, and a query that
 * names an unknown type is refused.
 */

const RUN_EVENTS = [
  'AlertStartEvent',
  'AlertSuccessEvent',
  'AlertFailureEvent',
  'RunSuspendedEvent',
  'RunResumedEvent',
] as const;
for (const name of RUN_EVENTS) plainEvent(name, 'run');
plainEvent('StepWorkerStartingEvent', 'display');

export const ExpectationResult = builder.objectRef<StoredEvent>('ExpectationResult');
ExpectationResult.implement({
  interfaces: [DisplayableEvent],
  fields: (t) => ({ success: t.boolean({ resolve: () => false }) }),
});
builder.objectRef<StoredEvent>('StepExpectationResultEvent').implement({
  interfaces: [MessageEvent, StepEvent],
  fields: (t) => ({ expectationResult: t.field({ type: ExpectationResult, resolve: never }) }),
});

const ObjectStoreOperationResult = builder.objectRef<StoredEvent>('ObjectStoreOperationResult');
ObjectStoreOperationResult.implement({
  interfaces: [DisplayableEvent],
  fields: (t) => ({
    op: t.field({
      type: builder.enumType('ObjectStoreOperationType', {
        values: ['SET_OBJECT', 'GET_OBJECT', 'RM_OBJECT', 'CP_OBJECT'] as const,
      }),
      resolve: never,
    }),
  }),
});
builder.objectRef<StoredEvent>('ObjectStoreOperationEvent').implement({
  interfaces: [MessageEvent, StepEvent],
  fields: (t) => ({ operationResult: t.field({ type: ObjectStoreOperationResult, resolve: never }) }),
});

builder.objectRef<StoredEvent>('HealthChangedEvent').implement({
  interfaces: [MessageEvent, StepEvent, DisplayableEvent],
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, nullable: true, resolve: () => null }),
    partition: t.string({ nullable: true, resolve: () => null }),
    tags: t.field({ type: [EventTag], resolve: () => [] }),
    runOrError: t.field({ type: RunOrError, resolve: never }),
    stepStats: t.field({ type: RunStepStats, resolve: never }),
    metadataEntries: t.field({ type: [MetadataEntry], resolve: () => [] }),
  }),
});

function never(): never {
  throw new Error('No run logs such an event.');
}

export const NEVER_LOGGED: readonly string[] = [
  ...RUN_EVENTS,
  'StepWorkerStartingEvent',
  'StepExpectationResultEvent',
  'ObjectStoreOperationEvent',
  'HealthChangedEvent',
];
