import { DatabaseResumingException } from '@aws-sdk/client-rds-data';
import { PortError } from '../../ports/errors';
import { toPortError } from './to-port-error';

/** What the Data API makes of PostgreSQL's errors; detail, hint and position come only now and then. */
const DATABASE_ERROR =
  /^[A-Z]+: (?<message>[\s\S]*?)(?:\n\s*Detail: [\s\S]*?)?(?:; Hint: [\s\S]*?)?(?:; Position: \d+)?; SQLState: (?<code>[0-9A-Z]{5})$/;

/** Failures of the service that pass; the SDK has repeated the call already. */
const PASSING = new Set([
  'ThrottlingException',
  'TooManyRequestsException',
  'ServiceUnavailableError',
  'InternalServerErrorException',
  'DatabaseUnavailableException',
  'InvalidResourceStateException',
]);

/** Whether a paused database has begun to resume: the call was not executed. */
export function isResuming(error: unknown): boolean {
  return error instanceof DatabaseResumingException;
}

/** SQLSTATE of a failure that PostgreSQL itself reported. */
export function sqlStateOf(error: unknown): string | undefined {
  return DATABASE_ERROR.exec(toFailure(error).message)?.groups?.code;
}

/** Sorts a failure of a Data API call by what the caller can do about it. */
export function fromDataApiError(error: unknown): PortError {
  if (error instanceof PortError) return error;
  const failure = toFailure(error);
  const text = `${failure.name}: ${failure.message}`;
  const groups = DATABASE_ERROR.exec(failure.message)?.groups;
  if (groups?.code !== undefined) return toPortError(groups.code, groups.message ?? text, error);
  if (failure.name === 'StatementTimeoutException') {
    return new PortError('transient', 'The statement was stopped: the Data API gives one 45 s.', {
      cause: error,
    });
  }
  if (PASSING.has(failure.name) || failure.$fault === 'server' || isUnanswered(failure))
    return toPortError(undefined, text, error);
  return new PortError(
    'permanent',
    `The Data API refused the call: ${text}. Look at the cluster's ARN, its HTTP endpoint, the secret and the role's rights to both.`,
    { cause: error },
  );
}

/** An exception of the service, or what kept the SDK from getting an answer. */
interface Failure {
  readonly name: string;
  readonly message: string;
  /** Only of the service's exceptions. */
  readonly $fault?: 'client' | 'server';
  /** Of all that was tried. */
  readonly $metadata?: object;
}

/** The request was sent, or should have been, and the network failed. No credentials are another matter. */
function isUnanswered({ name, $fault, $metadata }: Failure): boolean {
  return $fault === undefined && $metadata !== undefined && !name.endsWith('ProviderError');
}

/** By form, not by class: an error may come from another realm. */
function toFailure(error: unknown): Failure {
  const isError = typeof error === 'object' && error !== null && 'name' in error && 'message' in error;
  return isError ? (error as Failure) : { name: 'Error', message: String(error) };
}
