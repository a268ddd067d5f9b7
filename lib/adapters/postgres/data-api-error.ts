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
  'TimeoutError',
]);

/** Whether a paused database has begun to resume: the call was not executed. */
export function isResuming(error: unknown): boolean {
  return error instanceof DatabaseResumingException;
}

/** SQLSTATE of a failure that PostgreSQL itself reported. */
export function sqlStateOf(error: unknown): string | undefined {
  return error instanceof Error ? DATABASE_ERROR.exec(error.message)?.groups?.code : undefined;
}

/** Sorts a failure of a Data API call by what the caller can do about it. */
export function fromDataApiError(error: unknown): PortError {
  if (error instanceof PortError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  const groups = DATABASE_ERROR.exec(message)?.groups;
  if (groups?.code !== undefined) return toPortError(groups.code, groups.message ?? message, error);
  if (name === 'StatementTimeoutException') {
    return new PortError('transient', 'The statement was stopped: the Data API gives one 45 s.', {
      cause: error,
    });
  }
  if (PASSING.has(name) || isServerFault(error) || isSocketError(error))
    return toPortError(undefined, `${name}: ${message}`, error);
  return new PortError(
    'permanent',
    `The Data API refused the call: ${name}: ${message}. Look at the cluster's ARN, its HTTP endpoint, the secret and the role's rights to both.`,
    { cause: error },
  );
}

function isServerFault(error: unknown): boolean {
  return error instanceof Error && '$fault' in error && error.$fault === 'server';
}

/** Node's codes of sockets and name look-ups: ECONNRESET, ENOTFOUND, EAI_AGAIN, … */
function isSocketError(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]/.test(error.code)
  );
}
