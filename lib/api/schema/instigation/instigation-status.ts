import type { InstigatorId } from '../../../model/tick';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import { type InstigatorValue, instigatorId } from './instigator';

export const InstigationStatus = builder.enumType('InstigationStatus', {
  values: ['RUNNING', 'STOPPED'] as const,
});
export const InstigationType = builder.enumType('InstigationType', {
  values: ['SCHEDULE', 'SENSOR', 'AUTO_MATERIALIZE'] as const,
});
export const instigationType = (kind: InstigatorId['kind']): 'SCHEDULE' | 'SENSOR' =>
  kind === 'schedule' ? 'SCHEDULE' : 'SENSOR';
/** Whether somebody has turned it on or off since the code was written. */
export async function isOverridden(
  instigator: InstigatorValue,
  _args: unknown,
  { loaders }: ApiContext,
): Promise<boolean> {
  const state = await loaders.instigatorState(instigatorId(instigator));
  return state !== undefined && state.status !== 'DECLARED_IN_CODE';
}
