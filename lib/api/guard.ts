import { describeRoles, mayActAt, mayActEverywhere } from './access';
import type { ApiContext } from './api-context';
import { tag } from './builder';
import { ForbiddenError } from './client-facing-error';
import { mayAct, type Role } from './identity';
import { orError } from './schema/errors';

/**
 * The one gate of every mutation: refuses callers whose role does not cover it, as the typed error of its union,
 * and turns whatever the action throws into one too. A caller who has the role in some code locations only gets on
 * with these: from here on `context.instance` holds nothing else.
 */
export async function guarded<T>(context: ApiContext, needed: Role, action: () => Promise<T> | T) {
  const { identity } = context;
  if (!mayAct(identity.role, needed)) {
    return unauthorized(
      `${describeRoles(identity)}; this needs '${needed}'. Ask an admin of this deployment.`,
    );
  }
  limitContext(context, needed, { writes: true });
  try {
    return await orError(action);
  } catch (error) {
    if (error instanceof ForbiddenError) return unauthorized(error.message);
    throw error;
  }
}

const unauthorized = (message: string) => tag('UnauthorizedError', { message });

/** Limits a request's instance to where the caller has a role. */
export function limitContext(
  context: Pick<ApiContext, 'limited' | 'instance'>,
  role: Role,
  { writes }: { readonly writes: boolean },
): void {
  Object.assign(context, { instance: context.limited({ role, writes }) });
}

/**
 * For what concerns the deployment as a whole, where the answer has no union that could say no.
 *
 * @param what e.g. `setting a pool's limit`
 * @throws {ForbiddenError}
 */
export function requireEverywhere(
  { identity }: Pick<ApiContext, 'identity'>,
  needed: Role,
  what: string,
): void {
  if (mayActEverywhere(identity, needed)) return;
  throw new ForbiddenError(`${describeRoles(identity)}; ${what} needs '${needed}' in the whole deployment.`);
}

/** @throws {ForbiddenError} the caller has not the role in this code location */
export function requireAt({ identity }: Pick<ApiContext, 'identity'>, needed: Role, location: string): void {
  if (mayActAt(identity, location, needed)) return;
  throw new ForbiddenError(
    `${describeRoles(identity)}; this needs '${needed}' for code location '${location}'. Ask an admin of this deployment.`,
  );
}
