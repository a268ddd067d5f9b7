import { StopTaskCommand } from '@aws-sdk/client-ecs';
import { StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { FixtureClients } from '../../support/aws/emulator/emulator-fixture';
import { until } from '../../support/until';

/** How tasks start and end, and how Step Functions hears of it. */
export function taskCases(deployed: () => FixtureClients): void {
  describe('tasks', () => {
    let fixture: FixtureClients;
    beforeAll(() => {
      fixture = deployed();
    });

    test('a stopped task is STOPPED only when its process has ended, with its own exit code', async () => {
      const execution = await fixture.start(await fixture.createMachine(fixture.runTaskState('flush')), {});
      const task = await until('a running task', async () => {
        for (const arn of await fixture.runningTasks()) {
          const found = await fixture.task(arn);
          if (found.lastStatus === 'RUNNING') return found;
        }
      });
      // Its handler of SIGTERM is there once it has printed.
      await until('its first line', async () =>
        (await fixture.taskLogs()).find((line) => line.includes('"flush"')),
      );

      const { task: stopping } = await fixture.ecs.send(
        new StopTaskCommand({ cluster: fixture.cluster, task: task.taskArn, reason: 'the operator asked' }),
      );
      expect(stopping).toMatchObject({ desiredStatus: 'STOPPED', lastStatus: 'RUNNING' });

      const { error, cause } = await fixture.ended(execution);
      expect(error).toBe('States.TaskFailed');
      expect(JSON.parse(cause ?? '')).toMatchObject({
        StopCode: 'UserInitiated',
        StoppedReason: 'the operator asked',
        Containers: [{ ExitCode: 7 }],
      });
    });

    test('a task that ignores SIGTERM is killed after its stopTimeout', async () => {
      const arn = await fixture.runTask('ignore');
      await until('its first line', async () =>
        (await fixture.taskLogs()).find((line) => line.includes('"ignore"')),
      );

      await fixture.ecs.send(new StopTaskCommand({ cluster: fixture.cluster, task: arn }));
      const task = await until('the end', async () => {
        const found = await fixture.task(arn);
        return found.lastStatus === 'STOPPED' ? found : undefined;
      });

      expect(task.containers?.[0]?.exitCode).toBe(137);
      expect(await fixture.taskLogs()).toContain('SIGTERM ignored');
    });

    test('a state that times out fails with States.Timeout and stops its task', async () => {
      const state = fixture.runTaskState('hang', { TimeoutSeconds: '{% $states.input.seconds + 1 %}' });
      const arn = await fixture.start(await fixture.createMachine(state), { seconds: 1 });
      const task = await until('its task', async () => (await fixture.runningTasks())[0]);

      expect(await fixture.ended(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
      const { stoppedReason } = await until('the stop', async () => {
        const found = await fixture.task(task);
        return found.lastStatus === 'STOPPED' ? found : undefined;
      });
      expect(stoppedReason).toBe('Task stopped by Step Functions');
    });

    test('an execution that is stopped stops its task', async () => {
      const arn = await fixture.start(await fixture.createMachine(fixture.runTaskState('hang')), {});
      const task = await until('its task', async () => (await fixture.runningTasks())[0]);

      await fixture.sfn.send(new StopExecutionCommand({ executionArn: arn }));

      await until('the stop', async () =>
        (await fixture.task(task)).lastStatus === 'STOPPED' ? true : undefined,
      );
      expect((await fixture.ended(arn)).status).toBe('ABORTED');
    });

    test('RunTask with a client token starts one task, and refuses the token with other parameters', async () => {
      const first = await fixture.runTask('succeed', 'token-1');
      const again = await fixture.runTask('succeed', 'token-1');

      expect(again).toBe(first);
      await expect(fixture.runTask('fail', 'token-1')).rejects.toThrow(/clientToken/);
      expect(await fixture.runTask('succeed', 'token-2')).not.toBe(first);
    });
  });
}
