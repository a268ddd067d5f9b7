import type { Instance } from '../ports/instance';
import { describeRoles, reaches, reachOf } from './access';
import { ForbiddenError } from './client-facing-error';
import type { Identity, Role } from './identity';
import { requireWrite, type Scope } from './scope';
import { createAssetOwners } from './scope-assets';
import { scopeObjectStore } from './scope-object-store';
import { scopeStorage } from './scope-storage';

/**
 * The instance as a caller may use it for an action that needs a role: rows of other code locations are not there, and
 * what concerns more than the caller's code locations is refused, so that no resolver or route has to think of it.
 * What the engine does on its own behalf afterwards is not limited (`asSystem`).
 *
 * @param needed.writes false = the action only reads
 * @returns the same instance when the caller has the role everywhere
 */
export function scopeInstance(
  instance: Instance,
  identity: Identity,
  needed: { readonly role: Role; readonly writes: boolean },
): Instance {
  if (identity.grants === undefined) return instance;
  const reach = reachOf(identity, needed.role);
  if (reach === 'everywhere' && (needed.writes || needed.role !== 'viewer')) return instance;
  const seen = reachOf(identity, 'viewer');
  const scope: Scope = {
    sees: (location) => reaches(seen, location),
    reaches: (location) => reaches(reach, location),
    reach,
    mayWrite: needed.writes,
    refusal: (what) =>
      new ForbiddenError(
        `${describeRoles(identity)}; this needs '${needed.role}' for ${what}. Ask an admin of this deployment.`,
      ),
  };
  const { codeLocations, codeLocationClient } = instance;
  const owners = createAssetOwners(() => codeLocations.list());
  const storage = scopeStorage(instance.storage, scope, owners);
  return {
    ...instance,
    system: instance,
    storage,
    objectStore: scopeObjectStore(instance.objectStore, scope, storage),
    codeLocations: {
      list: async () => (await codeLocations.list()).filter(({ name }) => scope.sees(name)),
      get: async (name) => (scope.sees(name) ? codeLocations.get(name) : undefined),
      async reload(name) {
        if (!scope.sees(name)) return undefined;
        requireWrite(scope, name);
        return codeLocations.reload(name);
      },
    },
    codeLocationClient: {
      async call(location, bundleHash, request, options) {
        if (!scope.reaches(location)) throw scope.refusal(`code location '${location}'`);
        return codeLocationClient.call(location, bundleHash, request, options);
      },
    },
  };
}
