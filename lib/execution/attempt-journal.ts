import { RUN_STEP_KEY, toLogKey } from '../model/compute-log';
import type { NewEvent } from '../model/event';
import type { JsonObject } from '../model/json';
import type { AttemptRef } from '../model/run';
import { SecretMask } from '../model/secret-mask';
import { toSerializableError } from '../model/serializable-error';
import { TASK_TAGS } from '../model/tags';
import type { Clock } from '../ports/clock';
import type { ObjectStore } from '../ports/object-store';
import type { RunAssignment, WorkerStorage } from '../ports/worker-storage';
import type { OutputHeader } from './child-messages';
import type { ChildDeath } from './child-process';
import { ComputeLogWriter } from './compute-log-writer';
import type { RunAbortedError } from './errors';
import { EventSpool } from './event-spool';
import { PassedOutput, type PassOutput } from './passed-output';
import { inSeconds, secondsToRetry } from './retry-decision';
import { initialRunState } from './run-executor';
import { RunLedger, type RunningStep } from './run-ledger';
import { withSuspendedState } from './suspended-state';

export interface AttemptJournalOptions {
  readonly ref: AttemptRef;
  readonly assignment: RunAssignment;
  /** What a suspended attempt before this one left. */
  readonly suspended: JsonObject | null;
  readonly storage: WorkerStorage;
  readonly objectStore: ObjectStore;
  readonly clock: Clock;
  random(): number;
  /** Secrets of the environment, masked in output that comes before user code declares any. Default none. */
  readonly knownSecrets?: readonly string[];
  readonly passOutput?: PassOutput;
  /** More is waiting to be stored than memory should hold. */
  onPressure(isHigh: boolean): void;
  /** Nothing more can be stored. */
  onRefused(error: unknown): void;
}

/** Everything that one attempt writes: events, captured output, and what its supervisor itself has to say. */
export class AttemptJournal {
  readonly ledger: RunLedger;
  private readonly options: AttemptJournalOptions;
  private readonly mask: SecretMask;
  private readonly spool: EventSpool;
  private readonly logs: ComputeLogWriter;
  private readonly passed: PassedOutput | null;
  private readonly pressures = new Set<'events' | 'logs'>();
  private hasRunLog = false;

  constructor(options: AttemptJournalOptions) {
    this.options = options;
    this.mask = new SecretMask(options.knownSecrets);
    const { assignment, objectStore } = options;
    const now = options.clock.now();
    const initial = withSuspendedState(initialRunState(assignment), options.suspended, now);
    this.ledger = new RunLedger(assignment.plan.steps, initial, now);
    this.spool = new EventSpool({
      ...options,
      lastSeq: assignment.lastSeq,
      onPressure: (isHigh) => this.setPressure('events', isHigh),
      onRefused: (error) => options.onRefused(error),
    });
    this.passed = options.passOutput === undefined ? null : new PassedOutput(this.mask, options.passOutput);
    this.logs = new ComputeLogWriter({
      objectStore,
      mask: this.mask,
      onPressure: (isHigh) => this.setPressure('logs', isHigh),
    });
  }

  get isUnderPressure(): boolean {
    return this.pressures.size > 0;
  }

  emit(event: NewEvent): void {
    if (this.passed !== null && event.type === 'LOGS_CAPTURED') return;
    this.ledger.record(event);
    this.spool.add(event);
  }

  /** The system's own words about the run. */
  say(message: string, error?: unknown): void {
    const data = error === undefined ? {} : { error: toSerializableError(error) };
    const level = error === undefined ? 'WARNING' : 'ERROR';
    this.emit({ type: 'ENGINE_EVENT', level, message: this.text(message), data, timestamp: this.now() });
  }

  /** Where runs are processes of one machine, what is asked of a task is not had. */
  sayIgnoredTags(): void {
    const ignored = TASK_TAGS.filter((tag) => this.options.assignment.tags[tag] !== undefined);
    if (ignored.length > 0) {
      this.say(`Ignored here, where runs are processes of one machine and no tasks: ${ignored.join(', ')}.`);
    }
  }

  workerStarted(pid: number, stepKey: string | null): void {
    const what = stepKey === null ? 'steps' : `step "${stepKey}"`;
    this.emit({
      type: 'STEP_WORKER_STARTED',
      level: 'DEBUG',
      message: `Executing ${what} in process ${pid}.`,
      data: { pid },
      timestamp: this.now(),
      ...(stepKey === null ? {} : { stepKey }),
    });
  }

  /** Captured output of a step, or of the run outside its steps. */
  output({ stepKey, tryNumber, stream }: OutputHeader, bytes: Buffer): void {
    if (this.passed !== null) {
      this.passed.write(stream, bytes);
      return;
    }
    const { runId, attempt } = this.options.ref;
    if (stepKey !== null) {
      this.logs.write({ runId, stepKey, tryNumber }, stream, bytes);
      return;
    }
    const key = { runId, stepKey: RUN_STEP_KEY, tryNumber: attempt };
    if (!this.hasRunLog) {
      this.hasRunLog = true;
      const message = 'Output of the run outside its steps is captured.';
      const data = { logKey: toLogKey(key) };
      this.emit({ type: 'LOGS_CAPTURED', level: 'DEBUG', message, data, timestamp: this.now() });
    }
    this.logs.write(key, stream, bytes);
  }

  addSecret(secret: string): void {
    this.mask.add(secret);
  }

  /** The text without the run's secrets. */
  text(text: string): string {
    return this.mask.text(text);
  }

  /**
   * Ends the tries that died with their process: up for retry where the step's policy says so, else failed.
   *
   * @param abortion why the supervisor killed the process, if it did
   */
  endTries(steps: readonly RunningStep[], death: ChildDeath, abortion: RunAbortedError | null): void {
    // An interrupted step neither failed nor succeeded: it starts again wherever the run goes on.
    if (abortion?.why === 'interrupt') return;
    for (const running of steps) {
      const { stepKey, tryNumber, retriesUsed, planned } = running;
      const exitReason = this.text(
        abortion === null ? reasonFor(stepKey, death) : `stopped: ${abortion.message}`,
      );
      const error = { name: 'ProcessExitedError', message: exitReason };
      const policy = planned?.retryPolicy ?? null;
      const wait =
        abortion === null ? secondsToRetry(null, policy, retriesUsed, this.options.random()) : null;
      const about = { stepKey, tryNumber, timestamp: this.now() };
      if (wait !== null) {
        const message = `Step "${stepKey}" is up for retry in ${inSeconds(wait)}: ${exitReason}`;
        const data = { error, secondsToWait: wait };
        this.emit({ type: 'STEP_UP_FOR_RETRY', level: 'WARNING', message, data, ...about });
        continue;
      }
      const message = `Step "${stepKey}" failed: ${exitReason}`;
      const data = { error, errorSource: 'UNEXPECTED_ERROR', exitReason } as const;
      this.emit({ type: 'STEP_FAILURE', level: 'ERROR', message, data, ...about });
      this.reportNotMaterialized(running, abortion === null ? 'FAILED_TO_MATERIALIZE' : 'RUN_TERMINATED');
    }
  }

  /** Resolves when all is stored; throws what storage refused with. Output that cannot be stored is let go. */
  async flush(): Promise<void> {
    this.passed?.flush();
    await this.logs.flush(true);
    await this.spool.flush();
  }

  /** Resolves when all events so far are stored. */
  storeEvents(): Promise<void> {
    return this.spool.flush();
  }

  /** Drops what is not stored: the attempt is not ours any more. */
  stop(error: unknown): void {
    this.spool.stop(error);
  }

  private reportNotMaterialized(
    { stepKey, tryNumber, planned, materialized }: RunningStep,
    reason: string,
  ): void {
    const keys = this.options.assignment.plan.partitionKeys;
    for (const assetKey of planned?.assets ?? []) {
      if (materialized.has(assetKey)) continue;
      for (const partition of keys.length === 0 ? [undefined] : keys) {
        this.emit({
          type: 'ASSET_FAILED_TO_MATERIALIZE',
          level: 'ERROR',
          message: `Did not materialize ${assetKey}${partition === undefined ? '' : `, partition ${partition}`}.`,
          data: { reason },
          timestamp: this.now(),
          stepKey,
          tryNumber,
          assetKey,
          partition,
        });
      }
    }
  }

  private setPressure(by: 'events' | 'logs', isHigh: boolean): void {
    if (isHigh) this.pressures.add(by);
    else this.pressures.delete(by);
    this.options.onPressure(this.isUnderPressure);
  }

  private now(): number {
    return this.options.clock.now();
  }
}

/** The step that ended the process is told apart from those that were in it. */
function reasonFor(stepKey: string, { reason, stepKey: culprit }: ChildDeath): string {
  return culprit === null || culprit === stepKey
    ? reason
    : `its process ended because of step "${culprit}": ${reason}`;
}
