import { setTimeout as sleep } from 'node:timers/promises';
import {
  GetExecutionHistoryCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { FixtureClients } from '../../support/aws/emulator/emulator-fixture';
import { until } from '../../support/until';

/** What state machines do beside tasks. */
export function stateMachineCases(deployed: () => FixtureClients): void {
  describe('state machines', () => {
    let fixture: FixtureClients;
    beforeAll(() => {
      fixture = deployed();
    });

    const callWork = (more: object): object => ({
      QueryLanguage: 'JSONata',
      StartAt: 'Call',
      States: {
        Call: {
          Type: 'Task',
          Resource: 'arn:aws:states:::lambda:invoke',
          Arguments: { FunctionName: fixture.output('WorkFunction'), Payload: '{% $states.input %}' },
          End: true,
          ...more,
        },
        Caught: { Type: 'Succeed' },
      },
    });

    test("catch a function's error by its name", async () => {
      const Catch = [{ ErrorEquals: ['TableLocked'], Output: '{% $states.errorOutput %}', Next: 'Caught' }];
      const machine = await fixture.createMachine(callWork({ Catch }));

      const execution = await fixture.ended(await fixture.start(machine, { error: 'TableLocked' }));

      expect(execution.status).toBe('SUCCEEDED');
      const { Error: name, Cause: cause } = JSON.parse(execution.output ?? '');
      expect(name).toBe('TableLocked');
      expect(JSON.parse(cause)).toMatchObject({
        errorType: 'TableLocked',
        errorMessage: 'asked to fail with TableLocked',
      });
    });

    test('retry no later than MaxDelaySeconds', async () => {
      const Retry = [
        {
          ErrorEquals: ['Busy'],
          IntervalSeconds: 30,
          MaxAttempts: 2,
          MaxDelaySeconds: 1,
          JitterStrategy: 'FULL',
        },
      ];
      const machine = await fixture.createMachine(callWork({ Retry }));

      const arn = await fixture.start(machine, { error: 'Busy' });

      expect(await fixture.ended(arn)).toMatchObject({ status: 'FAILED', error: 'Busy' });
      const { events = [] } = await fixture.sfn.send(new GetExecutionHistoryCommand({ executionArn: arn }));
      expect(events.filter(({ type }) => type === 'TaskFailed')).toHaveLength(3);
    });

    test('take a start with the same name and input as the same while it runs, and refuse another', async () => {
      const Wait = { Type: 'Wait', Seconds: 60, End: true };
      const machine = await fixture.createMachine({ StartAt: 'Wait', States: { Wait } });
      const first = await fixture.start(machine, { run: 1 }, 'run-1');

      expect(await fixture.start(machine, { run: 1 }, 'run-1')).toBe(first);
      await expect(fixture.start(machine, { run: 2 }, 'run-1')).rejects.toThrow(
        /ExecutionAlreadyExists|already exists/,
      );
      await fixture.sfn.send(new StopExecutionCommand({ executionArn: first }));
      await expect(fixture.start(machine, { run: 1 }, 'run-1')).rejects.toThrow(
        /ExecutionAlreadyExists|already exists/,
      );
    });

    test('fail a state whose heartbeats stop, and go on while they come', async () => {
      const state = (id: string) => ({
        QueryLanguage: 'JSONata',
        StartAt: 'Call',
        States: {
          Call: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
            Arguments: {
              FunctionName: fixture.output('RecordFunction'),
              Payload: { token: '{% $states.context.Task.Token %}', id },
            },
            HeartbeatSeconds: 2,
            TimeoutSeconds: 30,
            End: true,
          },
        },
      });
      const silent = await fixture.start(await fixture.createMachine(state('silent')), {});
      const alive = await fixture.start(await fixture.createMachine(state('alive')), {});
      const taskToken = await until('the token', async () => {
        const token = (await fixture.recorded()).find(({ event }) => event.id === 'alive')?.event.token;
        return typeof token === 'string' ? token : undefined;
      });

      for (let beat = 0; beat < 6; beat += 1) {
        await fixture.sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
        await sleep(500);
      }
      await fixture.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"done"' }));

      expect(await fixture.ended(alive)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
      expect(await fixture.ended(silent)).toMatchObject({
        status: 'FAILED',
        error: 'States.HeartbeatTimeout',
      });
    });
  });
}
