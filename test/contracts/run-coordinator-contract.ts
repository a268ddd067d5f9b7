import { type ExecutionInput, executionName, type FinalizeInput } from '../../lib/model/execution-input';
import type { RunCoordinator } from '../../lib/ports/run-coordinator';
import type { LaunchRequest, TaskExit } from '../../lib/ports/run-launcher';

/** A coordinator whose workers and finalize are the test's. */
export interface RunCoordinatorHarness {
  readonly coordinator: RunCoordinator;
  /** Tasks that were launched, in order, with how to end each. */
  readonly tasks: readonly {
    readonly request: Pick<LaunchRequest, 'runId' | 'attempt' | 'location' | 'bundleHash'>;
    end(exit: TaskExit): void;
    fail(error: Error): void;
    readonly isStopped: boolean;
  }[];
  readonly finalized: readonly FinalizeInput[];
  /** Resolves when the condition holds; throws when it does not for long. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export const anExecution = (fields: Partial<ExecutionInput> = {}): ExecutionInput => ({
  runId: '00000000-0000-4000-8000-000000000001',
  attempt: 1,
  launcher: 'fargate',
  location: 'orchestration',
  bundleHash: 'hash',
  maxRuntimeSeconds: 3600,
  ...fields,
});

/** What every run coordinator promises. */
export function describeRunCoordinator(name: string, open: () => Promise<RunCoordinatorHarness>): void {
  describe(`${name} is a run coordinator`, () => {
    let harness: RunCoordinatorHarness;
    const input = anExecution();
    const execution = executionName(input.runId, input.attempt);

    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    it('launches the worker of an attempt and finalizes it when the worker has ended', async () => {
      await harness.coordinator.startExecution(execution, input);
      await harness.until(() => harness.tasks.length === 1);
      expect(harness.tasks[0]?.request).toMatchObject({
        runId: input.runId,
        attempt: 1,
        location: 'orchestration',
        bundleHash: 'hash',
      });
      expect(harness.finalized).toEqual([]);
      harness.tasks[0]?.end({ exitCode: 0, reason: null });
      await harness.until(() => harness.finalized.length === 1);
      expect(harness.finalized).toEqual([{ runId: input.runId, attempt: 1, cause: null }]);
    });

    it.each(['lambda', 'fargate'] as const)('tells finalize why a worker on %s failed', async (launcher) => {
      await harness.coordinator.startExecution(execution, { ...input, launcher });
      await harness.until(() => harness.tasks.length === 1);
      harness.tasks[0]?.end({ exitCode: 137, reason: 'out of memory (512 MB)' });
      await harness.until(() => harness.finalized.length === 1);
      expect(harness.finalized[0]?.cause).toMatchObject({
        Error: 'States.TaskFailed',
        Cause: expect.stringContaining('out of memory'),
      });
    });

    it('starts an execution once, however often it is asked, also after it ended', async () => {
      await Promise.all([1, 2, 3].map(() => harness.coordinator.startExecution(execution, input)));
      await harness.until(() => harness.tasks.length > 0);
      harness.tasks[0]?.end({ exitCode: 0, reason: null });
      await harness.until(() => harness.finalized.length > 0);
      await harness.coordinator.startExecution(execution, input);
      await harness.coordinator.startExecution(executionName(input.runId, 2), { ...input, attempt: 2 });
      await harness.until(() => harness.tasks.length === 2);
      expect(harness.tasks.map(({ request }) => request.attempt)).toEqual([1, 2]);
    });

    it('stops the worker of an execution that is stopped, and leaves the run to the caller', async () => {
      await harness.coordinator.startExecution(execution, input);
      await harness.until(() => harness.tasks.length === 1);
      await harness.coordinator.stopExecution(execution, 'canceled');
      await harness.until(() => harness.tasks[0]?.isStopped === true);
      expect(harness.finalized).toEqual([]);
    });

    it('takes it for no error to stop what does not run', async () => {
      await harness.coordinator.stopExecution('no-such-execution', 'whatever');
      expect(harness.tasks).toEqual([]);
    });
  });
}
