import { userInfo } from 'node:os';
import type { DeployedBundles } from '../../adapters/aws/deployed-bundles';
import { createArchive } from '../../build/archive';
import type { BuiltLocation } from '../../build/build-code-location';
import { checkTypes } from '../../build/check-types';
import type { CodeLocationsView } from '../../client';
import { errorSummary } from '../../model/serializable-error';
import type { CodeLocationSettings } from '../../settings/workspace-settings';
import { confirm } from '../confirm';
import { differenceLines } from '../difference-report';
import { CliError, EXIT } from '../errors';
import { shortId } from '../format';
import {
  buildLocation,
  deployedLocation,
  findLocation,
  type LocationPlan,
  openDeployedBundles,
  planLocation,
} from '../location-version';
import type { Output } from '../output';
import { profileClient } from '../profile-client';
import type { Profile } from '../profiles';
import type { Project } from '../project';

export interface PushOptions {
  readonly all?: boolean;
  readonly yes?: boolean;
}

interface Push {
  readonly location: string;
  readonly built: BuiltLocation;
  readonly plan: LocationPlan;
}

/**
 * `headrace push <location...>`: builds, shows what changes, asks, uploads what is not there and brings it into
 * force. Nothing is uploaded before every location has built.
 */
export async function push(
  project: Project,
  profile: Profile,
  names: readonly string[],
  options: PushOptions,
  output: Output,
): Promise<number> {
  const locations = chosenLocations(project, names, options);
  const bundles = await openDeployedBundles(profile);
  try {
    const client = await profileClient(profile);
    const deployed = await client.codeLocations();
    const pushes: Push[] = [];
    for (const location of locations) {
      pushes.push(await preparePush(project, profile, location, deployed, bundles, output));
    }
    for (const { plan } of pushes) {
      for (const line of differenceLines(plan.difference, plan, output.colours)) output.line(line);
    }
    const changing = pushes.filter(({ plan, location }) => {
      const { error } = deployedLocation(deployed, location, profile.name);
      // The same code again repairs a location that shows an error.
      return plan.from !== plan.to || error !== null;
    });
    if (changing.length === 0) {
      output.result([], () => output.line('Everything is in force already.'));
      return EXIT.ok;
    }
    if (
      !(await confirm(
        `Push ${changing.map(({ location }) => location).join(', ')} to ${profile.name}?`,
        options,
      ))
    ) {
      output.note('Nothing was pushed.');
      return EXIT.failed;
    }
    const results = [];
    for (const each of changing) results.push(await pushOne(bundles, each, output));
    output.result(results, () => {});
    return results.every(({ ok }) => ok) ? EXIT.ok : EXIT.failed;
  } finally {
    bundles.close();
  }
}

function chosenLocations(
  project: Project,
  names: readonly string[],
  { all }: PushOptions,
): readonly CodeLocationSettings[] {
  if (all === true && names.length === 0) return project.workspace.codeLocations;
  if (all !== true && names.length > 0) return [...new Set(names)].map((name) => findLocation(project, name));
  throw new CliError(
    all === true
      ? '--all pushes every location: name none beside it.'
      : 'Which code location is to be pushed?',
    { remedy: 'npx headrace push <location...>, or --all.' },
  );
}

async function preparePush(
  project: Project,
  profile: Profile,
  location: CodeLocationSettings,
  deployed: CodeLocationsView,
  bundles: DeployedBundles,
  output: Output,
): Promise<Push> {
  const { name } = location;
  const { bundleHash } = deployedLocation(deployed, name, `Deployment "${profile.name}"`);
  const built = await buildLocation(project, location, output);
  const diagnostics = await checkTypes(project.root, location.entry);
  if (diagnostics.length > 0) {
    const lines = diagnostics.map(
      ({ file, line, message }) => `  ${file ?? location.entry}:${line}: ${message}`,
    );
    throw new CliError(`Code location "${name}" has type errors:\n${lines.join('\n')}`, {
      exitCode: EXIT.failed,
      remedy: 'Correct them; nothing was pushed.',
    });
  }
  const { apiVersion } = built.manifest;
  if (apiVersion > deployed.apiVersion) {
    throw new CliError(
      `Code location "${name}" is built for version ${apiVersion} of the interface; deployment "${profile.name}" knows ${deployed.apiVersion}.`,
      {
        exitCode: EXIT.failed,
        remedy:
          'Deploy this version of Headrace first (npx cdk deploy --all), or push with the one that is deployed.',
      },
    );
  }
  return {
    location: name,
    built,
    plan: await planLocation(name, built, bundleHash, (hash) => bundles.readManifest(hash)),
  };
}

async function pushOne(bundles: DeployedBundles, { location, built }: Push, output: Output) {
  const uploaded = !(await bundles.has(built.hash));
  if (uploaded) {
    const archive = await createArchive(built.directory);
    output.note(`uploading ${location} ${shortId(built.hash)} (${Math.ceil(archive.byteLength / 1024)} KB)`);
    await bundles.upload(built.hash, archive, built.manifest);
  }
  const answer = await bundles.register({ location, bundleHash: built.hash, by: currentUser() });
  if (answer.ok) {
    output.line(`${location} ${shortId(built.hash)} is in force. Undo it: npx headrace rollback ${location}`);
  } else {
    output.note(
      output.colours.bad(`${location} ${shortId(built.hash)} is not in force: ${errorSummary(answer.error)}`),
    );
  }
  return { uploaded, ...answer };
}

/** Who is asked about a version later. */
export const currentUser = (): string => userInfo().username;
