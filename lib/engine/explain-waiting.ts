import { describePause } from '../model/instance-pause';
import type { Run } from '../model/run';
import { explainWaiting as explainByLimits } from '../model/run-queue';
import { ACTIVE_STATUSES } from '../model/run-status';
import type { Instance } from '../ports/instance';
import type { EngineSettings } from './engine-settings';
import { readPause } from './read-pause';

/** More runs in progress are not looked at: the limit on runs explains the wait long before. */
const LIVE_RUNS_READ = 1_000;

/**
 * Why queued runs are not started yet, in words, by run id; an empty list means that the next claim takes the run.
 * One read of the runs in progress and one of the pause, however many are asked about.
 *
 * @example (await explainWaiting(instance, settings, [run])).get(run.runId) // ['waiting: 10 of 10 runs in progress']
 */
export async function explainWaiting(
  { storage }: Pick<Instance, 'storage'>,
  settings: EngineSettings,
  queued: readonly Pick<Run, 'runId' | 'status' | 'tags'>[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const waiting = queued.filter((run) => run.status === 'QUEUED');
  if (waiting.length === 0) return new Map();
  const [pause, live] = await Promise.all([
    readPause({ storage }),
    storage.listRuns({ filter: { statuses: ACTIVE_STATUSES }, limit: LIVE_RUNS_READ }),
  ]);
  const paused = pause === null ? [] : [`waiting: ${describePause(pause)}`];
  return new Map(
    waiting.map((run) => [run.runId, [...paused, ...explainByLimits(settings.runQueue, run, live)]]),
  );
}
