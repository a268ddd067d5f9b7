import type { JsonObject } from '../model/json';
import type { AutomationConditionSpec } from '../model/manifest';
import { type Duration, toSeconds } from './duration';

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
    return node('and', { operands: [this, ...others].map(toSpec) });
  }

  /** True where any is. */
  or(...others: readonly AutomationCondition[]): AutomationCondition {
    return node('or', { operands: [this, ...others].map(toSpec) });
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
    return this.since(
      automation
        .newlyRequested()
        .or(automation.newlyUpdated(), automation.initialEvaluation())
        .withLabel('handled'),
    );
  }

  /** A name that is shown in place of the tree, and by which `replace` finds it. */
  withLabel(label: string): AutomationCondition {
    return new AutomationCondition({ ...this.spec, label });
  }

  /** For conditions over dependencies: only those that the selection has. */
  allow(selection: string): AutomationCondition {
    return new AutomationCondition({ ...this.spec, allow: selection });
  }

  /** For conditions over dependencies: not those that the selection has. */
  ignore(selection: string): AutomationCondition {
    return new AutomationCondition({ ...this.spec, ignore: selection });
  }

  /**
   * The same tree with every node of that label (or operator) replaced.
   *
   * @example automation.eager().replace('any_deps_missing', automation.never())
   */
  replace(label: string, by: AutomationCondition): AutomationCondition {
    return new AutomationCondition(replaceNode(this.spec, label, by.toSpec()) as AutomationConditionSpec);
  }
}

const toSpec = (condition: AutomationCondition): AutomationConditionSpec => condition.toSpec();

function node(op: string, fields: JsonObject = {}): AutomationCondition {
  return new AutomationCondition({ op, ...fields });
}

function replaceNode(value: unknown, label: string, by: AutomationConditionSpec): unknown {
  if (Array.isArray(value)) return value.map((item) => replaceNode(item, label, by));
  if (typeof value !== 'object' || value === null) return value;
  const own = value as { readonly op?: unknown; readonly label?: unknown };
  if (typeof own.op === 'string' && (own.label ?? own.op) === label) return by;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceNode(item, label, by)]));
}

/** Ready-made conditions, and the parts to build others from. */
export const automation = {
  /** As soon as something upstream is new and nothing upstream is missing or on its way; latest window only. */
  eager: (): AutomationCondition =>
    automation
      .inLatestTimeWindow()
      .and(
        automation.newlyMissing().or(automation.anyDepsUpdated()).sinceLastHandled(),
        automation.anyDepsMissing().not(),
        automation.anyDepsInProgress().not(),
        automation.inProgress().not(),
      )
      .withLabel('eager'),
  /** Once after each tick of the cron, when everything upstream has been updated since that tick. */
  onCron: (cron: string, timezone = 'UTC'): AutomationCondition => {
    const ticked = automation.cronTickPassed(cron, timezone);
    const updated = automation.newlyUpdated().since(ticked).or(automation.willBeRequested());
    return automation
      .inLatestTimeWindow()
      .and(
        ticked.sinceLastHandled(),
        automation.allDepsMatch(updated).withLabel('all_deps_updated_since_cron'),
      )
      .withLabel('on_cron');
  },
  /** When it is missing and nothing upstream is. */
  onMissing: (): AutomationCondition =>
    automation
      .inLatestTimeWindow()
      .and(automation.missing().newlyTrue().sinceLastHandled(), automation.anyDepsMissing().not())
      .withLabel('on_missing'),

  anyDepsUpdated: (): AutomationCondition =>
    automation
      .anyDepsMatch(
        automation
          .newlyUpdated()
          .and(automation.executedWithRootTarget().not())
          .or(automation.willBeRequested()),
      )
      .withLabel('any_deps_updated'),
  anyDepsMissing: (): AutomationCondition =>
    automation
      .anyDepsMatch(automation.missing().and(automation.willBeRequested().not()))
      .withLabel('any_deps_missing'),
  anyDepsInProgress: (): AutomationCondition =>
    automation.anyDepsMatch(automation.inProgress()).withLabel('any_deps_in_progress'),

  /** Never materialized. */
  missing: (): AutomationCondition => node('missing'),
  newlyMissing: (): AutomationCondition => automation.missing().newlyTrue().withLabel('newly_missing'),
  /** Part of a run that is queued or running. */
  runInProgress: (): AutomationCondition => node('run_in_progress'),
  /** Part of a backfill that is not over. */
  backfillInProgress: (): AutomationCondition => node('backfill_in_progress'),
  inProgress: (): AutomationCondition =>
    automation.runInProgress().or(automation.backfillInProgress()).withLabel('in_progress'),
  /** Its latest execution failed. */
  executionFailed: (): AutomationCondition => node('execution_failed'),
  /** Materialized or observed since the previous tick. */
  newlyUpdated: (): AutomationCondition => node('newly_updated'),
  /** Requested by automation on the previous tick. */
  newlyRequested: (): AutomationCondition => node('newly_requested'),
  codeVersionChanged: (): AutomationCondition => node('code_version_changed'),
  dataVersionChanged: (): AutomationCondition => node('data_version_changed'),
  /** A tick of the cron lies between the previous evaluation and this one. */
  cronTickPassed: (cron: string, timezone = 'UTC'): AutomationCondition =>
    node('cron_tick_passed', { cron, timezone }),
  /** Keeps the latest time window, or those that end within `lookback` of it; everything if there is no time. */
  inLatestTimeWindow: (lookback?: Duration): AutomationCondition =>
    node(
      'in_latest_time_window',
      lookback === undefined ? {} : { lookbackSeconds: secondsOrThrow(lookback) },
    ),
  /** This same tick has already decided to request it. */
  willBeRequested: (): AutomationCondition => node('will_be_requested'),
  /** The first evaluation, or the first of a changed condition. */
  initialEvaluation: (): AutomationCondition => node('initial_evaluation'),
  /** The update was made by a run that also had the condition's own asset as a target. */
  executedWithRootTarget: (): AutomationCondition => node('executed_with_root_target'),
  /** The update was made by a run with these tags. */
  executedWithTags: (tags: Readonly<Record<string, string>>): AutomationCondition =>
    node('executed_with_tags', { tags }),
  checkPassed: (): AutomationCondition => node('check_passed'),
  checkFailed: (): AutomationCondition => node('check_failed'),
  freshnessPassed: (): AutomationCondition => node('freshness_passed'),
  freshnessWarned: (): AutomationCondition => node('freshness_warned'),
  freshnessFailed: (): AutomationCondition => node('freshness_failed'),
  /** True where it is of any upstream asset, by the partition mappings. */
  anyDepsMatch: (condition: AutomationCondition): AutomationCondition =>
    node('any_deps_match', { operand: condition.toSpec() }),
  /** True where it is of all upstream assets. */
  allDepsMatch: (condition: AutomationCondition): AutomationCondition =>
    node('all_deps_match', { operand: condition.toSpec() }),
  anyChecksMatch: (condition: AutomationCondition, options: { readonly blockingOnly?: boolean } = {}) =>
    node('any_checks_match', { operand: condition.toSpec(), blockingOnly: options.blockingOnly ?? false }),
  allChecksMatch: (condition: AutomationCondition, options: { readonly blockingOnly?: boolean } = {}) =>
    node('all_checks_match', { operand: condition.toSpec(), blockingOnly: options.blockingOnly ?? false }),
  /** True where any condition of an asset downstream is. */
  anyDownstreamConditions: (): AutomationCondition => node('any_downstream_conditions'),
  /** Never: to replace a part with nothing. */
  never: (): AutomationCondition => node('or', { operands: [] }),
};

function secondsOrThrow(duration: Duration): number {
  const seconds = toSeconds(duration);
  if (seconds === undefined) throw new RangeError(`lookback ${JSON.stringify(duration)} is not a duration`);
  return seconds;
}
