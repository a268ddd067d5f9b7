import type { CodeLocation } from '../model/code-location';
import type { Instance } from '../ports/instance';
import type { Identity } from './identity';
import { ProblemError } from './rest/problem';

/**
 * The instance as a caller may see it who is limited to some code locations: such a caller launches runs of these,
 * follows and cancels them, and sends events to their sensors, by the REST API. Anything else shows or changes more than those locations, and is
 * refused.
 *
 * @throws {ProblemError} the request is none that a limited caller may make
 */
export async function scopeToLocations(
  instance: Instance,
  { user, locations }: Identity,
  request: Request,
): Promise<Instance> {
  if (locations === undefined) return instance;
  const { pathname } = new URL(request.url);
  const launches = request.method === 'POST' && /^\/api\/runs\/?$/.test(pathname);
  const sends = /^\/api\/sensors\/[^/]+\/[^/]+\/events(\/replay)?\/?$/.test(pathname);
  if (launches || sends || (await isOwnRun(instance, locations, pathname)))
    return limited(instance, locations);
  throw new ProblemError(403, {
    title: 'Forbidden',
    detail: `'${user}' may launch, follow and cancel runs of ${locations.join(', ')}; ${request.method} ${pathname} is none of that.`,
    remedy: 'Use a token for all code locations, or ask an admin of this deployment for one.',
  });
}

/** Also a run that is not there: the answer says so. */
async function isOwnRun(
  { storage }: Instance,
  locations: readonly string[],
  pathname: string,
): Promise<boolean> {
  const runId = /^\/api\/runs\/([^/]+)/.exec(pathname)?.[1];
  if (runId === undefined) return false;
  const run = await storage.getRun(runId);
  return run === undefined || locations.includes(run.location);
}

function limited(instance: Instance, locations: readonly string[]): Instance {
  const { codeLocations } = instance;
  const own = (name: string): boolean => locations.includes(name);
  return {
    ...instance,
    codeLocations: {
      list: async () => (await codeLocations.list()).filter(({ name }: CodeLocation) => own(name)),
      get: async (name) => (own(name) ? codeLocations.get(name) : undefined),
      reload: async (name) => (own(name) ? codeLocations.reload(name) : undefined),
    },
  };
}
