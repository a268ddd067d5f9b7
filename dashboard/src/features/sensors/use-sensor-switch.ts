import { useRowSwitch } from '../../components/use-row-switch';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { changeInstigator } from '../instigators/change-instigator';
import { sensorInstigator } from '../instigators/instigator';
import type { SensorRow } from './sensor-row';
import { sensorsDocument } from './sensors.graphql';

/** Turns sensors of a list on and off. */
export const useSensorSwitch = (rows: readonly SensorRow[]): OptimisticSwitch =>
  useRowSwitch(rows, switchSensor, sensorsDocument);

const switchSensor = (row: SensorRow, wanted: boolean): Promise<void> =>
  changeInstigator(sensorInstigator(row), wanted ? 'on' : 'off');
