/**
 * The public package `headrace`: what code locations are written with.
 *
 * @example
 * import { asset, define, schedule } from 'headrace';
 *
 * const quakes = asset({ key: 'raw/quakes', retry: { maxRetries: 3, delay: '10s' }, run: () => load() });
 * export const definitions = define({
 *   assets: [quakes],
 *   schedules: [schedule({ select: quakes, cron: '@hourly' })],
 * });
 */
export { z } from 'zod';
export { type AssetContext, type AssetDefinition, type AssetOptions, asset } from './definitions/asset';
export { type AssetCheckDefinition, assetCheck } from './definitions/asset-check';
export type { AssetDescription } from './definitions/asset-details';
export type { AssetReference, AssetValue, DependencyLike } from './definitions/asset-reference';
export { AutomationCondition, automation } from './definitions/automation';
export {
  CheckFactoryError,
  type CheckFactoryOptions,
  columnSchemaChangeChecks,
  freshnessChecks,
  type MetadataBounds,
  metadataBoundsChecks,
} from './definitions/check-factories';
export { StoredValueError } from './definitions/default-io-manager';
export type { DefinitionsInput } from './definitions/define/collect';
export { ConfigValidationError } from './definitions/define/config';
export { define, define as definitions } from './definitions/define/define';
export { DefinitionsError, type Mistake } from './definitions/define/mistakes';
export { dependency, mapping, type PartitionMapping } from './definitions/dependency';
export type { Duration } from './definitions/duration';
export { type EventSource, objectCreated, queueMessage, webhook } from './definitions/event-source';
export { type ExternalAssetDefinition, externalAsset } from './definitions/external-asset';
export { backfill, freshness } from './definitions/freshness';
export { type DynamicHandle, GraphError, graph, type Handle, type MappedHandle } from './definitions/graph';
export { failureHook, type HookContext, type HookDefinition, successHook } from './definitions/hooks';
export {
  type IoManagerDefinition,
  ioManager,
  type ValueContext,
  type ValueStore,
} from './definitions/io-manager';
export { type AssetSelection, defineAssetJob, type JobDefinition, job } from './definitions/job';
export type { LoadedDefinitions, Logger, RunInfo, TimeWindow } from './definitions/loaded-definitions';
export {
  assetLink,
  columnLineage,
  columnSchema,
  float,
  jobLink,
  json,
  md,
  notebook,
  path,
  runLink,
  table,
  text,
  timestamp,
  url,
} from './definitions/metadata-kinds';
export {
  type AssetSpec,
  assetSpec,
  type MultiAssetDefinition,
  type MultiAssetResult,
  multiAsset,
} from './definitions/multi-asset';
export {
  type MultiAssetCheckDefinition,
  type MultiAssetCheckSpec,
  multiAssetCheck,
} from './definitions/multi-asset-check';
export {
  type ObservableAssetContext,
  type ObservableAssetDefinition,
  type ObservableAssetOptions,
  type Observation,
  ObservationError,
  observableAsset,
} from './definitions/observable-asset';
export { type OpDefinition, op } from './definitions/op';
export { type DynamicOutput, dynamicOutput, output } from './definitions/op-outputs';
export {
  dailyPartitions,
  dynamicPartitions,
  hourlyPartitions,
  monthlyPartitions,
  multiPartitions,
  type PartitionKeyOf,
  type PartitionOf,
  staticPartitions,
  timeWindowPartitions,
  weeklyPartitions,
} from './definitions/partitions';
export {
  type EnvironmentReference,
  env,
  MissingVariableError,
  type Reference,
  type Resolved,
  type SecretReference,
  secret,
} from './definitions/references';
export {
  type ResourceDefinition,
  type ResourceSetUpContext,
  type ResourceValue,
  resource,
} from './definitions/resource';
export {
  type CheckResult,
  type CheckReturn,
  checkResult,
  type MaterializeResult,
  materializeResult,
  type ObserveResult,
  observeResult,
} from './definitions/results';
export type { RetryOptions } from './definitions/retry';
export {
  addPartitions,
  deletePartitions,
  type RunRequestDefinition,
  runRequest,
  type SensorResult,
  type SkipReason,
  skip,
} from './definitions/run-requests';
export { type ScheduleContext, type ScheduleDefinition, schedule } from './definitions/schedule';
export {
  assetSensor,
  automationSensor,
  runStatusSensor,
  type SensorContext,
  type SensorDefinition,
  sensor,
} from './definitions/sensor';
export { EventBodyError, type SensorEvent } from './definitions/sensor-event';
export { type CapturedSource, captureSource } from './definitions/source-capture';
export { Failure, RetryRequested } from './definitions/step-errors';
export type { AssetCheckKey, AssetCheckSeverity } from './model/asset-check';
export type { AssetKey } from './model/asset-key';
export type { AssetUpdate, RunStatusChange } from './model/code-location';
export type { JsonObject, JsonValue } from './model/json';
export type { MetadataValue, RawMetadata, TableColumn } from './model/metadata';
export { METADATA } from './model/metadata';
export { PartitionsError } from './model/partitions';
export type { PastMaterialization } from './model/past-materialization';
export type { RunStatus } from './model/run-status';
export type { ObjectCreated } from './model/sensor-event';
export { TAG, type Tags } from './model/tags';
