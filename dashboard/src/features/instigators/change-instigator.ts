import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import {
  resetScheduleDocument,
  resetSensorDocument,
  startScheduleDocument,
  startSensorDocument,
  stopScheduleDocument,
  stopSensorDocument,
} from './change-instigator.graphql';
import type { Instigator } from './instigator';

/** On, off, or as its code says. */
export type InstigatorChange = 'on' | 'off' | 'reset';

/** Turns a schedule or a sensor on or off, or lets it follow its code again. Throws `ApiError` when it is refused. */
export function changeInstigator(instigator: Instigator, change: InstigatorChange): Promise<void> {
  return instigator.kind === 'schedule'
    ? changeSchedule(instigator, change)
    : changeSensor(instigator, change);
}

async function changeSchedule(instigator: Instigator, change: InstigatorChange): Promise<void> {
  const { name, repositoryName, locationName, stateId } = instigator;
  const selector = { scheduleName: name, repositoryName, repositoryLocationName: locationName };
  if (change === 'on') {
    expectType((await request(startScheduleDocument, { selector })).startSchedule, 'ScheduleStateResult');
  } else if (change === 'off') {
    const answer = await request(stopScheduleDocument, { id: stateId });
    expectType(answer.stopRunningSchedule, 'ScheduleStateResult');
  } else
    expectType((await request(resetScheduleDocument, { selector })).resetSchedule, 'ScheduleStateResult');
}

async function changeSensor(instigator: Instigator, change: InstigatorChange): Promise<void> {
  const { name, repositoryName, locationName, stateId } = instigator;
  const selector = { sensorName: name, repositoryName, repositoryLocationName: locationName };
  if (change === 'on') expectType((await request(startSensorDocument, { selector })).startSensor, 'Sensor');
  else if (change === 'off') {
    const answer = await request(stopSensorDocument, { id: stateId });
    expectType(answer.stopSensor, 'StopSensorMutationResult');
  } else expectType((await request(resetSensorDocument, { selector })).resetSensor, 'Sensor');
}
