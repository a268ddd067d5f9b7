import type { LogLevel } from '../../../model/event';
import { builder } from '../../builder';
import { LogLevelEnum } from '../events/event-interfaces';

/** A line that a backfill, or the code of a schedule or sensor in one tick, logged. */
interface EventValue {
  /** Epoch ms. */
  readonly timestamp: number;
  readonly level: LogLevel;
  readonly message: string;
}

const InstigationEvent = builder.objectRef<EventValue>('InstigationEvent');
InstigationEvent.implement({
  fields: (t) => ({
    message: t.exposeString('message'),
    timestamp: t.string({ resolve: ({ timestamp }) => String(timestamp) }),
    level: t.field({ type: LogLevelEnum, resolve: ({ level }) => level }),
  }),
});

export const InstigationEventConnection = builder.objectRef<{
  readonly events: readonly EventValue[];
  readonly cursor: string;
  readonly hasMore: boolean;
}>('InstigationEventConnection');
InstigationEventConnection.implement({
  fields: (t) => ({
    events: t.field({ type: [InstigationEvent], resolve: ({ events }) => [...events] }),
    cursor: t.exposeString('cursor'),
    hasMore: t.exposeBoolean('hasMore'),
  }),
});
