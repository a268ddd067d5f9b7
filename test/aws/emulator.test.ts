import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RegisterTaskDefinitionCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import {
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  GetExecutionHistoryCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { byLocation, runCoordinatorDefinition } from '../../lib/run-coordinator/run-coordinator-definition';
import { callAws, getFromDistribution, logMessages } from '../support/aws/emulator/call-aws';
import {
  CONTAINER,
  FIXTURE,
  type FixtureClients,
  fixtureClients,
  until,
} from '../support/aws/emulator/emulator-fixture';
import { type AwsEmulator, startAwsEmulator } from '../support/aws/emulator/start-aws-emulator';
import { processesOfGroups } from '../support/aws/emulator/supervised-process';
import { buildPrograms } from '../support/build-programs';

/** Nothing listens there: the test only shows that functions and tasks are told. */
const DATA_API_URL = 'http://127.0.0.1:9';
/** `HEADRACE_TEST_RESTORE=` runs the emulator as shipped, to see which tests need a restored behaviour. */
const RESTORE = process.env.HEADRACE_TEST_RESTORE?.split(',').filter(Boolean);
/** A rule that is made before everything else, so that it is old enough to be changed at the end. */
const CHANGED_RULE = 'changed';
/** Time between two looks at the rules, without the restored behaviour, and a bit. */
const LONGEST_SWEEP_MS = 11_000;

let directory: string;
let programs: string;
let aws: AwsEmulator;
let fixture: FixtureClients;
let eventbridge: EventBridgeClient;
let changedRuleMadeAt: number;
let app: { app: string; context: Record<string, string> };
const times: string[] = [];

async function timed<T>(phase: string, work: Promise<T>): Promise<T> {
  const started = Date.now();
  const result = await work;
  times.push(`${phase} ${((Date.now() - started) / 1000).toFixed(1)} s`);
  return result;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'headrace-aws-'));
  programs = await buildPrograms({ app: 'test/support/aws/emulator/fixture-app/app.ts' });
  app = { app: `node ${join(programs, 'app.mjs')}`, context: { fixture: FIXTURE } };
  aws = await timed(
    'start',
    startAwsEmulator({
      directory,
      dataApiUrl: DATA_API_URL,
      images: {
        'container-assets': { command: ['node', 'worker.mjs'], workingDirectory: join(FIXTURE, 'worker') },
      },
      ...(RESTORE === undefined ? {} : { restore: RESTORE }),
    }),
  );
  await timed('bootstrap', aws.bootstrap());
  const outputs = await timed('deploy', aws.deploy(app));
  fixture = fixtureClients(aws, outputs.Fixture ?? {});
  eventbridge = new EventBridgeClient(aws.clientConfig);
  await makeChangedRule();
}, 240_000);

afterAll(async () => {
  await aws?.stop();
  await rm(directory, { recursive: true, force: true });
  await rm(programs, { recursive: true, force: true });
  console.info(times.join(', '));
}, 60_000);

async function makeChangedRule(): Promise<void> {
  const never = 'cron(0 0 1 1 ? 2020)';
  await eventbridge.send(new PutRuleCommand({ Name: CHANGED_RULE, ScheduleExpression: never }));
  const target = {
    Id: '1',
    Arn: fixture.output('RecordFunction'),
    Input: JSON.stringify({ rule: CHANGED_RULE }),
  };
  await eventbridge.send(new PutTargetsCommand({ Rule: CHANGED_RULE, Targets: [target] }));
  changedRuleMadeAt = Date.now();
}

/** Entries that the recording function logged. */
async function recorded(): Promise<{ readonly at: number; readonly event: Record<string, unknown> }[]> {
  const messages = await logMessages(aws.endpoint, fixture.output('RecordLogGroup'));
  return messages.flatMap((message) => {
    const entry = /RECORDED (\{.*\})/.exec(message)?.[1];
    return entry === undefined ? [] : [JSON.parse(entry)];
  });
}

describe('a deployed stack', () => {
  test('answers over its HTTP API with a function that runs on this Node and knows the Data API', async () => {
    const answer = await fetch(`${aws.httpApiUrl(fixture.output('HttpApiId'))}/a/b`, {
      method: 'POST',
      body: 'x',
    });

    expect(await answer.json()).toMatchObject({
      method: 'POST',
      path: '/a/b',
      body: 'x',
      node: process.version,
      dataApi: DATA_API_URL,
      cluster: expect.stringMatching(/^arn:aws:rds:us-east-1:000000000000:cluster:/),
      secret: expect.stringMatching(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:/),
    });
  });

  test('runs a function and a task to its end, whose output goes to CloudWatch Logs', async () => {
    const arn = await fixture.start(fixture.output('MachineArn'), { mode: 'succeed' });
    const execution = await fixture.ended(arn);

    expect(execution.status).toBe('SUCCEEDED');
    expect(JSON.parse(execution.output ?? '')).toMatchObject({
      LastStatus: 'STOPPED',
      StopCode: 'EssentialContainerExited',
      StoppedReason: 'Essential container in task exited',
      Containers: [{ Name: CONTAINER, ExitCode: 0 }],
      StoppedAt: expect.any(Number),
    });
    const messages = await logMessages(aws.endpoint, fixture.output('TaskLogGroup'));
    const line = messages.find((message) => message.includes('"succeed"')) ?? '{}';
    expect(JSON.parse(line)).toEqual({
      mode: 'succeed',
      endpoint: aws.endpoint,
      dataApi: DATA_API_URL,
      secretLength: 20,
    });
  });

  test('fails the state when the task exits with 1, with the task as JSON in the cause', async () => {
    const arn = await fixture.start(fixture.output('MachineArn'), { mode: 'fail' });
    const execution = await fixture.ended(arn);

    expect(execution).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' });
    expect(JSON.parse(execution.cause ?? '')).toMatchObject({
      StopCode: 'EssentialContainerExited',
      Containers: [{ Name: CONTAINER, ExitCode: 1 }],
    });
    const logs = Object.entries(await aws.logs());
    expect(
      logs.filter(([file, text]) => /containers/.test(file) && text.includes('the worker fails')),
    ).toHaveLength(1);
  });

  test('hands messages of the queue to the function', async () => {
    await callAws(aws.endpoint, 'sqs', 'AmazonSQS.SendMessage', {
      QueueUrl: fixture.output('QueueUrl'),
      MessageBody: 'from the queue',
    });

    const entry = await until('the message', async () =>
      (await recorded()).find(({ event }) => JSON.stringify(event).includes('from the queue')),
    );
    expect(entry.event).toMatchObject({ Records: [{ eventSource: 'aws:sqs', body: 'from the queue' }] });
  });

  test('serves the bucket through its distribution', async () => {
    const object = `${aws.endpoint}/${fixture.output('BucketName')}/index.html`;
    await fetch(object, { method: 'PUT', body: '<h1>fixture</h1>' });

    const answer = await getFromDistribution(aws.endpoint, fixture.output('DistributionDomain'), '/');
    await fetch(object, { method: 'DELETE' });

    expect(answer).toEqual({ status: 200, body: '<h1>fixture</h1>' });
  });
});

describe('tasks', () => {
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
      (await logMessages(aws.endpoint, fixture.output('TaskLogGroup'))).find((line) =>
        line.includes('"flush"'),
      ),
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
      (await logMessages(aws.endpoint, fixture.output('TaskLogGroup'))).find((line) =>
        line.includes('"ignore"'),
      ),
    );

    await fixture.ecs.send(new StopTaskCommand({ cluster: fixture.cluster, task: arn }));
    const task = await until('the end', async () => {
      const found = await fixture.task(arn);
      return found.lastStatus === 'STOPPED' ? found : undefined;
    });

    expect(task.containers?.[0]?.exitCode).toBe(137);
    expect(await logMessages(aws.endpoint, fixture.output('TaskLogGroup'))).toContain('SIGTERM ignored');
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

describe('state machines', () => {
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
      const token = (await recorded()).find(({ event }) => event.id === 'alive')?.event.token;
      return typeof token === 'string' ? token : undefined;
    });

    for (let beat = 0; beat < 6; beat += 1) {
      await fixture.sfn.send(new SendTaskHeartbeatCommand({ taskToken }));
      await sleep(500);
    }
    await fixture.sfn.send(new SendTaskSuccessCommand({ taskToken, output: '"done"' }));

    expect(await fixture.ended(alive)).toMatchObject({ status: 'SUCCEEDED', output: '"done"' });
    expect(await fixture.ended(silent)).toMatchObject({ status: 'FAILED', error: 'States.HeartbeatTimeout' });
  });
});

describe("the product's run coordinator", () => {
  let machine: string;

  beforeAll(async () => {
    const failing = await fixture.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'failing',
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        containerDefinitions: [
          { name: CONTAINER, image: 'x/container-assets:1', environment: [{ name: 'MODE', value: 'fail' }] },
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
        containerName: CONTAINER,
        capacityProviders: ['FARGATE'],
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
    const messages = await logMessages(aws.endpoint, fixture.output('TaskLogGroup'));
    expect(messages.join('\n')).toContain('"attemptToken":"token of run-fargate-1"');
  });

  test('tells finalize why the task failed', async () => {
    const { cause } = await finalized(await start('bad', 'fargate', 'run-bad'));

    expect(cause.Error).toBe('States.TaskFailed');
    expect(JSON.parse(cause.Cause).Containers[0].ExitCode).toBe(1);
  });

  test('launches again after throttling, and after a lack of capacity', async () => {
    await aws.failRunTask([
      { code: 'InvalidParameterException', message: 'Rate exceeded' },
      { failures: [{ reason: 'RESOURCE:CPU' }] },
    ]);

    const { cause } = await finalized(await start('good', 'fargate', 'run-throttled'));

    expect(cause).toBeNull();
    expect(await aws.pendingRunTaskFaults()).toEqual([]);
  });

  test('does not repeat a launch that is wrong', async () => {
    await aws.failRunTask([{ code: 'InvalidParameterException', message: 'Subnets can not be empty.' }]);

    const { cause } = await finalized(await start('good', 'fargate', 'run-wrong'));

    expect(cause.Error).toBe('ECS.InvalidParameterException');
    expect(cause.Cause).toContain('Subnets can not be empty.');
    expect(await aws.pendingRunTaskFaults()).toEqual([]);
  });
});

describe('rules', () => {
  test('fire every minute, never for the past, and are not deleted while they have targets', async () => {
    const fired = await until(
      'the rule',
      async () => (await recorded()).find(({ event }) => event.rule === 'EveryMinute'),
      75_000,
    );
    expect(Date.parse(String(fired.event.time))).toBeLessThanOrEqual(fired.at);

    // To be overdue as the emulator sees it, the rule must be older than its new rate.
    await sleep(Math.max(0, changedRuleMadeAt + 61_000 - Date.now()));
    await eventbridge.send(new PutRuleCommand({ Name: CHANGED_RULE, ScheduleExpression: 'rate(1 minute)' }));
    await sleep(LONGEST_SWEEP_MS);
    expect((await recorded()).filter(({ event }) => event.rule === CHANGED_RULE)).toEqual([]);

    const remove = new DeleteRuleCommand({ Name: CHANGED_RULE });
    await expect(eventbridge.send(remove)).rejects.toThrow(/since it has targets/);
    await eventbridge.send(new RemoveTargetsCommand({ Rule: CHANGED_RULE, Ids: ['1'] }));
    await eventbridge.send(remove);
  }, 150_000);
});

describe('the end', () => {
  test('the stack is destroyed', async () => {
    await timed('destroy', aws.destroy(app));

    const gone = await fetch(aws.httpApiUrl(fixture.output('HttpApiId')));
    expect(gone.status).toBe(404);
  }, 120_000);

  test('no process of it is left', async () => {
    const { pids } = aws;
    expect(processesOfGroups(pids).length).toBeGreaterThanOrEqual(2);

    await timed('stop', aws.stop());

    expect(processesOfGroups(pids)).toEqual([]);
  }, 30_000);
});
