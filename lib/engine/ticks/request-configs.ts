import type { PartitionConfig } from '../../model/code-location';
import type { RunRequest } from '../../model/run-request';
import type { InstigatorId } from '../../model/tick';
import type { Instance } from '../../ports/instance';
import { EngineError } from '../errors';
import { findJob, type LoadedLocation } from '../find-definitions';
import { partitionConfigs, saysNothing } from '../partition-configs';

/** Whose requests they are, and the jobs that those without a job may mean. */
export interface Requester {
  readonly id: InstigatorId;
  readonly jobNames: readonly string[];
}

/**
 * The job that a request means.
 *
 * @throws {EngineError} when it could be several
 */
export function jobNameOf(request: Pick<RunRequest, 'jobName'>, tick: Requester): string {
  if (request.jobName !== null) return request.jobName;
  const [only, ...others] = tick.jobNames;
  if (only !== undefined && others.length === 0) return only;
  throw new EngineError(
    `A run request of ${tick.id.kind} '${tick.id.name}' names no job, and the ${tick.id.kind} has ${tick.jobNames.length} (${tick.jobNames.join(', ')}). Name one in the request.`,
  );
}

/**
 * What jobs give to requests for their partition: one call for all of a job. Requests of other jobs are not among them.
 *
 * @throws as `partitionConfigs` and `jobNameOf`
 */
export async function partitionsOfRequests(
  instance: Pick<Instance, 'codeLocationClient'>,
  location: LoadedLocation,
  tick: Requester,
  requests: readonly RunRequest[],
): Promise<ReadonlyMap<RunRequest, PartitionConfig>> {
  const byJob = new Map<string, { readonly request: RunRequest; readonly keys: readonly string[] }[]>();
  for (const request of requests) {
    if (request.partitionKey === null) continue;
    const name = jobNameOf(request, tick);
    if (findJob(location.manifest, name).isConfiguredByPartition !== true) continue;
    const asked = byJob.get(name) ?? [];
    asked.push({ request, keys: [request.partitionKey] });
    byJob.set(name, asked);
  }
  const found = new Map<RunRequest, PartitionConfig>();
  for (const [name, asked] of byJob) {
    const runs = asked.map(({ keys }) => keys);
    const configs = await partitionConfigs(instance, location, { name }, runs);
    for (const [index, { request }] of asked.entries()) {
      const { config, tags } = configs[index] ?? { config: null, tags: {} };
      found.set(request, { config: saysNothing(request.config) ? config : null, tags });
    }
  }
  return found;
}

/** Requests with the config and the tags of their partition that their runs would be given. */
export async function withOwnConfigs(
  instance: Pick<Instance, 'codeLocationClient'>,
  location: LoadedLocation,
  tick: Requester,
  requests: readonly RunRequest[],
): Promise<readonly RunRequest[]> {
  const ofPartitions = await partitionsOfRequests(instance, location, tick, requests);
  return requests.map((request) => {
    const own = ofPartitions.get(request);
    const { defaultConfig } = findJob(location.manifest, jobNameOf(request, tick));
    const asked = saysNothing(request.config) ? defaultConfig : request.config;
    return { ...request, config: own?.config ?? asked, tags: { ...own?.tags, ...request.tags } };
  });
}
