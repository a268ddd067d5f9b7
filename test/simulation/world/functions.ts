import { EcsRunLauncher } from '../../../lib/adapters/aws/ecs-run-launcher';
import { EventBridgeScheduler } from '../../../lib/adapters/aws/eventbridge-scheduler';
import { answerWakeUp } from '../../../lib/adapters/aws/eventbridge-wake-up';
import { StepFunctionsRunCoordinator } from '../../../lib/adapters/aws/step-functions-run-coordinator';
import { AslError } from '../../../lib/adapters/local/asl-interpreter/asl-error';
import { createPostgresStorage } from '../../../lib/adapters/postgres/postgres-storage';
import { afterCommit } from '../../../lib/engine/after-commit';
import { dequeue } from '../../../lib/engine/dequeue';
import { EngineError } from '../../../lib/engine/errors';
import { finalizeRun } from '../../../lib/engine/finalize-run';
import { reconcileScheduler } from '../../../lib/engine/reconcile-scheduler';
import { sweep } from '../../../lib/engine/sweep';
import { wakeUp } from '../../../lib/engine/wake-up';
import type { FinalizeInput, IssueTokenInput } from '../../../lib/model/execution-input';
import type { JsonValue } from '../../../lib/model/json';
import type { AlertMessage } from '../../../lib/ports/alert-publisher';
import { PortError } from '../../../lib/ports/errors';
import type { Instance } from '../../../lib/ports/instance';
import { Process } from '../core/process';
import type { CodeLocations } from './code-locations';
import type { Database } from './database';
import type { Ecs } from './ecs';
import type { EventBridge } from './event-bridge';
import type { Bucket } from './object-store';
import type { Simulation } from './simulation';
import { FUNCTIONS, type StepFunctions } from './step-functions';

/** Milliseconds that each function has, as the deployment says. */
const TIMEOUT = { default: 30_000, wakeUp: 300_000, events: 60_000 };
/** Lambda tries an asynchronous invocation that failed again, twice. */
const ASYNC_RETRIES = [60_000, 120_000];
const MAX_SKEW = 2_000;

/** The services that functions call. */
export interface Services {
  readonly database: Database;
  readonly bucket: Bucket;
  readonly codeLocations: CodeLocations;
  readonly ecs: Ecs;
  readonly stepFunctions: StepFunctions;
  readonly eventBridge: EventBridge;
}

interface Opened {
  readonly instance: Instance;
  readonly scheduler: EventBridgeScheduler;
}

const refused = (): PortError => new PortError('transient', 'SNS did not answer: connection reset');

/** The process of a function ended before its answer. */
export class FunctionDiedError extends Error {
  override readonly name = 'FunctionDiedError';
}

/** The functions of the control plane: the handlers of `lambdas/`, each invocation in a process of its own. */
export class Functions {
  private readonly simulation: Simulation;
  private readonly services: () => Services;
  private invocations = 0;
  private readonly uuid: () => string;
  /** Runs of whose failure people were told. */
  readonly failuresTold = new Set<string>();
  /** Changes instances as they are opened, to break them on purpose. */
  change: (instance: Instance) => Instance = (instance) => instance;

  constructor(simulation: Simulation, uuid: () => string, services: () => Services) {
    this.simulation = simulation;
    this.uuid = uuid;
    this.services = services;
  }

  /** Invoked by the state machine, which waits for the answer. */
  async invoke(name: string, payload: JsonValue): Promise<JsonValue> {
    const { faults, timeline, random } = this.simulation;
    if (faults.strikes('lambda: throttled'))
      throw new AslError('Lambda.TooManyRequestsException', 'Rate Exceeded.');
    if (faults.strikes('lambda: invoked twice')) {
      timeline.after(random.between(0, 30_000), () => void this.handle(name, payload).catch(() => {}));
    }
    try {
      return { StatusCode: 200, Payload: await this.handle(name, payload) };
    } catch (error) {
      if (error instanceof FunctionDiedError) throw new AslError('Lambda.Unknown', error.message);
      const { name: errorType, message: errorMessage } = error as Error;
      throw new AslError(errorType, JSON.stringify({ errorType, errorMessage }));
    }
  }

  /** What a rule of EventBridge leads to. */
  wakeUp(): void {
    const { settings } = this.simulation;
    this.invokeAsync('evaluate-ticks', TIMEOUT.wakeUp, async ({ instance, scheduler }) => {
      const { errors } = await answerWakeUp(scheduler, instance.clock.now(), {
        evaluate: () => wakeUp(instance, settings),
        reconcile: () => reconcileScheduler(instance, settings),
      });
      for (const error of errors) this.examine(error);
    });
  }

  /** What the event of a stopped task leads to. */
  taskStopped(): void {
    const { settings } = this.simulation;
    this.invokeAsync('receive-events', TIMEOUT.events, async ({ instance }) => {
      for (const error of await sweep(instance, settings)) this.examine(error);
      await afterCommit(instance, settings);
    });
  }

  /** What the request of a worker leads to that gave back what a queued run waits for. It may not be taken, or twice. */
  dequeueRequested(): void {
    const { settings, faults } = this.simulation;
    if (faults.strikes('lambda: throttled')) return;
    for (let times = faults.strikes('lambda: invoked twice') ? 2 : 1; times > 0; times -= 1) {
      this.invokeAsync('dequeue', TIMEOUT.default, async ({ instance }) => {
        await dequeue(instance, settings);
        await afterCommit(instance, settings);
      });
    }
  }

  /** A request of a person or program; fails as API Gateway would. */
  request<T>(name: string, call: (instance: Instance) => Promise<T>): Promise<T> {
    return this.run(name, TIMEOUT.default, ({ instance }) => call(instance));
  }

  private handle(name: string, payload: JsonValue): Promise<JsonValue> {
    const { settings } = this.simulation;
    return this.run(name, TIMEOUT.default, async ({ instance }) => {
      if (name === FUNCTIONS.issueToken) {
        const { runId, attempt } = payload as unknown as IssueTokenInput;
        return { attemptToken: await instance.storage.issueAttemptToken(runId, attempt) };
      }
      if (name === FUNCTIONS.finalize) {
        await finalizeRun(instance, settings, payload as unknown as FinalizeInput);
        return null;
      }
      throw new Error(`function ${name} is not simulated`);
    });
  }

  private invokeAsync(
    name: string,
    timeoutMs: number,
    handler: (opened: Opened) => Promise<void>,
    tries = 0,
  ): void {
    const { timeline } = this.simulation;
    this.run(name, timeoutMs, handler).catch(() => {
      const delay = ASYNC_RETRIES[tries];
      if (delay !== undefined)
        timeline.after(delay, () => this.invokeAsync(name, timeoutMs, handler, tries + 1));
    });
  }

  private run<T>(name: string, timeoutMs: number, handler: (opened: Opened) => Promise<T>): Promise<T> {
    const { timeline, faults, random, trace } = this.simulation;
    this.invocations += 1;
    const skew = faults.strikes('process: clock skewed') ? random.between(-MAX_SKEW, MAX_SKEW) : 0;
    const process = new Process(`${name}#${this.invocations}`, timeline, skew);
    trace.add(timeline.now, `${process.name} begins`);
    return new Promise<T>((resolve, reject) => {
      process.onDeath(() => reject(new FunctionDiedError(`${name} ended before its answer`)));
      const timer = timeline.after(timeoutMs, () => {
        trace.add(timeline.now, `${process.name} TIMED OUT`);
        process.kill();
      });
      const end = (settle: () => void): void => {
        timer.cancel();
        trace.add(timeline.now, `${process.name} ends`);
        settle();
        // What it left running goes on when the process is used again, or never.
        if (faults.strikes('process: frozen after its answer')) process.kill();
      };
      handler(this.open(process)).then(
        (value) => end(() => resolve(value)),
        (error: unknown) => {
          this.examine(error);
          end(() => reject(error));
        },
      );
    });
  }

  private open(process: Process): Opened {
    const { network, random } = this.simulation;
    const { database, bucket, codeLocations, ecs, stepFunctions, eventBridge } = this.services();
    const { clock } = process;
    const objectStore = bucket.of(process, network);
    const scheduler = new EventBridgeScheduler({
      client: eventBridge.clientOf(process),
      objectStore,
      clock,
      instance: 'simulated',
      wakeUpArn: 'arn:evaluate-ticks',
    });
    const ports = {
      storage: createPostgresStorage({ driver: database.driverOf(process, network) }),
      objectStore,
      scheduler,
      clock,
      ids: { uuid: this.uuid, secret: () => random.hex(64), random: () => random.next() },
      codeLocations: codeLocations.registry,
      codeLocationClient: codeLocations.clientOf(process),
      runCoordinator: new StepFunctionsRunCoordinator({
        client: stepFunctions.clientOf(process),
        stateMachineArn: 'arn:aws:states:region:account:stateMachine:runs',
      }),
      runLauncher: new EcsRunLauncher({ client: ecs.clientOf(process), cluster: 'cluster', clock }),
      secretStore: { get: async () => undefined },
      alertPublisher: {
        publish: ({ id, alert }: AlertMessage) =>
          network.call(
            process,
            `sns publish ${id}`,
            { replyLost: 'sns: call failed', error: refused },
            () => {
              if (alert.type === 'run_failure') this.failuresTold.add(alert.runId);
            },
          ),
      },
    };
    const instance: Instance = ports;
    return { instance: this.change(instance), scheduler };
  }

  /** Errors that are nobody's doing but the program's. */
  private examine(error: unknown): void {
    const { trace, timeline } = this.simulation;
    trace.add(timeline.now, `error: ${error instanceof Error ? error.message.slice(0, 200) : error}`);
    const isExpected = error instanceof PortError || error instanceof EngineError;
    if (!isExpected)
      this.simulation.violate(`an error of the program: ${error instanceof Error ? error.stack : error}`);
  }
}
