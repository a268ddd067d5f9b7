import type { Driver } from '../../../lib/adapters/postgres/driver';
import { createPostgresWorkerStorage } from '../../../lib/adapters/postgres/postgres-worker-storage';
import { EventSpool } from '../../../lib/execution/event-spool';
import { retryTransient } from '../../../lib/execution/retry-transient';
import type { NewEvent } from '../../../lib/model/event';
import type { AttemptRef } from '../../../lib/model/run';
import type { Clock } from '../../../lib/ports/clock';
import type { TaskExit } from '../../../lib/ports/run-launcher';
import { type RunAssignment, type RunOutcome, StaleAttemptError } from '../../../lib/ports/worker-storage';
import { memoryObjectStore } from '../../engine/support/test-instance';
import type { ChaosProcess } from './crashing-driver';

/** What a worker does, one after the other; each event is a batch of its own. */
export type WorkerAct =
  | { readonly do: 'emit'; readonly event: NewEvent }
  | { readonly do: 'claim' | 'release'; readonly pool: string; readonly stepKey: string }
  /** Says nothing more, as a machine that hangs. */
  | { readonly do: 'hang' }
  /** Works on until it is told to stop. */
  | { readonly do: 'wait' }
  | { readonly do: 'suspend'; readonly ms: number }
  | { readonly do: 'finish'; readonly outcome: RunOutcome };

export type WorkerScript = (assignment: RunAssignment, attempt: number) => readonly WorkerAct[];

/** What a worker that started its attempt said, whether or not it was stored. */
export interface Spoken {
  readonly runId: string;
  readonly attempt: number;
  readonly events: NewEvent[];
  /** Events whose storing was acknowledged to it. */
  acknowledged: number;
  readonly completedSteps: readonly string[];
}

export interface ScriptedWorkerOptions {
  readonly ref: AttemptRef;
  readonly driver: Driver;
  readonly process: ChaosProcess;
  readonly clock: Clock;
  readonly script: WorkerScript;
  readonly spoken: Spoken[];
  /** Listens from now on; resolves when the worker is asked to stop. */
  stopping(): Promise<void>;
}

/** One attempt's worker with the real storage and event spool; what user code would do comes from a script. */
export async function scriptedWorker(options: ScriptedWorkerOptions): Promise<TaskExit> {
  const { ref, clock, script, spoken } = options;
  const storage = createPostgresWorkerStorage({ driver: options.driver });
  const insist = <T>(call: () => Promise<T>): Promise<T> => retryTransient(call, clock);
  try {
    const assignment = await insist(() => storage.startRun(ref));
    if (ref.attempt > 1) await insist(() => storage.suspendedState(ref));
    const said: Spoken = {
      runId: ref.runId,
      attempt: ref.attempt,
      events: [],
      acknowledged: 0,
      completedSteps: assignment.completedSteps.map(({ stepKey }) => stepKey),
    };
    spoken.push(said);
    const spool = new EventSpool({
      ref,
      lastSeq: assignment.lastSeq,
      storage,
      objectStore: memoryObjectStore(new Map()),
      clock,
      onPressure: () => undefined,
      onRefused: () => undefined,
    });
    for (const act of script(assignment, ref.attempt)) {
      switch (act.do) {
        case 'emit':
          said.events.push(act.event);
          spool.add(act.event);
          await spool.flush();
          said.acknowledged = said.events.length;
          break;
        case 'claim':
          while (!(await insist(() => storage.claimPoolSlot(ref, act.pool, act.stepKey))).held) {
            await clock.sleep(1_000);
          }
          break;
        case 'release':
          await insist(() => storage.releasePoolSlot(ref, act.pool, act.stepKey));
          break;
        case 'hang':
          return await new Promise<never>(() => {});
        case 'wait':
          await options.stopping();
          if ((await insist(() => storage.heartbeat(ref))) === 'cancel') {
            await insist(() =>
              storage.finishRun(ref, { status: 'CANCELED', failureReason: null, cause: 'canceled' }),
            );
            return { exitCode: 0, reason: null };
          }
          return { exitCode: 1, reason: 'interrupted' };
        case 'suspend': {
          const suspension = { resumeAt: clock.now() + act.ms, cause: 'waits', state: { waited: true } };
          await insist(() => storage.suspendRun(ref, suspension));
          return { exitCode: 0, reason: null };
        }
        case 'finish':
          await insist(() => storage.finishRun(ref, act.outcome));
          return { exitCode: 0, reason: null };
      }
    }
    return { exitCode: 0, reason: null };
  } catch (error) {
    if (error instanceof StaleAttemptError) return { exitCode: 0, reason: null };
    throw error;
  }
}
