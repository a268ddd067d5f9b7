import type { ApiContext } from './api-context';
import { tag } from './builder';
import { mayAct, type Role } from './identity';
import { orError } from './schema/errors';

/**
 * The one gate of every mutation: refuses callers whose role does not cover it, as the typed error of its union,
 * and turns whatever the action throws into one too.
 */
export function guarded<T>(context: ApiContext, needed: Role, action: () => Promise<T> | T) {
  const { user, role } = context.identity;
  if (!mayAct(role, needed)) {
    return tag('UnauthorizedError', {
      message: `${user} has the role ${role}; this needs ${needed}. Ask an admin of this deployment.`,
    });
  }
  return orError(action);
}
