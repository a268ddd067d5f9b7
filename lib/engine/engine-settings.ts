import type { InstanceSettings } from '../settings/instance-settings';

/** The settings that the engine's rules depend on; the rest of `headrace.yaml` is for adapters and entry points. */
export type EngineSettings = Pick<
  InstanceSettings,
  | 'runQueue'
  | 'pools'
  | 'runRetries'
  | 'runMonitoring'
  | 'schedules'
  | 'sensors'
  | 'alerts'
  | 'retention'
  | 'runLauncher'
>;
