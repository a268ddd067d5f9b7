import { Switch } from '../../components/switch';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import type { ScheduleRow } from './schedule-row';

/** Turns a schedule on or off. */
export function ScheduleSwitch({
  row,
  toggles,
}: {
  readonly row: ScheduleRow;
  readonly toggles: OptimisticSwitch;
}) {
  const state = row.schedule.scheduleState;
  const isOn = toggles.shown(row.id, state.status === 'RUNNING');
  const allowed = isOn ? state.hasStopPermission : state.hasStartPermission;
  return (
    <Switch
      label={`${row.schedule.name} is on`}
      checked={isOn}
      saving={toggles.saving(row.id)}
      disabled={!allowed}
      title={allowed ? undefined : 'Your role may not turn schedules on or off here'}
      onChange={(wanted) => toggles.toggle(row.id, wanted)}
    />
  );
}
