import type { TaskCapacity } from './task-settings';

/**
 * The task that carries an attempt. Image and role are names; absent = those of the location. (A type: interfaces
 * are not taken for JSON.)
 */
export type TaskChoice = {
  readonly capacity: TaskCapacity;
  /** Units: 1024 = one vCPU. */
  readonly cpu: number;
  /** MB. */
  readonly memory: number;
  readonly image?: string;
  readonly role?: string;
};

/** Input of one execution of the run coordinator's state machine: ids and names only. */
export interface ExecutionInput {
  readonly runId: string;
  readonly attempt: number;
  /** `external`: a task on a server of one's own. */
  readonly launcher: 'lambda' | 'fargate' | 'external';
  /** Absent where a function carries the attempt. */
  readonly task?: TaskChoice;
  readonly location: string;
  readonly bundleHash: string;
  /** Seconds; the state's time-out adds a margin to it. */
  readonly maxRuntimeSeconds: number;
}

/** What the state machine hands to finalize: how the task ended, or the error that it caught. */
export interface FinalizeInput {
  readonly runId: string;
  readonly attempt: number;
  /** Null when the task ended by itself; then storage says how the run ended. */
  readonly cause: { readonly Error: string; readonly Cause: string } | null;
}

/** What the state machine asks a token for, and what it gets. */
export interface IssueTokenInput {
  readonly runId: string;
  readonly attempt: number;
}

export interface IssuedToken {
  readonly attemptToken: string;
}

/** Name of an attempt's execution; unique for ever, so starting it twice is harmless. */
export function executionName(runId: string, attempt: number): string {
  return `${runId}-${attempt}`;
}

/** What the state machine hands to a worker function on Lambda. */
export interface RunWorkerInput {
  readonly runId: string;
  readonly attempt: number;
  readonly location: string;
  readonly bundleHash: string;
  readonly workerId: string;
  /** The attempt's secret. */
  readonly attemptToken: string;
  readonly maxRuntimeSeconds: number;
}

/** Names of the environment variables by which a container task learns which attempt it serves. */
export const WORKER_VARIABLE = {
  runId: 'HEADRACE_RUN_ID',
  attempt: 'HEADRACE_ATTEMPT',
  attemptToken: 'HEADRACE_ATTEMPT_TOKEN',
  location: 'HEADRACE_LOCATION',
  bundleHash: 'HEADRACE_BUNDLE_HASH',
  workerId: 'HEADRACE_WORKER_ID',
  maxRuntime: 'HEADRACE_MAX_RUNTIME',
} as const;
