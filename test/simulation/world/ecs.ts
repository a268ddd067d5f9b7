import { DescribeTasksCommand, type ECSClient, ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { AslError } from '../../../lib/adapters/local/asl-interpreter/asl-error';
import type { JsonObject } from '../../../lib/model/json';
import { Process } from '../core/process';
import { noAnswer, serviceError } from './service-error';
import type { Simulation } from './simulation';

/** How long a task gets between SIGTERM and SIGKILL, ms. */
const STOP_TIMEOUT = 120_000;
/** After so long ECS gives up a task that it could not start, ms. */
const GIVEN_UP_AFTER = 30 * 60_000;

export interface EcsTask {
  readonly arn: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The environment again, as RunTask was asked for it. */
  readonly overrides: unknown;
  lastStatus: 'PROVISIONING' | 'PENDING' | 'RUNNING' | 'STOPPING' | 'STOPPED';
  desiredStatus: 'RUNNING' | 'STOPPED';
  exitCode: number | null;
  stopCode: string;
  stoppedReason: string;
  /** Its container, once it runs. */
  process: Process | null;
  /** Tells the program in it to stop (SIGTERM). */
  onSigterm: (() => void) | null;
  readonly waiters: (() => void)[];
}

/** What a container's program is given. */
export interface Container {
  readonly task: EcsTask;
  readonly process: Process;
  exit(code: number): void;
}

/** A cluster: tasks take their time, and end for many reasons. */
export class Ecs {
  private readonly simulation: Simulation;
  private readonly tasks = new Map<string, EcsTask>();
  private readonly byToken = new Map<string, EcsTask>();
  private readonly program: (container: Container) => void;
  private readonly onStopped: () => void;

  constructor(simulation: Simulation, hooks: { program(container: Container): void; onStopped(): void }) {
    this.simulation = simulation;
    this.program = hooks.program;
    this.onStopped = hooks.onStopped;
  }

  all(): readonly EcsTask[] {
    return [...this.tasks.values()];
  }

  /** RunTask by the state machine: the same ClientToken is the same task. */
  runTask(parameters: JsonObject): EcsTask {
    const { faults } = this.simulation;
    const token = String(parameters.ClientToken);
    const known = this.byToken.get(token);
    if (known !== undefined) return known;
    if (faults.strikes('ecs: no capacity')) {
      throw new AslError(
        'AmazonECS.Unknown',
        '{"failures":[{"reason":"Capacity is unavailable at this time"}]}',
      );
    }
    if (faults.strikes('ecs: throttled')) throw new AslError('ECS.ThrottlingException', 'Rate exceeded');
    if (faults.strikes('ecs: throttled as invalid parameter')) {
      throw new AslError(
        'ECS.InvalidParameterException',
        'Rate exceeded (Service: AmazonECS; Status Code: 400)',
      );
    }
    const task = this.create(parameters);
    this.byToken.set(token, task);
    if (faults.strikes('ecs: reply of run-task lost')) {
      throw new AslError('ECS.ServerException', 'Service Unavailable. Please try again later.');
    }
    return task;
  }

  /** Resolves when it has stopped. */
  stopped(task: EcsTask): Promise<void> {
    if (task.lastStatus === 'STOPPED') return Promise.resolve();
    return new Promise((resolve) => task.waiters.push(resolve));
  }

  stopTask(task: EcsTask, reason: string): void {
    if (task.desiredStatus === 'STOPPED') return;
    task.desiredStatus = 'STOPPED';
    task.stopCode = reason.startsWith('Spot') ? 'SpotInterruption' : 'UserInitiated';
    task.stoppedReason = reason;
    const { timeline, faults, random } = this.simulation;
    if (task.process === null) {
      timeline.after(random.between(500, 8_000), () => this.end(task, null));
      return;
    }
    task.lastStatus = 'STOPPING';
    const delay = faults.strikes('ecs: task stops slowly')
      ? random.between(5_000, 30_000)
      : random.between(100, 1_000);
    timeline.after(delay, () => task.onSigterm?.());
    timeline.after(delay + STOP_TIMEOUT, () => this.end(task, 137));
  }

  /** The SDK's client as one process sees it. */
  clientOf(process: Process): ECSClient {
    const send = (command: unknown): Promise<unknown> => {
      const name = (command as object).constructor.name.replace('Command', '');
      const faults = {
        requestLost: 'ecs: call failed',
        replyLost: 'ecs: call failed',
        error: noAnswer,
        describe: (value: unknown) => `${(value as { taskArns?: unknown[] }).taskArns?.length ?? 'done'}`,
      } as const;
      return this.simulation.network.call(process, `ecs ${name}`, faults, () => this.answer(command));
    };
    return { send } as unknown as ECSClient;
  }

  private answer(command: unknown): unknown {
    if (command instanceof ListTasksCommand) {
      const found = this.all().filter(
        (task) => task.lastStatus !== 'STOPPED' && task.desiredStatus === command.input.desiredStatus,
      );
      return { taskArns: found.map(({ arn }) => arn) };
    }
    if (command instanceof DescribeTasksCommand) {
      return {
        tasks: (command.input.tasks ?? []).flatMap((arn) => {
          const task = this.tasks.get(arn);
          if (task === undefined) return [];
          const { lastStatus, desiredStatus, overrides } = task;
          return [{ taskArn: arn, lastStatus, desiredStatus, overrides }];
        }),
      };
    }
    if (command instanceof StopTaskCommand) {
      const task = this.tasks.get(command.input.task ?? '');
      if (task === undefined)
        throw serviceError('InvalidParameterException', 'The referenced task was not found.', 400);
      this.stopTask(task, command.input.reason ?? 'stopped');
      return {};
    }
    throw new Error(`ECS is not simulated for ${(command as object).constructor.name}`);
  }

  private create(parameters: JsonObject): EcsTask {
    const { timeline, faults, random, trace } = this.simulation;
    const variables = environmentOf(parameters);
    const task: EcsTask = {
      arn: `task/${this.tasks.size + 1}`,
      environment: Object.fromEntries(variables.map(({ Name, Value }) => [Name, Value])),
      overrides: {
        containerOverrides: [
          { environment: variables.map(({ Name, Value }) => ({ name: Name, value: Value })) },
        ],
      },
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      exitCode: null,
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      process: null,
      onSigterm: null,
      waiters: [],
    };
    this.tasks.set(task.arn, task);
    trace.add(timeline.now, `ecs ${task.arn} created for ${parameters.ClientToken}`);
    const giveUp = (): void => {
      task.stopCode = 'TaskFailedToStart';
      this.end(task, null);
    };
    if (faults.strikes('ecs: task never starts')) timeline.after(GIVEN_UP_AFTER, giveUp);
    else if (faults.strikes('ecs: task fails to start'))
      timeline.after(random.between(5_000, 60_000), giveUp);
    else timeline.after(random.between(2_000, 25_000), () => this.start(task));
    return task;
  }

  private start(task: EcsTask): void {
    if (task.desiredStatus === 'STOPPED') return;
    const { timeline, faults, random, trace } = this.simulation;
    task.lastStatus = 'RUNNING';
    const process = new Process(task.arn, timeline, 0);
    task.process = process;
    process.onDeath(() => this.end(task, 137));
    if (faults.strikes('ecs: spot interruption')) {
      timeline.after(random.between(0, 60_000), () => {
        if (task.lastStatus !== 'STOPPED') trace.add(timeline.now, `ecs ${task.arn} SPOT INTERRUPTION`);
        this.stopTask(task, 'Spot interruption');
      });
    }
    if (faults.strikes('worker: killed')) {
      timeline.after(random.between(0, 60_000), () => {
        if (process.isAlive) trace.add(timeline.now, `ecs ${task.arn} KILLED`);
        process.kill();
      });
    }
    trace.add(timeline.now, `ecs ${task.arn} runs`);
    this.program({ task, process, exit: (code) => this.end(task, code) });
  }

  private end(task: EcsTask, exitCode: number | null): void {
    if (task.lastStatus === 'STOPPED') return;
    const { timeline, trace } = this.simulation;
    trace.add(timeline.now, `ecs ${task.arn} stopped with ${exitCode}`);
    task.lastStatus = 'STOPPED';
    task.desiredStatus = 'STOPPED';
    task.exitCode = exitCode;
    task.process?.kill();
    for (const waiter of task.waiters.splice(0)) timeline.after(50, waiter);
    this.announce();
  }

  /** The event that a task stopped: at least once, mostly. */
  private announce(): void {
    const { timeline, faults, random } = this.simulation;
    if (faults.strikes('ecs: stopped event lost')) return;
    const times = faults.strikes('ecs: stopped event twice') ? 2 : 1;
    for (let time = 0; time < times; time += 1) {
      const isLate = faults.strikes('ecs: stopped event late');
      timeline.after(isLate ? random.between(20_000, 120_000) : random.between(200, 3_000), () =>
        this.onStopped(),
      );
    }
  }
}

function environmentOf(parameters: JsonObject): readonly { readonly Name: string; readonly Value: string }[] {
  const { ContainerOverrides } = parameters.Overrides as {
    readonly ContainerOverrides: readonly JsonObject[];
  };
  return (ContainerOverrides[0]?.Environment ?? []) as unknown as readonly { Name: string; Value: string }[];
}
