import { useRowSwitch } from '../../components/use-row-switch';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import { changeInstigator } from '../instigators/change-instigator';
import { scheduleInstigator } from '../instigators/instigator';
import type { ScheduleRow } from './schedule-row';
import { schedulesDocument } from './schedules.graphql';

/** Turns schedules of a list on and off. */
export const useScheduleSwitch = (rows: readonly ScheduleRow[]): OptimisticSwitch =>
  useRowSwitch(rows, switchSchedule, schedulesDocument);

const switchSchedule = (row: ScheduleRow, wanted: boolean): Promise<void> =>
  changeInstigator(scheduleInstigator(row), wanted ? 'on' : 'off');
