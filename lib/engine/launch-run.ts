import { type AssetCheckKey, checkId } from '../model/asset-check';
import type { AssetKey } from '../model/asset-key';
import type { JsonObject } from '../model/json';
import { ASSET_JOB, type NewRun, type Run, type RunOrigin } from '../model/run';
import type { AfterRequest } from '../model/run-dependency';
import { TAG, type Tags } from '../model/tags';
import { PortError } from '../ports/errors';
import type { Instance } from '../ports/instance';
import type { CreatedRun } from '../ports/run-storage';
import { afterCommit } from './after-commit';
import { buildJobRun } from './build-job-run';
import type { EngineSettings } from './engine-settings';
import { EngineError, IdempotencyKeyReusedError, PlanError } from './errors';
import { findJob, findLocation } from './find-definitions';
import { resolveDependencies, toDependencyError } from './resolve-dependencies';
import type { PartitionChoice } from './run-partitions';
import { selectRunAssets } from './select-run-assets';

/** A run to be launched. Either a job (with its location), or assets, or both: then those assets of that job. */
export interface LaunchRunRequest {
  /** May be left out when assets say it. */
  readonly location?: string | null;
  /** Absent = the implicit job of all assets. */
  readonly jobName?: string | null;
  /** Keys or selections such as `raw/orders+`; several are joined. Absent = all of the job. */
  readonly assets?: readonly string[] | null;
  /** Absent = every check of the assets. Alone (with an empty `assets`): only these checks. */
  readonly checks?: readonly AssetCheckKey[] | null;
  readonly stepKeys?: readonly string[] | null;
  /** Absent = as the tags `dagster/partition` or `dagster/asset_partition_range_start/_end` say. */
  readonly partition?: PartitionChoice;
  /** Absent = the job's own; of a job whose config depends on the partition, an empty one is absent, too. */
  readonly config?: JsonObject | null;
  readonly tags?: Tags;
  /** The same key never makes a second run; the first one's id is returned. */
  readonly idempotencyKey?: string | null;
  /** Fingerprint of the whole request: the same key with another one is refused. Absent = not compared. */
  readonly fingerprint?: string;
  readonly origin?: RunOrigin;
  /** What it starts after; until then it stays in the queue. */
  readonly after?: AfterRequest | null;
}

const MANUAL: RunOrigin = { kind: 'manual', name: '', runKey: null };

/**
 * Checks what is asked for, plans the run, enqueues it and starts what can start.
 *
 * @throws {PlanError} when the request cannot be planned
 * @throws {IdempotencyKeyReusedError} when its key stands for another request
 * @throws {RunConfigError} when the config does not fit
 * @throws {TaskTagsError} when tags ask for a task that there is not
 * @throws {PortError} when storage or the code location cannot be reached
 * @example await launchRun(instance, settings, { assets: ['raw/earthquakes+'], partition: { kind: 'key', key: '2026-11-01' } })
 */
export async function launchRun(
  instance: Instance,
  settings: EngineSettings,
  request: LaunchRunRequest,
): Promise<CreatedRun> {
  const target = await resolveTarget(instance, request);
  const location = await findLocation(instance, target.location);
  const job = findJob(location.manifest, request.jobName ?? ASSET_JOB);
  const run = await buildJobRun(
    instance,
    {
      runId: instance.ids.uuid(),
      job,
      assetSelection: target.assets,
      assetCheckSelection: request.checks ?? null,
      stepKeys: request.stepKeys ?? null,
      ...(request.partition ? { partition: request.partition } : {}),
      tags: {
        ...request.tags,
        ...(request.fingerprint === undefined ? {} : { [TAG.idempotentRequest]: request.fingerprint }),
      },
      origin: request.origin ?? MANUAL,
      idempotencyKey: request.idempotencyKey ?? null,
      dependencies: request.after == null ? null : await resolveDependencies(instance, request.after),
    },
    request.config ?? null,
    {
      settings,
      location,
      now: instance.clock.now(),
      dynamicKeys: (name) => instance.storage.dynamicPartitionKeys(target.location, name),
    },
  );
  const [created] = await instance.storage.createRuns([run]).catch((error: unknown) => {
    throw toDependencyError(error);
  });
  if (created === undefined) throw new Error('storage answered nothing for a new run');
  if (!created.created) await refuseOtherRequest(instance, created.runId, run);
  await afterCommit(instance, settings);
  return created;
}

/**
 * The answer to a launch that is sent again: the first one's run, also when today's definitions would refuse it.
 *
 * @throws {IdempotencyKeyReusedError}
 * @throws what `launch` throws, when the key has no run
 * @example await orFirstLaunch(instance, { idempotencyKey, fingerprint }, () => launchRun(instance, settings, request))
 */
export async function orFirstLaunch(
  { storage }: Pick<Instance, 'storage'>,
  { idempotencyKey, fingerprint }: Pick<LaunchRunRequest, 'idempotencyKey' | 'fingerprint'>,
  launch: () => Promise<CreatedRun>,
): Promise<CreatedRun> {
  try {
    return await launch();
  } catch (error) {
    // Storage that cannot be reached is no refusal, and a key that was refused has been looked up.
    if (idempotencyKey == null || error instanceof PortError || error instanceof IdempotencyKeyReusedError)
      throw error;
    const [first] = await storage.listRuns({ filter: { idempotencyKey }, limit: 1 });
    if (first === undefined) throw error;
    const known = first.tags[TAG.idempotentRequest];
    if (fingerprint !== undefined && known !== undefined && known !== fingerprint)
      throw new IdempotencyKeyReusedError(idempotencyKey, first.runId, []);
    return { runId: first.runId, created: false };
  }
}

/** @throws {IdempotencyKeyReusedError} */
async function refuseOtherRequest(
  { storage }: Pick<Instance, 'storage'>,
  firstRunId: string,
  asked: NewRun,
): Promise<void> {
  const fingerprint = asked.tags[TAG.idempotentRequest];
  if (asked.idempotencyKey === null || fingerprint === undefined) return;
  const first = await storage.getRun(firstRunId);
  const known = first?.tags[TAG.idempotentRequest];
  if (first === undefined || known === undefined || known === fingerprint) return;
  throw new IdempotencyKeyReusedError(asked.idempotencyKey, firstRunId, differencesOf(first, asked));
}

/** Tags that repeat a field of the run, or say nothing to people. */
const SAID_ELSEWHERE: readonly string[] = [TAG.idempotentRequest, TAG.codeLocation];

/** What a request asked for, in its own words; what the system itself writes is left out. */
function differencesOf(first: Run, asked: NewRun): string[] {
  const fields = ['location', 'jobName', 'assetSelection', 'assetCheckSelection', 'config'] as const;
  const names = {
    location: 'location',
    jobName: 'job',
    assetSelection: 'assets',
    assetCheckSelection: 'checks',
    config: 'config',
  };
  const differing: string[] = fields
    .filter((field) => JSON.stringify(first[field]) !== JSON.stringify(asked[field]))
    .map((field) => names[field]);
  for (const key of Object.keys({ ...asked.tags, ...userTags(first.tags) })) {
    if (SAID_ELSEWHERE.includes(key) || first.tags[key] === asked.tags[key]) continue;
    if (key === TAG.partition) differing.push('partition');
    else if (key === TAG.priority) differing.push('priority');
    else differing.push(`tag ${key}`);
  }
  return differing;
}

/** Without those that the system may have added since. */
function userTags(tags: Tags): Tags {
  const set: readonly string[] = [TAG.partition, TAG.priority];
  return Object.fromEntries(
    Object.entries(tags).filter(([key]) => set.includes(key) || !/^\.?dagster\//.test(key)),
  );
}

async function resolveTarget(
  instance: Instance,
  { location = null, jobName = null, assets = null, checks = null }: LaunchRunRequest,
): Promise<{ readonly location: string; readonly assets: readonly AssetKey[] | null }> {
  if (assets !== null && assets.length > 0) {
    return selectRunAssets(assets, await instance.codeLocations.list(), location);
  }
  if (assets !== null && checks !== null && checks.length > 0) {
    return {
      location: location ?? (await locationOfCheck(instance, checks[0] as AssetCheckKey)),
      assets: [],
    };
  }
  if (location !== null && assets === null) return { location, assets: null };
  throw new EngineError(
    jobName === null
      ? 'Nothing is asked for: name a job and its code location, or assets.'
      : `Job '${jobName}' is asked for without its code location, or with no assets at all. Name the location; leave the assets out for all of them.`,
  );
}

async function locationOfCheck(instance: Instance, check: AssetCheckKey): Promise<string> {
  const known = new Map<string, string>();
  for (const { name, manifest } of await instance.codeLocations.list()) {
    for (const each of manifest?.assetChecks ?? []) known.set(checkId(each), name);
  }
  const location = known.get(checkId(check));
  if (location !== undefined) return location;
  throw new PlanError(
    'unknown-check',
    checkId(check),
    `There is no check '${check.name}' of asset '${check.asset}'.`,
    {
      known: known.keys(),
    },
  );
}
