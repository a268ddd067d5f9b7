import type { AssetKey } from '../model/asset-key';
import type { AssetUpdate, RunStatusChange } from '../model/code-location';
import type { SensorManifest } from '../model/manifest';
import type { RawMetadata } from '../model/metadata';
import type { InstigatorResult } from '../model/run-request';
import type { RunStatus } from '../model/run-status';
import type { Tags } from '../model/tags';
import type { AssetReference } from './asset-reference';
import type { Duration } from './duration';
import type { EventSource } from './event-source';
import type { AssetSelection, JobDefinition } from './job';
import type { Logger, SensorEvaluation } from './loaded-definitions';
import type { ResourceRecord, ResourceValues } from './resource';
import type { RetryOptions } from './retry';
import { type EvaluationReturn, runRequest, toInstigatorResult } from './run-requests';
import { type SensorEvent, toEvent } from './sensor-event';
import { type CapturedSource, captureSource } from './source-capture';
import { type SensorTarget, type TargetDetails, toTarget } from './targets';

/** What all sensors know. */
export interface SensorContext<R extends ResourceRecord> {
  /** What the last evaluation stored; null at first. */
  readonly cursor: string | null;
  /** When the last evaluation started. */
  readonly lastTickStartedAt: Date | null;
  readonly lastRunKey: string | null;
  readonly resources: ResourceValues<R>;
  readonly log: Logger;
}

export interface SensorBasics<R extends ResourceRecord> {
  readonly name: string;
  readonly description?: string;
  /** Between the starts of two evaluations, at least. Default 30 seconds. */
  readonly minimumInterval?: Duration;
  /** Failures in a row after which it turns itself off; 0 = never. Default: `sensors.max_consecutive_failures` of `headrace.yaml`. */
  readonly maxConsecutiveFailures?: number;
  /** Default `STOPPED`: somebody turns it on. */
  readonly defaultStatus?: 'RUNNING' | 'STOPPED';
  readonly tags?: Tags;
  readonly metadata?: RawMetadata;
  readonly resources?: R;
  readonly source?: CapturedSource;
}

/** Watches something and asks for runs. */
export interface SensorDefinition {
  readonly kind: 'sensor';
  readonly sensorKind: SensorManifest['kind'];
  readonly name: string;
  readonly description: string | null;
  readonly minimumInterval: Duration;
  readonly maxConsecutiveFailures: number | null;
  readonly defaultStatus: 'RUNNING' | 'STOPPED';
  readonly tags: Tags;
  readonly metadata: RawMetadata;
  readonly target: TargetDetails;
  readonly resources: ResourceRecord;
  readonly runStatus: SensorManifest['runStatus'];
  /** Assets it follows; a selection for an automation sensor. */
  readonly assets: AssetSelection;
  /** What pushes events to it; null = it is polled. */
  readonly on: EventSource | null;
  /** When a failed evaluation of an event is tried again. */
  readonly retry: Omit<RetryOptions, 'jitter'> | null;
  readonly evaluate:
    | ((context: SensorContext<ResourceRecord>, evaluation: SensorEvaluation) => Promise<InstigatorResult>)
    | null;
  readonly source: CapturedSource;
}

const DEFAULT_INTERVAL = 30;

/** Name of the sensor that evaluates automation conditions when none is defined. */
export const DEFAULT_AUTOMATION_SENSOR = 'default_automation_condition_sensor';

/** What the function of a sensor gets; an event if one was pushed to it. */
export type EvaluationContext<R extends ResourceRecord, Body> = SensorContext<R> &
  ([Body] extends [never] ? unknown : { readonly event: SensorEvent<Body> });

export type SensorOptions<R extends ResourceRecord, Body = never> = SensorBasics<R> &
  SensorTarget & {
    /**
     * What pushes events to it, instead of polling: `webhook`, `queueMessage` or `objectCreated`. Each event is
     * evaluated once, in the order in which they came.
     */
    readonly on?: EventSource<Body>;
    /**
     * When a failed evaluation of an event is tried again; later events wait meanwhile. Default: after 10, 30 and 70
     * seconds. Then the event is kept, to be replayed.
     */
    readonly retry?: Omit<RetryOptions, 'jitter'>;
    evaluate(context: EvaluationContext<R, Body>): EvaluationReturn | Promise<EvaluationReturn>;
  };

/**
 * Defines a sensor: a function that asks for runs. It is polled, or called with each event that is pushed to it.
 *
 * @example
 * sensor({
 *   name: 'new_files', job: load, minimumInterval: '1m', resources: { bucket },
 *   async evaluate({ cursor, resources }) {
 *     const files = await resources.bucket.list({ after: cursor });
 *     return { runRequests: files.map((file) => runRequest({ runKey: file })), cursor: files.at(-1) ?? cursor ?? '' };
 *   },
 * });
 * @example
 * sensor({
 *   name: 'landed', job: load, on: objectCreated({ bucket: 'landing', suffix: '.csv' }),
 *   evaluate: ({ event }) => runRequest({ runKey: event.id, tags: { file: event.body.key } }),
 * });
 */
export function sensor<R extends ResourceRecord = Record<never, never>, Body = never>(
  options: SensorOptions<R, Body>,
): SensorDefinition {
  const { evaluate, on = null } = options;
  return {
    ...toBasics(options, captureSource(sensor)),
    sensorKind: on === null ? 'STANDARD' : 'PUSH',
    target: toTarget(options),
    on,
    retry: options.retry ?? null,
    ...(on === null ? {} : { minimumInterval: options.minimumInterval ?? 0 }),
    async evaluate(context, evaluation) {
      const pushed = on === null ? {} : { event: toEvent(options.name, on, evaluation.event) };
      const own = { ...context, ...pushed } as unknown as EvaluationContext<R, Body>;
      return toInstigatorResult(await evaluate(own));
    },
  };
}

/** Jobs to follow: one of this location, or one of another by name. */
export type MonitoredJob = JobDefinition | string | { readonly location: string; readonly job?: string };

export type RunStatusSensorOptions<R extends ResourceRecord> = SensorBasics<R> &
  SensorTarget & {
    /** Statuses to react to, e.g. `['FAILURE']`. */
    readonly statuses: readonly RunStatus[];
    /** Jobs to follow; default: all of this location. */
    readonly monitor?: readonly MonitoredJob[];
    /** Called for each run that came to one of the statuses, oldest first. */
    evaluate(
      context: SensorContext<R> & { readonly change: RunStatusChange },
    ): EvaluationReturn | Promise<EvaluationReturn>;
  };

/**
 * Defines a sensor that reacts to the ends (or other statuses) of runs.
 *
 * @example
 * runStatusSensor({
 *   name: 'tell_slack', statuses: ['FAILURE'], resources: { slack },
 *   evaluate: ({ change, resources }) => resources.slack.post(`${change.jobName} failed: ${change.cause}`),
 * });
 */
export function runStatusSensor<R extends ResourceRecord = Record<never, never>>(
  options: RunStatusSensorOptions<R>,
): SensorDefinition {
  const { evaluate, statuses, monitor } = options;
  const jobs = monitor?.map((job) => {
    if (typeof job === 'string') return { location: null, jobName: job };
    return 'kind' in job
      ? { location: null, jobName: job.name }
      : { location: job.location, jobName: job.job ?? null };
  });
  return {
    ...toBasics(options, captureSource(runStatusSensor)),
    sensorKind: 'RUN_STATUS',
    target: toTarget(options),
    runStatus: { statuses, jobs: jobs ?? [{ location: null, jobName: null }] },
    async evaluate(context, { runStatusChanges }) {
      const results: InstigatorResult[] = [];
      for (const change of runStatusChanges) {
        const own = { ...(context as unknown as SensorContext<R>), change };
        results.push(toInstigatorResult(await evaluate(own)));
      }
      return mergeResults(results);
    },
  };
}

export type AssetSensorOptions<R extends ResourceRecord> = SensorBasics<R> &
  SensorTarget & {
    /** The asset, or assets, to follow. */
    readonly assets: AssetReference | string | readonly (AssetReference | string)[];
    /**
     * Called with the materializations since the last evaluation, oldest first. Default: asks for one run of
     * the target per materialization.
     */
    readonly evaluate?: (
      context: SensorContext<R> & { readonly updates: readonly AssetUpdate[] },
    ) => EvaluationReturn | Promise<EvaluationReturn>;
  };

/**
 * Defines a sensor that reacts to materializations, here or in another location.
 *
 * @example assetSensor({ name: 'after_quakes', assets: earthquakes, job: report });
 */
export function assetSensor<R extends ResourceRecord = Record<never, never>>(
  options: AssetSensorOptions<R>,
): SensorDefinition {
  const { evaluate } = options;
  const assets = [options.assets].flat() as readonly (AssetReference | AssetKey)[];
  return {
    ...toBasics(options, captureSource(assetSensor)),
    sensorKind: assets.length === 1 ? 'ASSET' : 'MULTI_ASSET',
    target: toTarget(options),
    assets,
    async evaluate(context, { assetUpdates: updates }) {
      if (evaluate === undefined) {
        return toInstigatorResult(updates.map(({ storageId }) => runRequest({ runKey: String(storageId) })));
      }
      return toInstigatorResult(await evaluate({ ...(context as unknown as SensorContext<R>), updates }));
    },
  };
}

/**
 * Defines the sensor that evaluates automation conditions, to set its interval, status or assets. Without one,
 * a location whose assets have conditions gets `default_automation_condition_sensor`.
 *
 * @example automationSensor({ name: 'automation', select: '*', defaultStatus: 'RUNNING' })
 */
export function automationSensor(
  options: Omit<SensorBasics<Record<never, never>>, 'resources'> & { readonly select?: AssetSelection },
): SensorDefinition {
  return {
    ...toBasics(options, captureSource(automationSensor)),
    sensorKind: 'AUTOMATION',
    target: { jobs: [], select: null },
    assets: options.select ?? '*',
    evaluate: null,
  };
}

function toBasics(options: SensorBasics<ResourceRecord>, source: CapturedSource) {
  return {
    kind: 'sensor' as const,
    name: options.name,
    description: options.description ?? null,
    minimumInterval: options.minimumInterval ?? DEFAULT_INTERVAL,
    maxConsecutiveFailures: options.maxConsecutiveFailures ?? null,
    defaultStatus: options.defaultStatus ?? ('STOPPED' as const),
    tags: options.tags ?? {},
    metadata: options.metadata ?? {},
    resources: options.resources ?? {},
    runStatus: null,
    assets: [],
    on: null,
    retry: null,
    source: options.source ?? source,
  };
}

function mergeResults(results: readonly InstigatorResult[]): InstigatorResult {
  return {
    runRequests: results.flatMap(({ runRequests }) => runRequests),
    skipReason: results.findLast(({ skipReason }) => skipReason !== null)?.skipReason ?? null,
    cursor: results.findLast(({ cursor }) => cursor !== null)?.cursor ?? null,
    dynamicPartitionsRequests: results.flatMap((each) => each.dynamicPartitionsRequests),
    assetEvents: results.flatMap(({ assetEvents }) => assetEvents ?? []),
  };
}
