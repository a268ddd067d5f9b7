import type { CodeLocationRequest, CodeLocationResponses } from '../model/code-location';
import { errorSummary, type SerializableError } from '../model/serializable-error';
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

/** What user code threw when a location was asked, with the place. */
export function userCodeError(
  location: string,
  request: CodeLocationRequest,
  error: SerializableError,
): UserCodeError {
  const what = `Code location "${location}" failed in ${describeRequest(request)}`;
  return new UserCodeError(`${what}: ${errorSummary(error)}`, { cause: error });
}

/** A request in words. */
export function describeRequest(request: CodeLocationRequest): string {
  switch (request.kind) {
    case 'evaluate-schedule':
      return `schedule "${request.schedule}"`;
    case 'evaluate-sensor':
      return `sensor "${request.sensor}"`;
    case 'verify-signature':
      return 'the signature of a webhook';
    case 'validate-config':
      return `the config of job "${request.job}"`;
    case 'manifest':
      return 'its manifest';
    case 'definition-names':
      return 'the names of its definitions';
  }
}
