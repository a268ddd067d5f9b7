import { createCliClient } from '../cli-client';
import { differenceLines } from '../difference-report';
import { CliError, EXIT } from '../errors';
import { readServerFile } from '../local-server/server-file';
import {
  buildLocation,
  deployedLocation,
  findLocation,
  type LocationPlan,
  openDeployedBundles,
  planLocation,
  readLocalManifest,
} from '../location-version';
import type { Output } from '../output';
import { profileClient } from '../profile-client';
import type { Profile } from '../profiles';
import type { Project } from '../project';

/** With `--exit-code`: there is a difference. */
const DIFFERENT = 2;

/** `headrace plan <location>`: what a push would change, against a deployment or the server of this machine. */
export async function plan(
  project: Project,
  profile: Profile | undefined,
  name: string,
  options: { readonly exitCode?: boolean },
  output: Output,
): Promise<number> {
  const location = findLocation(project, name);
  const found = profile === undefined ? await planLocally() : await planDeployed(profile);
  output.result(found, () => {
    for (const line of differenceLines(found.difference, found, output.colours)) output.line(line);
  });
  return options.exitCode === true && found.from !== found.to ? DIFFERENT : EXIT.ok;

  async function planLocally(): Promise<LocationPlan> {
    const { HEADRACE_URL } = project.environment;
    const server = readServerFile(project.home);
    if (HEADRACE_URL !== undefined || server === undefined) {
      throw new CliError(
        HEADRACE_URL === undefined
          ? 'No server of this project runs, so there is nothing to compare with.'
          : 'HEADRACE_URL says where the API is, but not where its code is kept.',
        { remedy: 'Start npx headrace dev, or name a deployment: --profile <name>.' },
      );
    }
    const client = createCliClient({ url: server.url, token: server.token });
    const { bundleHash } = deployedLocation(await client.codeLocations(), name, 'The running server');
    const built = await buildLocation(project, location, output);
    return planLocation(name, built, bundleHash, (hash) => readLocalManifest(project, hash));
  }

  async function planDeployed(chosen: Profile): Promise<LocationPlan> {
    const bundles = await openDeployedBundles(chosen);
    try {
      const client = await profileClient(chosen);
      const where = `Deployment "${chosen.name}"`;
      const { bundleHash } = deployedLocation(await client.codeLocations(), name, where);
      const built = await buildLocation(project, location, output);
      return await planLocation(name, built, bundleHash, (hash) => bundles.readManifest(hash));
    } finally {
      bundles.close();
    }
  }
}
