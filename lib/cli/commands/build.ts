import { bundlesFolder } from '../../adapters/local/create-local-instance';
import { buildCodeLocation } from '../../build/build-code-location';
import { checkTypes, TypeCheckError, type TypeDiagnostic } from '../../build/check-types';
import { BuildError } from '../../build/errors';
import type { CodeLocationSettings } from '../../settings/workspace-settings';
import { CliError, EXIT } from '../errors';
import { explainFailure } from '../explain-failure';
import { buildOptions } from '../local-server/open-code-locations';
import type { Output } from '../output';
import type { Project } from '../project';

interface BuildSummary {
  readonly location: string;
  readonly hash: string;
  readonly directory: string;
  readonly assets: number;
  readonly jobs: number;
  /** Null: types were not checked. */
  readonly typeErrors: number | null;
}

/** `headrace build [location]`: bundles with their manifests; all of them, and exit 1 when one does not build or has type errors. */
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
    try {
      results.push(await buildOne(project, location, output));
    } catch (error) {
      if (!(error instanceof BuildError || error instanceof CliError)) throw error;
      output.note(explainFailure(error).text);
    }
  }
  output.result(results, () =>
    output.table(
      ['location', 'hash', 'assets', 'jobs', 'type errors'],
      results.map((r) => [r.location, r.hash, r.assets, r.jobs, r.typeErrors ?? 'not checked']),
      'No code location builds.',
    ),
  );
  const isFine = results.length === chosen.length && results.every(({ typeErrors }) => !typeErrors);
  return isFine ? EXIT.ok : EXIT.failed;
}

/** @throws {BuildError | CliError} it does not build, or cannot be prepared */
async function buildOne(
  project: Project,
  location: CodeLocationSettings,
  output: Output,
): Promise<BuildSummary> {
  const options = await buildOptions(project, location, bundlesFolder(project.home), output.note);
  const built = await buildCodeLocation(options);
  const diagnostics = await findTypeErrors(project, location, output);
  for (const { file, line, message } of diagnostics ?? [])
    output.note(`${file ?? location.entry}:${line}: ${message}`);
  return {
    location: location.name,
    hash: built.hash,
    directory: built.directory,
    assets: built.manifest.assets.length,
    jobs: built.manifest.jobs.length,
    typeErrors: diagnostics?.length ?? null,
  };
}

/** What the type checker finds; null, and a note why, where it cannot run: code runs whatever its types are. */
async function findTypeErrors(
  project: Project,
  location: CodeLocationSettings,
  output: Output,
): Promise<readonly TypeDiagnostic[] | null> {
  try {
    return await checkTypes(project.root, location.entry);
  } catch (error) {
    if (!(error instanceof TypeCheckError)) throw error;
    output.note(`Types are not checked: ${error.message}`);
    return null;
  }
}
