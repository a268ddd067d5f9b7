import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import {
  byLocation,
  runCoordinatorDefinition,
} from '../../../lib/run-coordinator/run-coordinator-definition';
import { CONTAINER, type FixtureClients } from '../../support/aws/emulator/emulator-fixture';

/** The state machine that the product deploys, as it stands. */
export function runCoordinatorCases(deployed: () => FixtureClients): void {
  describe("the product's run coordinator", () => {
    let fixture: FixtureClients;
    let machine: string;

    beforeAll(async () => {
      fixture = deployed();
      const failing = await fixture.ecs.send(
        new RegisterTaskDefinitionCommand({
          family: 'failing',
          requiresCompatibilities: ['FARGATE'],
          networkMode: 'awsvpc',
          containerDefinitions: [
            {
              name: CONTAINER,
              image: 'x/container-assets:1',
              environment: [{ name: 'MODE', value: 'fail' }],
            },
          ],
        }),
      );
      machine = await fixture.createMachine(
        runCoordinatorDefinition({
          cluster: fixture.cluster,
          taskDefinition: byLocation({
            good: fixture.output('TaskDefinition'),
            bad: failing.taskDefinition?.taskDefinitionArn ?? '',
          }),
          taskRole: 'arn:aws:iam::000000000000:role/worker',
          containerName: CONTAINER,
          subnets: ['subnet-1'],
          securityGroups: ['sg-1'],
          assignPublicIp: true,
          runFunction: fixture.output('WorkFunction'),
          issueTokenFunction: fixture.output('IssueTokenFunction'),
          finalizeFunction: fixture.output('WorkFunction'),
        }),
      );
    });

    const start = (location: string, launcher: string, runId: string) =>
      fixture.start(
        machine,
        { runId, attempt: 1, location, bundleHash: 'h', launcher, maxRuntimeSeconds: 60 },
        `${runId}-1`,
      );

    /** What finalize was called with: the function echoes it. */
    const finalized = async (executionArn: string) => {
      const execution = await fixture.ended(executionArn);
      expect(execution).toMatchObject({ status: 'SUCCEEDED' });
      return JSON.parse(execution.output ?? '').Payload.echoed;
    };

    test('carries an attempt on Fargate and on Lambda to finalize', async () => {
      const fargate = await start('good', 'fargate', 'run-fargate');
      const lambda = await start('good', 'lambda', 'run-lambda');

      expect(await finalized(fargate)).toEqual({ runId: 'run-fargate', attempt: 1, cause: null });
      expect(await finalized(lambda)).toEqual({ runId: 'run-lambda', attempt: 1, cause: null });
      const messages = await fixture.taskLogs();
      expect(messages.join('\n')).toContain('"attemptToken":"token of run-fargate-1"');
    });

    test('tells finalize why the task failed', async () => {
      const { cause } = await finalized(await start('bad', 'fargate', 'run-bad'));

      expect(cause.Error).toBe('States.TaskFailed');
      expect(JSON.parse(cause.Cause).Containers[0].ExitCode).toBe(1);
    });

    test('launches again after throttling, and after a lack of capacity', async () => {
      await fixture.aws.failRunTask([
        { code: 'InvalidParameterException', message: 'Rate exceeded' },
        { failures: [{ reason: 'RESOURCE:CPU' }] },
      ]);

      const { cause } = await finalized(await start('good', 'fargate', 'run-throttled'));

      expect(cause).toBeNull();
      expect(await fixture.aws.pendingRunTaskFaults()).toEqual([]);
    });

    test('does not repeat a launch that is wrong', async () => {
      await fixture.aws.failRunTask([
        { code: 'InvalidParameterException', message: 'Subnets can not be empty.' },
      ]);

      const { cause } = await finalized(await start('good', 'fargate', 'run-wrong'));

      expect(cause.Error).toBe('ECS.InvalidParameterException');
      expect(cause.Cause).toContain('Subnets can not be empty.');
      expect(await fixture.aws.pendingRunTaskFaults()).toEqual([]);
    });
  });
}
