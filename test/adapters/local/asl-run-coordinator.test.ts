import { AslRunCoordinator } from '../../../lib/adapters/local/asl-run-coordinator';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { systemClock } from '../../../lib/adapters/system/system-clock';
import { systemIds } from '../../../lib/adapters/system/system-ids';
import { executionName, type FinalizeInput } from '../../../lib/model/execution-input';
import type { Clock } from '../../../lib/ports/clock';
import { PortError } from '../../../lib/ports/errors';
import type { LaunchRequest, TaskExit } from '../../../lib/ports/run-launcher';
import type { Storage } from '../../../lib/ports/storage';
import { anExecution, describeRunCoordinator } from '../../contracts/run-coordinator-contract';
import { createTestDatabase, type TestDatabase } from '../../support/test-database';

let database: TestDatabase;
let storage: Storage;
beforeAll(async () => {
  database = await createTestDatabase();
  storage = createPostgresStorage({ url: database.url });
});
afterAll(async () => {
  await storage.close();
  await database.drop();
});
beforeEach(async () => {
  for (const { key } of await storage.listValues('executions')) await storage.deleteValue('executions', key);
});

interface Task {
  readonly request: LaunchRequest;
  end(exit: TaskExit): void;
  fail(error: Error): void;
  isStopped: boolean;
}

/** Time in which no wait is long. */
const hasty: Clock = {
  now: () => systemClock.now(),
  sleep: (ms, signal) => systemClock.sleep(ms > 1_000_000 ? 1_000_000 : Math.min(ms, 5), signal),
};

async function open(clock: Clock = hasty) {
  const tasks: Task[] = [];
  const finalized: FinalizeInput[] = [];
  const stopped: string[] = [];
  const errors: string[] = [];
  const harness = { finalizeFails: 0 };
  const coordinator = new AslRunCoordinator({
    storage,
    clock,
    ids: systemIds,
    runLauncher: {
      run: (request, signal) =>
        new Promise((resolve, reject) => {
          const task: Task = { request, end: resolve, fail: reject, isStopped: false };
          signal.addEventListener('abort', () => {
            task.isStopped = true;
            resolve({ exitCode: null, reason: 'stopped' });
          });
          tasks.push(task);
        }),
      async stop(runId, attempt) {
        stopped.push(`${runId}-${attempt}`);
      },
    },
    issueToken: async (runId, attempt) => `token of ${runId}-${attempt}`,
    async finalize(input) {
      if (harness.finalizeFails-- > 0) throw new Error('the database is away');
      finalized.push(input);
    },
    onError: (message) => errors.push(message),
  });
  return Object.assign(harness, {
    coordinator,
    tasks,
    finalized,
    stopped,
    errors,
    until: async (condition: () => boolean) => {
      for (let tries = 0; !condition(); tries++) {
        if (tries > 2_000) throw new Error(`it never came true: ${condition}; ${errors.join('; ')}`);
        await systemClock.sleep(2);
      }
    },
    close: () => coordinator.close(),
  });
}

describeRunCoordinator('AslRunCoordinator', open);

describe('AslRunCoordinator', () => {
  const input = anExecution();
  const execution = executionName(input.runId, input.attempt);
  const status = async () => ((await storage.getValue('executions', execution)) as { status: string }).status;

  it('tries a launch again that a transient fault refused, with another client token', async () => {
    const harness = await open();
    await harness.coordinator.startExecution(execution, input);
    await harness.until(() => harness.tasks.length === 1);
    harness.tasks[0]?.fail(new PortError('transient', 'no capacity'));
    await harness.until(() => harness.tasks.length === 2);
    const tokens = harness.tasks.map(({ request }) => request.clientToken);
    expect(new Set(tokens).size).toBe(2);
    harness.tasks[1]?.end({ exitCode: 0, reason: null });
    await harness.until(() => harness.finalized.length === 1);
    await harness.close();
  });

  it('does not try again what can never be launched', async () => {
    const harness = await open();
    await harness.coordinator.startExecution(execution, input);
    await harness.until(() => harness.tasks.length === 1);
    harness.tasks[0]?.fail(new PortError('permanent', 'there is no bundle'));
    await harness.until(() => harness.finalized.length === 1);
    expect(harness.tasks).toHaveLength(1);
    expect(harness.finalized[0]?.cause).toEqual({
      Error: 'ECS.ClientException',
      Cause: 'there is no bundle',
    });
    await harness.close();
  });

  it('repeats finalize until it succeeds', async () => {
    const harness = await open();
    harness.finalizeFails = 3;
    await harness.coordinator.startExecution(execution, input);
    await harness.until(() => harness.tasks.length === 1);
    harness.tasks[0]?.end({ exitCode: 0, reason: null });
    await harness.until(() => harness.finalized.length === 1);
    expect(harness.finalizeFails).toBeLessThan(0);
    await harness.close();
    expect(await status()).toBe('SUCCEEDED');
  });

  it('resumes what a killed process left: the worker is stopped, and finalize told that it was lost', async () => {
    const killed = await open();
    await killed.coordinator.startExecution(execution, input);
    await killed.until(() => killed.tasks.length === 1);

    const next = await open();
    await next.coordinator.resume();
    await next.until(() => next.finalized.length === 1);
    expect(next.stopped).toEqual([execution]);
    expect(next.tasks).toEqual([]);
    expect(next.finalized[0]?.cause).toEqual({
      Error: 'States.TaskFailed',
      Cause: 'the local instance stopped while the task ran',
    });
    await next.close();
    expect(await status()).toBe('SUCCEEDED');
    await killed.close();
  });

  it('carries an execution on whose start was stored, though the answer was lost', async () => {
    const harness = await open();
    let lost = 0;
    const insertValue = storage.insertValue;
    storage.insertValue = async (...value) => {
      await insertValue(...value);
      lost += 1;
      throw new PortError('transient', 'the reply was lost');
    };
    await expect(harness.coordinator.startExecution(execution, input)).rejects.toThrow('lost');
    storage.insertValue = insertValue;

    await Promise.all([1, 2].map(() => harness.coordinator.startExecution(execution, input)));

    await harness.until(() => harness.tasks.length === 1);
    harness.tasks[0]?.end({ exitCode: 0, reason: null });
    await harness.until(() => harness.finalized.length === 1);
    await harness.close();
    expect(lost).toBe(1);
    expect(harness.tasks).toHaveLength(1);
  });

  it('ends an execution that nobody carries when it is stopped', async () => {
    const killed = await open();
    await killed.coordinator.startExecution(execution, input);
    await killed.until(() => killed.tasks.length === 1);

    const next = await open();
    await next.coordinator.stopExecution(execution, 'start-timeout');
    await next.coordinator.resume();

    expect(await status()).toBe('ABORTED');
    expect(next.stopped).toEqual([]);
    await killed.close();
  });

  it('leaves executions to the next process when it is closed in good order', async () => {
    const first = await open();
    await first.coordinator.startExecution(execution, input);
    await first.until(() => first.tasks.length === 1);
    await first.close();
    expect(first.tasks[0]?.isStopped).toBe(true);
    expect(first.finalized).toEqual([]);
    expect(await status()).toBe('RUNNING');
    const second = await open();
    await second.coordinator.resume();
    await second.until(() => second.finalized.length === 1);
    await second.close();
  });

  it('forgets executions a week after their end', async () => {
    const harness = await open();
    await harness.coordinator.startExecution(execution, input);
    await harness.until(() => harness.tasks.length === 1);
    harness.tasks[0]?.end({ exitCode: 0, reason: null });
    await harness.until(() => harness.finalized.length === 1);
    await harness.close();

    const sooner = await open({ ...hasty, now: () => Date.now() + 6 * 24 * 3600_000 });
    await sooner.coordinator.resume();
    expect(await storage.listValues('executions')).toHaveLength(1);
    const later = await open({ ...hasty, now: () => Date.now() + 8 * 24 * 3600_000 });
    await later.coordinator.resume();
    expect(await storage.listValues('executions')).toEqual([]);
  });
});
