import { effectiveStatus } from '../../../engine/ticks/effective-status';
import { isFollowing, sensorDueAt } from '../../../engine/ticks/next-wake-up';
import { ticksFrom } from '../../../model/cron';
import type { ScheduleManifest, SensorManifest } from '../../../model/manifest';
import type { InstigatorState } from '../../../model/tick';
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

/**
 * Instants to come: of a schedule by its cron, of a sensor by its interval (just the next one); none of one that waits for
 * an event, or for what it follows.
 */
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
      : sensorTicks(instigator.definition, state, now);
  return instants.map((at) => tag('DryRunInstigationTick', { at, evaluation: null }));
}

function sensorTicks(
  definition: SensorManifest,
  state: InstigatorState | undefined,
  now: number,
): readonly number[] {
  if (definition.kind === 'PUSH') return [];
  const dueAt = sensorDueAt(definition, state, now) ?? now;
  return isFollowing(definition) && dueAt < now ? [] : [dueAt];
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
