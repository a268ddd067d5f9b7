import type { JsonValue } from '../../model/json';
import { ForbiddenError } from '../client-facing-error';
import type { Answer } from '../rest/operation';
import { ProblemError } from '../rest/problem';
import type { AuditedOutcome, AuditTrail } from './audit-trail';

/**
 * Answers a route that changes something, and keeps who asked for it and what came of it.
 *
 * @param route as in the API's description, e.g. `/api/runs/{id}/cancel`
 * @param input what is asked for; may be filled while the work reads it
 */
export function auditedRoute<T extends Answer>(
  audit: AuditTrail,
  { method, path }: { readonly method: string; readonly path: string },
  input: Readonly<Record<string, unknown>>,
  work: () => Promise<T>,
): Promise<T> {
  return audit.record(`${method} ${path}`, input, work, {
    answer: ({ body }) => ({ outcome: 'DONE', message: null, made: madeBy(body) }),
    error: outcomeOfError,
  });
}

function outcomeOfError(error: unknown): AuditedOutcome {
  const isRefusal =
    error instanceof ForbiddenError || (error instanceof ProblemError && error.status === 403);
  return {
    outcome: isRefusal ? 'REFUSED' : 'FAILED',
    message: error instanceof Error ? error.message : String(error),
    made: null,
  };
}

/** The id of what a route has made. */
function madeBy(body: unknown): JsonValue {
  const { runId, id } = (body ?? {}) as { readonly runId?: string; readonly id?: string };
  return runId ?? id ?? null;
}
