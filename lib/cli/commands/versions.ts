import type { CodeLocationView, HeadraceClient } from '../../client';
import { errorSummary } from '../../model/serializable-error';
import { confirm } from '../confirm';
import { differenceLines } from '../difference-report';
import { CliError, EXIT } from '../errors';
import { instant, shortId } from '../format';
import { deployedLocation, openDeployedBundles, planLocation } from '../location-version';
import type { Output } from '../output';
import { profileClient } from '../profile-client';
import type { Profile } from '../profiles';
import { currentUser } from './push';

/** `headrace versions <location>`: what was pushed, newest first. */
export async function versions(client: HeadraceClient, name: string, output: Output): Promise<number> {
  const location = deployedLocation(await client.codeLocations(), name, 'The deployment');
  output.result(location, () => {
    output.table(
      ['version', 'pushed', 'by', ''],
      location.versions.map(({ bundleHash, pushedAt, by }, index) => [
        shortId(bundleHash),
        instant(pushedAt),
        by,
        index === 0 && bundleHash === location.bundleHash ? 'in force' : '',
      ]),
      location.bundleHash === null
        ? `${name} has no code yet. Push it: npx headrace push ${name}`
        : `${name} is read from files, at ${shortId(location.bundleHash)}: it has no versions.`,
    );
    if (location.error !== null) output.line(output.colours.bad(`It shows an error: ${location.error}`));
  });
  return EXIT.ok;
}

/** `headrace rollback <location> [version]`: brings an earlier version into force; default the one before. */
export async function rollback(
  profile: Profile,
  name: string,
  prefix: string | undefined,
  options: { readonly yes?: boolean },
  output: Output,
): Promise<number> {
  const bundles = await openDeployedBundles(profile);
  try {
    const client = await profileClient(profile);
    const location = deployedLocation(await client.codeLocations(), name, `Deployment "${profile.name}"`);
    const target = earlierVersion(location, prefix);
    const manifest = await bundles.readManifest(target);
    const plan = await planLocation(name, { hash: target, manifest }, location.bundleHash, (hash) =>
      bundles.readManifest(hash),
    );
    for (const line of differenceLines(plan.difference, plan, output.colours)) output.line(line);
    if (!(await confirm(`Roll ${name} back to ${shortId(target)} on ${profile.name}?`, options))) {
      output.note('Nothing was changed.');
      return EXIT.failed;
    }
    const input = { location: name, rollbackTo: target, by: currentUser() };
    const answer = await bundles.register(input);
    output.result(answer, () => {
      if (answer.ok)
        output.line(`${name} ${shortId(target)} is in force again. Runs in progress keep their code.`);
    });
    if (!answer.ok)
      output.note(output.colours.bad(`${name} was not rolled back: ${errorSummary(answer.error)}`));
    return answer.ok ? EXIT.ok : EXIT.failed;
  } finally {
    bundles.close();
  }
}

/** The version that a prefix names, or the newest that is not in force. */
export function earlierVersion({ name, bundleHash, versions }: CodeLocationView, prefix?: string): string {
  const hashes = [...new Set(versions.map((version) => version.bundleHash))];
  const matches = hashes.filter((hash) =>
    prefix === undefined ? hash !== bundleHash : hash.startsWith(prefix),
  );
  const [first, second] = matches;
  const remedy = `npx headrace versions ${name} lists them.`;
  if (first === undefined) {
    throw new CliError(
      prefix === undefined
        ? `Code location "${name}" has no earlier version.`
        : `Code location "${name}" has no version "${prefix}".`,
      { remedy },
    );
  }
  if (prefix !== undefined && second !== undefined) {
    throw new CliError(`More than one version of "${name}" starts with "${prefix}".`, { remedy });
  }
  if (first === bundleHash) {
    throw new CliError(`Version ${shortId(first)} of "${name}" is in force already.`, { remedy });
  }
  return first;
}
