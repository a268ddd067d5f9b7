import { type SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { readAslDefinition } from '../../../lib/adapters/local/asl-interpreter/asl-definition';
import { AslError } from '../../../lib/adapters/local/asl-interpreter/asl-error';
import {
  interpretExecution,
  type TaskCall,
} from '../../../lib/adapters/local/asl-interpreter/interpret-execution';
import type { ExecutionInput } from '../../../lib/model/execution-input';
import type { JsonObject, JsonValue } from '../../../lib/model/json';
import { RESOURCE, runCoordinatorDefinition } from '../../../lib/run-coordinator/run-coordinator-definition';
import { Process } from '../core/process';
import type { Ecs } from './ecs';
import { noAnswer, serviceError } from './service-error';
import type { Simulation } from './simulation';

/** Names of what the state machine calls. */
export const FUNCTIONS = {
  issueToken: 'issue-attempt-token',
  finalize: 'finalize-run',
  runWorker: 'run-on-lambda',
};

const DEFINITION = readAslDefinition(
  runCoordinatorDefinition({
    cluster: 'cluster',
    taskDefinition: 'worker',
    containerName: 'worker',
    taskRole: 'worker',
    subnets: ['subnet'],
    securityGroups: ['group'],
    assignPublicIp: false,
    runFunction: FUNCTIONS.runWorker,
    issueTokenFunction: FUNCTIONS.issueToken,
    finalizeFunction: FUNCTIONS.finalize,
  }),
);

interface Execution {
  readonly input: string;
  readonly abort: AbortController;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
}

/** Step Functions Standard: the real state machine, carried on whatever else dies. */
export class StepFunctions {
  private readonly simulation: Simulation;
  private readonly ecs: Ecs;
  private readonly invoke: (name: string, payload: JsonValue) => Promise<JsonValue>;
  private readonly executions = new Map<string, Execution>();

  constructor(
    simulation: Simulation,
    ecs: Ecs,
    invoke: (name: string, payload: JsonValue) => Promise<JsonValue>,
  ) {
    this.simulation = simulation;
    this.ecs = ecs;
    this.invoke = invoke;
  }

  running(): readonly string[] {
    return [...this.executions].filter(([, { status }]) => status === 'RUNNING').map(([name]) => name);
  }

  /** The SDK's client as one process sees it. */
  clientOf(process: Process): SFNClient {
    const send = (command: unknown): Promise<unknown> => {
      const faults = {
        requestLost: 'step-functions: request lost',
        replyLost: 'step-functions: reply lost',
        error: noAnswer,
      } as const;
      const { input } = command as { input: { name?: string; executionArn?: string } };
      const subject = input.name ?? input.executionArn?.split(':').at(-1) ?? '';
      const name = (command as object).constructor.name.replace('Command', '');
      return this.simulation.network.call(process, `states ${name} ${subject}`, faults, () =>
        this.answer(command),
      );
    };
    return { send } as unknown as SFNClient;
  }

  private answer(command: unknown): unknown {
    if (command instanceof StartExecutionCommand) {
      const { name = '', input = '{}' } = command.input;
      const known = this.executions.get(name);
      if (known === undefined) this.start(name, input);
      else if (known.status !== 'RUNNING' || known.input !== input) {
        throw serviceError('ExecutionAlreadyExists', `Execution already exists: ${name}`, 400);
      }
      return {};
    }
    if (command instanceof StopExecutionCommand) {
      const name = command.input.executionArn?.split(':').at(-1) ?? '';
      const execution = this.executions.get(name);
      if (execution === undefined)
        throw serviceError('ExecutionDoesNotExist', `Execution does not exist: ${name}`, 400);
      execution.abort.abort(new Error(command.input.cause ?? 'stopped'));
      return {};
    }
    throw new Error(`Step Functions is not simulated for ${(command as object).constructor.name}`);
  }

  private start(name: string, input: string): void {
    const { timeline, faults, random, trace } = this.simulation;
    const execution: Execution = { input, abort: new AbortController(), status: 'RUNNING' };
    this.executions.set(name, execution);
    const parsed = JSON.parse(input) as ExecutionInput;
    const { clock } = new Process(`execution ${name}`, timeline);
    if (faults.strikes('step-functions: aborted by hand')) {
      timeline.after(random.between(0, 90_000), () => execution.abort.abort(new Error('aborted by hand')));
    }
    interpretExecution({
      definition: DEFINITION,
      execution: { name, input: { ...parsed }, startedAt: timeline.now },
      clock,
      random: () => random.next(),
      signal: execution.abort.signal,
      runTask: (call, signal) => this.runTask(call, signal),
      onWaiting: () => clock.sleep(random.between(5, 120)),
    }).then(
      ({ status }) => {
        execution.status = status;
        trace.add(timeline.now, `states ${name} ${status}`);
      },
      (error: unknown) => {
        execution.status = 'ABORTED';
        trace.add(timeline.now, `states ${name} ABORTED ${error instanceof Error ? error.message : error}`);
      },
    );
  }

  private async runTask(
    { resource, arguments: parameters }: TaskCall,
    signal: AbortSignal,
  ): Promise<JsonValue> {
    const request = parameters as JsonObject;
    if (resource === RESOURCE.ecsRunTask) return this.runEcsTask(request, signal);
    const name = String(request.FunctionName);
    return unlessAborted(this.invoke(name, request.Payload ?? null), signal);
  }

  /** `.sync`: waits for the task's end, and stops it, as well as it can, when it need not wait any more. */
  private async runEcsTask(parameters: JsonObject, signal: AbortSignal): Promise<JsonValue> {
    const task = this.ecs.runTask(parameters);
    const stop = (): void => this.ecs.stopTask(task, 'stopped by Step Functions');
    signal.addEventListener('abort', stop, { once: true });
    await unlessAborted(this.ecs.stopped(task), signal);
    const { exitCode, stopCode, stoppedReason } = task;
    if (exitCode === 0) return { ExitCode: 0 };
    const container = exitCode === null ? { Name: 'worker' } : { Name: 'worker', ExitCode: exitCode };
    const report = { StopCode: stopCode, StoppedReason: stoppedReason, Containers: [container] };
    throw new AslError('States.TaskFailed', JSON.stringify(report));
  }
}

/** Rejects with the signal's reason as soon as it is aborted. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    promise.then(resolve, reject);
  });
}
