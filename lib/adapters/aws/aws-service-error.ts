import { type FaultKind, PortError } from '../../ports/errors';

/** A call to an AWS service failed. `code` is AWS's name of the error. */
export class AwsServiceError extends PortError {
  override readonly name = 'AwsServiceError';
  readonly service: string;
  readonly operation: string;
  readonly code: string;

  constructor(
    fault: FaultKind,
    details: {
      readonly service: string;
      readonly operation: string;
      /** What the call was about, e.g. an object's key. */
      readonly subject: string;
      readonly code: string;
      readonly reason: string;
    },
    options?: ErrorOptions,
  ) {
    const { service, operation, subject, code, reason } = details;
    super(fault, `${service} ${operation} of ${subject} failed with ${code}: ${reason}`, options);
    this.service = service;
    this.operation = operation;
    this.code = code;
  }
}

/** Too fast, or a fault of theirs: the same call may work in a moment. The SDK has tried three times already. */
const PASSING = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'Throttling',
  'SlowDown',
  'RequestLimitExceeded',
  'RequestTimeout',
  'ServiceUnavailable',
  'InternalServiceError',
  'TimeoutError',
]);

/** What the SDK threw, in words, and whether trying again may help. */
export function toAwsServiceError(
  call: { readonly service: string; readonly operation: string; readonly subject: string },
  error: unknown,
): AwsServiceError {
  if (error instanceof AwsServiceError) return error;
  const { code, reason, status } = describe(error);
  // Without a status there was no answer: the network.
  const isPassing = PASSING.has(code) || status === undefined || status >= 500 || status === 429;
  return new AwsServiceError(
    isPassing ? 'transient' : 'permanent',
    { ...call, code, reason },
    { cause: error },
  );
}

/**
 * Makes a call to a service.
 *
 * @throws {AwsServiceError} whatever the SDK threw, in words
 * @example await callService({ service: 'S3', operation: 'PutObject', subject: key }, () => client.send(command));
 */
export async function callService<T>(
  about: { readonly service: string; readonly operation: string; readonly subject: string },
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toAwsServiceError(about, error);
  }
}

/** AWS's name of an error; undefined for anything that is none. */
export function awsErrorCode(error: unknown): string | undefined {
  return error instanceof Error ? error.name : undefined;
}

function describe(error: unknown): { code: string; reason: string; status: number | undefined } {
  if (!(error instanceof Error)) return { code: 'UnknownError', reason: String(error), status: undefined };
  const { $metadata } = error as { $metadata?: { httpStatusCode?: number } };
  return { code: error.name, reason: error.message, status: $metadata?.httpStatusCode };
}
