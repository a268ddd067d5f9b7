import type { StoredEvent } from '../model/event';
import type { PauseScope } from '../model/instance-pause';
import type { AssetCheckReport, MaterializationReport, ObservationReport, Reported } from './asset-types';
import type {
  BackfillChange,
  BackfillEventView,
  BackfillPreview,
  BackfillView,
  LaunchBackfillBody,
  LaunchedBackfill,
  ListBackfillsQuery,
} from './backfill-types';
import type {
  ApiTokenView,
  AuditPage,
  CodeLocationDifference,
  CodeLocationsView,
  CreatedApiToken,
  InstanceView,
  ListAuditQuery,
  NewApiToken,
  RolledBack,
} from './deployment-types';
import type {
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
import type {
  ListSensorEventsQuery,
  ReceivedEvent,
  SendSensorEventBody,
  SensorAddress,
  SensorEventView,
} from './sensor-event-types';

/** The REST API, typed. */
export interface HeadraceClient {
  /** @param options.idempotencyKey the same key never launches twice */
  launchRun(body: LaunchRunBody, options?: { readonly idempotencyKey?: string }): Promise<LaunchedRun>;
  getRun(runId: string): Promise<RunView>;
  listRuns(query?: ListRunsQuery): Promise<readonly RunView[]>;
  cancelRun(runId: string, options?: { readonly force?: boolean }): Promise<RunView>;
  /** Launches an ended run again: default what failed or did not run. */
  reexecuteRun(runId: string, body?: ReexecuteRunBody): Promise<LaunchedRun>;
  launchBackfill(body: LaunchBackfillBody): Promise<LaunchedBackfill>;
  /** What it would make; changes nothing. */
  previewBackfill(body: LaunchBackfillBody): Promise<BackfillPreview>;
  getBackfill(backfillId: string): Promise<BackfillView>;
  /** Newest first. */
  listBackfills(query?: ListBackfillsQuery): Promise<readonly BackfillView[]>;
  changeBackfill(backfillId: string, change: BackfillChange): Promise<BackfillView>;
  /** @param strategy default `FROM_FAILURE`: what it did not make */
  reexecuteBackfill(backfillId: string, strategy?: 'ALL_STEPS' | 'FROM_FAILURE'): Promise<LaunchedBackfill>;
  /** What it said after an event id, oldest first. */
  backfillEvents(backfillId: string, after?: number): Promise<readonly BackfillEventView[]>;
  /** Marks a run as failed, whatever its worker does, and stops the worker. */
  failRun(runId: string, reason: string): Promise<FailedRun>;
  debugRun(runId: string): Promise<RunDebugInfo>;
  getInstance(): Promise<InstanceView>;
  /** @param scope default `all`: schedules, sensors and the queue */
  pauseInstance(scope?: PauseScope): Promise<InstanceView>;
  resumeInstance(): Promise<InstanceView>;
  codeLocations(): Promise<CodeLocationsView>;
  /** @param versions default: the version in force against the one before */
  codeLocationDifference(
    name: string,
    versions?: { readonly from?: string | undefined; readonly to?: string | undefined },
  ): Promise<CodeLocationDifference>;
  /** Puts an earlier version in force again. */
  rollBackCodeLocation(name: string, version: string): Promise<RolledBack>;
  /** Makes a token for a program; its secret is in the answer, and nowhere else any more. */
  createToken(token: NewApiToken): Promise<CreatedApiToken>;
  /** All that were not revoked, expired ones too. */
  listTokens(): Promise<readonly ApiTokenView[]>;
  revokeToken(id: string): Promise<ApiTokenView>;
  /** Who asked for which change, newest first; for admins. */
  listAudit(query?: ListAuditQuery): Promise<AuditPage>;
  /** One page of a run's events after a storage id. */
  runEvents(runId: string, after?: number): Promise<readonly StoredEvent[]>;
  /**
   * All events of a run in order, waiting for more until it has ended. Passing failures (the server restarts, the
   * database wakes up) are waited out for about a minute.
   */
  followRun(runId: string, signal?: AbortSignal): AsyncIterable<StoredEvent>;
  stepLogs(query: StepLogsQuery): Promise<LogPage>;
  /** Says that an asset was materialized elsewhere. */
  reportMaterialization(assetKey: string, report?: MaterializationReport): Promise<Reported>;
  /** Says what was observed of an asset, without having materialized it. */
  reportObservation(assetKey: string, report?: ObservationReport): Promise<Reported>;
  /** Says what a check of an asset found elsewhere. */
  reportAssetCheck(assetKey: string, check: string, report: AssetCheckReport): Promise<Reported>;
  /** Sends a sensor an event, as what pushes its events would. */
  sendSensorEvent(sensor: SensorAddress, event: SendSensorEventBody): Promise<ReceivedEvent>;
  /** Events that a sensor was sent, newest first. */
  sensorEvents(sensor: SensorAddress, query?: ListSensorEventsQuery): Promise<readonly SensorEventView[]>;
  /** Has failed events evaluated again; default all of the sensor. Returns how many. */
  replaySensorEvents(sensor: SensorAddress, eventIds?: readonly string[]): Promise<number>;
  /** Any GraphQL query; errors of the query throw. */
  graphql<T>(query: string, variables?: Readonly<Record<string, unknown>>): Promise<T>;
}
