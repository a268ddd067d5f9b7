import { ticksBackFrom, ticksFrom } from '../../../model/cron';
import { builder, tag } from '../../builder';
import { toMilliseconds } from '../common';
import { pageSize } from '../paging';
import { Schedule } from './schedule';
import { DryRunInstigationTick } from './tick-evaluation';

builder.objectFields(Schedule, (t) => ({
  futureTick: t.field({
    type: DryRunInstigationTick,
    description: 'At an instant, in seconds; `scheduleDryRun` tells what it would do.',
    args: { tickTimestamp: t.arg.int({ required: true }) },
    resolve: (_schedule, { tickTimestamp }) =>
      tag('DryRunInstigationTick', { at: tickTimestamp * 1000, evaluation: null }),
  }),
  potentialTickTimestamps: t.floatList({
    description: 'Instants of its cron around one, in seconds: so many after it, and so many before it.',
    args: { startTimestamp: t.arg.float(), upperLimit: t.arg.int(), lowerLimit: t.arg.int() },
    resolve: ({ definition: { cron, timezone } }, { startTimestamp, upperLimit, lowerLimit }, { now }) => {
      const start = toMilliseconds(startTimestamp) ?? now;
      const before = take(ticksBackFrom(cron, timezone, start - 1), pageSize(lowerLimit, 10));
      const after = take(ticksFrom(cron, timezone, start), pageSize(upperLimit, 10));
      return [...before.reverse(), ...after].map((at) => at / 1000);
    },
  }),
}));

function take(ticks: Iterable<number>, count: number): number[] {
  const taken: number[] = [];
  if (count === 0) return taken;
  for (const at of ticks) {
    taken.push(at);
    if (taken.length === count) break;
  }
  return taken;
}
