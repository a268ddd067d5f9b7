import type { RunStatus } from '../graphql/generated';

/** What people type for a run's status, and what it means. */
export const runStatusWords: Readonly<Record<string, readonly RunStatus[]>> = {
  queued: ['QUEUED'],
  starting: ['STARTING', 'NOT_STARTED', 'MANAGED'],
  running: ['STARTED'],
  waiting: ['SUSPENDED'],
  success: ['SUCCESS'],
  failed: ['FAILURE'],
  canceling: ['CANCELING'],
  canceled: ['CANCELED'],
};

export const everyRunStatus: readonly RunStatus[] = Object.values(runStatusWords).flat();
