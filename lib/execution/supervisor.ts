import { errorSummary, toSerializableError } from '../model/serializable-error';
import { TAG } from '../model/tags';
import { type RunAssignment, type RunOutcome, StaleAttemptError } from '../ports/worker-storage';
import { abortedOutcome, abortMessage } from './aborted-outcome';
import { answerChild } from './answer-child';
import type { AttemptEnd, AttemptRequest, SupervisorPorts } from './attempt';
import { AttemptJournal } from './attempt-journal';
import type { ChildCalls } from './child-messages';
import type { ChildHandle } from './child-process';
import { type ChildRunEnd, runInChild } from './child-run';
import { BundleLoadError, ExecutionError, RunAbortedError } from './errors';
import { Heartbeat } from './heartbeat';
import type { Suspension } from './long-waits';
import { retryTransient } from './retry-transient';
import { neverStarted, type RunningStep } from './run-ledger';
import type { StepResult, WaitingStep } from './step-result';
import { toRunSuspension } from './suspended-state';

/** Milliseconds. A child that is told to stop gets a grace before it is killed; timers count in 31 bits. */
const TIMES = { cancelGrace: 10_000, interruptGrace: 5_000, startPatience: 60_000, maxTimer: 2 ** 31 - 1 };

/** Deaths of a child in which no step was running, after which the run is given up. */
const MAX_IDLE_DEATHS = 3;

/** What there is once storage has handed out the run. */
interface Started {
  readonly assignment: RunAssignment;
  readonly journal: AttemptJournal;
  readonly heartbeat: Heartbeat;
}

/**
 * Supervises one attempt of a run: holds its storage, beats its heart, keeps its events and output, and lets
 * children execute its steps, so that whatever user code does never looks like a dead worker.
 */
export class Supervisor {
  private readonly request: AttemptRequest;
  private readonly ports: SupervisorPorts;
  private readonly children = new Set<ChildHandle>();
  private readonly isolated = new Map<string, Promise<StepResult | WaitingStep>>();
  /** Aborted when children are to be killed. */
  private readonly killing = new AbortController();
  /** Aborted when nothing more may be asked of storage. */
  private readonly givingUp = new AbortController();
  private readonly timers: NodeJS.Timeout[] = [];
  private started: Started | null = null;
  private abortion: RunAbortedError | null = null;
  private fatal: { readonly error: unknown } | null = null;

  constructor(request: AttemptRequest, ports: SupervisorPorts) {
    this.request = request;
    this.ports = ports;
  }

  /** Carries the attempt to its end. Never throws. */
  async run(): Promise<AttemptEnd> {
    try {
      this.ports.pool.warm(this.request.bundle);
      return await this.supervise();
    } catch (error) {
      const cause = this.fatal?.error ?? error;
      if (cause instanceof StaleAttemptError) return { kind: 'stale' };
      return { kind: 'failed', reason: errorSummary(toSerializableError(cause)) };
    } finally {
      for (const timer of this.timers) clearTimeout(timer);
      this.started?.heartbeat.stop();
      await Promise.all([...this.children].map((child) => this.ports.pool.discard(child)));
    }
  }

  /** Asks the attempt to end: as cancelled when storage says that the run is, as interrupted otherwise. */
  async stop(cause: string): Promise<void> {
    await this.started?.heartbeat.beat();
    if (this.abortion === null) this.abort(new RunAbortedError('interrupt', cause), TIMES.interruptGrace);
  }

  /** Ends the attempt at once; nothing more is written. */
  kill(cause: string): void {
    this.giveUp(new ExecutionError(cause));
  }

  private async supervise(): Promise<AttemptEnd> {
    const { ref, maxRuntimeSeconds } = this.request;
    const { storage, clock } = this.ports;
    const signal = this.givingUp.signal;
    const deadline = clock.now() + TIMES.startPatience;
    const assignment = await retryTransient(() => storage.startRun(ref), clock, { deadline, signal });
    const suspended =
      ref.attempt === 1 ? null : await retryTransient(() => storage.suspendedState(ref), clock, { signal });
    const journal = new AttemptJournal({
      ...this.ports,
      ref,
      assignment,
      suspended,
      random: () => this.ports.random(),
      onPressure: (isHigh) => this.holdBack(isHigh),
      onRefused: (error) => this.giveUp(error),
    });
    const heartbeat = new Heartbeat({
      ref,
      storage,
      onCancel: () => this.abort(new RunAbortedError('cancel', 'The run was canceled.'), TIMES.cancelGrace),
      onDequeue: () => this.requestDequeue(),
      onStale: (error) => this.giveUp(error),
    });
    const started = { assignment, journal, heartbeat };
    this.started = started;
    if (this.ports.isShared === true) journal.sayIgnoredTags();
    // A longer limit than a timer can count is the run coordinator's alone.
    if (maxRuntimeSeconds !== null && maxRuntimeSeconds * 1_000 <= TIMES.maxTimer) {
      const cause = `Exceeded maximum runtime of ${maxRuntimeSeconds} s.`;
      const reason = new RunAbortedError('max-runtime', cause);
      this.timers.push(setTimeout(() => this.abort(reason, TIMES.cancelGrace), maxRuntimeSeconds * 1_000));
    }
    const outcome = await this.execute(started);
    if (this.fatal !== null) throw this.fatal.error;
    await journal.flush();
    if (outcome !== null && 'resumeAt' in outcome) {
      const suspension = toRunSuspension(outcome, journal, clock.now());
      await retryTransient(() => storage.suspendRun(ref, suspension), clock, { signal });
      return { kind: 'suspended', resumeAt: outcome.resumeAt };
    }
    if (outcome === null) {
      return { kind: 'interrupted', cause: this.abortion?.message ?? 'its process was told to stop' };
    }
    const masked = { ...outcome, cause: outcome.cause === null ? null : journal.text(outcome.cause) };
    await retryTransient(() => storage.finishRun(ref, masked), clock, { signal });
    return { kind: 'finished', outcome: masked };
  }

  /** Lets children execute the plan until it has ended or all of it waits; null when interrupted. */
  private async execute({ assignment, journal }: Started): Promise<RunOutcome | Suspension | null> {
    const fresh = assignment.tags[TAG.isolation] === 'process';
    for (let idleDeaths = 0; ; ) {
      const child = await this.acquire(fresh, journal);
      if (child === 'aborted') return abortedOutcome(this.abortion);
      if (child instanceof BundleLoadError) {
        return { status: 'FAILURE', failureReason: 'JOB_INITIALIZATION_FAILURE', cause: child.message };
      }
      const ended = await this.runIn(child, null);
      if (ended.kind === 'ended') {
        if (fresh || this.abortion !== null) await this.ports.pool.discard(child);
        else this.ports.pool.release(child);
        if (ended.end.kind === 'suspended') {
          return { resumeAt: ended.end.resumeAt, cause: ended.end.cause };
        }
        return ended.end.kind === 'finished' ? ended.end.outcome : null;
      }
      await this.ports.pool.discard(child);
      if (this.fatal !== null) throw this.fatal.error;
      const running = this.runningSteps(null);
      journal.endTries(running, ended.death, this.abortion);
      if (this.abortion !== null) return abortedOutcome(this.abortion);
      if (running.length === 0) idleDeaths += 1;
      if (idleDeaths >= MAX_IDLE_DEATHS) {
        const cause = `The run's process ended ${idleDeaths} times outside its steps: ${ended.death.reason}`;
        return { status: 'FAILURE', failureReason: 'UNEXPECTED_TERMINATION', cause };
      }
      journal.say(`The run's process ended: ${ended.death.reason}. The rest of the run goes on in another.`);
    }
  }

  private async acquire(
    fresh: boolean,
    journal: AttemptJournal,
  ): Promise<ChildHandle | BundleLoadError | 'aborted'> {
    if (this.abortion !== null) return 'aborted';
    try {
      const child = await this.ports.pool.acquire(this.request.bundle, fresh, this.killing.signal);
      if (this.abortion === null) return child;
      this.ports.pool.release(child);
      return 'aborted';
    } catch (error) {
      if (this.fatal !== null) throw this.fatal.error;
      if (this.abortion !== null) return 'aborted';
      if (!(error instanceof BundleLoadError)) throw error;
      journal.say(error.message, error.cause ?? error);
      return error;
    }
  }

  private async runIn(child: ChildHandle, onlyStep: string | null): Promise<ChildRunEnd> {
    const { assignment, journal } = this.requireStarted();
    this.children.add(child);
    if (journal.isUnderPressure) child.pause();
    journal.workerStarted(child.pid, onlyStep);
    const state = journal.ledger.state(this.ports.clock.now());
    const { attempt } = this.request.ref;
    const running = runInChild(
      child,
      { assignment, attempt, state, onlyStep },
      {
        onEvent: (event) => journal.emit(event),
        onSecret: (secret) => journal.addSecret(secret),
        onOutput: (header, bytes) => journal.output(header, bytes),
        answer: (call, ask) => this.answer(call, ask),
      },
    );
    if (this.abortion !== null) child.send(abortMessage(this.abortion));
    const ended = await running;
    child.resume();
    this.children.delete(child);
    return ended;
  }

  private answer(call: keyof ChildCalls, ask: unknown): Promise<unknown> {
    const { storage, objectStore, clock } = this.ports;
    return answerChild(call, ask, {
      ref: this.request.ref,
      storage,
      objectStore,
      retried: (body) => retryTransient(body, clock, { signal: this.givingUp.signal }),
      storeEvents: () => this.requireStarted().journal.storeEvents(),
      requestDequeue: () => this.requestDequeue(),
      runIsolated: (stepKey) => this.runIsolated(stepKey),
    });
  }

  private requestDequeue(): void {
    this.ports.requestDequeue?.().catch(() => undefined);
  }

  /** Runs one step in a process of its own; asked again for the same step it gives the same answer. */
  private runIsolated(stepKey: string): Promise<StepResult | WaitingStep> {
    let result = this.isolated.get(stepKey);
    if (result === undefined) {
      result = this.executeIsolated(stepKey);
      this.isolated.set(stepKey, result);
      // What could not be begun is begun anew when it is asked for again.
      result.catch(() => this.isolated.delete(stepKey));
    }
    return result;
  }

  private async executeIsolated(stepKey: string): Promise<StepResult | WaitingStep> {
    const { journal } = this.requireStarted();
    for (;;) {
      const child = await this.ports.pool.acquire(this.request.bundle, true, this.killing.signal);
      const ended = await this.runIn(child, stepKey);
      await this.ports.pool.discard(child);
      if (ended.kind === 'died' && this.fatal === null) {
        const [running] = this.runningSteps(stepKey);
        journal.endTries([running ?? neverStarted(stepKey)], ended.death, this.abortion);
      }
      if (ended.kind === 'ended' && ended.end.kind === 'suspended') {
        // Asked again after the wait, it begins anew.
        this.isolated.delete(stepKey);
        const left = ended.end.resumeAt - this.ports.clock.now();
        return { status: 'WAITING', secondsToWait: Math.max(0, left / 1_000) };
      }
      const result = journal.ledger.resultOf(stepKey);
      if (result !== null) return result;
      if (ended.kind === 'ended' || this.abortion !== null || this.fatal !== null) {
        return { status: 'FAILURE', outputs: [], mappingKeys: {}, cause: 'it was stopped before its end' };
      }
    }
  }

  /** Steps that run in the main child (`of` null) or in one of their own. */
  private runningSteps(of: string | null): readonly RunningStep[] {
    return this.requireStarted()
      .journal.ledger.runningSteps()
      .filter(({ stepKey }) => (of === null ? !this.isolated.has(stepKey) : stepKey === of));
  }

  /** Tells the children to stop, and kills them when the grace is over. The first reason stands. */
  private abort(reason: RunAbortedError, grace: number): void {
    if (this.abortion !== null) return;
    this.abortion = reason;
    this.started?.journal.say(reason.message);
    for (const child of this.children) child.send(abortMessage(reason));
    this.timers.push(setTimeout(() => this.killChildren(), grace));
  }

  /** Nothing more may be written: ends everything at once. */
  private giveUp(error: unknown): void {
    this.fatal ??= { error };
    this.givingUp.abort(error);
    this.started?.journal.stop(error);
    this.killChildren();
  }

  private killChildren(): void {
    this.killing.abort(this.fatal?.error ?? this.abortion);
    for (const child of this.children) child.kill();
  }

  private holdBack(isHigh: boolean): void {
    for (const child of this.children) child[isHigh ? 'pause' : 'resume']();
  }

  private requireStarted(): Started {
    if (this.started === null) throw new ExecutionError('The run has not started yet.');
    return this.started;
  }
}
