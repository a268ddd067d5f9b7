import { StaleAttemptError } from '../../lib/ports/worker-storage';
import { anEvent, aRun, aStartedRun, claimAll, launch, SUCCESS } from './storage-builders';
import type { StorageHarness } from './storage-contract';

const TERMINAL = ['RUN_SUCCESS', 'RUN_FAILURE', 'RUN_CANCELED'] as const;

/** Tokens, cancelling, finalizing, lateness: the control plane's side of an attempt. */
export function storageAttemptsContract(harness: () => StorageHarness): void {
  test('a token is made only for a claimed attempt that has not started', async () => {
    const { storage, worker } = harness();
    const run = aRun();
    await storage.createRuns([run]);
    await expect(storage.issueAttemptToken(run.runId, 1)).rejects.toThrow(StaleAttemptError);
    await claimAll(storage);

    const ref = await launch(storage, run.runId);
    await expect(storage.issueAttemptToken(run.runId, 2)).rejects.toThrow(StaleAttemptError);
    await worker.startRun(ref);

    expect(ref.token.length).toBeGreaterThanOrEqual(60);
    await expect(storage.issueAttemptToken(run.runId, 1)).rejects.toMatchObject({ fault: 'conflict' });
    await expect(storage.issueAttemptToken('no-uuid', 1)).rejects.toMatchObject({ fault: 'conflict' });
  });

  test('canceling: a queued run at once, an active one through its worker, a finished one not at all', async () => {
    const { storage, worker } = harness();
    const active = await aStartedRun(storage, worker);
    const queued = aRun();
    await storage.createRuns([queued]);
    const cancel = (runId: string) => storage.cancelRun(runId, { force: false, cause: 'not needed' });

    expect(await cancel(queued.runId)).toBe('canceled');
    expect(await cancel(queued.runId)).toBe('finished');
    expect(await cancel(active.runId)).toBe('canceling');
    expect(await cancel(active.runId)).toBe('canceling');
    expect(await worker.heartbeat(active)).toBe('cancel');

    expect(await storage.getRun(queued.runId)).toMatchObject({ status: 'CANCELED', cause: 'not needed' });
    expect((await storage.getRun(active.runId))?.status).toBe('CANCELING');
    const stops = (await storage.takeOutbox(100, 60)).filter(({ kind }) => kind === 'stop-attempt');
    expect(stops.map(({ runId, attempt }) => [runId, attempt])).toEqual([[active.runId, 1]]);
    const events = await storage.runEvents({ runId: active.runId, limit: 100, types: ['RUN_CANCELING'] });
    expect(events).toHaveLength(1);
  });

  test('a canceled run says who asked, whoever ends it: its worker, its finalizer, one who resumes it', async () => {
    const { storage, worker } = harness();
    const refs = [
      await aStartedRun(storage, worker),
      await aStartedRun(storage, worker),
      await aStartedRun(storage, worker),
    ];
    for (const { runId } of refs) {
      await storage.cancelRun(runId, { force: false, cause: 'Canceled by ann.' });
      expect((await storage.getRun(runId))?.cause).toBe('Canceled by ann.');
      await storage.cancelRun(runId, { force: false, cause: 'Canceled by bob.' });
    }
    const [ended, resumed, late] = refs;
    if (!ended || !resumed || !late) throw new Error('three runs');

    await worker.finishRun(ended, {
      status: 'CANCELED',
      failureReason: null,
      cause: 'The run was canceled.',
    });
    await storage.finalizeAttempt(resumed.runId, 1, { kind: 'resume', cause: 'the worker was lost' });
    await worker.finishRun(late, SUCCESS);

    for (const { runId } of [ended, resumed]) {
      expect(await storage.getRun(runId)).toMatchObject({ status: 'CANCELED', cause: 'Canceled by ann.' });
      const [end] = await storage.runEvents({ runId, limit: 9, types: ['RUN_CANCELED'] });
      expect(end?.message).toBe('Canceled by ann.');
    }
    expect(await storage.getRun(late.runId)).toMatchObject({ status: 'SUCCESS', cause: null });
  });

  test('a forced cancellation ends the run at once and fences its worker', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);

    expect(await storage.cancelRun(ref.runId, { force: true, cause: 'now' })).toBe('canceled');

    await expect(worker.heartbeat(ref)).rejects.toThrow(StaleAttemptError);
    await expect(worker.appendEvents(ref, 1, [anEvent('STEP_START', {})])).rejects.toThrow(StaleAttemptError);
    await expect(worker.finishRun(ref, SUCCESS)).rejects.toThrow(StaleAttemptError);
    expect((await storage.getRun(ref.runId))?.status).toBe('CANCELED');
    expect((await storage.takeOutbox(100, 60)).some(({ kind }) => kind === 'stop-attempt')).toBe(true);
  });

  test('finalizing applies the choice once; what is finished or newer is left alone', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    const resume = { kind: 'resume', cause: 'the worker was lost' } as const;
    const fail = { kind: 'fail', reason: 'UNEXPECTED_TERMINATION', cause: 'out of memory (512 MB)' } as const;

    expect(await storage.finalizeAttempt(ref.runId, 2, fail)).toBe('not-found');
    expect(await storage.finalizeAttempt(ref.runId, 1, resume)).toBe('applied');
    expect(await storage.finalizeAttempt(ref.runId, 1, resume)).toBe('applied');
    expect(await storage.finalizeAttempt(ref.runId, 1, fail)).toBe('newer-attempt');
    expect(await storage.getRun(ref.runId)).toMatchObject({ status: 'QUEUED', attempt: 1 });
    expect(await claimAll(storage)).toEqual([{ runId: ref.runId, attempt: 2 }]);
    expect(await storage.finalizeAttempt(ref.runId, 1, fail)).toBe('newer-attempt');
    const second = await launch(storage, ref.runId, 2);
    await worker.startRun(second);
    await expect(worker.heartbeat(ref)).rejects.toThrow(StaleAttemptError);
    expect(await storage.finalizeAttempt(ref.runId, 2, { ...fail, error: { name: 'E', message: 'm' } })).toBe(
      'applied',
    );
    expect(await storage.finalizeAttempt(ref.runId, 2, fail)).toBe('already-finished');

    expect(await storage.getRun(ref.runId)).toMatchObject({
      status: 'FAILURE',
      cause: fail.cause,
      tags: { 'dagster/failure_reason': 'UNEXPECTED_TERMINATION' },
    });
    const ends = await storage.runEvents({ runId: ref.runId, limit: 100, types: TERMINAL });
    expect(ends).toMatchObject([
      {
        type: 'RUN_FAILURE',
        attempt: 2,
        data: { reason: 'UNEXPECTED_TERMINATION', error: { name: 'E', message: 'm' } },
      },
    ]);
    const byReason = { tags: [{ key: 'dagster/failure_reason', values: ['UNEXPECTED_TERMINATION'] }] };
    expect(await storage.countRuns(byReason)).toBe(1);
  });

  test('a cancellation that came before a resume is not lost', async () => {
    const { storage, worker } = harness();
    const ref = await aStartedRun(storage, worker);
    await storage.cancelRun(ref.runId, { force: false, cause: 'enough' });

    expect(
      await storage.finalizeAttempt(ref.runId, 1, { kind: 'resume', cause: 'the worker was lost' }),
    ).toBe('applied');

    expect((await storage.getRun(ref.runId))?.status).toBe('CANCELED');
  });

  test('attempts that are late to start, beat, cancel or end are found, each for its reason', async () => {
    const { storage, worker } = harness();
    const slow = await aStartedRun(storage, worker, aRun({ tags: { 'dagster/max_runtime': '0.001' } }));
    const silent = await aStartedRun(storage, worker);
    const canceling = await aStartedRun(storage, worker);
    await storage.cancelRun(canceling.runId, { force: false, cause: 'x' });
    const starting = aRun();
    await storage.createRuns([starting]);
    await claimAll(storage);
    await new Promise((resolve) => setTimeout(resolve, 30));
    await worker.heartbeat(slow);
    const find = async (startTimeout: number, heartbeatTimeout: number, cancelTimeout: number) =>
      new Map(
        (await storage.findLateAttempts({ startTimeout, heartbeatTimeout, cancelTimeout })).map((late) => [
          late.runId,
          late.why,
        ]),
      );

    expect(await find(60, 60, 60)).toEqual(new Map([[slow.runId, 'max-runtime']]));
    expect(await find(0.001, 60, 60)).toEqual(
      new Map([
        [slow.runId, 'max-runtime'],
        [starting.runId, 'start-timeout'],
      ]),
    );
    const all = await find(0.001, 0.02, 0.001);
    expect(all.get(silent.runId)).toBe('heartbeat-lost');
    expect(all.get(canceling.runId)).toBe('cancel-timeout');
    await storage.finalizeAttempt(starting.runId, 1, { kind: 'resume', cause: 'again' });
    expect((await find(0.001, 60, 60)).has(starting.runId)).toBe(false);
  });

  test('however cancel, finish and finalize race, a run has one end and one event that says so', async () => {
    const { storage, worker } = harness();
    const outcomes = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      const ref = await aStartedRun(storage, worker);
      const { runId } = ref;

      const settled = await Promise.allSettled([
        worker.finishRun(ref, SUCCESS),
        storage.cancelRun(runId, { force: true, cause: 'now' }),
        storage.finalizeAttempt(runId, 1, { kind: 'fail', reason: 'UNKNOWN', cause: 'lost' }),
        worker.appendEvents(ref, 1, [anEvent('STEP_START', {}, { stepKey: 'a' })]),
        worker.finishRun(ref, SUCCESS),
      ]);

      const run = await storage.getRun(runId);
      const ends = await storage.runEvents({ runId, limit: 100, types: TERMINAL });
      expect(ends.map(({ type }) => type)).toEqual([`RUN_${run?.status}`]);
      const last = (await storage.runEvents({ runId, limit: 100 })).at(-1);
      expect(last?.type).toBe(ends[0]?.type);
      for (const result of settled) {
        if (result.status === 'rejected') expect(result.reason).toBeInstanceOf(StaleAttemptError);
      }
      outcomes.add(run?.status ?? '');
    }
    expect(outcomes.size).toBeGreaterThan(1);
  });

  test('a queued run that is canceled while it is claimed is either canceled or claimed, never both', async () => {
    const { storage } = harness();
    const seen = new Set<string>();
    for (let round = 0; round < 30; round += 1) {
      const run = aRun();
      await storage.createRuns([run]);

      const [claimed, canceled] = await Promise.all([
        claimAll(storage),
        storage.cancelRun(run.runId, { force: false, cause: 'x' }),
      ]);

      expect([claimed.length, canceled]).toEqual(claimed.length === 1 ? [1, 'canceling'] : [0, 'canceled']);
      seen.add(canceled);
      if (claimed.length === 1) await storage.finalizeAttempt(run.runId, 1, { kind: 'cancel', cause: 'x' });
    }
    expect(await storage.countRuns({ statuses: ['CANCELED'] })).toBe(30);
    expect(seen.size).toBeGreaterThan(0);
  });
}
