import { z } from 'zod';
import { ALERT_TYPES, type AlertType } from '../../model/alert';
import type { Tags } from '../../model/tags';
import { positiveSeconds } from './values';

export interface AlertSettings {
  readonly alerts: {
    /** What people are told of. */
    readonly types: readonly AlertType[];
    /** Jobs whose failed runs count, as `job` or `location/job`; empty = all. */
    readonly jobs: readonly string[];
    /** Tags that a failed run must have. */
    readonly tags: Tags;
    /** A queue in which nothing moves for so many seconds is stuck. */
    readonly queueStuckAfter: number;
  };
}

export const alertSchema = {
  alerts: z
    .strictObject({
      types: z.array(z.enum(ALERT_TYPES)).default([...ALERT_TYPES]),
      jobs: z.array(z.string().min(1)).default([]),
      tags: z.record(z.string(), z.string()).default({}),
      queue_stuck_after_seconds: positiveSeconds(600),
    })
    .prefault({}),
};

export function toAlertSettings({ alerts }: z.output<z.ZodObject<typeof alertSchema>>): AlertSettings {
  const { types, jobs, tags, queue_stuck_after_seconds: queueStuckAfter } = alerts;
  return { alerts: { types, jobs, tags, queueStuckAfter } };
}
