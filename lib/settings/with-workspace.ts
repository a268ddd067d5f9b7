import type { TaskSettings } from '../model/task-settings';
import type { InstanceSettings } from './instance-settings';
import type { CodeLocationSettings, WorkspaceSettings } from './workspace-settings';

/** The settings with what each code location says of its tasks; what it leaves out is as `run_launcher` says. */
export function withWorkspace(settings: InstanceSettings, workspace: WorkspaceSettings): InstanceSettings {
  const { runLauncher } = settings;
  const tasks = Object.fromEntries(
    workspace.codeLocations.map((location) => [location.name, taskSettings(runLauncher, location)]),
  );
  return { ...settings, runLauncher: { ...runLauncher, tasks } };
}

/** What the tasks of a location are like. */
export function taskSettings(
  { fargate }: Pick<InstanceSettings['runLauncher'], 'fargate'>,
  location?: Pick<CodeLocationSettings, 'cpu' | 'memory' | 'capacity' | 'images' | 'roles'>,
): TaskSettings {
  return {
    capacity: location?.capacity ?? (fargate.spot ? 'fargate_spot' : 'fargate'),
    cpu: location?.cpu ?? fargate.cpu,
    memory: location?.memory ?? fargate.memory,
    images: Object.keys(location?.images ?? {}),
    roles: Object.keys(location?.roles ?? {}),
  };
}
