import { type InstanceSettings, instanceSettingsSchema, toInstanceSettings } from './instance-settings';
import { readSettings, type SettingsSource } from './read-settings';
import { toWorkspaceSettings, type WorkspaceSettings, workspaceSettingsSchema } from './workspace-settings';

/**
 * Reads the text of a `headrace.yaml`; an empty one gives the defaults.
 *
 * @throws {SettingsError} with every problem and its line
 * @example loadInstanceSettings({ file: 'headrace.yaml', text, environment: lookUpEnvironment })
 */
export function loadInstanceSettings(source: SettingsSource): InstanceSettings {
  return toInstanceSettings(readSettings(instanceSettingsSchema, source));
}

/**
 * Reads the text of a `workspace.yaml`.
 *
 * @throws {SettingsError} with every problem and its line
 */
export function loadWorkspaceSettings(source: SettingsSource): WorkspaceSettings {
  return toWorkspaceSettings(readSettings(workspaceSettingsSchema, source));
}
