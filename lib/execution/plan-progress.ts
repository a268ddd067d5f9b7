import { checkId } from '../model/asset-check';
import type { ExecutionPlan, PlannedStep, StepInputSource } from '../model/execution-plan';
import { expandMappedStep } from './expand-mapped-step';
import type { RunState } from './run-state';
import { type StepResult, yieldedAsset } from './step-result';

/** A step of the run with its mapping key, if it is one of a dynamic output's steps. */
export interface RunStep {
  readonly step: PlannedStep;
  readonly mappingKey: string | null;
}

/** What became decidable: a step to run, to skip by choice, or not to execute because of a failure. */
export type StepDecision =
  | ({ readonly kind: 'run' } & RunStep)
  | ({ readonly kind: 'skip'; readonly reason: string } & RunStep)
  | ({ readonly kind: 'abandon'; readonly reason: string } & RunStep);

type Settled = 'SUCCESS' | 'FAILURE' | 'SKIPPED' | 'ABANDONED';

interface Node extends RunStep {
  /** Nodes that must settle before this one is decided. */
  pending: number;
  offered: boolean;
  settled: Settled | null;
  result: StepResult | null;
  /** Of a mapped step: its steps by mapping key, once these are known. */
  instances: Map<string, Node> | null;
  /** The mapped step that this one is an instance of. */
  readonly template: Node | null;
}

/**
 * Follows a run through its plan: says which steps can run, which are skipped and which will never run. Knows
 * nothing of time, processes or storage.
 */
export class PlanProgress {
  private readonly nodes = new Map<string, Node>();
  private readonly dependents = new Map<string, Node[]>();
  private readonly failedBlockingChecks: Set<string>;
  private readonly decidable: Node[] = [];
  /** Results of steps that are not expanded yet. */
  private readonly known = new Map<string, StepResult>();

  constructor(plan: ExecutionPlan, state: Pick<RunState, 'completed' | 'failed' | 'failedBlockingChecks'>) {
    this.failedBlockingChecks = new Set(state.failedBlockingChecks);
    for (const step of plan.steps) this.nodes.set(step.key, newNode(step, null, null));
    for (const node of [...this.nodes.values()]) this.link(node);
    for (const { stepKey, ...result } of state.completed) this.settleKnown(stepKey, result);
    for (const stepKey of Object.keys(state.failed)) {
      this.settleKnown(stepKey, { status: 'FAILURE', outputs: [], mappingKeys: {} });
    }
    for (const node of this.nodes.values()) this.offer(node);
  }

  /** Steps decided since the last call, in plan order within each kind. Skips and abandonments are settled already. */
  decide(): StepDecision[] {
    const decisions: StepDecision[] = [];
    for (let node = this.decidable.shift(); node !== undefined; node = this.decidable.shift()) {
      if (node.settled !== null) continue;
      const { step, mappingKey } = node;
      const abandoned = this.reasonToAbandon(node);
      const skipped = abandoned === null ? this.reasonToSkip(node) : null;
      if (abandoned !== null) {
        decisions.push({ kind: 'abandon', step, mappingKey, reason: abandoned });
        this.settle(node, 'ABANDONED', null);
      } else if (skipped !== null) {
        decisions.push({ kind: 'skip', step, mappingKey, reason: skipped });
        this.settle(node, 'SKIPPED', null);
      } else if (isTemplate(node)) {
        this.expand(node);
      } else {
        decisions.push({ kind: 'run', step, mappingKey });
      }
    }
    return decisions;
  }

  /** A step ended. */
  complete(stepKey: string, result: StepResult): void {
    const node = this.nodes.get(stepKey);
    if (node !== undefined && node.settled === null) this.settle(node, result.status, result);
  }

  /** A blocking check failed with severity ERROR. */
  failCheck(check: { readonly asset: string; readonly name: string }): void {
    this.failedBlockingChecks.add(checkId(check));
  }

  /** Result of a step that succeeded in this run or before it. */
  resultOf(stepKey: string): StepResult | null {
    return this.nodes.get(stepKey)?.result ?? null;
  }

  /** Steps in plan order that a `collect` input gathers: those of a mapped step, or the dynamic step itself. */
  collected(source: Extract<StepInputSource, { kind: 'collect' }>): {
    readonly stepKey: string;
    readonly mappingKey: string;
    readonly result: StepResult;
  }[] {
    const node = this.nodes.get(source.stepKey);
    if (node?.instances == null) {
      const result = node?.result ?? null;
      const keys = result?.mappingKeys[source.output] ?? [];
      return result === null
        ? []
        : keys.map((mappingKey) => ({ stepKey: source.stepKey, mappingKey, result }));
    }
    return [...node.instances].flatMap(([mappingKey, { step, result }]) =>
      result?.outputs.includes(source.output) ? [{ stepKey: step.key, mappingKey, result }] : [],
    );
  }

  /** Whether a source has a value: its step yielded the output, or nothing of this run makes it. */
  isAvailable(
    source: StepInputSource,
    mappedOver: PlannedStep['mappedOver'],
    mappingKey: string | null,
  ): boolean {
    if (source.kind === 'asset' && source.stepKey === null) return true;
    const node = this.nodes.get(source.stepKey ?? '');
    if (node === undefined) return true;
    if (source.kind === 'collect') return node.settled === 'SUCCESS';
    if (node.settled !== 'SUCCESS' || node.result === null) return false;
    if (source.kind === 'asset')
      return !node.step.assets.includes(source.asset) || yieldedAsset(node.result, source.asset);
    if (
      mappingKey !== null &&
      mappedOver?.stepKey === source.stepKey &&
      mappedOver.output === source.output
    ) {
      return node.result.mappingKeys[source.output]?.includes(mappingKey) ?? false;
    }
    return node.result.outputs.includes(source.output);
  }

  private link(node: Node): void {
    // A mapped step is expanded as soon as its keys are known; what else it waits for, each of its steps does.
    const over = isTemplate(node) ? node.step.mappedOver : null;
    for (const key of over === null ? new Set(node.step.dependsOn) : [over.stepKey]) {
      const dependency = this.nodes.get(key);
      if (dependency === undefined || dependency.settled !== null) continue;
      node.pending += 1;
      this.dependentsOf(key).push(node);
    }
  }

  private dependentsOf(key: string): Node[] {
    let list = this.dependents.get(key);
    if (list === undefined) {
      list = [];
      this.dependents.set(key, list);
    }
    return list;
  }

  private offer(node: Node): void {
    if (node.pending > 0 || node.settled !== null || node.offered) return;
    node.offered = true;
    this.decidable.push(node);
  }

  private settle(node: Node, settled: Settled, result: StepResult | null): void {
    node.settled = settled;
    node.result = settled === 'SUCCESS' ? result : null;
    for (const dependent of this.dependents.get(node.step.key) ?? []) {
      dependent.pending -= 1;
      this.offer(dependent);
    }
    if (node.template !== null) this.settleGroup(node.template);
  }

  /** Settles what earlier processes did; the steps of mapped steps when these are expanded. */
  private settleKnown(stepKey: string, result: StepResult): void {
    const node = this.nodes.get(stepKey);
    if (node === undefined) this.known.set(stepKey, result);
    else if (node.settled === null) this.settle(node, result.status, result);
  }

  /** Replaces a mapped step by one step per mapping key; the mapped step itself settles when they all have. */
  private expand(template: Node): void {
    const over = template.step.mappedOver;
    if (over === null) return;
    const keys = this.nodes.get(over.stepKey)?.result?.mappingKeys[over.output] ?? [];
    const siblings = new Set(
      [...this.nodes.values()]
        .filter((other) => isTemplate(other) && sameMapping(other.step, template.step))
        .map((other) => other.step.key),
    );
    template.instances = new Map();
    for (const key of keys) {
      const node = newNode(expandMappedStep(template.step, key, siblings), key, template);
      this.nodes.set(node.step.key, node);
      template.instances.set(key, node);
      this.link(node);
    }
    for (const node of template.instances.values()) {
      const known = this.known.get(node.step.key);
      if (known !== undefined) this.settle(node, known.status, known);
      this.offer(node);
    }
    this.settleGroup(template);
  }

  /** A mapped step settles with the last of its steps. */
  private settleGroup(template: Node): void {
    const all = [...(template.instances ?? new Map<string, Node>()).values()];
    if (template.settled !== null || all.some(({ settled }) => settled === null)) return;
    const failed = all.some(({ settled }) => settled === 'FAILURE' || settled === 'ABANDONED');
    this.settle(template, failed ? 'ABANDONED' : 'SUCCESS', {
      status: 'SUCCESS',
      outputs: [],
      mappingKeys: {},
    });
  }

  private reasonToAbandon({ step, mappingKey }: RunStep): string | null {
    const isMapped = step.mappedOver !== null && mappingKey === null;
    for (const key of isMapped ? [step.mappedOver.stepKey] : step.dependsOn) {
      const settled = this.nodes.get(key)?.settled;
      if (settled === 'FAILURE') return `upstream step "${key}" failed`;
      if (settled === 'ABANDONED') return `upstream step "${key}" did not execute`;
    }
    const check = step.blockedBy.find((blocking) => this.failedBlockingChecks.has(checkId(blocking)));
    return check === undefined ? null : `blocking check "${check.name}" of asset ${check.asset} failed`;
  }

  private reasonToSkip({ step, mappingKey }: RunStep): string | null {
    const over = step.mappedOver;
    if (over !== null && mappingKey === null && this.nodes.get(over.stepKey)?.settled === 'SKIPPED') {
      return `step "${over.stepKey}", over whose output "${over.output}" it is mapped, was skipped`;
    }
    if (over !== null && mappingKey === null) return null;
    for (const { name, sources } of step.inputs) {
      if (sources.length === 0) continue;
      if (sources.some((source) => this.isAvailable(source, over, mappingKey))) continue;
      return `its input "${name}" has no value: ${sources.map((source) => this.describeMissing(source)).join('; ')}`;
    }
    return null;
  }

  private describeMissing(source: StepInputSource): string {
    const step = `step "${source.stepKey ?? ''}"`;
    if (this.nodes.get(source.stepKey ?? '')?.settled === 'SKIPPED') return `${step} was skipped`;
    return source.kind === 'asset'
      ? `${step} did not materialize ${source.asset}`
      : `${step} did not yield output "${source.output}"`;
  }
}

function newNode(step: PlannedStep, mappingKey: string | null, template: Node | null): Node {
  return {
    step,
    mappingKey,
    template,
    pending: 0,
    offered: false,
    settled: null,
    result: null,
    instances: null,
  };
}

/** Whether it stands for the steps of a dynamic output rather than being a step itself. */
function isTemplate({ step, mappingKey }: RunStep): boolean {
  return step.mappedOver !== null && mappingKey === null;
}

function sameMapping(a: PlannedStep, b: PlannedStep): boolean {
  return (
    a.mappedOver !== null &&
    a.mappedOver.stepKey === b.mappedOver?.stepKey &&
    a.mappedOver.output === b.mappedOver.output
  );
}
