import { PlanError } from '../../engine/errors';
import type { Workspace } from '../workspace-index';
import { ProblemError } from './problem';

/**
 * The only location with a job of this name.
 *
 * @throws {PlanError} `unknown-job`
 * @throws {ProblemError} when several have one
 */
export function locationOfJob(job: string, { locations }: Workspace): string {
  const names = (manifestJobs: readonly { readonly name: string }[]) => manifestJobs.map(({ name }) => name);
  const owners = locations.filter(({ manifest }) => names(manifest?.jobs ?? []).includes(job));
  const [owner] = owners;
  if (owner === undefined) {
    const known = new Set(locations.flatMap(({ manifest }) => names(manifest?.jobs ?? [])));
    throw new PlanError('unknown-job', job, `There is no job '${job}' in any code location.`, { known });
  }
  if (owners.length > 1) {
    throw new ProblemError(409, {
      title: 'Ambiguous job',
      detail: `Job '${job}' is in several code locations: ${owners.map(({ name }) => name).join(', ')}.`,
      remedy: `Say which, e.g. "location": "${owner.name}".`,
    });
  }
  return owner.name;
}
