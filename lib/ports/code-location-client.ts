import type {
  CodeLocationFailure,
  CodeLocationRequest,
  CodeLocationResponses,
  InstigatorLog,
} from '../model/code-location';
import { errorSummary } from '../model/serializable-error';
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
  /** What a schedule or sensor had logged before it threw. */
  readonly logs: readonly InstigatorLog[];

  constructor(message: string, options: ErrorOptions & { readonly logs?: readonly InstigatorLog[] } = {}) {
    super('permanent', message, options);
    this.logs = options.logs ?? [];
  }
}

/** What user code threw when a location was asked, with the place. */
export function userCodeError(
  location: string,
  request: CodeLocationRequest,
  { error, logs = [] }: CodeLocationFailure,
): UserCodeError {
  const what = `Code location "${location}" failed in ${describeRequest(request)}`;
  return new UserCodeError(`${what}: ${errorSummary(error)}`, { cause: error, logs });
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
    case 'partition-config':
      return `the config of job "${request.job}" for its partitions`;
    case 'manifest':
      return 'its manifest';
    case 'definition-names':
      return 'the names of its definitions';
  }
}
