import type { LoadedDefinitions, RunInfo } from '../definitions/loaded-definitions';
import type { JsonObject } from '../model/json';
import { SecretMask } from '../model/secret-mask';
import { errorSummary, toSerializableError } from '../model/serializable-error';
import { TAG } from '../model/tags';
import type { RunAssignment, RunOutcome } from '../ports/worker-storage';
import { DefinitionNotFoundError, RunAbortedError } from './errors';
import type { ExecutionHost } from './execution-host';
import { nodeName } from './expand-mapped-step';
import { LongWaits, type Suspension } from './long-waits';
import { indexManifest } from './manifest-index';
import { PlanProgress, type RunStep, type StepDecision } from './plan-progress';
import { enterStep } from './pool-slot';
import { PrioritySemaphore } from './priority-semaphore';
import { RunResources } from './run-resources';
import { createEmit, type RunScope } from './run-scope';
import type { RunState } from './run-state';
import type { StepResult } from './step-result';
import { reportNotMaterialized, runStepTry, stepEmit } from './step-runner';

export interface RunRequest {
  readonly definitions: LoadedDefinitions;
  readonly assignment: RunAssignment;
  readonly attempt: number;
  readonly state: RunState;
  readonly host: ExecutionHost;
  /** Abort it with a `RunAbortedError`. */
  readonly signal: AbortSignal;
  /** Executes this step only, in whatever state the others are; null: the whole plan. */
  readonly onlyStep: string | null;
}

/** How an execution ended: an outcome to be stored, or interrupted: nothing is decided. */
export type RunEnd =
  | { readonly kind: 'finished'; readonly outcome: RunOutcome }
  | { readonly kind: 'interrupted' }
  /** All that is left waits for so long that the run goes on in another attempt. */
  | ({ readonly kind: 'suspended' } & Suspension);

/**
 * Executes a run's plan with loaded definitions: steps as async functions, in plan order and by priority, with
 * retries, pools, skips, dynamic outputs, hooks and resources. User code's failures become events and the
 * outcome; only a failing host makes it reject.
 */
export async function executeRun(request: RunRequest): Promise<RunEnd> {
  const prepared = prepareRun(request);
  if ('problem' in prepared) return { kind: 'finished', outcome: initializationFailure(prepared.problem) };
  const execution = new RunExecution(request, prepared.scope);
  try {
    return await execution.run();
  } finally {
    await prepared.scope.resources.tearDown();
  }
}

/** Seconds of waiting from which a run is suspended, where the tag `headrace/suspend_after` does not say. */
const SUSPEND_AFTER = 60;

function suspendAfterMs({ tags }: RunAssignment): number {
  const asked = Number(tags[TAG.suspendAfter] ?? Number.NaN);
  return (Number.isFinite(asked) && asked >= 0 ? asked : SUSPEND_AFTER) * 1_000;
}

/** State of a run that begins from storage: nothing of it has been lost in this attempt. */
export function initialRunState(assignment: RunAssignment): RunState {
  return {
    completed: assignment.completedSteps,
    failed: {},
    tries: assignment.triesByStep,
    retriesUsed: {},
    secondsToWait: {},
    failedBlockingChecks: [],
    reportedNotExecuted: [],
    dataVersions: assignment.inputDataVersions,
  };
}

function prepareRun(request: RunRequest): { readonly scope: RunScope } | { readonly problem: string } {
  const { definitions, assignment, attempt, state, host, signal } = request;
  const mask = new SecretMask(host.knownSecrets);
  const emit = createEmit(host, mask);
  try {
    const index = indexManifest(definitions, assignment.location);
    if (!index.jobs.has(assignment.jobName)) {
      throw new DefinitionNotFoundError('job', assignment.jobName, [...index.jobs.keys()]);
    }
    const checked = definitions.validateConfig(assignment.jobName, assignment.config);
    if (!checked.ok) {
      const problems = checked.errors.map(({ path, message }) => `${path.join('.') || 'root'}: ${message}`);
      return { problem: `The run config does not fit job "${assignment.jobName}": ${problems.join('; ')}` };
    }
    const run: RunInfo = {
      runId: assignment.runId,
      attempt,
      jobName: assignment.jobName,
      location: assignment.location,
      tags: assignment.tags,
    };
    const { config } = checked;
    const resourceConfig = (config['resources'] ?? {}) as JsonObject;
    return {
      scope: {
        definitions,
        index,
        assignment,
        run,
        config,
        host,
        mask,
        progress: new PlanProgress(assignment.plan, state),
        resources: new RunResources({ definitions, index, run, config: resourceConfig, host, mask, emit }),
        signal,
        dataVersions: { ...state.dataVersions },
      },
    };
  } catch (thrown) {
    const error = toSerializableError(thrown);
    const problem = `The run could not be prepared: ${errorSummary(error)}`;
    emit('ENGINE_EVENT', problem, { error }, { level: 'ERROR' });
    return { problem };
  }
}

function initializationFailure(cause: string): RunOutcome {
  return { status: 'FAILURE', failureReason: 'JOB_INITIALIZATION_FAILURE', cause };
}

/** One execution of a plan: the loop around `PlanProgress`. */
class RunExecution {
  private readonly request: RunRequest;
  private readonly scope: RunScope;
  private readonly room: PrioritySemaphore;
  private readonly order: ReadonlyMap<string, number>;
  /** Step → why it failed. */
  private readonly failed: Map<string, string>;
  private readonly waits: LongWaits;
  private readonly ended = Promise.withResolvers<void>();
  private running = 0;
  private wasInterrupted = false;

  constructor(request: RunRequest, scope: RunScope) {
    this.request = request;
    this.scope = scope;
    const { plan } = request.assignment;
    this.room = new PrioritySemaphore(Math.max(1, plan.maxConcurrentSteps || request.host.cpus));
    this.order = new Map(plan.steps.map(({ key }, index) => [key, index]));
    this.failed = new Map(Object.entries(request.state.failed));
    const { host, assignment } = request;
    const threshold = host.canSuspend ? suspendAfterMs(assignment) : Number.POSITIVE_INFINITY;
    this.waits = new LongWaits(host.clock, threshold);
  }

  async run(): Promise<RunEnd> {
    this.startReady();
    if (this.running > 0) await this.ended.promise;
    return this.end();
  }

  private startReady(): void {
    if (this.scope.signal.aborted || this.waits.suspension !== null) return;
    for (const decision of this.scope.progress.decide()) {
      if (decision.kind !== 'run') this.reportNotExecuted(decision);
      else if (this.request.onlyStep === null || this.request.onlyStep === decision.step.key)
        this.start(decision);
    }
  }

  private start(target: RunStep): void {
    this.running += 1;
    this.runStep(target)
      .then(() => {
        this.running -= 1;
        this.startReady();
        this.waits.decide(this.running);
        if (this.running === 0) this.ended.resolve();
      })
      .catch(this.ended.reject);
  }

  private async runStep(target: RunStep): Promise<void> {
    const { step } = target;
    const { host, signal } = this.scope;
    const isElsewhere = step.isolated && host.runIsolated !== null && this.request.onlyStep === null;
    const elsewhere = isElsewhere ? host.runIsolated : null;
    let result = elsewhere === null ? await this.runTries(target) : await elsewhere(step.key);
    while (result?.status === 'WAITING') {
      if ((await this.pause(step.key, result.secondsToWait)) !== 'over' || signal.aborted) return;
      result = elsewhere === null ? null : await elsewhere(step.key);
    }
    if (result == null) return;
    if (result.status === 'FAILURE') this.failed.set(step.key, result.cause ?? 'failed');
    this.scope.progress.complete(step.key, result);
  }

  /** Null when the run was aborted before or between tries. */
  private async runTries(target: RunStep): Promise<StepResult | null> {
    const { scope, request } = this;
    const { step } = target;
    const { host, signal } = scope;
    let tryNumber = (request.state.tries[step.key] ?? 0) + 1;
    let retriesUsed = request.state.retriesUsed[step.key] ?? 0;
    let wait = request.state.secondsToWait[step.key] ?? 0;
    const order = this.order.get(step.key) ?? this.order.get(`${nodeName(step.key)}[?]`) ?? 0;
    const room = {
      acquire: () => this.room.acquire(step.priority, order, signal),
      release: () => this.room.release(),
    };
    for (; ; tryNumber += 1, retriesUsed += 1) {
      let leave: () => Promise<void>;
      try {
        if (wait > 0 && (await this.pause(step.key, wait)) !== 'over') return null;
        leave = await enterStep(step, host, room, signal, stepEmit(scope, step.key, tryNumber));
      } catch (error) {
        if (signal.aborted) return null;
        throw error;
      }
      const outcome = await runStepTry(scope, { ...target, tryNumber, retriesUsed }).finally(leave);
      if (outcome.kind === 'success') return outcome.result;
      if (outcome.kind === 'failure') {
        return { status: 'FAILURE', outputs: [], mappingKeys: {}, cause: outcome.cause };
      }
      if (outcome.kind === 'interrupted') {
        this.wasInterrupted = true;
        return null;
      }
      wait = outcome.secondsToWait;
    }
  }

  /** Waits before a step's next try. */
  private async pause(stepKey: string, seconds: number): Promise<'over' | 'suspended' | 'aborted'> {
    const { signal } = this.scope;
    try {
      const isOver = await this.waits.wait(stepKey, seconds, () => this.running, signal);
      return isOver ? 'over' : 'suspended';
    } catch (error) {
      if (signal.aborted) return 'aborted';
      throw error;
    }
  }

  private reportNotExecuted(decision: Exclude<StepDecision, { kind: 'run' }>): void {
    if (this.request.onlyStep !== null) return;
    const { step, reason, kind } = decision;
    const emit = createEmit(this.scope.host, this.scope.mask);
    const subject = { stepKey: step.key };
    if (kind === 'skip') {
      emit(
        'STEP_SKIPPED',
        `Skipped step "${step.key}": ${reason}.`,
        { reason },
        { ...subject, level: 'INFO' },
      );
      return;
    }
    if (this.request.state.reportedNotExecuted.includes(step.key)) return;
    emit(
      'ENGINE_EVENT',
      `Step "${step.key}" does not execute: ${reason}.`,
      {},
      { ...subject, level: 'ERROR' },
    );
    const write: typeof emit = (type, message, data, at = {}) =>
      emit(type, message, data, { ...at, ...subject });
    reportNotMaterialized(this.scope, step.assets, 'UPSTREAM_FAILED_TO_MATERIALIZE', write);
  }

  private end(): RunEnd {
    const { signal } = this.scope;
    if (signal.aborted) {
      const why = signal.reason instanceof RunAbortedError ? signal.reason.why : 'cancel';
      const cause = signal.reason instanceof Error ? signal.reason.message : String(signal.reason);
      if (why === 'interrupt') return { kind: 'interrupted' };
      if (why === 'cancel') return finished({ status: 'CANCELED', failureReason: null, cause });
      return finished({ status: 'FAILURE', failureReason: 'MAX_RUNTIME_EXCEEDED', cause });
    }
    if (this.wasInterrupted) return { kind: 'interrupted' };
    if (this.waits.suspension !== null) return { kind: 'suspended', ...this.waits.suspension };
    const [first] = this.failed;
    if (first === undefined) return finished({ status: 'SUCCESS', failureReason: null, cause: null });
    const others = this.failed.size === 1 ? '' : ` (and ${this.failed.size - 1} more failed steps)`;
    const cause = `Step "${first[0]}" failed: ${first[1]}${others}`;
    return finished({ status: 'FAILURE', failureReason: 'STEP_FAILURE', cause });
  }
}

const finished = (outcome: RunOutcome): RunEnd => ({ kind: 'finished', outcome });
