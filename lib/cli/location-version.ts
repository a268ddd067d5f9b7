import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DeployedBundles } from '../adapters/aws/deployed-bundles';
import { bundlesFolder } from '../adapters/local/create-local-instance';
import { systemClock } from '../adapters/system/system-clock';
import { type BuiltLocation, buildCodeLocation } from '../build/build-code-location';
import type { CodeLocationsView, CodeLocationView } from '../client';
import type { Manifest } from '../model/manifest';
import { differenceOfManifests, type ManifestDifference } from '../model/manifest-difference';
import { didYouMean, nearMisses } from '../model/near-misses';
import type { CodeLocationSettings } from '../settings/workspace-settings';
import { CliError, EXIT } from './errors';
import { buildOptions } from './local-server/open-code-locations';
import type { Output } from './output';
import { type Profile, required } from './profiles';
import type { Project } from './project';

/** What would come into force, against what is. */
export interface LocationPlan {
  readonly location: string;
  readonly from: string | null;
  readonly to: string;
  readonly difference: ManifestDifference;
}

/** @throws {CliError} for a name that workspace.yaml has not */
export function findLocation(project: Project, name: string): CodeLocationSettings {
  const { codeLocations } = project.workspace;
  const found = codeLocations.find((location) => location.name === name);
  if (found !== undefined) return found;
  const names = codeLocations.map((location) => location.name);
  throw new CliError(
    `There is no code location "${name}" in workspace.yaml.${didYouMean(nearMisses(name, names))}`,
    { remedy: `There are ${names.join(', ')}.` },
  );
}

/** Builds a location as `headrace build` does. */
export async function buildLocation(
  project: Project,
  location: CodeLocationSettings,
  output: Output,
): Promise<BuiltLocation> {
  return buildCodeLocation(await buildOptions(project, location, bundlesFolder(project.home), output.note));
}

/** @throws {CliError} when the deployment has no such location */
export function deployedLocation(
  { locations }: CodeLocationsView,
  name: string,
  where: string,
): CodeLocationView {
  const found = locations.find((location) => location.name === name);
  if (found !== undefined) return found;
  throw new CliError(`${where} has no code location "${name}".`, {
    remedy: `It has ${locations.map((location) => location.name).join(', ') || 'none'}. A new location needs a deployment first: npx cdk deploy --all.`,
  });
}

/** The versions of a profile's deployment. Loaded when it is needed: AWS's SDK takes a while. */
export async function openDeployedBundles(profile: Profile): Promise<DeployedBundles> {
  const options = {
    region: required(profile, 'region'),
    bucket: required(profile, 'bundlesBucket'),
    registerFunction: required(profile, 'registerFunction'),
  };
  const { createDeployedBundles } = await import('../adapters/aws/deployed-bundles');
  return createDeployedBundles(options);
}

/** The manifest of a version that a local server built. */
export async function readLocalManifest(project: Project, bundleHash: string): Promise<Manifest> {
  const file = join(bundlesFolder(project.home), bundleHash, 'manifest.json');
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Manifest;
  } catch (cause) {
    throw new CliError(`The manifest of the version in force cannot be read: ${(cause as Error).message}`, {
      exitCode: EXIT.system,
      remedy: 'Restart headrace dev: it builds what is missing.',
      cause,
    });
  }
}

/** Compares a manifest with that of the version in force. */
export async function planLocation(
  location: string,
  to: { readonly hash: string; readonly manifest: Manifest },
  from: string | null,
  readManifest: (bundleHash: string) => Promise<Manifest>,
): Promise<LocationPlan> {
  const inForce = from === null ? null : from === to.hash ? to.manifest : await readManifest(from);
  const difference = differenceOfManifests(inForce, to.manifest, { now: systemClock.now() });
  return { location, from, to: to.hash, difference };
}
