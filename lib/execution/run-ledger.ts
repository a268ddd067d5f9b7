import { checkId } from '../model/asset-check';
import type { NewEvent } from '../model/event';
import type { PlannedStep } from '../model/execution-plan';
import { errorSummary } from '../model/serializable-error';
import type { CompletedStep } from '../ports/worker-storage';
import { nodeName } from './expand-mapped-step';
import type { RunState } from './run-state';
import { assetOutput, type StepResult } from './step-result';

/** A step try that has begun and not ended. */
export interface RunningStep {
  readonly stepKey: string;
  readonly tryNumber: number;
  readonly retriesUsed: number;
  readonly planned: PlannedStep | null;
  readonly materialized: ReadonlySet<string>;
}

interface StepRecord {
  outputs: Set<string>;
  mappingKeys: Record<string, string[]>;
  materialized: Set<string>;
}

/**
 * What a run's events have told so far: enough to say which steps run, and to start another process for the
 * rest of the plan.
 */
export class RunLedger {
  private readonly plan: ReadonlyMap<string, PlannedStep>;
  private readonly running = new Map<string, number>();
  private readonly records = new Map<string, StepRecord>();
  private readonly completed = new Map<string, CompletedStep>();
  private readonly failed = new Map<string, string>();
  private readonly tries: Record<string, number>;
  private readonly retriesUsed: Record<string, number> = {};
  /** Epoch ms at which a step up for retry is due. */
  private readonly dueAt = new Map<string, number>();
  private readonly failedChecks = new Set<string>();
  private readonly notExecuted = new Set<string>();
  private readonly dataVersions: Record<string, string>;

  /** @param now epoch ms at which `initial` holds */
  constructor(steps: readonly PlannedStep[], initial: RunState, now = 0) {
    this.plan = new Map(steps.map((step) => [step.key, step]));
    this.tries = { ...initial.tries };
    this.dataVersions = { ...initial.dataVersions };
    for (const step of initial.completed) this.completed.set(step.stepKey, step);
    for (const [step, cause] of Object.entries(initial.failed)) this.failed.set(step, cause);
    Object.assign(this.retriesUsed, initial.retriesUsed);
    for (const [step, seconds] of Object.entries(initial.secondsToWait))
      this.dueAt.set(step, now + seconds * 1_000);
    for (const check of initial.failedBlockingChecks) this.failedChecks.add(check);
    for (const step of initial.reportedNotExecuted) this.notExecuted.add(step);
  }

  /** Takes an event of the run, in order. */
  record(event: NewEvent): void {
    const { stepKey } = event;
    if (stepKey === undefined) return;
    switch (event.type) {
      case 'STEP_START':
      case 'STEP_RESTARTED':
        this.running.set(stepKey, event.tryNumber ?? 1);
        this.tries[stepKey] = event.tryNumber ?? 1;
        this.dueAt.delete(stepKey);
        this.records.set(stepKey, { outputs: new Set(), mappingKeys: {}, materialized: new Set() });
        break;
      case 'STEP_OUTPUT':
        this.recordOutput(stepKey, event.data);
        break;
      case 'ASSET_MATERIALIZATION':
        this.recordMaterialization(stepKey, event.assetKey, event.data.dataVersion);
        break;
      case 'ASSET_CHECK_EVALUATION':
        if (!event.data.passed && event.data.severity === 'ERROR' && event.data.blocking) {
          this.failedChecks.add(checkId(event.data));
        }
        break;
      case 'STEP_SUCCESS':
      case 'STEP_SKIPPED':
        this.complete(stepKey, event.type === 'STEP_SUCCESS' ? 'SUCCESS' : 'SKIPPED');
        break;
      case 'STEP_FAILURE':
        this.running.delete(stepKey);
        this.failed.set(stepKey, event.data.exitReason ?? errorSummary(event.data.error));
        break;
      case 'ASSET_FAILED_TO_MATERIALIZE':
        if (event.data.reason === 'UPSTREAM_FAILED_TO_MATERIALIZE') this.notExecuted.add(stepKey);
        break;
      case 'STEP_UP_FOR_RETRY':
        this.running.delete(stepKey);
        this.retriesUsed[stepKey] = (this.retriesUsed[stepKey] ?? 0) + 1;
        this.dueAt.set(stepKey, event.timestamp + event.data.secondsToWait * 1_000);
        break;
    }
  }

  /** Steps that have begun and not ended. */
  runningSteps(): readonly RunningStep[] {
    return [...this.running].map(([stepKey, tryNumber]) => ({
      stepKey,
      tryNumber,
      retriesUsed: this.retriesUsed[stepKey] ?? 0,
      planned: this.plan.get(stepKey) ?? this.plan.get(`${nodeName(stepKey)}[?]`) ?? null,
      materialized: this.records.get(stepKey)?.materialized ?? new Set(),
    }));
  }

  /** How a step ended, for the process that waits for it; null when it has not. */
  resultOf(stepKey: string): StepResult | null {
    const cause = this.failed.get(stepKey);
    if (cause !== undefined) return { status: 'FAILURE', outputs: [], mappingKeys: {}, cause };
    return this.completed.get(stepKey) ?? null;
  }

  /** What a new process has to know to go on. */
  state(now: number): RunState {
    const waits = [...this.dueAt].map(([step, due]) => [step, Math.max(0, (due - now) / 1_000)] as const);
    return {
      completed: [...this.completed.values()],
      failed: Object.fromEntries(this.failed),
      tries: this.tries,
      retriesUsed: this.retriesUsed,
      secondsToWait: Object.fromEntries(waits),
      failedBlockingChecks: [...this.failedChecks],
      reportedNotExecuted: [...this.notExecuted],
      dataVersions: this.dataVersions,
    };
  }

  private recordOutput(
    stepKey: string,
    data: { readonly output: string; readonly mappingKey?: string },
  ): void {
    const record = this.records.get(stepKey);
    record?.outputs.add(data.output);
    if (record !== undefined && data.mappingKey !== undefined) {
      record.mappingKeys[data.output] ??= [];
      record.mappingKeys[data.output]?.push(data.mappingKey);
    }
  }

  private recordMaterialization(
    stepKey: string,
    asset: string | undefined,
    dataVersion: string | undefined,
  ): void {
    if (asset === undefined) return;
    this.records.get(stepKey)?.materialized.add(asset);
    if (dataVersion === undefined) delete this.dataVersions[asset];
    else this.dataVersions[asset] = dataVersion;
  }

  private complete(stepKey: string, status: CompletedStep['status']): void {
    this.running.delete(stepKey);
    const record = this.records.get(stepKey);
    this.completed.set(stepKey, {
      stepKey,
      status,
      outputs: [...(record?.outputs ?? []), ...[...(record?.materialized ?? [])].map(assetOutput)],
      mappingKeys: record?.mappingKeys ?? {},
    });
  }
}

/** A step whose process died before the step began. */
export function neverStarted(stepKey: string): RunningStep {
  return { stepKey, tryNumber: 1, retriesUsed: 0, planned: null, materialized: new Set() };
}
