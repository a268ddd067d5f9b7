import type { JsonValue } from '../../model/json';
import type { AutomationConditionSpec } from '../../model/manifest';
import { EngineError } from '../errors';

/** Operators that look at one asset or check, and how they are worded; `operands` and the like follow below. */
const LEAVES = [
  'missing',
  'run_in_progress',
  'backfill_in_progress',
  'execution_failed',
  'newly_updated',
  'newly_requested',
  'code_version_changed',
  'data_version_changed',
  'cron_tick_passed',
  'interval_passed',
  'in_latest_time_window',
  'will_be_requested',
  'initial_evaluation',
  'executed_with_root_target',
  'executed_with_tags',
  'any_new_update_has_run_tags',
  'all_new_updates_have_run_tags',
  'check_passed',
  'check_failed',
  'freshness_passed',
  'freshness_warned',
  'freshness_failed',
  'any_downstream_conditions',
] as const;
/** Operators with conditions below them, and the fields that hold these, in order. */
const BRANCHES = {
  and: ['operands'],
  or: ['operands'],
  not: ['operand'],
  newly_true: ['operand'],
  since: ['trigger', 'reset'],
  any_deps_match: ['operand'],
  all_deps_match: ['operand'],
  any_checks_match: ['operand'],
  all_checks_match: ['operand'],
  asset_matches: ['operand'],
} as const;

export type LeafOp = (typeof LEAVES)[number];
export type BranchOp = keyof typeof BRANCHES;
export type ConditionOp = LeafOp | BranchOp;

/** One node of a condition, ready to be evaluated. */
export interface Condition {
  readonly op: ConditionOp;
  readonly spec: AutomationConditionSpec;
  readonly label: string | null;
  /** What it says without its label, Dagster's words: `AND`, `cron_tick_passed(...)`. */
  readonly name: string;
  readonly children: readonly Condition[];
  /**
   * Of the structure from here down, without labels and selections: equal nodes have equal ones wherever they stand,
   * so that what is remembered under it outlives a change of what is around it.
   */
  readonly structure: string;
  /** Every structure in the tree. */
  readonly structures: ReadonlySet<string>;
}

/** A condition that this version does not understand. */
export class AutomationConditionError extends EngineError {
  readonly op: string;

  constructor(op: string) {
    super(
      `Automation condition '${op}' is not known. Use the conditions of 'automation', and the same version of the package in the code location as in the control plane.`,
    );
    this.op = op;
  }
}

/** Kept as long as the manifest. */
const compiled = new WeakMap<AutomationConditionSpec, Condition>();
/** By text: thousands of assets have the same few conditions. */
const byText = new Map<string, Condition>();
const TEXTS_KEPT = 10_000;

/** @throws {AutomationConditionError} */
export function compileCondition(spec: AutomationConditionSpec): Condition {
  let condition = compiled.get(spec);
  if (condition !== undefined) return condition;
  const text = JSON.stringify(spec);
  condition = byText.get(text) ?? compile(spec);
  if (byText.size >= TEXTS_KEPT) byText.clear();
  byText.set(text, condition);
  compiled.set(spec, condition);
  return condition;
}

function compile(spec: AutomationConditionSpec): Condition {
  const children = childSpecs(spec).map(compileCondition);
  const structure = hash(
    `${spec.op}(${JSON.stringify(parametersOf(spec))})[${children.map((each) => each.structure).join()}]`,
  );
  return {
    op: spec.op as ConditionOp,
    spec,
    label: spec.label ?? null,
    name: nameOf(spec),
    children,
    structure,
    structures: new Set([structure, ...children.flatMap((each) => [...each.structures])]),
  };
}

function childSpecs(spec: AutomationConditionSpec): readonly AutomationConditionSpec[] {
  const fields = (BRANCHES as Readonly<Record<string, readonly string[]>>)[spec.op];
  if (fields === undefined) {
    if ((LEAVES as readonly string[]).includes(spec.op)) return [];
    throw new AutomationConditionError(spec.op);
  }
  return fields.flatMap((field) => spec[field] as unknown as AutomationConditionSpec[]);
}

const NOT_PARAMETERS = ['op', 'label', 'allow', 'ignore', 'operand', 'operands', 'trigger', 'reset'];

function parametersOf(spec: AutomationConditionSpec): readonly (readonly [string, JsonValue | undefined])[] {
  return Object.entries(spec)
    .filter(([field]) => !NOT_PARAMETERS.includes(field))
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

function nameOf(spec: AutomationConditionSpec): string {
  if (spec.op === 'asset_matches') return String(spec.asset);
  const own = spec.op in BRANCHES ? spec.op.toUpperCase() : spec.op;
  const shown = [
    ...parametersOf(spec).filter(([, value]) => value !== false),
    ...(['allow', 'ignore'] as const).flatMap((field) =>
      spec[field] === undefined ? [] : [[`${field}_selection`, spec[field]] as const],
    ),
  ].map(([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  return shown.length === 0 ? own : `${own}(${shown.join(', ')})`;
}

/** A condition and those below it as one line, in the parts that a dashboard shows: labels stand for what they name. */
export function expandedLabel(condition: {
  readonly name: string;
  readonly children: readonly LabelledCondition[];
}): readonly string[] {
  const children = condition.children.map(
    (child) => `(${(child.label === null ? expandedLabel(child) : [child.label]).join(' ')})`,
  );
  if (children.length <= 1) return [condition.name, ...children];
  return children.flatMap((child, index) => (index === 0 ? [child] : [condition.name, child]));
}

export interface LabelledCondition {
  readonly label: string | null;
  readonly name: string;
  readonly children: readonly LabelledCondition[];
}

/** 53 bits of a text (cyrb53): enough to tell the nodes of one condition apart, and it needs no built-in. */
export function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return ((2097151 & low) * 4294967296 + (high >>> 0)).toString(36);
}
