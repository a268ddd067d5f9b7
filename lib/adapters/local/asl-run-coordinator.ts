import { type ExecutionInput, type FinalizeInput, WORKER_VARIABLE } from '../../model/execution-input';
import type { JsonObject, JsonValue } from '../../model/json';
import type { Clock } from '../../ports/clock';
import { isTransient, PortError } from '../../ports/errors';
import type { Ids } from '../../ports/ids';
import type { KeyValueStorage } from '../../ports/key-value-storage';
import type { RunCoordinator } from '../../ports/run-coordinator';
import type { RunLauncher } from '../../ports/run-launcher';
import { RESOURCE, runCoordinatorDefinition } from '../../run-coordinator/run-coordinator-definition';
import { readAslDefinition } from './asl-interpreter/asl-definition';
import { AslError, type ErrorOutput } from './asl-interpreter/asl-error';
import {
  type ExecutionSnapshot,
  interpretExecution,
  type TaskCall,
} from './asl-interpreter/interpret-execution';

const NAMESPACE = 'executions';
/** Ended executions are kept for a week, so that a name is not started twice. Step Functions keeps them for 90 days. */
const KEPT_MS = 7 * 24 * 3600 * 1000;
const PERSIST_TRIES = 5;

/** One execution, as it is kept. */
interface StoredExecution {
  readonly status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  readonly input: ExecutionInput;
  readonly startedAt: number;
  readonly endedAt: number | null;
  /** Null until the first wait. */
  readonly snapshot: ExecutionSnapshot | null;
  readonly error: ErrorOutput | null;
}

export interface AslRunCoordinatorOptions {
  readonly storage: KeyValueStorage;
  readonly runLauncher: RunLauncher;
  readonly clock: Clock;
  readonly ids: Ids;
  /** Makes the secret of an attempt, e.g. `storage.issueAttemptToken`. */
  issueToken(runId: string, attempt: number): Promise<string>;
  /** The engine's last word on an attempt; the entry point hands it in. */
  finalize(input: FinalizeInput): Promise<void>;
  /** Told of an execution that failed, and of state that could not be kept. */
  onError(message: string, error: unknown): void;
}

const LOCAL = {
  cluster: 'local',
  taskDefinition: 'worker',
  taskRole: 'worker',
  containerName: 'worker',
  subnets: [],
  securityGroups: [],
  assignPublicIp: false,
  runFunction: 'run-worker',
  issueTokenFunction: 'issue-attempt-token',
  finalizeFunction: 'finalize',
} as const;

/**
 * The run coordinator of a laptop: the state machine that Step Functions runs in AWS, interpreted, with its
 * executions kept in storage so that they survive the process.
 */
export class AslRunCoordinator implements RunCoordinator {
  private readonly options: AslRunCoordinatorOptions;
  private readonly definition = readAslDefinition(runCoordinatorDefinition(LOCAL));
  private readonly running = new Map<
    string,
    { readonly abort: AbortController; readonly done: Promise<void> }
  >();

  constructor(options: AslRunCoordinatorOptions) {
    this.options = options;
  }

  async startExecution(name: string, input: ExecutionInput): Promise<void> {
    const execution: StoredExecution = {
      status: 'RUNNING',
      input,
      startedAt: this.options.clock.now(),
      endedAt: null,
      snapshot: null,
      error: null,
    };
    const { storage } = this.options;
    if (await storage.insertValue(NAMESPACE, name, execution)) {
      this.carry(name, execution);
      return;
    }
    // An earlier call may have stored it and not heard so: then nobody carries it.
    const known = (await storage.getValue(NAMESPACE, name)) as StoredExecution | undefined;
    if (known?.status === 'RUNNING') await this.carryOn(name, known);
  }

  async stopExecution(name: string, cause: string): Promise<void> {
    const running = this.running.get(name);
    if (running !== undefined) {
      running.abort.abort(new ExecutionAborted(cause));
      return;
    }
    const known = (await this.options.storage.getValue(NAMESPACE, name)) as StoredExecution | undefined;
    if (known?.status === 'RUNNING') await this.persist(name, this.aborted(known, cause));
  }

  /**
   * Goes on with what an earlier process left running, and forgets executions that ended over a week ago. Workers of
   * that process are stopped first; their tasks count as failed.
   */
  async resume(): Promise<void> {
    const { storage, clock } = this.options;
    const oldest = clock.now() - KEPT_MS;
    for (const { key, value } of await storage.listValues(NAMESPACE)) {
      const execution = value as StoredExecution;
      if (execution.status !== 'RUNNING') {
        if ((execution.endedAt ?? 0) < oldest) await storage.deleteValue(NAMESPACE, key);
      } else await this.carryOn(key, execution);
    }
  }

  /** Stops every execution without ending it: the next process resumes them. Workers are stopped. */
  async close(): Promise<void> {
    const running = [...this.running.values()];
    for (const { abort } of running) abort.abort(new InstanceStopped());
    await Promise.all(running.map(({ done }) => done));
  }

  /** Carries on what nobody carries. A worker that an earlier process left is stopped first. */
  private async carryOn(name: string, execution: StoredExecution): Promise<void> {
    if (this.running.has(name)) return;
    await this.options.runLauncher.stop(execution.input.runId, execution.input.attempt);
    this.carry(name, execution);
  }

  private carry(name: string, execution: StoredExecution): void {
    if (this.running.has(name)) return;
    const abort = new AbortController();
    const done = this.run(name, execution, abort.signal)
      .catch((error: unknown) => this.options.onError(`Execution '${name}' could not be carried on`, error))
      .finally(() => this.running.delete(name));
    this.running.set(name, { abort, done });
  }

  private async run(name: string, started: StoredExecution, signal: AbortSignal): Promise<void> {
    const { clock, ids } = this.options;
    let current = started;
    const keep = async (changes: Partial<StoredExecution>): Promise<void> => {
      current = { ...current, ...changes };
      await this.persist(name, current);
    };
    try {
      const result = await interpretExecution({
        definition: this.definition,
        execution: { name, input: { ...started.input }, startedAt: started.startedAt },
        clock,
        random: () => ids.random(),
        signal,
        runTask: (call, taskSignal) => this.callService(call, started.input, taskSignal),
        onWaiting: (snapshot) => keep({ snapshot }),
        ...(started.snapshot === null
          ? {}
          : {
              resume: {
                snapshot: started.snapshot,
                cause: 'the local instance stopped while the task ran',
              },
            }),
      });
      const error = result.status === 'FAILED' ? result.error : null;
      await keep({ status: result.status, endedAt: clock.now(), error });
      if (error !== null) {
        this.options.onError(`Execution '${name}' failed: ${error.Error}: ${error.Cause}`, error);
      }
    } catch (thrown) {
      if (thrown instanceof InstanceStopped) return;
      if (!(thrown instanceof ExecutionAborted)) throw thrown;
      await keep(this.aborted(current, thrown.message));
    }
  }

  private aborted(execution: StoredExecution, cause: string): StoredExecution {
    const error = { Error: 'States.Aborted', Cause: cause };
    return { ...execution, status: 'ABORTED', endedAt: this.options.clock.now(), error };
  }

  /** The service integrations of the state machine, each as the port that stands for it. */
  private async callService(call: TaskCall, input: ExecutionInput, signal: AbortSignal): Promise<JsonValue> {
    const parameters = call.arguments as JsonObject;
    if (call.resource === RESOURCE.ecsRunTask) {
      return this.runWorker(input, String(parameters.ClientToken), tokenOfTask(parameters), 'ECS', signal);
    }
    if (call.resource === RESOURCE.lambdaInvoke && parameters.FunctionName === LOCAL.runFunction) {
      const { workerId, attemptToken } = parameters.Payload as JsonObject;
      return this.runWorker(input, String(workerId), String(attemptToken), 'Lambda', signal);
    }
    if (call.resource === RESOURCE.lambdaInvoke && parameters.FunctionName === LOCAL.issueTokenFunction) {
      return { StatusCode: 200, Payload: { attemptToken: await this.issueToken(input) } };
    }
    if (call.resource === RESOURCE.lambdaInvoke && parameters.FunctionName === LOCAL.finalizeFunction) {
      await this.options.finalize(parameters.Payload as unknown as FinalizeInput);
      return { StatusCode: 200 };
    }
    throw new AslError('States.Runtime', `Nothing stands for resource '${call.resource}' here`);
  }

  private async issueToken({ runId, attempt }: ExecutionInput): Promise<string> {
    try {
      return await this.options.issueToken(runId, attempt);
    } catch (thrown) {
      if (!(thrown instanceof PortError)) throw thrown;
      throw new AslError(isTransient(thrown) ? 'Lambda.ServiceException' : thrown.name, thrown.message, {
        cause: thrown,
      });
    }
  }

  private async runWorker(
    input: ExecutionInput,
    clientToken: string,
    attemptToken: string,
    service: 'ECS' | 'Lambda',
    signal: AbortSignal,
  ): Promise<JsonValue> {
    const { runId, attempt, location, bundleHash, maxRuntimeSeconds } = input;
    try {
      const exit = await this.options.runLauncher.run(
        { runId, attempt, location, bundleHash, attemptToken, clientToken, maxRuntimeSeconds },
        signal,
      );
      if (exit.exitCode === 0) return { ExitCode: 0 };
      throw new AslError('States.TaskFailed', exit.reason ?? `the worker exited with code ${exit.exitCode}`);
    } catch (thrown) {
      if (!(thrown instanceof PortError)) throw thrown;
      const kind = isTransient(thrown) ? 'ServerException' : 'ClientException';
      const error =
        service === 'ECS' || kind === 'ClientException' ? `${service}.${kind}` : 'Lambda.ServiceException';
      throw new AslError(error, thrown.message, { cause: thrown });
    }
  }

  /** An execution goes on even when its state cannot be kept: its run is worth more than its resumption. */
  private async persist(name: string, execution: StoredExecution): Promise<void> {
    const { storage, clock, onError } = this.options;
    for (let tries = 1; ; tries++) {
      try {
        await storage.putValue(NAMESPACE, name, execution);
        return;
      } catch (error) {
        if (isTransient(error) && tries < PERSIST_TRIES) await clock.sleep(100 * 2 ** tries);
        else {
          onError(`The state of execution '${name}' could not be kept`, error);
          return;
        }
      }
    }
  }
}

/** The attempt's secret among the variables that a task is started with. */
function tokenOfTask(parameters: JsonObject): string {
  const { ContainerOverrides } = parameters.Overrides as {
    readonly ContainerOverrides: readonly JsonObject[];
  };
  const variables = ContainerOverrides.flatMap(
    ({ Environment }) => Environment as readonly { readonly Name: string; readonly Value: string }[],
  );
  return variables.find(({ Name }) => Name === WORKER_VARIABLE.attemptToken)?.Value ?? '';
}

class ExecutionAborted extends Error {
  override readonly name = 'ExecutionAborted';
}

class InstanceStopped extends Error {
  override readonly name = 'InstanceStopped';
}
