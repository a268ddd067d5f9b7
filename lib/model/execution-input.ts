/** Input of one execution of the run coordinator's state machine: ids only. */
export interface ExecutionInput {
  readonly runId: string;
  readonly attempt: number;
  readonly launcher: 'lambda' | 'fargate';
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

/** Name of an attempt's execution; unique for ever, so starting it twice is harmless. */
export function executionName(runId: string, attempt: number): string {
  return `${runId}-${attempt}`;
}
