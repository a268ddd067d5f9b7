import type { Manifest, ScheduleManifest } from '../../model/manifest';

/** Whether a tick of a schedule stands for partitions, so that several missed ones are worth making up for. */
export function isPartitionedSchedule(schedule: ScheduleManifest, manifest: Manifest | null): boolean {
  const job = manifest?.jobs.find(({ name }) => name === schedule.jobName);
  return schedule.request?.partitioned ?? (job?.partitions ?? null) !== null;
}
