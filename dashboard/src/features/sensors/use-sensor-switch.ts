import { useRowSwitch } from '../../components/use-row-switch';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { type SensorRow, sensorSelector } from './sensor-row';
import { sensorsDocument, startSensorDocument, stopSensorDocument } from './sensors.graphql';

/** Turns sensors of a list on and off. */
export const useSensorSwitch = (rows: readonly SensorRow[]): OptimisticSwitch =>
  useRowSwitch(rows, switchSensor, sensorsDocument);

async function switchSensor(row: SensorRow, wanted: boolean): Promise<void> {
  if (wanted) {
    const selector = sensorSelector(row);
    expectType((await request(startSensorDocument, { selector })).startSensor, 'Sensor');
  } else {
    const answer = await request(stopSensorDocument, { id: row.sensor.sensorState.id });
    expectType(answer.stopSensor, 'StopSensorMutationResult');
  }
}
