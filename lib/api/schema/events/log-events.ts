import { toLogKey } from '../../../model/compute-log';
import type { StoredEvent } from '../../../model/event';
import { builder } from '../../builder';
import { MessageEvent } from './event-interfaces';

export const LogsCapturedEvent = builder.objectRef<StoredEvent>('LogsCapturedEvent');
LogsCapturedEvent.implement({
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
