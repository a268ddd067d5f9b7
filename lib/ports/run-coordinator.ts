import type { ExecutionInput } from '../model/execution-input';

/** Carries a claimed attempt from launch to its end: Step Functions, or its interpreter. */
export interface RunCoordinator {
  /** Idempotent by name (`<runId>-<attempt>`): an execution that exists, running or ended, is left alone. */
  startExecution(name: string, input: ExecutionInput): Promise<void>;
  /** Asks for its end (the task is stopped, the run finalized by the caller); absent or ended is no error. */
  stopExecution(name: string, cause: string): Promise<void>;
}
