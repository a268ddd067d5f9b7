import type { CodeLocationRequest, CodeLocationResponses } from '../model/code-location';
import { PortError } from './errors';

/** Speaks with the process or function that holds a location's code. */
export interface CodeLocationClient {
  /**
   * @throws {UserCodeError} when user code threw
   * @throws {PortError} transient: unreachable or timed out
   */
  call<K extends CodeLocationRequest['kind']>(
    location: string,
    bundleHash: string,
    request: Extract<CodeLocationRequest, { kind: K }>,
    options: { readonly timeoutSeconds: number },
  ): Promise<CodeLocationResponses[K]>;
}

/** User code threw while being evaluated; `cause` is what it threw, as a `SerializableError`. */
export class UserCodeError extends PortError {
  override readonly name = 'UserCodeError';
  constructor(message: string, options?: ErrorOptions) {
    super('permanent', message, options);
  }
}
