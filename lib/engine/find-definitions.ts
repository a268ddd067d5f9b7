import type { JobManifest, Manifest, ScheduleManifest } from '../model/manifest';
import { ASSET_JOB } from '../model/run';
import type { Instance } from '../ports/instance';
import { InstigatorNotFoundError, PlanError } from './errors';

/** A location whose definitions can be used, with the bundle that they come from. */
export interface LoadedLocation {
  readonly manifest: Manifest;
  readonly bundleHash: string;
}

/**
 * A location of the workspace; a broken one serves its last good definitions.
 *
 * @throws {PlanError} `unknown-location`, `location-not-loaded`
 */
export async function findLocation(
  instance: Pick<Instance, 'codeLocations'>,
  name: string,
): Promise<LoadedLocation> {
  const location = await instance.codeLocations.get(name);
  if (location === undefined) {
    const known = (await instance.codeLocations.list()).map((each) => each.name);
    throw new PlanError('unknown-location', name, `There is no code location '${name}' in the workspace.`, {
      known,
    });
  }
  if (location.manifest === null || location.bundleHash === null) {
    const reason = location.error === null ? 'it is still loading' : location.error.message;
    throw new PlanError(
      'location-not-loaded',
      name,
      `Code location '${name}' has no definitions yet: ${reason}`,
    );
  }
  return { manifest: location.manifest, bundleHash: location.bundleHash };
}

/** @throws {PlanError} `unknown-job` */
export function findJob(manifest: Manifest, name: string): JobManifest {
  const job = manifest.jobs.find((candidate) => candidate.name === name);
  if (job !== undefined) return job;
  if (name === ASSET_JOB) {
    throw new PlanError(
      'unknown-job',
      name,
      `Nothing in code location '${manifest.location}' can be materialized.`,
    );
  }
  throw new PlanError(
    'unknown-job',
    name,
    `There is no job '${name}' in code location '${manifest.location}'.`,
    {
      known: manifest.jobs.map((candidate) => candidate.name),
    },
  );
}

/** @throws {PlanError} as `findLocation` @throws {InstigatorNotFoundError} */
export async function findSchedule(
  instance: Pick<Instance, 'codeLocations'>,
  selector: { readonly location: string; readonly name: string },
): Promise<{ readonly location: LoadedLocation; readonly schedule: ScheduleManifest }> {
  const location = await findLocation(instance, selector.location);
  const { schedules } = location.manifest;
  const schedule = schedules.find(({ name }) => name === selector.name);
  if (schedule !== undefined) return { location, schedule };
  const known = schedules.map(({ name }) => name);
  throw new InstigatorNotFoundError('schedule', selector.name, selector.location, known);
}
