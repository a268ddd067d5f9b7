import {
  BackfillNotFoundError,
  BackfillStateError,
  EngineError,
  IdempotencyKeyReusedError,
  InstigatorNotFoundError,
  PlanError,
  type PlanErrorCode,
  RunConfigError,
  RunNotFoundError,
  RunStateError,
} from '../../engine/errors';
import { SensorStoppedError } from '../../engine/receive-sensor-event';
import { UserCodeError } from '../../ports/code-location-client';
import { PortError, UnstorableValueError } from '../../ports/errors';
import { ForbiddenError } from '../client-facing-error';
import { ProblemError } from './problem';

/** Seconds after which a transient failure is worth another try: a sleeping database takes about so long to wake. */
const RETRY_AFTER_SECONDS = 5;

const UNKNOWN: ReadonlySet<PlanErrorCode> = new Set([
  'unknown-location',
  'unknown-job',
  'unknown-asset',
  'unknown-check',
]);

/** What went wrong as an answer. Errors that nobody expected say nothing of their inside. */
export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ForbiddenError) {
    return new ProblemError(403, { title: 'Forbidden', detail: error.message }, { cause: error });
  }
  if (error instanceof EngineError) return engineProblem(error);
  if (error instanceof PortError) return portProblem(error);
  return internalProblem(error);
}

function internalProblem(error: unknown): ProblemError {
  return new ProblemError(
    500,
    {
      title: 'Internal error',
      detail: 'The request failed by a mistake in the server.',
      remedy: "The server's log has the details.",
    },
    { cause: error },
  );
}

function engineProblem(error: EngineError): ProblemError {
  const cause = { cause: error };
  const detail = error.message;
  if (error instanceof PlanError) {
    if (UNKNOWN.has(error.code)) {
      return new ProblemError(404, { title: 'Not found', detail, remedy: suggestion(error) }, cause);
    }
    if (error.code === 'location-not-loaded') {
      const remedy = 'Wait until it has loaded, or repair its code and reload it.';
      return new ProblemError(409, { title: 'Code location not loaded', detail, remedy }, cause);
    }
    return new ProblemError(
      422,
      { title: 'The run cannot be planned', detail, remedy: suggestion(error) },
      cause,
    );
  }
  if (error instanceof RunConfigError) {
    const errors = error.errors.map(({ path, message }) => ({ path: path.join('.'), message }));
    return new ProblemError(422, { title: 'Invalid run config', detail, errors }, cause);
  }
  if (error instanceof IdempotencyKeyReusedError) {
    return new ProblemError(422, { title: 'Idempotency key reused', detail }, cause);
  }
  if (error instanceof InstigatorNotFoundError) {
    return new ProblemError(404, { title: 'Not found', detail }, cause);
  }
  if (error instanceof SensorStoppedError) {
    return new ProblemError(409, { title: 'Sensor is off', detail }, cause);
  }
  if (error instanceof RunNotFoundError || error instanceof BackfillNotFoundError)
    return new ProblemError(404, { title: 'Not found', detail }, cause);
  if (error instanceof RunStateError || error instanceof BackfillStateError)
    return new ProblemError(409, { title: 'Conflict', detail }, cause);
  return new ProblemError(422, { title: 'Invalid request', detail }, cause);
}

function suggestion({ suggestions }: PlanError): string | undefined {
  const [first] = suggestions;
  return first === undefined ? undefined : `Use '${first}' if that is what was meant.`;
}

function portProblem(error: PortError): ProblemError {
  const cause = { cause: error };
  if (error instanceof UnstorableValueError) {
    return new ProblemError(422, { title: 'Invalid value', detail: error.message }, cause);
  }
  if (error instanceof UserCodeError) {
    const remedy = 'Repair the code of the location; its log has the stack.';
    return new ProblemError(500, { title: 'User code failed', detail: error.message, remedy }, cause);
  }
  if (error.fault === 'transient') {
    return new ProblemError(
      503,
      {
        title: 'Temporarily unavailable',
        detail: error.message,
        remedy: `Send the same request again in ${RETRY_AFTER_SECONDS} s. To launch, send an Idempotency-Key, so that no second run is made.`,
        headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
      },
      cause,
    );
  }
  if (error.fault === 'conflict')
    return new ProblemError(409, { title: 'Conflict', detail: error.message }, cause);
  return internalProblem(error);
}
