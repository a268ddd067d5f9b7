import { Switch } from '../../components/switch';
import type { OptimisticSwitch } from '../../graphql/use-optimistic-switch';
import type { SensorRow } from './sensor-row';

/** Turns a sensor on or off. */
export function SensorSwitch({
  row,
  toggles,
}: {
  readonly row: SensorRow;
  readonly toggles: OptimisticSwitch;
}) {
  const state = row.sensor.sensorState;
  const isOn = toggles.shown(row.id, state.status === 'RUNNING');
  const allowed = isOn ? state.hasStopPermission : state.hasStartPermission;
  return (
    <Switch
      label={`${row.sensor.name} is on`}
      checked={isOn}
      saving={toggles.saving(row.id)}
      disabled={!allowed}
      title={allowed ? undefined : 'Your role may not turn sensors on or off here'}
      onChange={(wanted) => toggles.toggle(row.id, wanted)}
    />
  );
}
