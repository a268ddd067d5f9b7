import { keyText } from '../../components/format/asset-key';
import { cronWords } from '../../components/format/cron-words';
import type { TickLike } from '../../components/tick-text';
import type { AutomationConditionsResult } from '../../graphql/generated';
import type { ScheduleRow } from '../schedules/schedule-row';
import { type SensorRow, sensorTarget, sensorTimingText, sensorTypeText } from '../sensors/sensor-row';

type Condition = NonNullable<
  Extract<
    AutomationConditionsResult['repositoriesOrError'],
    { readonly __typename: 'RepositoryConnection' }
  >['nodes'][number]['assetNodes'][number]['automationCondition']
>;

/** An asset or a job that runs by a condition, and the sensor that evaluates it. */
export interface ConditionRow {
  readonly asset: { readonly path: readonly string[] } | null;
  readonly jobName: string | null;
  readonly condition: Condition;
  readonly locationName: string;
  readonly sensor: SensorRow | undefined;
}

/** One line of the list; `id` is its place in the address. */
export type AutomationRow = { readonly id: string } & (
  | { readonly kind: 'schedule'; readonly schedule: ScheduleRow }
  | { readonly kind: 'sensor'; readonly sensor: SensorRow }
  | { readonly kind: 'condition'; readonly condition: ConditionRow }
);
export type AutomationKind = AutomationRow['kind'];

export function scheduleRows(rows: readonly ScheduleRow[]): AutomationRow[] {
  return rows.map((schedule) => ({ kind: 'schedule', id: `schedule:${schedule.id}`, schedule }));
}

export function sensorRows(rows: readonly SensorRow[]): AutomationRow[] {
  return rows.map((sensor) => ({ kind: 'sensor', id: `sensor:${sensor.id}`, sensor }));
}

const isAutomation = ({ sensor }: SensorRow): boolean =>
  sensor.sensorType === 'AUTOMATION' || sensor.sensorType === 'AUTO_MATERIALIZE';

/** Conditions of assets and jobs. A sensor evaluates those assets of its code location that it follows. */
export function conditionRows(
  answer: AutomationConditionsResult['repositoriesOrError'],
  sensors: readonly SensorRow[],
): AutomationRow[] {
  if (answer.__typename !== 'RepositoryConnection') return [];
  return answer.nodes.flatMap(({ location: { name: locationName }, assetNodes, jobs }) => {
    const own = sensors.filter((sensor) => sensor.locationName === locationName && isAutomation(sensor));
    const byAsset = new Map(
      own.flatMap((sensor) =>
        (sensor.sensor.metadata.assetKeys ?? []).map((key) => [keyText(key), sensor] as const),
      ),
    );
    return [
      ...assetNodes.flatMap(({ assetKey, automationCondition: condition }): AutomationRow[] => {
        if (condition === null) return [];
        const sensor = byAsset.get(keyText(assetKey));
        const row = { asset: assetKey, jobName: null, condition, locationName, sensor };
        return [
          { kind: 'condition', id: `condition:${locationName}:asset:${keyText(assetKey)}`, condition: row },
        ];
      }),
      ...jobs.flatMap(({ name, automationCondition: condition }): AutomationRow[] => {
        if (condition === null) return [];
        const row = { asset: null, jobName: name, condition, locationName, sensor: own[0] };
        return [{ kind: 'condition', id: `condition:${locationName}:job:${name}`, condition: row }];
      }),
    ];
  });
}

export function rowName(row: AutomationRow): string {
  if (row.kind === 'schedule') return row.schedule.schedule.name;
  if (row.kind === 'sensor') return row.sensor.sensor.name;
  return row.condition.asset === null ? (row.condition.jobName ?? '') : keyText(row.condition.asset);
}

/** What it starts. */
export function rowTarget(row: AutomationRow): string {
  if (row.kind === 'schedule') {
    const { pipelineName } = row.schedule.schedule;
    return pipelineName.startsWith('__') ? 'assets' : pipelineName;
  }
  if (row.kind === 'sensor') return followedText(row.sensor);
  return row.condition.asset === null ? 'the job' : 'the asset';
}

function followedText(row: SensorRow): string {
  const followed = row.sensor.metadata.assetKeys ?? [];
  if (isAutomation(row)) return `${followed.length} ${followed.length === 1 ? 'asset' : 'assets'}`;
  return sensorTarget(row.sensor);
}

/** When it is looked at, in words, and what explains it. */
export function rowTiming(row: AutomationRow): readonly [string, string] {
  if (row.kind === 'schedule') {
    const { cronSchedule, executionTimezone } = row.schedule.schedule;
    return [cronWords(cronSchedule) ?? cronSchedule, `${cronSchedule} · ${executionTimezone ?? 'UTC'}`];
  }
  if (row.kind === 'sensor') return [sensorTypeText(row.sensor.sensor), sensorTimingText(row.sensor.sensor)];
  const { condition, sensor } = row.condition;
  return [
    condition.label ?? conditionText(condition.expandedLabel),
    sensor ? `evaluated by ${sensor.sensor.name}` : 'no sensor evaluates it',
  ];
}

/** `(any_deps_updated) SINCE (handled)` → `(any deps updated) since (handled)`. */
export function conditionText(parts: readonly string[]): string {
  return parts
    .join(' ')
    .replaceAll('_', ' ')
    .replaceAll(/\b(AND|OR|NOT|SINCE)\b/g, (word) => word.toLowerCase());
}

export function rowLocation(row: AutomationRow): string {
  if (row.kind === 'schedule') return row.schedule.locationName;
  return row.kind === 'sensor' ? row.sensor.locationName : row.condition.locationName;
}

/** Ticks of it, newest first; of a condition those of its sensor. */
export function rowTicks(row: AutomationRow): readonly TickLike[] {
  if (row.kind === 'schedule') return row.schedule.ticks;
  if (row.kind === 'sensor') return row.sensor.sensor.sensorState.ticks;
  return row.condition.sensor?.sensor.sensorState.ticks ?? [];
}

/** Whether it is on; of a condition whether its sensor is. */
export function isOn(row: AutomationRow): boolean {
  if (row.kind === 'schedule') return row.schedule.schedule.scheduleState.status === 'RUNNING';
  const sensor = row.kind === 'sensor' ? row.sensor : row.condition.sensor;
  return sensor?.sensor.sensorState.status === 'RUNNING';
}

/** When it is looked at next, epoch ms; null when it is off or waits for events. */
export function nextAt(row: AutomationRow): number | null {
  if (!isOn(row)) return null;
  const seconds =
    row.kind === 'schedule'
      ? row.schedule.schedule.futureTicks.results[0]?.timestamp
      : (row.kind === 'sensor' ? row.sensor : row.condition.sensor)?.sensor.nextTick?.timestamp;
  return seconds == null ? null : seconds * 1_000;
}
