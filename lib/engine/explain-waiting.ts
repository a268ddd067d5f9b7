import { describePause } from '../model/instance-pause';
import type { Run } from '../model/run';
import { explainWaiting as explainByLimits } from '../model/run-queue';
import { ACTIVE_STATUSES } from '../model/run-status';
import { asSystem, type Instance } from '../ports/instance';
import type { RunWait } from '../ports/run-storage';
import type { EngineSettings } from './engine-settings';
import { readPause } from './read-pause';

/** More runs in progress are not looked at: the limit on runs explains the wait long before. */
const LIVE_RUNS_READ = 1_000;
/** Holders of a pool that are named. */
const NAMED_HOLDERS = 3;

/**
 * Why runs wait, in words, by run id: queued ones for limits, other runs, pools or their backfill; suspended ones for
 * what they said. An empty list means that the next claim takes the run. A few reads, however many are asked about.
 *
 * @example (await explainWaiting(instance, settings, [run])).get(run.runId) // ['waiting for run 0b1c2d3e (ingest) to succeed']
 */
export async function explainWaiting(
  instance: Pick<Instance, 'storage' | 'system'>,
  settings: EngineSettings,
  runs: readonly Pick<Run, 'runId' | 'status' | 'tags' | 'cause'>[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  // What others run is part of the reason, also for who may not see it.
  const { storage } = asSystem(instance);
  const reasons = new Map<string, readonly string[]>();
  for (const { runId, status, cause } of runs) {
    if (status === 'SUSPENDED' && cause !== null) reasons.set(runId, [cause]);
  }
  const queued = runs.filter((run) => run.status === 'QUEUED');
  if (queued.length === 0) return reasons;
  const [pause, live, waits] = await Promise.all([
    readPause({ storage }),
    storage.listRuns({ filter: { statuses: ACTIVE_STATUSES }, limit: LIVE_RUNS_READ }),
    storage.runWaits(
      queued.map(({ runId }) => runId),
      settings.runRetries.maxRetries,
      settings.runQueue.poolGranularity ?? 'op',
    ),
  ]);
  const paused = pause === null ? [] : [`waiting: ${describePause(pause)}`];
  const waitOf = new Map(waits.map((wait) => [wait.runId, wait]));
  for (const run of queued) {
    const wait = waitOf.get(run.runId);
    reasons.set(run.runId, [
      ...paused,
      ...(wait === undefined ? [] : describeWait(wait)),
      ...explainByLimits(settings.runQueue, run, live),
    ]);
  }
  return reasons;
}

function describeWait({ dependencies, pools, backfill }: RunWait): string[] {
  return [
    ...(backfill === null ? [] : [`waiting: its backfill is ${backfill}`]),
    ...describeDependencies(dependencies),
    ...pools.map(({ pool, limit, used, waiting, holders }) => {
      const named = holders.slice(0, NAMED_HOLDERS).map((runId) => `run ${short(runId)}`);
      const more = holders.length > named.length ? ` and ${holders.length - named.length} more` : '';
      const by = named.length === 0 ? '' : ` held by ${named.join(', ')}${more}`;
      const first =
        waiting === 0 ? '' : `; ${waiting} ${waiting === 1 ? 'step waits' : 'steps wait'} before it`;
      return `waiting for pool ${pool}: ${used} of ${limit}${by || ' in use'}${first}`;
    }),
  ];
}

function describeDependencies(dependencies: RunWait['dependencies']): string[] {
  const described = dependencies
    .filter(({ state }) => state === 'waiting')
    .map(({ runId, jobName, requires }) => {
      const job = jobName === null ? '' : ` (${jobName})`;
      const what = runId === null ? `the first run of ${jobName}` : `run ${short(runId)}${job}`;
      return `${what} to ${requires === 'success' ? 'succeed' : 'end'}`;
    });
  const [first] = dependencies;
  if (first?.mode === 'any' && described.length > 1) return [`waiting for any of ${described.join(', ')}`];
  return described.map((each) => `waiting for ${each}`);
}

/** As people write run ids. */
const short = (runId: string): string => runId.slice(0, 8);
