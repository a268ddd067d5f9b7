import { systemClock } from '../../lib/adapters/system/system-clock';
import type { ToChild } from '../../lib/execution/child-messages';
import type { ChildHandle, ChildListener } from '../../lib/execution/child-process';
import { Supervisor } from '../../lib/execution/supervisor';
import type { WorkerPool } from '../../lib/execution/worker-pool';
import type { RunOutcome } from '../../lib/ports/worker-storage';
import { InMemoryWorkerStorage } from '../support/in-memory-worker-storage';
import { assignment, step } from './support/definitions';

const SUCCESS: RunOutcome = { status: 'SUCCESS', failureReason: null, cause: null };
const work = assignment([step('alone', { isolated: true })]);

/** A child that asks for its only step to be run in a process of its own, and executes it when it is that process. */
function aChild(): ChildHandle {
  let listener: ChildListener | null = null;
  let serial = 0;
  const say = (message: Parameters<ChildListener['onMessage']>[0]): void =>
    queueMicrotask(() => listener?.onMessage(message));
  const end = (): void =>
    say({ type: 'ended', serial, end: { kind: 'finished', outcome: SUCCESS }, memory: 1 });
  const send = (message: ToChild): void => {
    if (message.type === 'answer') end();
    if (message.type === 'refusal') say({ type: 'broken', serial, error: message.error });
    if (message.type !== 'run') return;
    serial = message.serial;
    if (message.onlyStep !== null) end();
    else say({ type: 'call', id: 1, call: 'run-isolated', ask: { stepKey: 'alone' } });
  };
  const child: Partial<ChildHandle> = {
    pid: 1,
    runs: 0,
    memory: 0,
    gone: new Promise(() => {}),
    listen: (to) => {
      listener = to;
    },
    send,
    pause: () => {},
    resume: () => {},
    kill: () => {},
  };
  return child as ChildHandle;
}

test('A process of its own for a step is asked for again when there was none', async () => {
  const storage = new InMemoryWorkerStorage();
  storage.add(work);
  let refusals = 0;
  const pool: Partial<WorkerPool> = {
    warm: () => {},
    acquire: async (_bundle, fresh) => {
      if (!fresh || refusals > 0) return aChild();
      refusals += 1;
      throw new Error('too many processes');
    },
    release: () => {},
    discard: async () => ({ code: 0, signal: null, reason: 'discarded', stepKey: null }),
  };
  const supervisor = new Supervisor(
    {
      ref: { runId: work.runId, attempt: 1, workerId: 'w', token: 'token' },
      bundle: { hash: 'hash', path: 'bundle.mjs' },
      maxRuntimeSeconds: null,
    },
    {
      storage,
      objectStore: {
        put: async () => {},
        get: async () => undefined,
        list: async () => [],
        delete: async () => {},
      },
      pool: pool as WorkerPool,
      clock: systemClock,
      random: () => 0.5,
    },
  );

  expect(await supervisor.run()).toEqual({ kind: 'finished', outcome: SUCCESS });
  expect(refusals).toBe(1);
});
