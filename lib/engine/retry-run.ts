import type { Run } from '../model/run';
import { TAG } from '../model/tags';
import type { Instance } from '../ports/instance';
import { buildReexecution, type ReexecutionStrategy } from './build-reexecution';
import type { EngineSettings } from './engine-settings';
import { EngineError } from './errors';

/** Larger families are not counted further: no run is retried so often. */
const COUNTED_RUNS = 1_000;

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
  const asked = Number(run.tags[TAG.maxRetries] ?? runRetries.maxRetries);
  const maxRetries = Number.isInteger(asked) ? asked : 0;
  const retries = familySize - 1;
  if (retries >= maxRetries) return null;
  if (run.tags[TAG.failureReason] === 'STEP_FAILURE' && !runRetries.retryOnAssetOrOpFailure) return null;
  const strategy = run.tags[TAG.retryStrategy] === 'ALL_STEPS' ? 'ALL_STEPS' : 'FROM_FAILURE';
  return { strategy, retryNumber: retries + 1 };
}

/** Enqueues the retry of a failed run, at most one however often it is called. */
export async function retryRun(
  instance: Instance,
  settings: EngineSettings,
  runId: string,
): Promise<string | null> {
  const run = await instance.storage.getRun(runId);
  if (run?.status !== 'FAILURE') return null;
  const rootRunId = run.rootRunId ?? run.runId;
  const filter = { tags: [{ key: TAG.rootRunId, values: [rootRunId] }] };
  const familySize = 1 + (await instance.storage.countRuns(filter, COUNTED_RUNS));
  const retry = decideRunRetry(run, familySize, settings);
  if (retry === null) return null;
  try {
    const newRun = await buildReexecution(instance, settings, run, {
      strategy: retry.strategy,
      extraTags: { [TAG.retryNumber]: String(retry.retryNumber) },
      origin: { kind: 'retry', name: run.runId, runKey: 'automatic' },
    });
    const [created] = await instance.storage.createRuns([newRun]);
    return created?.runId ?? null;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    await instance.storage.appendSystemEvents(runId, [
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
