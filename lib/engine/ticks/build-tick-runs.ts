import type { JsonObject } from '../../model/json';
import type { JobManifest } from '../../model/manifest';
import type { NewRun, RunOrigin } from '../../model/run';
import type { DynamicPartitionsRequest, InstigatorResult, RunRequest } from '../../model/run-request';
import { TAG, type Tags } from '../../model/tags';
import type { Instance } from '../../ports/instance';
import { buildRun } from '../build-run';
import type { EngineSettings } from '../engine-settings';
import { EngineError } from '../errors';
import { findJob, type LoadedLocation } from '../find-definitions';
import { saysNothing } from '../partition-configs';
import { resolveDependencies } from '../resolve-dependencies';
import { validateRunConfig } from '../validate-run-config';
import { jobNameOf, partitionsOfRequests, type Requester } from './request-configs';

/** More requests in one tick are a mistake in user code rather than work. */
const MAX_RUN_REQUESTS = 10_000;

/** The tick for which runs are made. */
export interface TickOfRuns extends Requester {
  readonly tickId: number;
  readonly scheduledAt: number;
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
  const validConfig = rememberingConfigs(instance, location);
  const ofPartitions = await partitionsOfRequests(instance, location, tick, runRequests);
  const runs: NewRun[] = [];
  for (const [index, request] of runRequests.entries()) {
    const job = findJob(location.manifest, jobNameOf(request, tick));
    const ofPartition = ofPartitions.get(request);
    const spec = {
      runId: instance.ids.uuid(),
      job,
      assetSelection: request.assetSelection,
      assetCheckSelection: request.assetCheckSelection,
      ...(request.partitionKey === null
        ? {}
        : { partition: { kind: 'key', key: request.partitionKey } as const }),
      config: ofPartition?.config ?? (await validConfig(job, request.config)),
      ...(ofPartition === undefined ? {} : { ofPartition }),
      tags: { ...request.tags, ...tickTags(tick, request) },
      origin: originOf(tick, request, index),
      dependencies: request.after == null ? null : await resolveDependencies(instance, request.after),
    };
    runs.push(await buildRun(spec, { settings, location, now: instance.clock.now(), dynamicKeys }));
  }
  return runs;
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

/** What is asked for, or else the job's own, validated; what is asked alike is asked of the location once. */
function rememberingConfigs(
  instance: Instance,
  location: LoadedLocation,
): (job: JobManifest, asked: JsonObject) => Promise<JsonObject> {
  const known = new Map<string, Promise<JsonObject>>();
  return (job, asked) => {
    const config = saysNothing(asked) ? job.defaultConfig : asked;
    const key = JSON.stringify([job.name, config]);
    const valid = known.get(key) ?? validateRunConfig(instance, location, job, config);
    known.set(key, valid);
    return valid;
  };
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
