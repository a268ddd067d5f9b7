import type { RunLauncher } from '../../lib/ports/run-launcher';

/** A launcher with runs that behave as asked. */
export interface RunLauncherSubject {
  readonly launcher: RunLauncher;
  /** Prepares a run whose user code ends by itself, or goes on until it is stopped; returns its id. */
  prepare(behaviour: 'ends' | 'goes on'): Promise<string>;
  /** Resolves when the run's user code is executing. */
  started(runId: string): Promise<void>;
  /** Whether the run's user code is executing now. */
  isExecuting(runId: string): Promise<boolean>;
  /** How often the run's user code was started. */
  starts(runId: string): Promise<number>;
}

/** What every `RunLauncher` does. */
export function runLauncherContract(subject: () => RunLauncherSubject): void {
  const request = (runId: string) => ({
    runId,
    attempt: 1,
    location: 'test',
    bundleHash: 'hash',
    attemptToken: 'token',
    clientToken: `token-${runId}`,
    maxRuntimeSeconds: null,
  });
  const never = new AbortController().signal;

  test('A run that ends by itself exits with 0 and no reason', async () => {
    const runId = await subject().prepare('ends');
    expect(await subject().launcher.run(request(runId), never)).toEqual({ exitCode: 0, reason: null });
    expect(await subject().starts(runId)).toBe(1);
  });

  test('The same client token never starts a second task, running or ended', async () => {
    const runId = await subject().prepare('ends');
    const { launcher } = subject();
    await Promise.all([launcher.run(request(runId), never), launcher.run(request(runId), never)]);
    await launcher.run(request(runId), never);
    expect(await subject().starts(runId)).toBe(1);
  });

  test('Stopping resolves once user code is confirmed stopped, and the task exits with a reason', async () => {
    const runId = await subject().prepare('goes on');
    const exit = subject().launcher.run(request(runId), never);
    await subject().started(runId);
    expect(await subject().isExecuting(runId)).toBe(true);
    await subject().launcher.stop(runId, 1);
    expect(await subject().isExecuting(runId)).toBe(false);
    const { exitCode, reason } = await exit;
    expect(exitCode).not.toBe(0);
    expect(reason).toEqual(expect.stringMatching(/\S/));
  });

  test('Aborting the signal stops the task', async () => {
    const runId = await subject().prepare('goes on');
    const aborting = new AbortController();
    const exit = subject().launcher.run(request(runId), aborting.signal);
    await subject().started(runId);
    aborting.abort(new Error('no longer wanted'));
    expect((await exit).exitCode).not.toBe(0);
    expect(await subject().isExecuting(runId)).toBe(false);
  });

  test('Stopping what never ran, or has ended, is no error', async () => {
    const runId = await subject().prepare('ends');
    await subject().launcher.stop(runId, 1);
    await subject().launcher.run(request(runId), never);
    await subject().launcher.stop(runId, 1);
    await subject().launcher.stop(runId, 7);
  });
}
