import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lookUpEnvironment } from '../environment';
import type { InstanceSettings } from '../settings/instance-settings';
import { loadInstanceSettings, loadWorkspaceSettings } from '../settings/load-settings';
import type { WorkspaceSettings } from '../settings/workspace-settings';

/** What a deployment is made from. */
export interface ProjectFiles {
  readonly root: string;
  readonly settings: InstanceSettings;
  readonly workspace: WorkspaceSettings;
}

/**
 * Reads and checks `headrace.yaml` and `workspace.yaml` of a project.
 *
 * @throws {SettingsError} with every problem and its line
 * @example new Headrace(app, 'Headrace', { ...readProject(process.cwd()), firstAdmin: 'ann@example.com' });
 */
export function readProject(root: string): ProjectFiles {
  const source = (file: string) => ({
    file,
    text: existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '',
    environment: lookUpEnvironment,
  });
  return {
    root,
    settings: loadInstanceSettings(source('headrace.yaml')),
    workspace: loadWorkspaceSettings(source('workspace.yaml')),
  };
}
