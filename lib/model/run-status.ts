/** Dagster's run statuses. */
export const RUN_STATUSES = [
  'QUEUED',
  'NOT_STARTED',
  'MANAGED',
  'STARTING',
  'STARTED',
  'SUSPENDED',
  'SUCCESS',
  'FAILURE',
  'CANCELING',
  'CANCELED',
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/** Statuses that hold a slot of the run queue. */
export const ACTIVE_STATUSES = ['STARTING', 'STARTED', 'CANCELING'] as const satisfies RunStatus[];

/** Statuses that never change again. */
export const FINISHED_STATUSES = ['SUCCESS', 'FAILURE', 'CANCELED'] as const satisfies RunStatus[];
export type FinishedStatus = (typeof FINISHED_STATUSES)[number];

export const isFinished = (status: RunStatus): status is FinishedStatus =>
  (FINISHED_STATUSES as readonly RunStatus[]).includes(status);
export const isActive = (status: RunStatus): boolean =>
  (ACTIVE_STATUSES as readonly RunStatus[]).includes(status);
