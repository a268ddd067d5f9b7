import { createPostgresWorkerStorage } from '../../../lib/adapters/postgres/postgres-worker-storage';
import { retryTransient } from '../../../lib/execution/retry-transient';
import type { EventType, NewEvent } from '../../../lib/model/event';
import { WORKER_VARIABLE } from '../../../lib/model/execution-input';
import type { PlannedStep } from '../../../lib/model/execution-plan';
import type { AttemptRef } from '../../../lib/model/run';
import {
  type RunAssignment,
  type RunOutcome,
  StaleAttemptError,
  type WorkerStorage,
} from '../../../lib/ports/worker-storage';
import type { Database } from './database';
import type { Container } from './ecs';
import type { Simulation } from './simulation';

/** Milliseconds, as the real worker's. */
const START_PATIENCE = 60_000;
const HEARTBEAT = 10_000;
/** How long the wait of a step is for which the run is suspended. */
const SUSPENDED_FOR = 150_000;

/** Told from outside, or by storage, to end. */
class Stopped extends Error {
  readonly why: 'cancel' | 'interrupt' | 'stale';

  constructor(why: 'cancel' | 'interrupt' | 'stale') {
    super(why);
    this.why = why;
  }
}

/** What watches that no two workers execute the same run. */
export interface Executions {
  begin(runId: string, attempt: number, container: Container): void;
}

/** What a worker reaches beside its own storage. */
export interface Surroundings {
  readonly database: Database;
  readonly executions: Executions;
  /** Has queued runs claimed now; whether that is heard nobody knows. */
  requestDequeue(): void;
}

/** A worker in a task: the real worker functions, and steps that take time, fail or wait. */
export class Worker {
  private readonly simulation: Simulation;
  private readonly container: Container;
  private readonly ref: AttemptRef;
  private readonly storage: WorkerStorage;
  private readonly surroundings: Surroundings;
  private readonly stopping = new AbortController();
  private readonly maxRuntimeMs: number;
  private seq = 0;

  constructor(simulation: Simulation, surroundings: Surroundings, container: Container) {
    this.simulation = simulation;
    this.container = container;
    this.surroundings = surroundings;
    const { environment } = container.task;
    this.ref = {
      runId: environment[WORKER_VARIABLE.runId] ?? '',
      attempt: Number(environment[WORKER_VARIABLE.attempt]),
      workerId: environment[WORKER_VARIABLE.workerId] ?? '',
      token: environment[WORKER_VARIABLE.attemptToken] ?? '',
    };
    this.maxRuntimeMs = Number(environment[WORKER_VARIABLE.maxRuntime]) * 1_000;
    const driver = surroundings.database.workerDriverOf(container.process, simulation.network);
    const isCutOffLater = simulation.faults.strikes('worker: cut off from the database');
    const cutOffAt = isCutOffLater
      ? simulation.timeline.now + simulation.random.between(0, 40_000)
      : Number.POSITIVE_INFINITY;
    const reconnectedAt = cutOffAt + simulation.random.between(30_000, 400_000);
    this.storage = createPostgresWorkerStorage({
      driver: {
        ...driver,
        query: async (sql, parameters) => {
          const { now } = simulation.timeline;
          // Cut off: its statements wait for the network to come back.
          if (now >= cutOffAt && now < reconnectedAt)
            await container.process.clock.sleep(reconnectedAt - now);
          return driver.query(sql, parameters);
        },
      },
    });
  }

  /** Carries the attempt to its end and exits. */
  async run(): Promise<void> {
    const { container } = this;
    container.task.onSigterm = () => void this.interrupt();
    try {
      container.exit(await this.attempt());
    } catch (error) {
      const { signal } = this.stopping;
      const cause: unknown = signal.aborted ? signal.reason : error;
      if (error instanceof StaleAttemptError || (cause instanceof Stopped && cause.why === 'stale')) {
        container.exit(0);
      } else container.exit(cause instanceof Stopped ? 143 : 1);
    }
  }

  /** A SIGTERM: asks storage first whether the run is being canceled. */
  private async interrupt(): Promise<void> {
    await this.beat();
    this.stopping.abort(new Stopped('interrupt'));
  }

  private async attempt(): Promise<number> {
    const { simulation, ref, storage } = this;
    const { clock } = this.container.process;
    const assignment = await retryTransient(() => storage.startRun(ref), clock, {
      deadline: clock.now() + START_PATIENCE,
    });
    this.surroundings.executions.begin(ref.runId, ref.attempt, this.container);
    this.seq = assignment.lastSeq;
    this.keepBeating();
    if (simulation.faults.strikes('worker: exited without a result')) return 0;
    const isHanging = simulation.faults.strikes('worker: hangs');
    simulation.timeline.after(this.maxRuntimeMs, () => {
      if (!isHanging) this.stopping.abort(new Stopped('interrupt'));
    });
    let outcome: RunOutcome | 'suspended';
    try {
      if (isHanging) await clock.sleep(24 * 3_600_000, this.stopping.signal);
      outcome = await this.execute(assignment);
    } catch (error) {
      if (!(error instanceof Stopped) || error.why !== 'cancel') throw error;
      outcome = { status: 'CANCELED', failureReason: null, cause: 'The run was canceled.' };
    }
    if (outcome === 'suspended') return 0;
    const ended = outcome;
    await retryTransient(() => storage.finishRun(ref, ended), clock);
    return 0;
  }

  private async execute({ plan, completedSteps }: RunAssignment): Promise<RunOutcome | 'suspended'> {
    const done = new Set(completedSteps.map(({ stepKey }) => stepKey));
    for (const step of plan.steps) {
      if (done.has(step.key)) continue;
      if (step.key === 'long_wait' && !(await this.hasWaited())) {
        const resumeAt = this.container.process.clock.now() + SUSPENDED_FOR;
        await this.call(() =>
          this.storage.suspendRun(this.ref, {
            resumeAt,
            cause: 'Waits for a job elsewhere.',
            state: { waited: true },
          }),
        );
        return 'suspended';
      }
      if (!(await this.executeStep(step))) {
        return { status: 'FAILURE', failureReason: 'STEP_FAILURE', cause: `Step ${step.key} failed.` };
      }
    }
    return { status: 'SUCCESS', failureReason: null, cause: null };
  }

  private async hasWaited(): Promise<boolean> {
    if (this.ref.attempt === 1) return false;
    return (await this.call(() => this.storage.suspendedState(this.ref))) !== null;
  }

  private async executeStep(step: PlannedStep): Promise<boolean> {
    const { random, faults } = this.simulation;
    if (step.pool !== null) await this.waitForSlot(step, step.pool);
    await this.say(step, 'STEP_START', {});
    await this.sleep(random.chance(0.1) ? random.between(20_000, 80_000) : random.between(500, 15_000));
    const fails = faults.strikes('worker: step fails');
    if (fails) await this.say(step, 'STEP_FAILURE', { error: { name: 'Error', message: 'the step failed' } });
    else {
      await this.say(step, 'STEP_OUTPUT', { output: 'result' });
      await this.say(step, 'STEP_SUCCESS', { seconds: 1 });
    }
    const { pool } = step;
    if (pool !== null && (await this.call(() => this.storage.releasePoolSlot(this.ref, pool, step.key))))
      this.surroundings.requestDequeue();
    return !fails;
  }

  private async waitForSlot(step: PlannedStep, pool: string): Promise<void> {
    for (let wait = 1_000; ; wait = Math.min(wait * 1.5, 5_000)) {
      const claim = await this.call(() =>
        this.storage.claimPoolSlot(this.ref, pool, step.key, step.priority),
      );
      if (claim.held) return;
      await this.sleep(wait);
    }
  }

  /** Stores an event; its number within the attempt is in its data, to be checked later. */
  private async say(step: PlannedStep, type: EventType, data: object): Promise<void> {
    this.seq += 1;
    const seq = this.seq;
    const event = {
      type,
      data: { ...data, seq },
      timestamp: this.container.process.clock.now(),
      level: 'INFO',
      message: `${type} ${step.key}`,
      stepKey: step.key,
      tryNumber: 1,
    } as unknown as NewEvent;
    await this.call(() => this.storage.appendEvents(this.ref, seq, [event]));
  }

  private call<T>(call: () => Promise<T>): Promise<T> {
    return retryTransient(call, this.container.process.clock, { signal: this.stopping.signal });
  }

  private sleep(ms: number): Promise<void> {
    return this.container.process.clock.sleep(ms, this.stopping.signal);
  }

  private async keepBeating(): Promise<void> {
    for (;;) {
      await this.container.process.clock.sleep(HEARTBEAT);
      await this.beat();
    }
  }

  private async beat(): Promise<void> {
    try {
      const instruction = await this.storage.heartbeat(this.ref);
      if (instruction === 'cancel') this.stopping.abort(new Stopped('cancel'));
      if (instruction === 'dequeue') this.surroundings.requestDequeue();
    } catch (error) {
      if (error instanceof StaleAttemptError) this.stopping.abort(new Stopped('stale'));
    }
  }
}
