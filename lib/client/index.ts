/** `headrace/client`: the REST API, typed, for other programs. */
export { ClientError } from './client-error';
export {
  type ClientOptions,
  createClient,
  type HeadraceClient,
  type ListRunsQuery,
  type StepLogsQuery,
} from './create-client';
export type {
  AssetCheckReport,
  CodeLocationsView,
  CodeLocationView,
  FailedRun,
  InstanceView,
  LaunchedRun,
  LaunchRunBody,
  LogPage,
  MaterializationReport,
  ObservationReport,
  Problem,
  Reported,
  RunDebugInfo,
  RunView,
} from './types';
