import type { ScheduleRow } from '../schedules/schedule-row';
import type { SensorRow } from '../sensors/sensor-row';

/** What schedules and sensors have in common for being turned on and off. */
export interface Instigator {
  readonly kind: 'schedule' | 'sensor';
  readonly name: string;
  readonly repositoryName: string;
  readonly locationName: string;
  /** Of its state, by which it is turned off. */
  readonly stateId: string;
  readonly isOn: boolean;
  readonly isOnInCode: boolean;
  /** Whether somebody turned it on or off, so that it does not follow its code. */
  readonly canReset: boolean;
  readonly mayStart: boolean;
  readonly mayStop: boolean;
}

interface State {
  readonly id: string;
  readonly status: string;
  readonly hasStartPermission: boolean;
  readonly hasStopPermission: boolean;
}

function common(
  row: Pick<ScheduleRow, 'repositoryName' | 'locationName'>,
  definition: { readonly name: string; readonly defaultStatus: string; readonly canReset: boolean },
  state: State,
): Omit<Instigator, 'kind'> {
  return {
    name: definition.name,
    repositoryName: row.repositoryName,
    locationName: row.locationName,
    stateId: state.id,
    isOn: state.status === 'RUNNING',
    isOnInCode: definition.defaultStatus === 'RUNNING',
    canReset: definition.canReset,
    mayStart: state.hasStartPermission,
    mayStop: state.hasStopPermission,
  };
}

export const scheduleInstigator = (row: ScheduleRow): Instigator => ({
  kind: 'schedule',
  ...common(row, row.schedule, row.schedule.scheduleState),
});

export const sensorInstigator = (row: SensorRow): Instigator => ({
  kind: 'sensor',
  ...common(row, row.sensor, row.sensor.sensorState),
});

/** How the API names its history. */
export const instigationSelector = ({ name, repositoryName, locationName }: Instigator) => ({
  name,
  repositoryName,
  repositoryLocationName: locationName,
});
