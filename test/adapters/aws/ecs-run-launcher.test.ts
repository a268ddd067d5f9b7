import { ECSClient } from '@aws-sdk/client-ecs';
import { EcsRunLauncher } from '../../../lib/adapters/aws/ecs-run-launcher';
import { type FakeAws, ServiceFault, startFakeAws } from '../../support/aws/services/fake-aws';
import { ManualClock } from '../../support/manual-clock';

interface FakeTask {
  readonly taskArn: string;
  lastStatus: string;
  desiredStatus: string;
  readonly overrides: object;
}

let aws: FakeAws;
let client: ECSClient;
let clock: ManualClock;
let launcher: EcsRunLauncher;
let tasks: FakeTask[];
/** Looks at a stopping task until it has stopped. */
let looksUntilStopped: number;

const task = (runId: string, attempt: number, more: Partial<FakeTask> = {}): FakeTask => ({
  taskArn: `arn:${runId}-${attempt}`,
  lastStatus: 'RUNNING',
  desiredStatus: 'RUNNING',
  overrides: {
    containerOverrides: [
      {
        name: 'worker',
        environment: [
          { name: 'HEADRACE_RUN_ID', value: runId },
          { name: 'HEADRACE_ATTEMPT', value: String(attempt) },
        ],
      },
    ],
  },
  ...more,
});

beforeEach(async () => {
  tasks = [];
  looksUntilStopped = 2;
  clock = new ManualClock();
  clock.sleep = async (ms) => clock.jump(ms);
  aws = await startFakeAws();
  client = new ECSClient(aws.clientConfig);
  launcher = new EcsRunLauncher({ client, cluster: 'prod', clock });
  // One task a page.
  aws.operations['ListTasks'] = ({ desiredStatus, nextToken }) => {
    const found = tasks.filter((each) => each.desiredStatus === desiredStatus);
    const at = Number(nextToken ?? 0);
    return {
      taskArns: found.slice(at, at + 1).map(({ taskArn }) => taskArn),
      ...(at + 1 < found.length ? { nextToken: String(at + 1) } : {}),
    };
  };
  aws.operations['DescribeTasks'] = ({ tasks: arns }) => {
    const found = tasks.filter(({ taskArn }) => (arns as string[]).includes(taskArn));
    for (const each of found) {
      if (each.desiredStatus !== 'STOPPED') continue;
      looksUntilStopped -= 1;
      if (looksUntilStopped <= 0) each.lastStatus = 'STOPPED';
    }
    return { tasks: found };
  };
  aws.operations['StopTask'] = ({ task: arn }) => {
    const found = tasks.find(({ taskArn }) => taskArn === arn);
    if (found !== undefined) Object.assign(found, { desiredStatus: 'STOPPED', lastStatus: 'STOPPING' });
    return {};
  };
});
afterEach(async () => {
  client.destroy();
  await aws.close();
});

test("Only the attempt's own task is stopped, once, and waited for until it has stopped", async () => {
  tasks.push(task('other', 1), task('r', 1), task('r', 2));

  await launcher.stop('r', 2);

  expect(aws.of('StopTask')).toEqual([{ cluster: 'prod', task: 'arn:r-2', reason: 'attempt r-2 is to end' }]);
  expect(tasks.map(({ lastStatus }) => lastStatus)).toEqual(['RUNNING', 'RUNNING', 'STOPPED']);
});

test('An attempt without a task, or with one that stopped by itself, is stopped', async () => {
  tasks.push(task('r', 1, { desiredStatus: 'STOPPED', lastStatus: 'STOPPED' }));

  await launcher.stop('r', 1);
  await launcher.stop('nothing', 1);

  expect(aws.of('StopTask')).toEqual([]);
});

test.each([
  'PROVISIONING',
  'PENDING',
  'ACTIVATING',
])('A task that never got further than %s is found and stopped', async (lastStatus) => {
  tasks.push(task('r', 1, { lastStatus }));

  await launcher.stop('r', 1);

  expect(aws.of('StopTask')).toMatchObject([{ task: 'arn:r-1' }]);
  expect(tasks.map((each) => each.lastStatus)).toEqual(['STOPPED']);
});

test('A task that does not stop is told after three minutes, to be tried again', async () => {
  tasks.push(task('r', 1));
  looksUntilStopped = Number.POSITIVE_INFINITY;

  await expect(launcher.stop('r', 1)).rejects.toMatchObject({
    fault: 'transient',
    message: expect.stringMatching(/r-1 for 180 s: arn:r-1 is STOPPING/),
  });
});

test('Throttling is passing; nothing is launched from here', async () => {
  aws.operations['ListTasks'] = () => {
    throw new ServiceFault('ThrottlingException', 'Rate exceeded');
  };

  await expect(launcher.stop('r', 1)).rejects.toMatchObject({ fault: 'transient' });
  await expect(launcher.run()).rejects.toMatchObject({ fault: 'permanent' });
});
