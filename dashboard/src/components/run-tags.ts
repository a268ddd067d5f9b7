import type { IconName } from './icon-paths';

/** The system tags that the dashboard reads and writes; the names are the API's. */
export const runTag = {
  scheduleName: 'dagster/schedule_name',
  sensorName: 'dagster/sensor_name',
  tick: 'dagster/tick',
  fromAutomation: 'dagster/from_automation_condition',
  backfill: 'dagster/backfill',
  partition: 'dagster/partition',
  user: 'user',
  priority: 'dagster/priority',
  retryNumber: 'dagster/retry_number',
} as const;

export interface TagPair {
  readonly key: string;
  readonly value: string;
}

export function tagValue(tags: readonly TagPair[], key: string): string | undefined {
  return tags.find((tag) => tag.key === key)?.value;
}

/** Tags that people set: without the system's. */
export function ownTags(tags: readonly TagPair[]): readonly TagPair[] {
  return tags.filter((tag) => !/^\.?dagster\//.test(tag.key) && tag.key !== runTag.user);
}

export interface RunTriggerInfo {
  readonly icon: IconName;
  readonly text: string;
  readonly kind: 'schedule' | 'sensor' | 'automation' | 'backfill' | 'user' | 'manual';
}

/** What started a run. */
export function runTrigger(tags: readonly TagPair[]): RunTriggerInfo {
  const backfill = tagValue(tags, runTag.backfill);
  if (backfill) return { icon: 'backfills', text: backfill, kind: 'backfill' };
  const schedule = tagValue(tags, runTag.scheduleName);
  if (schedule) return { icon: 'schedules', text: schedule, kind: 'schedule' };
  const sensor = tagValue(tags, runTag.sensorName);
  if (tagValue(tags, runTag.fromAutomation) === 'true')
    return { icon: 'bolt', text: sensor ?? 'automation', kind: 'automation' };
  if (sensor) return { icon: 'sensors', text: sensor, kind: 'sensor' };
  const user = tagValue(tags, runTag.user);
  return user ? { icon: 'user', text: user, kind: 'user' } : { icon: 'user', text: 'manual', kind: 'manual' };
}
