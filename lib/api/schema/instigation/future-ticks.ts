import { effectiveStatus } from '../../../engine/ticks/effective-status';
import { sensorDueAt } from '../../../engine/ticks/next-wake-up';
import { ticksFrom } from '../../../model/cron';
import type { ScheduleManifest } from '../../../model/manifest';
import type { ApiContext } from '../../api-context';
import { tag } from '../../builder';
import { type InstigatorValue, instigatorId } from './instigator';
import type { DryRunTickValue } from './tick-evaluation';

export async function statusOf(
  instigator: InstigatorValue,
  { loaders }: ApiContext,
): Promise<'RUNNING' | 'STOPPED'> {
  const state = await loaders.instigatorState(instigatorId(instigator));
  return effectiveStatus(instigator.definition, state);
}

/** Instants to come: of a schedule by its cron, of a sensor by its interval (just the next one). */
export async function futureTicks(
  instigator: InstigatorValue,
  { loaders, now }: ApiContext,
  limit: number,
  until: number | null,
): Promise<DryRunTickValue[]> {
  const state = await loaders.instigatorState(instigatorId(instigator));
  const instants =
    instigator.kind === 'schedule'
      ? scheduleTicks(instigator.definition, now, limit, until)
      : instigator.definition.kind === 'PUSH'
        ? []
        : [sensorDueAt(instigator.definition, state, now) ?? now];
  return instants.map((at) => tag('DryRunInstigationTick', { at, evaluation: null }));
}

function scheduleTicks(
  { cron, timezone }: ScheduleManifest,
  after: number,
  limit: number,
  until: number | null,
): number[] {
  const instants: number[] = [];
  for (const at of ticksFrom(cron, timezone, after + 1)) {
    if (instants.length >= limit || (until !== null && at > until)) break;
    instants.push(at);
  }
  return instants;
}
