import { useRowSwitch } from '../../components/use-row-switch';
import { expectType } from '../../graphql/api-error';
import { request } from '../../graphql/request';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { type ScheduleRow, scheduleSelector } from './schedule-row';
import { schedulesDocument, startScheduleDocument, stopScheduleDocument } from './schedules.graphql';

/** Turns schedules of a list on and off. */
export const useScheduleSwitch = (rows: readonly ScheduleRow[]): OptimisticSwitch =>
  useRowSwitch(rows, switchSchedule, schedulesDocument);

async function switchSchedule(row: ScheduleRow, wanted: boolean): Promise<void> {
  if (wanted) {
    const selector = scheduleSelector(row);
    expectType((await request(startScheduleDocument, { selector })).startSchedule, 'ScheduleStateResult');
  } else {
    const answer = await request(stopScheduleDocument, { id: row.schedule.scheduleState.id });
    expectType(answer.stopRunningSchedule, 'ScheduleStateResult');
  }
}
