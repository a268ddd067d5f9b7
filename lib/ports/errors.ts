/** How a caller should take a failure of a port. */
export type FaultKind =
  /** May work when tried again: network, throttling, a waking database. */
  | 'transient'
  /** The world moved on: a stale attempt, a duplicate, a changed state. Trying again is useless. */
  | 'conflict'
  /** Wrong input or configuration: a person has to act. */
  | 'permanent';

/**
 * Base of every error that a port throws.
 *
 * @example if (error instanceof PortError && error.fault === 'transient') retry();
 */
export class PortError extends Error {
  override readonly name: string = 'PortError';
  readonly fault: FaultKind;

  constructor(fault: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** A value that was given cannot be stored or compared with what is: a NUL character, a number without end. */
export class UnstorableValueError extends PortError {
  override readonly name = 'UnstorableValueError';

  constructor(message: string, options?: ErrorOptions) {
    super('permanent', message, options);
  }
}

/** Whether trying again may help; false for anything that is not a `PortError`. */
export function isTransient(error: unknown): boolean {
  return error instanceof PortError && error.fault === 'transient';
}
