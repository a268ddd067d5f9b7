import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { addToEnvironment, type Environment, lookUpEnvironment, readEnvironment } from '../environment';
import type { InstanceSettings } from '../settings/instance-settings';
import { loadInstanceSettings, loadWorkspaceSettings } from '../settings/load-settings';
import { withWorkspace } from '../settings/with-workspace';
import type { WorkspaceSettings } from '../settings/workspace-settings';
import { CliError } from './errors';

/** Files that make a folder a Headrace project. */
const SETTINGS_FILE = 'headrace.yaml';
const WORKSPACE_FILE = 'workspace.yaml';

/** A user's project and the installed Headrace that serves it. */
export interface Project {
  readonly root: string;
  /** Folder of everything that is kept locally. */
  readonly home: string;
  readonly settings: InstanceSettings;
  readonly workspace: WorkspaceSettings;
  readonly environment: Environment;
  /** Built programs of this package. */
  readonly programs: { readonly worker: string; readonly codeLocation: string };
  /** Folder of the built dashboard. */
  readonly dashboard: string;
  readonly version: string;
  lookUp(name: string): string | undefined;
}

/**
 * Finds the project around a folder, adds its `.env` to the environment and reads its settings.
 *
 * @param distribution this package's `dist` folder
 * @throws {CliError} when there is no project
 * @throws {SettingsError | EnvironmentError} naming file, line and value
 */
export function openProject(folder: string, distribution: string): Project {
  const root = findRoot(folder);
  if (root === undefined) {
    throw new CliError(
      `No ${WORKSPACE_FILE} in ${resolve(folder)} or above: this is not a Headrace project.`,
      {
        remedy:
          'Go to the project’s folder, or create workspace.yaml with its code locations (docs/concepts.md shows one).',
      },
    );
  }
  readDotenv(root);
  const environment = readEnvironment();
  const settings = loadInstanceSettings(sourceOf(root, SETTINGS_FILE));
  const workspace = loadWorkspaceSettings(sourceOf(root, WORKSPACE_FILE));
  return {
    root,
    // An empty variable is one that is not set: the project itself is nobody's home.
    home: resolve(root, environment.HEADRACE_HOME || '.headrace'),
    settings: withWorkspace(settings, workspace),
    workspace,
    environment,
    programs: {
      worker: join(distribution, 'bin', 'worker.mjs'),
      codeLocation: join(distribution, 'bin', 'code-location.mjs'),
    },
    dashboard: join(distribution, 'dashboard'),
    version: (
      JSON.parse(readFileSync(join(distribution, '..', 'package.json'), 'utf8')) as { version: string }
    ).version,
    lookUp: lookUpEnvironment,
  };
}

/** A settings file; an absent one counts as empty. */
function sourceOf(root: string, file: string) {
  const path = join(root, file);
  return { file, text: existsSync(path) ? readText(path) : '', environment: lookUpEnvironment };
}

/** The folder of the project around a folder; undefined outside of one. */
export function findRoot(folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    if (existsSync(join(at, WORKSPACE_FILE))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** Adds a project's `.env` to the environment. */
export function readDotenv(root: string): void {
  const dotenv = join(root, '.env');
  if (existsSync(dotenv)) addToEnvironment(parseEnv(readText(dotenv)));
}

/** @throws {CliError} it is a folder, or may not be read */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new CliError(`${path} cannot be read: ${(cause as Error).message}.`, {
      remedy: 'It must be a file that this user may read.',
      cause,
    });
  }
}
