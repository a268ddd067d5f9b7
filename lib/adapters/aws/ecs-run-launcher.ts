import {
  DescribeTasksCommand,
  type ECSClient,
  ListTasksCommand,
  StopTaskCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import { executionName, WORKER_VARIABLE } from '../../model/execution-input';
import type { Clock } from '../../ports/clock';
import { PortError } from '../../ports/errors';
import type { RunLauncher } from '../../ports/run-launcher';
import { callService } from './aws-service-error';

export interface EcsRunLauncherOptions {
  readonly client: ECSClient;
  readonly cluster: string;
  readonly clock: Clock;
}

/** A task gets its `stopTimeout` of 120 s after SIGTERM, and its network is taken down after that. */
const STOP_PATIENCE_MS = 180_000;
const POLL_MS = 1_000;

/** Stops workers on ECS, and says when they are gone. Step Functions starts them. */
export class EcsRunLauncher implements RunLauncher {
  private readonly options: EcsRunLauncherOptions;

  constructor(options: EcsRunLauncherOptions) {
    this.options = options;
  }

  run(): Promise<never> {
    return Promise.reject(
      new PortError('permanent', 'On AWS the state machine starts workers; nothing else may launch one.'),
    );
  }

  async stop(runId: string, attempt: number): Promise<void> {
    const { clock } = this.options;
    const name = executionName(runId, attempt);
    const until = clock.now() + STOP_PATIENCE_MS;
    for (;;) {
      const tasks = await this.liveTasks(runId, attempt);
      if (tasks.length === 0) return;
      if (clock.now() > until) {
        throw new PortError(
          'transient',
          `ECS has not stopped the task of attempt ${name} for ${STOP_PATIENCE_MS / 1000} s: ${tasks[0]?.taskArn} is ${tasks[0]?.lastStatus}.`,
        );
      }
      for (const { taskArn, desiredStatus } of tasks) {
        if (desiredStatus !== 'STOPPED') await this.stopTask(taskArn ?? '', name);
      }
      await clock.sleep(POLL_MS);
    }
  }

  /**
   * Tasks of an attempt that have not stopped. ECS finds tasks by no name that Step Functions may give them, so the
   * attempt is read from the variables that the task was started with. A task that is stopping is listed as stopped.
   */
  private liveTasks(runId: string, attempt: number): Promise<readonly Task[]> {
    return this.call('ListTasks', executionName(runId, attempt), async () => {
      const found: Task[] = [];
      for (const desiredStatus of ['RUNNING', 'STOPPED'] as const) {
        for await (const tasks of this.pages(desiredStatus)) {
          found.push(...tasks.filter((task) => task.lastStatus !== 'STOPPED' && isOf(task, runId, attempt)));
        }
      }
      return found;
    });
  }

  private async *pages(desiredStatus: 'RUNNING' | 'STOPPED'): AsyncIterable<readonly Task[]> {
    const { client, cluster } = this.options;
    let nextToken: string | undefined;
    do {
      const page = await client.send(new ListTasksCommand({ cluster, desiredStatus, nextToken }));
      const { taskArns = [] } = page;
      nextToken = page.nextToken;
      if (taskArns.length === 0) continue;
      const { tasks = [] } = await client.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
      yield tasks;
    } while (nextToken !== undefined);
  }

  private async stopTask(task: string, name: string): Promise<void> {
    const { client, cluster } = this.options;
    await this.call('StopTask', name, () =>
      client.send(new StopTaskCommand({ cluster, task, reason: `attempt ${name} is to end` })),
    );
  }

  private call<T>(operation: string, subject: string, call: () => Promise<T>): Promise<T> {
    return callService({ service: 'ECS', operation, subject }, call);
  }
}

function isOf({ overrides }: Task, runId: string, attempt: number): boolean {
  const variables = (overrides?.containerOverrides ?? []).flatMap(({ environment = [] }) => environment);
  const value = (name: string): string | undefined => variables.find((each) => each.name === name)?.value;
  return value(WORKER_VARIABLE.runId) === runId && value(WORKER_VARIABLE.attempt) === String(attempt);
}
