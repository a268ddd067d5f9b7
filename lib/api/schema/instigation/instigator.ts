import type { ScheduleManifest, SensorManifest } from '../../../model/manifest';
import type { InstigatorId } from '../../../model/tick';
import type { ApiContext } from '../../api-context';

/** A schedule or sensor as the API passes it around. */
export type InstigatorValue =
  | { readonly kind: 'schedule'; readonly location: string; readonly definition: ScheduleManifest }
  | { readonly kind: 'sensor'; readonly location: string; readonly definition: SensorManifest };

export const instigatorId = ({ kind, location, definition }: InstigatorValue): InstigatorId => ({
  kind,
  location,
  name: definition.name,
});

/** `location:kind:name`; the id that `stopRunningSchedule` and `stopSensor` take. */
export function encodeInstigatorId({ location, kind, name }: InstigatorId): string {
  return `${location}:${kind}:${name}`;
}

/** The schedule or sensor of an encoded id. */
export function findInstigator(id: string, { workspace }: ApiContext): InstigatorValue | undefined {
  const [location = '', kind = '', ...rest] = id.split(':');
  const name = rest.join(':');
  if (kind === 'schedule') return scheduleValue(location, workspace.schedule(location, name));
  if (kind === 'sensor') return sensorValue(location, workspace.sensor(location, name));
  return undefined;
}

export const scheduleValue = (
  location: string,
  definition: ScheduleManifest | undefined,
): InstigatorValue | undefined =>
  definition === undefined ? undefined : { kind: 'schedule', location, definition };
export const sensorValue = (
  location: string,
  definition: SensorManifest | undefined,
): InstigatorValue | undefined =>
  definition === undefined ? undefined : { kind: 'sensor', location, definition };

/** One cron string, or all of them as Dagster writes a list. */
export function cronText({ cron }: ScheduleManifest): string {
  return cron.length === 1 ? (cron[0] ?? '') : JSON.stringify(cron);
}
