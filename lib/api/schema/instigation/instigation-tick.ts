import { readTickLogs } from '../../../engine/ticks/tick-logs';
import type { Tick } from '../../../model/tick';
import { builder } from '../../builder';
import { toSeconds } from '../common';
import { PythonError } from '../errors';
import { RunType, runValue } from '../runs/run';
import { InstigationEventConnection } from './instigation-events';
import { InstigationType, instigationType } from './instigation-status';
import { pythonErrorOf } from './tick-evaluation';

export const InstigationTickStatus = builder.enumType('InstigationTickStatus', {
  values: ['STARTED', 'SKIPPED', 'SUCCESS', 'FAILURE'] as const,
});

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
    logEvents: t.field({
      type: InstigationEventConnection,
      description: 'What its code logged. All of it: the cursor is of no use.',
      resolve: async ({ instigator, tickId }, _args, { instance }) => {
        const events = await readTickLogs(instance, instigator, tickId);
        return { events, cursor: String(events.length), hasMore: false };
      },
    }),
    instigationType: t.field({
      type: InstigationType,
      resolve: (tick) => instigationType(tick.instigator.kind),
    }),
  }),
});
