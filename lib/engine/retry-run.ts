import type { Run } from '../model/run';
import { TAG } from '../model/tags';
import type { Instance } from '../ports/instance';
import { buildReexecution, REEXECUTION_STRATEGIES, type ReexecutionStrategy } from './build-reexecution';
import type { EngineSettings } from './engine-settings';
import { EngineError } from './errors';

/** Larger families are not counted further: no run is retried so often. */
const COUNTED_RUNS = 1_000;
/** The run key of the one retry that the engine makes of a run; `decide_retry` of migrations/ looks for it. */
const AUTOMATIC = 'automatic';

/**
 * Whether a failed run is worth a new one, and by which strategy. The run's tags speak before the settings.
 *
 * @param familySize runs with the same root, this one and the root included (so re-executions by hand count too)
 */
export function decideRunRetry(
  run: Pick<Run, 'status' | 'tags'>,
  familySize: number,
  { runRetries }: Pick<EngineSettings, 'runRetries'>,
): { readonly strategy: ReexecutionStrategy; readonly retryNumber: number } | null {
  if (run.status !== 'FAILURE') return null;
  const retries = familySize - 1;
  if (retries >= maxRunRetries(run, { runRetries })) return null;
  const asked = run.tags[TAG.retryOnAssetOrOpFailure] ?? String(runRetries.retryOnAssetOrOpFailure);
  if (run.tags[TAG.failureReason] === 'STEP_FAILURE' && asked.toLowerCase() === 'false') return null;
  const strategy =
    REEXECUTION_STRATEGIES.find((known) => known === run.tags[TAG.retryStrategy]) ?? 'FROM_FAILURE';
  return { strategy, retryNumber: retries + 1 };
}

/** New runs that may be made of a run and of those made of it. */
function maxRunRetries(
  { tags }: Pick<Run, 'tags'>,
  { runRetries }: Pick<EngineSettings, 'runRetries'>,
): number {
  const asked = Number(tags[TAG.maxRetries] ?? runRetries.maxRetries);
  return Number.isInteger(asked) ? asked : 0;
}

/** Whether retries are on for a run at all. */
export const mayBeRetried = (run: Pick<Run, 'tags'>, settings: Pick<EngineSettings, 'runRetries'>): boolean =>
  maxRunRetries(run, settings) > 0;

/**
 * Enqueues the retry of a failed run, at most one however often and by how many it is called: storage keeps to what was
 * decided first. The failed run's tags say it: `dagster/will_retry` true or false where retries are on,
 * `dagster/auto_retry_run_id` the new run.
 */
export async function retryRun(
  instance: Instance,
  settings: EngineSettings,
  runId: string,
): Promise<string | null> {
  const { storage } = instance;
  const run = await storage.getRun(runId);
  if (run?.status !== 'FAILURE' || (await hasBackfillEnded(instance, run))) return null;
  const made = run.tags[TAG.autoRetryRunId];
  if (made !== undefined) return made;
  const rootRunId = run.rootRunId ?? run.runId;
  const filter = { tags: [{ key: TAG.rootRunId, values: [rootRunId] }] };
  const familySize = 1 + (await storage.countRuns(filter, COUNTED_RUNS));
  const retry = decideRunRetry(run, familySize, settings);
  if (retry === null) return maxRunRetries(run, settings) > 0 ? storage.decideRetry(runId, null) : null;
  try {
    const newRun = await buildReexecution(instance, settings, run, {
      strategy: retry.strategy,
      extraTags: { [TAG.retryNumber]: String(retry.retryNumber) },
      origin: { kind: 'retry', name: run.runId, runKey: AUTOMATIC },
    });
    return await storage.decideRetry(runId, newRun);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const other = await storage.decideRetry(runId, null);
    if (other !== null) return other;
    await storage.appendSystemEvents(runId, [
      {
        type: 'ENGINE_EVENT',
        data: {},
        timestamp: run.endedAt ?? run.updatedAt,
        level: 'WARNING',
        message: `The run is not retried: ${error.message}`,
      },
    ]);
    return null;
  }
}

/** A run of a backfill that is being canceled, or has come to an end, is not retried. */
async function hasBackfillEnded({ storage }: Pick<Instance, 'storage'>, { tags }: Run): Promise<boolean> {
  const backfillId = tags[TAG.backfill];
  if (backfillId === undefined) return false;
  const [backfill] = await storage.listBackfills({ backfillIds: [backfillId], limit: 1 });
  return backfill !== undefined && backfill.status !== 'REQUESTED';
}
