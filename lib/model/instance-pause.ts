/** Where the instance's pause is kept in the key-value storage; absent = it is not paused. */
export const INSTANCE_NAMESPACE = 'instance';
export const PAUSE_KEY = 'paused';

/** What a pause stops: `all` = schedules, sensors and dequeueing; `dequeue` = no run starts, ticks go on enqueueing. */
export const PAUSE_SCOPES = ['all', 'dequeue'] as const;
export type PauseScope = (typeof PAUSE_SCOPES)[number];

/** The instance is paused: until somebody resumes it, whatever is deployed or restarted meanwhile. */
export interface InstancePause {
  readonly scope: PauseScope;
  /** Who paused it. */
  readonly by: string;
  /** Epoch ms. */
  readonly since: number;
}

/** A pause in words. */
export function describePause({ scope, by, since }: InstancePause): string {
  const what = scope === 'all' ? 'schedules, sensors and the queue are' : 'the queue is';
  return `${what} paused by ${by} since ${new Date(since).toISOString()}`;
}
