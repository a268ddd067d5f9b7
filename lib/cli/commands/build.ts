import { bundlesFolder } from '../../adapters/local/create-local-instance';
import { buildCodeLocation } from '../../build/build-code-location';
import { checkTypes } from '../../build/check-types';
import { CliError, EXIT } from '../errors';
import { buildOptions } from '../local-server/open-code-locations';
import type { Output } from '../output';
import type { Project } from '../project';

interface BuildSummary {
  readonly location: string;
  readonly hash: string;
  readonly directory: string;
  readonly assets: number;
  readonly jobs: number;
  readonly typeErrors: number;
}

/** `headrace build [location]`: bundles with their manifests; exit 1 when one does not build or has type errors. */
export async function build(project: Project, only: string | undefined, output: Output): Promise<number> {
  const { codeLocations } = project.workspace;
  const chosen = codeLocations.filter(({ name }) => only === undefined || name === only);
  if (chosen.length === 0) {
    throw new CliError(`There is no code location "${only}" in workspace.yaml.`, {
      remedy: `There are ${codeLocations.map(({ name }) => name).join(', ')}.`,
    });
  }
  const results: BuildSummary[] = [];
  for (const location of chosen) {
    const options = await buildOptions(project, location, bundlesFolder(project.home), output.note);
    const built = await buildCodeLocation(options);
    const diagnostics = await checkTypes(project.root, location.entry);
    results.push({
      location: location.name,
      hash: built.hash,
      directory: built.directory,
      assets: built.manifest.assets.length,
      jobs: built.manifest.jobs.length,
      typeErrors: diagnostics.length,
    });
    for (const { file, line, message } of diagnostics)
      output.note(`${file ?? location.entry}:${line}: ${message}`);
  }
  output.result(results, () =>
    output.table(
      ['location', 'hash', 'assets', 'jobs', 'type errors'],
      results.map((r) => [r.location, r.hash, r.assets, r.jobs, r.typeErrors]),
      '',
    ),
  );
  return results.some(({ typeErrors }) => typeErrors > 0) ? EXIT.failed : EXIT.ok;
}
