import { SFNClient } from '@aws-sdk/client-sfn';
import { StepFunctionsRunCoordinator } from '../../../lib/adapters/aws/step-functions-run-coordinator';
import type { ExecutionInput } from '../../../lib/model/execution-input';
import { type FakeAws, ServiceFault, startFakeAws } from '../../support/aws/services/fake-aws';

const MACHINE = 'arn:aws:states:eu-central-1:1:stateMachine:prod-run-coordinator';
const input: ExecutionInput = {
  runId: 'r',
  attempt: 2,
  launcher: 'fargate',
  location: 'shop',
  bundleHash: 'h',
  maxRuntimeSeconds: 60,
};

let aws: FakeAws;
let client: SFNClient;
let coordinator: StepFunctionsRunCoordinator;
beforeEach(async () => {
  aws = await startFakeAws();
  client = new SFNClient(aws.clientConfig);
  coordinator = new StepFunctionsRunCoordinator({ client, stateMachineArn: MACHINE });
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});
const refuse = (operation: string, code: string, status = 400) => {
  aws.operations[operation] = () => {
    throw new ServiceFault(code, 'as the test wants it', status);
  };
};

test('An execution is started under its name with ids only', async () => {
  await coordinator.startExecution('r-2', input);

  const [call] = aws.of('StartExecution');
  expect(call).toMatchObject({ stateMachineArn: MACHINE, name: 'r-2' });
  expect(JSON.parse(String(call?.['input']))).toEqual(input);
});

test('One that exists already, and the end of one that never was, are no error', async () => {
  refuse('StartExecution', 'ExecutionAlreadyExists');
  refuse('StopExecution', 'ExecutionDoesNotExist');

  await coordinator.startExecution('r-2', input);
  await coordinator.stopExecution('r-2', 'x');
  expect(aws.calls.map(({ operation }) => operation)).toEqual(['StartExecution', 'StopExecution']);
});

test('It is stopped by its ARN, with a cause as long as can be kept', async () => {
  await coordinator.stopExecution('r-2', 'c'.repeat(40_000));

  const [call] = aws.of('StopExecution');
  expect(call?.['executionArn']).toBe('arn:aws:states:eu-central-1:1:execution:prod-run-coordinator:r-2');
  expect(String(call?.['cause'])).toHaveLength(32_768);
});

test.each([
  ['ThrottlingException', 400, 'transient'],
  ['ServiceUnavailable', 503, 'transient'],
  ['StateMachineDoesNotExist', 400, 'permanent'],
  ['AccessDeniedException', 400, 'permanent'],
])('%s (%d) is %s', async (code, status, fault) => {
  refuse('StartExecution', code, status);

  await expect(coordinator.startExecution('r-2', input)).rejects.toMatchObject({ fault, code });
});
