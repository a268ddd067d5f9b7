import { toLogKey } from '../model/compute-log';
import type { NewEvent } from '../model/event';
import type { AttemptRef } from '../model/run';
import { errorSummary, toSerializableError } from '../model/serializable-error';
import { TAG } from '../model/tags';
import type { BundleLocation } from '../model/worker-pool-messages';
import type { Clock } from '../ports/clock';
import type { ObjectStore } from '../ports/object-store';
import {
  type RunAssignment,
  type RunOutcome,
  StaleAttemptError,
  type WorkerStorage,
} from '../ports/worker-storage';
import type { ChildCalls } from './child-messages';
import type { ChildDeath, ChildHandle } from './child-process';
import { type ChildRunEnd, type ChildRunSink, runInChild } from './child-run';
import { ComputeLogWriter, RUN_STEP_KEY } from './compute-log-writer';
import { BundleLoadError, ExecutionError, RunAbortedError } from './errors';
import { EventSpool } from './event-spool';
import type { StepResult } from './plan-progress';
import { secondsToRetry } from './retry-decision';
import { retryTransient } from './retry-transient';
import { initialRunState } from './run-executor';
import { RunLedger, type RunningStep } from './run-ledger';
import { SecretMask } from './secret-mask';
import type { WorkerPool } from './worker-pool';

/** Milliseconds. A child that is told to stop gets `grace` before it is killed. */
const TIMES = { heartbeat: 5_000, cancelGrace: 10_000, interruptGrace: 5_000, startPatience: 60_000 };

/** Deaths of a child in which no step was running, after which the run is given up. */
const MAX_IDLE_DEATHS = 3;

export interface AttemptRequest {
  readonly ref: AttemptRef;
  readonly bundle: BundleLocation;
  readonly maxRuntimeSeconds: number | null;
}

/** What supervising needs: the attempt's storage, logs, children, time and chance. */
export interface SupervisorPorts {
  readonly storage: WorkerStorage;
  readonly objectStore: ObjectStore;
  readonly pool: WorkerPool;
  readonly clock: Clock;
  random(): number;
}

/** How an attempt ended, seen from its supervisor. */
export type AttemptEnd =
  | { readonly kind: 'finished'; readonly outcome: RunOutcome }
  /** Stopped from outside before its end: whoever finalizes decides. */
  | { readonly kind: 'interrupted'; readonly cause: string }
  /** Another worker has the run: nothing was written. */
  | { readonly kind: 'stale' }
  /** Storage or machine failed. */
  | { readonly kind: 'failed'; readonly reason: string };

/**
 * Supervises one attempt of a run: holds its storage, beats its heart, keeps its events and output, and lets
 * children execute its steps, so that whatever user code does never looks like a dead worker.
 */
export class Supervisor {
  private readonly request: AttemptRequest;
  private readonly ports: SupervisorPorts;
  private readonly mask = new SecretMask();
  private readonly children = new Set<ChildHandle>();
  private readonly isolated = new Map<string, Promise<StepResult>>();
  /** Aborted when children are to be killed. */
  private readonly killing = new AbortController();
  private readonly logs: ComputeLogWriter;
  private abortion: RunAbortedError | null = null;
  private fatal: { readonly error: unknown } | null = null;
  private spool: EventSpool | null = null;
  private ledger: RunLedger | null = null;
  private assignment: RunAssignment | null = null;
  private hasRunLog = false;
  private beating: Promise<void> | null = null;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly pressures = new Set<'events' | 'logs'>();

  constructor(request: AttemptRequest, ports: SupervisorPorts) {
    this.request = request;
    this.ports = ports;
    this.logs = new ComputeLogWriter({
      objectStore: ports.objectStore,
      mask: this.mask,
      onPressure: (isHigh) => this.setPressure('logs', isHigh),
    });
  }

  /** Carries the attempt to its end. Never throws. */
  async run(): Promise<AttemptEnd> {
    try {
      this.ports.pool.warm(this.request.bundle);
      const end = await this.supervise();
      return end;
    } catch (error) {
      const cause = this.fatal?.error ?? error;
      if (cause instanceof StaleAttemptError) return { kind: 'stale' };
      return { kind: 'failed', reason: errorSummary(toSerializableError(cause)) };
    } finally {
      for (const timer of this.timers) clearTimeout(timer);
      for (const child of this.children) void this.ports.pool.discard(child);
    }
  }

  /**
   * Asks the attempt to end: as cancelled when storage says that the run is, as interrupted otherwise.
   */
  async stop(cause: string): Promise<void> {
    if (this.assignment !== null) await this.beat();
    if (this.abortion === null) this.abort(new RunAbortedError('interrupt', cause), TIMES.interruptGrace);
  }

  /** Ends the attempt at once; nothing more is written. */
  kill(cause: string): void {
    this.giveUp(new ExecutionError(cause));
  }

  private async supervise(): Promise<AttemptEnd> {
    const { ref, maxRuntimeSeconds } = this.request;
    const { storage, clock } = this.ports;
    const deadline = clock.now() + TIMES.startPatience;
    const assignment = await retryTransient(() => storage.startRun(ref), clock, { deadline });
    this.assignment = assignment;
    this.spool = new EventSpool({
      ref,
      lastSeq: assignment.lastSeq,
      storage,
      objectStore: this.ports.objectStore,
      clock,
      onPressure: (isHigh) => this.setPressure('events', isHigh),
      onRefused: (error) => this.giveUp(error),
    });
    this.ledger = new RunLedger(assignment.plan.steps, initialRunState(assignment));
    this.timers.push(setInterval(() => void this.beat(), TIMES.heartbeat));
    if (maxRuntimeSeconds !== null) {
      const message = `Exceeded maximum runtime of ${maxRuntimeSeconds} s.`;
      const abort = (): void => this.abort(new RunAbortedError('max-runtime', message), TIMES.cancelGrace);
      this.timers.push(setTimeout(abort, maxRuntimeSeconds * 1_000));
    }
    const outcome = await this.execute(assignment);
    await this.logs.flush(true);
    if (this.fatal !== null) throw this.fatal.error;
    await this.spool.flush();
    if (outcome === null) return { kind: 'interrupted', cause: this.abortion?.message ?? 'its child was' };
    const masked = { ...outcome, cause: outcome.cause === null ? null : this.mask.text(outcome.cause) };
    await retryTransient(() => storage.finishRun(ref, masked), clock);
    return { kind: 'finished', outcome: masked };
  }

  /** Lets children execute the plan until it has ended; null when interrupted. */
  private async execute(assignment: RunAssignment): Promise<RunOutcome | null> {
    const { pool } = this.ports;
    const fresh = assignment.tags[TAG.isolation] === 'process';
    for (let idleDeaths = 0; ; ) {
      if (this.abortion !== null) return this.abortedOutcome();
      let child: ChildHandle;
      try {
        child = await pool.acquire(this.request.bundle, fresh, this.killing.signal);
      } catch (error) {
        if (this.abortion !== null) return this.abortedOutcome();
        if (!(error instanceof BundleLoadError)) throw error;
        return this.loadFailure(error);
      }
      if (this.abortion !== null) {
        pool.release(child);
        return this.abortedOutcome();
      }
      const ended = await this.runIn(child, assignment, null);
      if (ended.kind === 'ended') {
        if (fresh || this.abortion !== null) await pool.discard(child);
        else pool.release(child);
        return ended.end.kind === 'finished' ? ended.end.outcome : null;
      }
      await pool.discard(child);
      if (this.fatal !== null) throw this.fatal.error;
      const running = this.runningSteps(null);
      this.failSteps(running, ended.death);
      if (this.abortion !== null) return this.abortedOutcome();
      if (running.length === 0) idleDeaths += 1;
      this.say(
        `The process of the run ended: ${ended.death.reason}. Starting another for the rest of the run.`,
      );
      if (idleDeaths >= MAX_IDLE_DEATHS) {
        const cause = `The run's process ended ${idleDeaths} times outside its steps: ${ended.death.reason}`;
        return { status: 'FAILURE', failureReason: 'UNEXPECTED_TERMINATION', cause };
      }
    }
  }

  private async runIn(
    child: ChildHandle,
    assignment: RunAssignment,
    onlyStep: string | null,
  ): Promise<ChildRunEnd> {
    this.children.add(child);
    if (this.pressures.size > 0) child.pause();
    const subject = onlyStep === null ? {} : { stepKey: onlyStep };
    this.emit({
      type: 'STEP_WORKER_STARTED',
      message: `Executing ${onlyStep === null ? 'steps' : `step "${onlyStep}"`} in process ${child.pid}.`,
      data: { pid: child.pid },
      level: 'DEBUG',
      timestamp: this.ports.clock.now(),
      ...subject,
    });
    const state = this.requireLedger().state(this.ports.clock.now());
    const { attempt } = this.request.ref;
    const running = runInChild(child, { assignment, attempt, state, onlyStep }, this.sink(child));
    if (this.abortion !== null)
      child.send({ type: 'abort', why: this.abortion.why, message: this.abortion.message });
    const ended = await running;
    this.children.delete(child);
    return ended;
  }

  private sink(child: ChildHandle): ChildRunSink {
    return {
      onEvent: (event) => this.emit(event),
      onSecret: (secret) => this.mask.add(secret),
      onOutput: ({ stepKey, tryNumber, stream }, bytes) => {
        const { runId, attempt } = this.request.ref;
        if (stepKey === null) this.announceRunLog();
        const key =
          stepKey === null
            ? { runId, stepKey: RUN_STEP_KEY, tryNumber: attempt }
            : { runId, stepKey, tryNumber };
        this.logs.write(key, stream, bytes);
      },
      answer: (call, ask) => this.answer(child, call, ask),
    };
  }

  private answer(child: ChildHandle, call: keyof ChildCalls, ask: unknown): Promise<unknown> {
    const { storage, clock } = this.ports;
    const { ref } = this.request;
    const { pool = '', stepKey = '', name = '' } = ask as { pool?: string; stepKey?: string; name?: string };
    if (!child.isAlive) return Promise.resolve(null);
    const calls: Record<keyof ChildCalls, () => Promise<unknown>> = {
      'claim-pool-slot': () => storage.claimPoolSlot(ref, pool, stepKey),
      'release-pool-slot': () => storage.releasePoolSlot(ref, pool, stepKey),
      'dynamic-partition-keys': () => storage.dynamicPartitionKeys(ref, name),
      'run-isolated': () => this.runIsolated(stepKey),
    };
    return call === 'run-isolated' ? calls[call]() : retryTransient(calls[call], clock);
  }

  /** Runs one step in a process of its own; asked again for the same step it gives the same answer. */
  private runIsolated(stepKey: string): Promise<StepResult> {
    let result = this.isolated.get(stepKey);
    if (result === undefined) {
      result = this.executeIsolated(stepKey);
      this.isolated.set(stepKey, result);
    }
    return result;
  }

  private async executeIsolated(stepKey: string): Promise<StepResult> {
    const ledger = this.requireLedger();
    const assignment = this.assignment;
    if (assignment === null) throw new ExecutionError('A step was asked for before its run had started.');
    for (;;) {
      const child = await this.ports.pool.acquire(this.request.bundle, true, this.killing.signal);
      const ended = await this.runIn(child, assignment, stepKey);
      await this.ports.pool.discard(child);
      if (ended.kind === 'died') {
        const [running] = this.runningSteps(stepKey);
        const never = {
          stepKey,
          tryNumber: 1,
          retriesUsed: 0,
          planned: null,
          materialized: new Set<string>(),
        };
        this.failSteps([running ?? never], ended.death);
      }
      const result = ledger.resultOf(stepKey);
      if (result !== null) return result;
      if (ended.kind === 'ended') {
        return { status: 'FAILURE', outputs: [], mappingKeys: {}, cause: 'it was stopped before its end' };
      }
    }
  }

  /** Steps that run in the main child (`of` null) or in one of their own. */
  private runningSteps(of: string | null): readonly RunningStep[] {
    return this.requireLedger()
      .runningSteps()
      .filter(({ stepKey }) => (of === null ? !this.isolated.has(stepKey) : stepKey === of));
  }

  /** Ends the tries that died with their process: up for retry where the step's policy says so, else failed. */
  private failSteps(steps: readonly RunningStep[], death: ChildDeath): void {
    const timestamp = this.ports.clock.now();
    for (const { stepKey, tryNumber, retriesUsed, planned, materialized } of steps) {
      const culprit = death.stepKey;
      const exitReason =
        this.abortion !== null
          ? `stopped: ${this.abortion.message}`
          : culprit === null || culprit === stepKey
            ? death.reason
            : `its process ended because of step "${culprit}": ${death.reason}`;
      const error = { name: 'ProcessExitedError', message: this.mask.text(exitReason) };
      const wait =
        this.abortion === null
          ? secondsToRetry(null, planned?.retryPolicy ?? null, retriesUsed, this.ports.random())
          : null;
      const about = { stepKey, tryNumber, timestamp };
      if (this.abortion?.why === 'interrupt') continue;
      if (wait !== null) {
        const message = `Step "${stepKey}" is up for retry in ${wait} s: ${error.message}`;
        const data = { error, secondsToWait: wait };
        this.emit({ type: 'STEP_UP_FOR_RETRY', level: 'WARNING', message, data, ...about });
        continue;
      }
      const message = `Step "${stepKey}" failed: ${error.message}`;
      const data = { error, exitReason: error.message };
      this.emit({ type: 'STEP_FAILURE', level: 'ERROR', message, data, ...about });
      for (const assetKey of planned?.assets ?? []) {
        if (materialized.has(assetKey)) continue;
        const reason = this.abortion === null ? 'FAILED_TO_MATERIALIZE' : 'RUN_TERMINATED';
        this.emit({
          type: 'ASSET_FAILED_TO_MATERIALIZE',
          level: 'ERROR',
          message: `Did not materialize ${assetKey}.`,
          data: { reason },
          assetKey,
          ...about,
        });
      }
    }
  }

  private async beat(): Promise<void> {
    this.beating ??= this.beatOnce().finally(() => {
      this.beating = null;
    });
    await this.beating;
  }

  private async beatOnce(): Promise<void> {
    try {
      const instruction = await this.ports.storage.heartbeat(this.request.ref);
      if (instruction === 'cancel')
        this.abort(new RunAbortedError('cancel', 'The run was canceled.'), TIMES.cancelGrace);
    } catch (error) {
      // A fault that passes is tried again with the next beat; storage calls the run late only after many.
      if (error instanceof StaleAttemptError) this.giveUp(error);
    }
  }

  /** Tells the children to stop, and kills them when the grace is over. The first reason stands. */
  private abort(reason: RunAbortedError, grace: number): void {
    if (this.abortion !== null) return;
    this.abortion = reason;
    this.say(reason.message);
    for (const child of this.children)
      child.send({ type: 'abort', why: reason.why, message: reason.message });
    this.timers.push(setTimeout(() => this.killChildren(), grace));
  }

  /** Nothing more may be written: ends everything at once. */
  private giveUp(error: unknown): void {
    this.fatal ??= { error };
    this.spool?.stop(error);
    this.killChildren();
  }

  private killChildren(): void {
    this.killing.abort(this.fatal?.error ?? this.abortion);
    for (const child of this.children) child.kill();
  }

  private abortedOutcome(): RunOutcome | null {
    const { why, message } = this.abortion ?? { why: 'interrupt', message: '' };
    if (why === 'interrupt') return null;
    return why === 'cancel'
      ? { status: 'CANCELED', failureReason: null, cause: message }
      : { status: 'FAILURE', failureReason: 'RUN_EXCEPTION', cause: message };
  }

  private loadFailure(error: BundleLoadError): RunOutcome {
    const data = { error: toSerializableError(error.cause ?? error) };
    const cause = this.mask.text(error.message);
    this.emit({
      type: 'ENGINE_EVENT',
      level: 'ERROR',
      message: cause,
      data,
      timestamp: this.ports.clock.now(),
    });
    return { status: 'FAILURE', failureReason: 'JOB_INITIALIZATION_FAILURE', cause };
  }

  private say(message: string): void {
    if (this.ledger === null) return;
    this.emit({
      type: 'ENGINE_EVENT',
      level: 'WARNING',
      message,
      data: {},
      timestamp: this.ports.clock.now(),
    });
  }

  private announceRunLog(): void {
    if (this.hasRunLog) return;
    this.hasRunLog = true;
    const { runId, attempt } = this.request.ref;
    const logKey = toLogKey({ runId, stepKey: RUN_STEP_KEY, tryNumber: attempt });
    const message = 'Output of the run outside its steps is captured.';
    const timestamp = this.ports.clock.now();
    this.emit({ type: 'LOGS_CAPTURED', level: 'DEBUG', message, data: { logKey }, timestamp });
  }

  private emit(event: NewEvent): void {
    this.ledger?.record(event);
    this.spool?.add(event);
  }

  private setPressure(by: 'events' | 'logs', isHigh: boolean): void {
    if (isHigh) this.pressures.add(by);
    else this.pressures.delete(by);
    for (const child of this.children) {
      if (this.pressures.size > 0) child.pause();
      else child.resume();
    }
  }

  private requireLedger(): RunLedger {
    if (this.ledger === null) throw new ExecutionError('The run has not started yet.');
    return this.ledger;
  }
}
