import type { InstigatorState } from '../../model/tick';

/** Whether a schedule or sensor is on: as a person set it, else as the code says. */
export function effectiveStatus(
  definition: { readonly defaultStatus: 'RUNNING' | 'STOPPED' },
  state: Pick<InstigatorState, 'status'> | undefined,
): 'RUNNING' | 'STOPPED' {
  if (state === undefined || state.status === 'DECLARED_IN_CODE') return definition.defaultStatus;
  return state.status;
}
