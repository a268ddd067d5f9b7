/** `headrace/client`: the REST API, typed, for other programs. */

export type { AssetCheckReport, MaterializationReport, ObservationReport, Reported } from './asset-types';
export type {
  BackfillChange,
  BackfillEventView,
  BackfillPreview,
  BackfillView,
  LaunchBackfillBody,
  LaunchedBackfill,
  ListBackfillsQuery,
} from './backfill-types';
export { ClientError } from './client-error';
export { type ClientOptions, createClient } from './create-client';
export type {
  ApiTokenView,
  AuditPage,
  CodeLocationDifference,
  CodeLocationsView,
  CodeLocationView,
  CreatedApiToken,
  InstanceView,
  ListAuditQuery,
  NewApiToken,
  RolledBack,
} from './deployment-types';
export type { HeadraceClient } from './headrace-client';
export type { Problem } from './problem';
export type {
  FailedRun,
  LaunchedRun,
  LaunchRunBody,
  ListRunsQuery,
  LogPage,
  ReexecuteRunBody,
  RunDebugInfo,
  RunView,
  StepLogsQuery,
} from './run-types';
export type {
  ListSensorEventsQuery,
  ReceivedEvent,
  SendSensorEventBody,
  SensorAddress,
  SensorEventView,
} from './sensor-event-types';
