import type { JsonObject } from '../../model/json';
import type { NewRun, RunOrigin } from '../../model/run';
import type { DynamicPartitionsRequest, InstigatorResult, RunRequest } from '../../model/run-request';
import { TAG, type Tags } from '../../model/tags';
import type { InstigatorId } from '../../model/tick';
import type { Instance } from '../../ports/instance';
import { buildRun } from '../build-run';
import type { EngineSettings } from '../engine-settings';
import { EngineError } from '../errors';
import { findJob, type LoadedLocation } from '../find-definitions';
import { resolveDependencies } from '../resolve-dependencies';
import { validateRunConfig } from '../validate-run-config';

/** More requests in one tick are a mistake in user code rather than work. */
const MAX_RUN_REQUESTS = 10_000;

/** The tick for which runs are made. */
export interface TickOfRuns {
  readonly id: InstigatorId;
  readonly tickId: number;
  readonly scheduledAt: number;
  /** Jobs that requests without a job may mean. */
  readonly jobNames: readonly string[];
}

/**
 * The runs that a tick asks for; all or none, so that a wrong request does not leave half of a tick behind.
 *
 * @throws {EngineError} naming the request at fault
 */
export async function buildTickRuns(
  instance: Instance,
  settings: EngineSettings,
  location: LoadedLocation,
  tick: TickOfRuns,
  result: InstigatorResult,
): Promise<readonly NewRun[]> {
  const { runRequests, dynamicPartitionsRequests } = result;
  if (runRequests.length > MAX_RUN_REQUESTS) {
    throw new EngineError(
      `The tick asks for ${runRequests.length} runs; ${MAX_RUN_REQUESTS} are the most. Ask for the rest in later ticks, by a cursor.`,
    );
  }
  const dynamicKeys = rememberingKeys(instance, location.manifest.location, dynamicPartitionsRequests);
  const validated = new Map<string, Promise<JsonObject>>();
  const runs: NewRun[] = [];
  for (const [index, request] of runRequests.entries()) {
    const job = findJob(location.manifest, jobNameOf(request, tick));
    const configKey = JSON.stringify([job.name, request.config]);
    const config = validated.get(configKey) ?? validateRunConfig(instance, location, job, request.config);
    validated.set(configKey, config);
    const spec = {
      runId: instance.ids.uuid(),
      job,
      assetSelection: request.assetSelection,
      assetCheckSelection: request.assetCheckSelection,
      ...(request.partitionKey === null
        ? {}
        : { partition: { kind: 'key', key: request.partitionKey } as const }),
      config: await config,
      tags: { ...request.tags, ...tickTags(tick, request) },
      origin: originOf(tick, request, index),
      dependencies: request.after == null ? null : await resolveDependencies(instance, request.after),
    };
    runs.push(await buildRun(spec, { settings, location, now: instance.clock.now(), dynamicKeys }));
  }
  return runs;
}

/**
 * The job that a request means.
 *
 * @throws {EngineError} when it could be several
 */
export function jobNameOf(
  request: Pick<RunRequest, 'jobName'>,
  tick: Pick<TickOfRuns, 'id' | 'jobNames'>,
): string {
  if (request.jobName !== null) return request.jobName;
  const [only, ...others] = tick.jobNames;
  if (only !== undefined && others.length === 0) return only;
  throw new EngineError(
    `A run request of ${tick.id.kind} '${tick.id.name}' names no job, and the ${tick.id.kind} has ${tick.jobNames.length} (${tick.jobNames.join(', ')}). Name one in the request.`,
  );
}

function tickTags({ id, tickId, scheduledAt }: TickOfRuns, request: RunRequest): Tags {
  const runKey = request.runKey === null ? {} : { [TAG.runKey]: request.runKey };
  const tick = { [TAG.tick]: String(tickId), ...runKey };
  if (id.kind === 'sensor') return { ...tick, [TAG.sensorName]: id.name };
  return {
    ...tick,
    [TAG.scheduleName]: id.name,
    [TAG.scheduledExecutionTime]: new Date(scheduledAt).toISOString(),
  };
}

/** A schedule's key is unique within its tick, a sensor's for ever. */
function originOf({ id, scheduledAt }: TickOfRuns, request: RunRequest, index: number): RunOrigin {
  const runKey = id.kind === 'sensor' ? request.runKey : `${scheduledAt}/${request.runKey ?? `#${index}`}`;
  return { kind: id.kind, name: id.name, runKey };
}

/** Stored keys with what this very tick adds and deletes; each definition is read once. */
function rememberingKeys(
  { storage }: Pick<Instance, 'storage'>,
  location: string,
  changes: readonly DynamicPartitionsRequest[],
): (name: string) => Promise<readonly string[]> {
  const known = new Map<string, Promise<readonly string[]>>();
  return (name) => {
    const keys = known.get(name) ?? storage.dynamicPartitionKeys(location, name).then(changed);
    known.set(name, keys);
    return keys;
    function changed(stored: readonly string[]): readonly string[] {
      const result = new Set(stored);
      for (const change of changes) {
        if (change.name !== name) continue;
        for (const key of change.keys) change.kind === 'add' ? result.add(key) : result.delete(key);
      }
      return [...result];
    }
  };
}
