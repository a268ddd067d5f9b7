import { join } from 'node:path';
import {
  DescribeTasksCommand,
  ECSClient,
  ListTasksCommand,
  RunTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { until } from '../../until';
import { logMessages } from './call-aws';
import type { AwsEmulator } from './start-aws-emulator';

/** The folder of the CDK app that the emulator's own tests deploy. */
export const FIXTURE = join(import.meta.dirname, 'fixture-app');
/** Of its task's container. */
export const CONTAINER = 'worker';
/** Any role's ARN will do: the emulator enforces none. */
const ROLE = 'arn:aws:iam::000000000000:role/test';

/** One call of the fixture's recording function. */
export interface RecordedEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly event: Readonly<Record<string, unknown>>;
}

export type FixtureClients = ReturnType<typeof fixtureClients>;

/** What the tests do with the deployed fixture, over the product's own SDK clients. */
export function fixtureClients(aws: AwsEmulator, outputs: Readonly<Record<string, string>>) {
  const sfn = new SFNClient(aws.clientConfig);
  const ecs = new ECSClient(aws.clientConfig);
  const output = (name: string): string => {
    const value = outputs[name];
    if (value === undefined) throw new Error(`The stack has no output ${name}.`);
    return value;
  };
  const cluster = output('ClusterArn');
  let machines = 0;
  return {
    aws,
    sfn,
    ecs,
    cluster,
    output,
    /** What tasks have printed, by line. */
    taskLogs: () => logMessages(aws.endpoint, output('TaskLogGroup')),
    /** Events that the recording function has logged. */
    async recorded(): Promise<readonly RecordedEvent[]> {
      const messages = await logMessages(aws.endpoint, output('RecordLogGroup'));
      return messages.flatMap((message) => {
        const entry = /RECORDED (\{.*\})/.exec(message)?.[1];
        return entry === undefined ? [] : [JSON.parse(entry) as RecordedEvent];
      });
    },
    async createMachine(definition: object): Promise<string> {
      machines += 1;
      const { stateMachineArn } = await sfn.send(
        new CreateStateMachineCommand({
          name: `test-${machines}`,
          roleArn: ROLE,
          definition: JSON.stringify(definition),
        }),
      );
      return stateMachineArn ?? '';
    },
    async start(stateMachineArn: string, input: object, name?: string): Promise<string> {
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name }),
      );
      return executionArn ?? '';
    },
    /** The execution, once it has ended. */
    ended: (executionArn: string): Promise<DescribeExecutionCommandOutput> =>
      until(`the end of ${executionArn}`, async () => {
        const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return execution.status === 'RUNNING' ? undefined : execution;
      }),
    /** The one-state machine's definition for `ecs:runTask.sync`. */
    runTaskState: (mode: string, more: object = {}): object => ({
      QueryLanguage: 'JSONata',
      StartAt: 'Run',
      States: {
        Run: {
          Type: 'Task',
          Resource: 'arn:aws:states:::ecs:runTask.sync',
          Arguments: {
            Cluster: cluster,
            TaskDefinition: output('TaskDefinition'),
            LaunchType: 'FARGATE',
            Overrides: {
              ContainerOverrides: [{ Name: CONTAINER, Environment: [{ Name: 'MODE', Value: mode }] }],
            },
          },
          End: true,
          ...more,
        },
      },
    }),
    async runTask(mode: string, clientToken?: string): Promise<string> {
      const { tasks = [] } = await ecs.send(
        new RunTaskCommand({
          cluster,
          taskDefinition: output('TaskDefinition'),
          launchType: 'FARGATE',
          clientToken,
          overrides: {
            containerOverrides: [{ name: CONTAINER, environment: [{ name: 'MODE', value: mode }] }],
          },
        }),
      );
      return tasks[0]?.taskArn ?? '';
    },
    task: async (taskArn: string): Promise<Task> => {
      const { tasks = [] } = await ecs.send(new DescribeTasksCommand({ cluster, tasks: [taskArn] }));
      if (tasks[0] === undefined) throw new Error(`No task ${taskArn}.`);
      return tasks[0];
    },
    /** Tasks that are meant to run. */
    runningTasks: async (): Promise<readonly string[]> =>
      (await ecs.send(new ListTasksCommand({ cluster, desiredStatus: 'RUNNING' }))).taskArns ?? [],
  };
}
