import type { JsonObject } from '../model/json';
import type { AutomationConditionSpec } from '../model/manifest';

/** When an asset is to be materialized: a tree of operators, kept as data and evaluated by the control plane. */
export class AutomationCondition {
  private readonly spec: AutomationConditionSpec;

  constructor(spec: AutomationConditionSpec) {
    this.spec = spec;
  }

  /** The tree as data. */
  toSpec(): AutomationConditionSpec {
    return this.spec;
  }

  toJSON(): AutomationConditionSpec {
    return this.spec;
  }

  /** True where both are. */
  and(...others: readonly AutomationCondition[]): AutomationCondition {
    return node('and', { operands: [this, ...others].flatMap((each) => operandsOf(each, 'and')) });
  }

  /** True where any is. */
  or(...others: readonly AutomationCondition[]): AutomationCondition {
    return node('or', { operands: [this, ...others].flatMap((each) => operandsOf(each, 'or')) });
  }

  /** True where it is not. */
  not(): AutomationCondition {
    return node('not', { operand: this.spec });
  }

  /** True where it is now and was not on the previous tick. */
  newlyTrue(): AutomationCondition {
    return node('newly_true', { operand: this.spec });
  }

  /** True where it has become true at or after the last time that `reset` became true. */
  since(reset: AutomationCondition): AutomationCondition {
    return node('since', { trigger: this.spec, reset: reset.toSpec() });
  }

  /** Since the asset was last requested or updated, or this condition was first evaluated. */
  sinceLastHandled(): AutomationCondition {
    const handled = node('newly_requested').or(node('newly_updated'), node('initial_evaluation'));
    return this.since(handled.withLabel('handled'));
  }

  /** A name that is shown in place of the tree, and by which `replace` finds it. */
  withLabel(label: string): AutomationCondition {
    return new AutomationCondition({ ...this.spec, label });
  }

  /** For conditions over dependencies (or checks), wherever in this one: only those that the selection has. */
  allow(selection: string): AutomationCondition {
    return new AutomationCondition(narrow(this.spec, 'allow', selection));
  }

  /** For conditions over dependencies (or checks), wherever in this one: not those that the selection has. */
  ignore(selection: string): AutomationCondition {
    return new AutomationCondition(narrow(this.spec, 'ignore', selection));
  }

  /**
   * The same tree with every node of that label (or operator), or equal to that condition, replaced.
   *
   * @example automation.eager().replace('any_deps_missing', automation.never())
   */
  replace(old: string | AutomationCondition, by: AutomationCondition): AutomationCondition {
    const same =
      typeof old === 'string'
        ? ({ op, label }: AutomationConditionSpec) => op === old || label === old
        : (spec: AutomationConditionSpec) => isEqual(spec, old.spec);
    return new AutomationCondition(replaceNode(this.spec, same, by.toSpec()) as AutomationConditionSpec);
  }

  /**
   * The same conjunction without one of its parts.
   *
   * @throws {RangeError} when this is no conjunction, has no such part, or would be left with fewer than two
   * @example automation.eager().without(automation.inLatestTimeWindow())
   */
  without(part: AutomationCondition): AutomationCondition {
    const { op, operands } = this.spec;
    if (op !== 'and' || !Array.isArray(operands)) {
      throw new RangeError(`without() takes a part out of a conjunction; this is '${op}'`);
    }
    const kept = operands.filter((operand) => !isEqual(operand, part.spec));
    const name = part.spec.label ?? part.spec.op;
    if (kept.length === operands.length) throw new RangeError(`the condition has no part '${name}'`);
    if (kept.length < 2) throw new RangeError(`without '${name}' fewer than two parts are left`);
    return new AutomationCondition({ ...this.spec, operands: kept });
  }
}

const toSpec = (condition: AutomationCondition): AutomationConditionSpec => condition.toSpec();

/** One node of a tree. */
export function node(op: string, fields: JsonObject = {}): AutomationCondition {
  return new AutomationCondition({ op, ...fields });
}

/** Of a conjunction within a conjunction its parts, unless it has a name of its own. */
function operandsOf(condition: AutomationCondition, op: 'and' | 'or'): readonly AutomationConditionSpec[] {
  const spec = toSpec(condition);
  if (spec.op !== op || spec.label !== undefined || !Array.isArray(spec.operands)) return [spec];
  return spec.operands as readonly AutomationConditionSpec[];
}

/** Operators that look at dependencies or checks, and those through which a narrowing reaches them. */
const NARROWED = ['any_deps_match', 'all_deps_match', 'any_checks_match', 'all_checks_match'];
const PASSED_ON = ['and', 'or', 'not', 'since'];

function narrow(
  spec: AutomationConditionSpec,
  kind: 'allow' | 'ignore',
  selection: string,
): AutomationConditionSpec {
  if (NARROWED.includes(spec.op)) {
    const known = spec[kind];
    return { ...spec, [kind]: typeof known === 'string' ? `(${known}) or (${selection})` : selection };
  }
  if (!PASSED_ON.includes(spec.op)) return spec;
  const deeper = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(deeper);
    return isSpec(value) ? narrow(value, kind, selection) : value;
  };
  return Object.fromEntries(
    Object.entries(spec).map(([key, value]) => [key, deeper(value)]),
  ) as AutomationConditionSpec;
}

function replaceNode(
  value: unknown,
  same: (spec: AutomationConditionSpec) => boolean,
  by: AutomationConditionSpec,
): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceNode(item, same, by));
  if (typeof value !== 'object' || value === null) return value;
  if (isSpec(value) && same(value)) return by;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceNode(item, same, by)]));
}

function isSpec(value: unknown): value is AutomationConditionSpec {
  return typeof value === 'object' && value !== null && typeof (value as { op?: unknown }).op === 'string';
}

/** Specs are plain data whose properties the helpers below always write in the same order. */
const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
