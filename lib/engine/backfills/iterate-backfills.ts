import type { Backfill, BackfillStatus, BackfillTargetStatus } from '../../model/backfill';
import { toSerializableError } from '../../model/serializable-error';
import { TAG } from '../../model/tags';
import { PortError } from '../../ports/errors';
import type { Instance } from '../../ports/instance';
import type { BackfillAdvance, BackfillTargets } from '../../ports/storage';
import type { EngineSettings } from '../engine-settings';
import { EngineError, PlanError } from '../errors';
import { findJob, findLocation } from '../find-definitions';
import { mayBeRetried, retryRun } from '../retry-run';
import { partitionsOfRun } from '../run-partitions';
import { type BackfillRuns, buildBackfillRuns, buildRunsFromFailure, type RunSource } from './backfill-runs';
import { backfillUnits } from './backfill-units';
import { chunkPartitions, decideRequests, jobMaxPerRun, type RunGroup } from './decide-requests';
import { momentOf } from './moment-of';

const LIVE: readonly BackfillStatus[] = ['REQUESTED', 'CANCELING', 'FAILING'];
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
  const live = await instance.storage.listBackfills({ statuses: LIVE, limit: MAX_LIVE });
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
    if (requests.requested.length > 0) return { advance: requests, isMore: true };
  }
  if (targets.some(({ status }) => status === 'REQUESTED')) return null;
  if (await retryFailedRuns(instance, settings, backfill)) return null;
  if (await instance.storage.isBackfillRunning(backfill.backfillId)) return null;
  const failed: readonly BackfillTargetStatus[] = ['FAILED', 'CANCELED'];
  const isFailed = targets.some(({ status }) => failed.includes(status));
  return {
    advance: { ...NO_RUNS, status: isFailed ? 'COMPLETED_FAILED' : 'COMPLETED_SUCCESS' },
    isMore: false,
  };
}

async function requestReady(
  instance: Instance,
  settings: EngineSettings,
  backfill: Backfill,
  targets: readonly BackfillTargets[],
): Promise<BackfillRuns> {
  const location = await findLocation(instance, backfill.location);
  const job = findJob(location.manifest, backfill.jobName);
  const moment = await momentOf(instance, location.manifest);
  const source: RunSource = { backfill, location, job, moment };
  const pending = targets
    .filter(({ status }) => status === 'PENDING')
    .flatMap(({ partitions }) => partitions);
  if (backfill.fromFailure) {
    return buildRunsFromFailure(instance, settings, source, pending.slice(0, MAX_RUNS_FROM_FAILURE));
  }
  let groups: readonly RunGroup[];
  if (backfill.assetSelection === null) {
    const selected = new Set(job.assets);
    const assets = location.manifest.assets.filter(({ key }) => selected.has(key));
    const spec = partitionsOfRun(location.manifest, job, job.assets ?? []);
    groups = chunkPartitions(spec, pending, jobMaxPerRun(assets), moment).map((partitions) => ({
      assets: [],
      partitions,
    }));
  } else {
    groups = decideRequests(
      backfillUnits(location.manifest, backfill.assetSelection),
      statusesOf(targets),
      moment,
    );
  }
  return buildBackfillRuns(instance, settings, source, groups.slice(0, MAX_RUNS));
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
  return { advance: { ...NO_RUNS, status: status === 'CANCELING' ? 'CANCELED' : 'FAILED' }, isMore: false };
}

/** What an iteration that failed comes to. */
function stepOfFailure(instance: Instance, backfill: Backfill, error: unknown): Step {
  // Storage, not the backfill: whoever called tries again.
  if (error instanceof PortError && error.fault !== 'permanent') throw error;
  const { failureCount, backfillId } = backfill;
  if (error instanceof PlanError && error.code === 'location-not-loaded') {
    const nextIterationAt = instance.clock.now() + LOCATION_WAIT_MS;
    return { advance: { ...NO_RUNS, failureCount, nextIterationAt }, isMore: false };
  }
  const failures = failureCount + 1;
  if (!(error instanceof EngineError) && failures < MAX_FAILURES) {
    const nextIterationAt = instance.clock.now() + PACE.longestMs;
    return { advance: { ...NO_RUNS, failureCount: failures, nextIterationAt }, isMore: false };
  }
  const cause = `Backfill ${backfillId} cannot go on: ${error instanceof Error ? error.message : String(error)}`;
  return {
    advance: {
      ...NO_RUNS,
      status: 'FAILING',
      cause,
      error: toSerializableError(error),
      failureCount: failures,
    },
    isMore: true,
  };
}
