import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DbtProjectError } from './errors';

/** Where things are on this machine. */
export interface ProjectSurroundings {
  /** URL of the running module: in a bundle, the bundle's. */
  readonly moduleUrl: string;
  readonly workingDirectory: string;
  readonly exists: (path: string) => boolean;
}

/** This machine. */
export const hostSurroundings = (): ProjectSurroundings => ({
  moduleUrl: import.meta.url,
  workingDirectory: process.cwd(),
  exists: existsSync,
});

/**
 * The folder of a dbt project: as given if absolute, else beside the bundle that the code runs from, else below
 * the working directory.
 *
 * @throws {DbtProjectError} when it is in neither place
 */
export function findProject(
  project: string,
  { moduleUrl, workingDirectory, exists }: ProjectSurroundings,
): string {
  const places = isAbsolute(project)
    ? [project]
    : [join(dirname(fileURLToPath(moduleUrl)), project), resolve(workingDirectory, project)];
  const found = places.find((place) => exists(join(place, 'dbt_project.yml')));
  if (found !== undefined) return found;
  throw new DbtProjectError(
    `There is no dbt project (dbt_project.yml) at ${places.join(' nor at ')}. Give dbtAssets({ project }) its folder, and list it under the location's files in workspace.yaml so that it goes into the bundle.`,
  );
}

/** The dbt program: `configured` (HEADRACE_DBT), else the one of `.headrace/venv`, else `dbt` on the PATH. */
export function findDbt(
  configured: string | undefined,
  { workingDirectory, exists }: ProjectSurroundings,
): string {
  if (configured) return configured;
  const own = join(workingDirectory, '.headrace', 'venv', 'bin', 'dbt');
  return exists(own) ? own : 'dbt';
}
