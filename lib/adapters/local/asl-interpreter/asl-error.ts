/** A failure inside an execution, by the name that Retry and Catch match on. */
export class AslError extends Error {
  override readonly name = 'AslError';
  /** Step Functions' error name, e.g. `States.TaskFailed`. */
  readonly error: string;

  constructor(error: string, cause: string, options?: ErrorOptions) {
    super(cause, options);
    this.error = error;
  }
}

/** `$states.errorOutput`. */
export interface ErrorOutput {
  readonly Error: string;
  readonly Cause: string;
}

export function toErrorOutput(thrown: unknown): ErrorOutput {
  if (thrown instanceof AslError) return { Error: thrown.error, Cause: thrown.message };
  return { Error: 'States.TaskFailed', Cause: thrown instanceof Error ? thrown.message : String(thrown) };
}
