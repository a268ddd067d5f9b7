import { type Backfill, type BackfillTargetStatus, LIVE_BACKFILL_STATUSES } from '../../model/backfill';
import { toSerializableError } from '../../model/serializable-error';
import { TAG } from '../../model/tags';
import type { BackfillAdvance, BackfillTargets } from '../../ports/backfill-storage';
import { PortError } from '../../ports/errors';
import type { Instance } from '../../ports/instance';
import type { EngineSettings } from '../engine-settings';
import { EngineError, PlanError } from '../errors';
import { findJob, findLocation } from '../find-definitions';
import { mayBeRetried, retryRun } from '../retry-run';
import { partitionsOfRun } from '../run-partitions';
import { backfillGraph } from './backfill-graph';
import { type BackfillRuns, buildBackfillRuns, buildRunsFromFailure, type RunSource } from './backfill-runs';
import type { Moment } from './backfill-targets';
import { backfillUnits } from './backfill-units';
import { chunkPartitions, decideRequests, jobMaxPerRun, type RunGroup } from './decide-requests';
import { momentOf } from './moment-of';

const MAX_LIVE = 1_000;
/** Runs that one iteration makes at most, in one statement. */
const MAX_RUNS = 10_000;
/** The same where each run takes reads of its own. */
const MAX_RUNS_FROM_FAILURE = 100;
/** Runs canceled by one statement, as in Dagster. */
const CANCEL_BATCH = 500;
/** Iterations in a row that may fail before the backfill has, as in Dagster. */
const MAX_FAILURES = 5;
/** An iteration that takes longer is not repeated at once: by its own time, ten-fold, up to half a minute. */
const PACE = { freeMs: 200, factor: 10, longestMs: 30_000 };
/** Without its code location a backfill waits, and does not count that as failing. */
const LOCATION_WAIT_MS = 30_000;

/**
 * Takes every live backfill as far as it can go now: requests the partitions that are ready, cancels the runs of those
 * that are being canceled, ends those that are done. Two at a time do no harm: the second finds what the first wrote.
 *
 * @returns what went wrong outside of the backfills themselves; a later call tries again
 */
export async function iterateBackfills(
  instance: Instance,
  settings: EngineSettings,
): Promise<readonly unknown[]> {
  const live = await instance.storage.listBackfills({ statuses: LIVE_BACKFILL_STATUSES, limit: MAX_LIVE });
  const errors: unknown[] = [];
  // Oldest first, as Dagster's daemon.
  for (const backfill of live.toReversed()) {
    if (backfill.nextIterationAt > instance.clock.now()) continue;
    try {
      await iterateBackfill(instance, settings, backfill);
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}

/**
 * @returns ids of the runs that were made
 * @throws {PortError} when storage cannot be reached
 */
export async function iterateBackfill(
  instance: Instance,
  settings: EngineSettings,
  backfill: Backfill,
): Promise<readonly string[]> {
  const runIds: string[] = [];
  let current = backfill;
  for (;;) {
    const begunAt = instance.clock.now();
    const step = await decideStep(instance, settings, current).catch((error: unknown) =>
      stepOfFailure(instance, current, error),
    );
    if (step === null) return runIds;
    const now = instance.clock.now();
    const took = now - begunAt;
    const pause = took <= PACE.freeMs ? 0 : Math.min(took * PACE.factor, PACE.longestMs);
    const isStored = await instance.storage.advanceBackfill(current.backfillId, current.version, {
      ...step.advance,
      nextIterationAt: step.advance.nextIterationAt ?? (step.isMore ? 0 : now + pause),
    });
    if (isStored) runIds.push(...step.advance.runs.map(({ runId }) => runId));
    if (!step.isMore && isStored) return runIds;
    const [next] = await instance.storage.listBackfills({ backfillIds: [current.backfillId], limit: 1 });
    if (next === undefined || next.endedAt !== null) return runIds;
    current = next;
  }
}

interface Step {
  readonly advance: Omit<BackfillAdvance, 'nextIterationAt'> & { readonly nextIterationAt?: number };
  /** There may be more to do at once. */
  readonly isMore: boolean;
}

const NO_RUNS: BackfillRuns = { runs: [], requested: [] };

async function decideStep(
  instance: Instance,
  settings: EngineSettings,
  backfill: Backfill,
): Promise<Step | null> {
  if (backfill.status !== 'REQUESTED') return endRuns(instance, backfill);
  if (backfill.pausedAt !== null) return null;
  const targets = await instance.storage.backfillTargets(backfill.backfillId);
  if (targets.some(({ status }) => status === 'PENDING')) {
    const requests = await requestReady(instance, settings, backfill, targets);
    if (requests.requested.length > 0) {
      return { advance: { ...requests, messages: [requestedMessage(requests)] }, isMore: true };
    }
  }
  if (targets.some(({ status }) => status === 'REQUESTED')) return null;
  if (await retryFailedRuns(instance, settings, backfill)) return null;
  if (await instance.storage.isBackfillRunning(backfill.backfillId)) return null;
  const failed: readonly BackfillTargetStatus[] = ['FAILED', 'CANCELED'];
  const isFailed = targets.some(({ status }) => failed.includes(status));
  const status = isFailed ? 'COMPLETED_FAILED' : 'COMPLETED_SUCCESS';
  return { advance: { ...NO_RUNS, status, messages: [completedMessage(targets)] }, isMore: false };
}

const countOf = (entries: readonly { readonly partitions: readonly string[] }[]): number =>
  entries.reduce((sum, { partitions }) => sum + partitions.length, 0);

/** Assets that a message names. */
const MAX_NAMED = 10;

function requestedMessage({ runs, requested }: BackfillRuns): string {
  const assets = [...new Set(requested.flatMap(({ asset }) => asset ?? []))];
  const more = assets.length > MAX_NAMED ? ` and ${assets.length - MAX_NAMED} more` : '';
  const named = assets.length === 0 ? '' : ` of ${assets.slice(0, MAX_NAMED).join(', ')}${more}`;
  const skipped = countOf(requested.filter(({ status }) => status === 'SKIPPED'));
  const left = skipped === 0 ? '' : ` ${skipped} were left out: their last runs did not fail.`;
  return `Requested ${countOf(requested) - skipped} partitions${named}, by ${runs.length} runs.${left}`;
}

function completedMessage(targets: readonly BackfillTargets[]): string {
  const of = (status: BackfillTargetStatus): number =>
    countOf(targets.filter((target) => target.status === status));
  const parts = [
    [of('SUCCESS'), 'made'],
    [of('FAILED'), 'failed'],
    [of('CANCELED'), 'canceled'],
    [of('SKIPPED'), 'left out by their runs'],
    [of('PENDING'), 'not requested, because something before them was not made'],
  ] as const;
  const said = parts.flatMap(([count, word]) => (count === 0 ? [] : `${count} ${word}`));
  return `Backfill has come to its end. Partitions: ${said.join(', ')}.`;
}

async function requestReady(
  instance: Instance,
  settings: EngineSettings,
  backfill: Backfill,
  targets: readonly BackfillTargets[],
): Promise<BackfillRuns> {
  const sources = new Map<string, RunSource>();
  for (const name of backfill.locations) {
    const location = await findLocation(instance, name);
    sources.set(name, { location, job: findJob(location.manifest, backfill.jobName) });
  }
  const manifests = [...sources.values()].map(({ location }) => location.manifest);
  const moment = await momentOf(instance, manifests);
  const pending = targets
    .filter(({ status }) => status === 'PENDING')
    .flatMap(({ partitions }) => partitions);
  if (backfill.fromFailure) {
    return buildRunsFromFailure(instance, settings, backfill, pending.slice(0, MAX_RUNS_FROM_FAILURE));
  }
  const groups =
    backfill.assetSelection === null
      ? jobRuns(sources.get(backfill.location), pending, moment)
      : decideRequests(
          backfillUnits(backfillGraph(manifests), backfill.assetSelection),
          statusesOf(targets),
          moment,
        );
  return buildBackfillRuns(instance, settings, { backfill, sources, moment }, groups.slice(0, MAX_RUNS));
}

function jobRuns(
  source: RunSource | undefined,
  partitions: readonly string[],
  moment: Moment,
): readonly RunGroup[] {
  if (source === undefined) return [];
  const { job, location } = source;
  const { manifest } = location;
  const selected = new Set(job.assets);
  const assets = manifest.assets.filter(({ key }) => selected.has(key));
  const spec = partitionsOfRun(manifest, job, job.assets ?? []);
  return chunkPartitions(spec, partitions, jobMaxPerRun(assets), moment).map((chunk) => ({
    location: manifest.location,
    assets: [],
    partitions: chunk,
  }));
}

function statusesOf(targets: readonly BackfillTargets[]): Map<string, Map<string, BackfillTargetStatus>> {
  const statuses = new Map<string, Map<string, BackfillTargetStatus>>();
  for (const { asset, status, partitions } of targets) {
    const known = statuses.get(asset ?? '') ?? new Map<string, BackfillTargetStatus>();
    for (const partition of partitions) known.set(partition, status);
    statuses.set(asset ?? '', known);
  }
  return statuses;
}

/** A failed run that is about to be retried is not the end of its partition. True when one was retried just now. */
async function retryFailedRuns(
  instance: Instance,
  settings: EngineSettings,
  { backfillId }: Backfill,
): Promise<boolean> {
  const failed = await instance.storage.listRuns({
    filter: { tags: [{ key: TAG.backfill, values: [backfillId] }], statuses: ['FAILURE'] },
    limit: MAX_LIVE,
  });
  const undecided = failed.filter(
    (run) => run.tags[TAG.willRetry] === undefined && mayBeRetried(run, settings),
  );
  const retries = await Promise.all(undecided.map(({ runId }) => retryRun(instance, settings, runId)));
  return retries.some((retry) => retry !== null);
}

async function endRuns(instance: Instance, backfill: Backfill): Promise<Step | null> {
  const { backfillId, status, cause } = backfill;
  const said = cause ?? `Backfill ${backfillId} was canceled.`;
  let left = await instance.storage.cancelBackfillRuns(backfillId, CANCEL_BATCH, said);
  for (let before = -1; left > CANCEL_BATCH && left !== before; ) {
    before = left < 2 * CANCEL_BATCH ? left : -1;
    left = await instance.storage.cancelBackfillRuns(backfillId, CANCEL_BATCH, said);
  }
  if (left > 0) return null;
  const end = status === 'CANCELING' ? 'CANCELED' : 'FAILED';
  return {
    advance: { ...NO_RUNS, status: end, messages: [`Its runs have ended: the backfill is ${end}.`] },
    isMore: false,
  };
}

/** What an iteration that failed comes to. */
function stepOfFailure(instance: Instance, backfill: Backfill, error: unknown): Step {
  // Storage, not the backfill: whoever called tries again.
  if (error instanceof PortError && error.fault !== 'permanent') throw error;
  const { failureCount, backfillId } = backfill;
  if (error instanceof PlanError && error.code === 'location-not-loaded') {
    const nextIterationAt = instance.clock.now() + LOCATION_WAIT_MS;
    return {
      advance: { ...NO_RUNS, failureCount, nextIterationAt, messages: [`Waiting: ${error.message}`] },
      isMore: false,
    };
  }
  const failures = failureCount + 1;
  if (!(error instanceof EngineError) && failures < MAX_FAILURES) {
    const nextIterationAt = instance.clock.now() + PACE.longestMs;
    const message = `Iteration failed, ${failures} of ${MAX_FAILURES} in a row: ${messageOf(error)}`;
    return {
      advance: { ...NO_RUNS, failureCount: failures, nextIterationAt, messages: [message] },
      isMore: false,
    };
  }
  const cause = `Backfill ${backfillId} cannot go on: ${messageOf(error)}`;
  return {
    advance: {
      ...NO_RUNS,
      status: 'FAILING',
      cause,
      messages: [cause],
      error: toSerializableError(error),
      failureCount: failures,
    },
    isMore: true,
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
