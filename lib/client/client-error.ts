import type { Problem } from './problem';

/** A request that did not work. `status` 0: the server could not be reached. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(status: number, message: string, problem?: Problem, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
    this.problem = problem;
  }

  /** Whether the same request may work later: unreachable, overloaded, waking up. */
  get transient(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}
