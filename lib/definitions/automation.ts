import { type AutomationCondition, node } from './automation-condition';
import { type Duration, toSeconds } from './duration';

export { AutomationCondition } from './automation-condition';

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
  onCron: (cron: string, timezone = 'UTC'): AutomationCondition =>
    automation
      .inLatestTimeWindow()
      .and(
        automation.cronTickPassed(cron, timezone).sinceLastHandled(),
        automation.allDepsUpdatedSinceCron(cron, timezone),
      )
      .withLabel(`on_cron(${cron}, ${timezone})`),
  /** When it becomes missing and nothing upstream is. */
  onMissing: (): AutomationCondition =>
    automation
      .inLatestTimeWindow()
      .and(
        automation.missing().newlyTrue().sinceLastHandled().withLabel('missing_since_last_handled'),
        automation.anyDepsMissing().not(),
      )
      .withLabel('on_missing'),

  anyDepsUpdated: (): AutomationCondition =>
    automation
      .anyDepsMatch(
        automation
          .newlyUpdated()
          .and(automation.executedWithRootTarget().not())
          .withLabel('newly_updated_without_root')
          .or(automation.willBeRequested()),
      )
      .withLabel('any_deps_updated'),
  anyDepsMissing: (): AutomationCondition =>
    automation
      .anyDepsMatch(automation.missing().and(automation.willBeRequested().not()))
      .withLabel('any_deps_missing'),
  anyDepsInProgress: (): AutomationCondition =>
    automation.anyDepsMatch(automation.inProgress()).withLabel('any_deps_in_progress'),
  /** Every upstream asset was updated since the cron's latest tick, or will be by this tick's runs. */
  allDepsUpdatedSinceCron: (cron: string, timezone = 'UTC'): AutomationCondition =>
    automation
      .allDepsMatch(
        automation
          .newlyUpdated()
          .since(automation.cronTickPassed(cron, timezone))
          .or(automation.willBeRequested()),
      )
      .withLabel(`all_deps_updated_since_cron(${cron}, ${timezone})`),
  /** Every blocking check of everything upstream has passed, or will be evaluated by this tick's runs. */
  allDepsBlockingChecksPassed: (): AutomationCondition =>
    automation
      .allDepsMatch(
        automation
          .allChecksMatch(automation.checkPassed().or(automation.willBeRequested()), { blockingOnly: true })
          .withLabel('all_blocking_checks_passed'),
      )
      .withLabel('all_deps_blocking_checks_passed'),

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
  /** Any of the updates since the previous tick was made by a run with these tags. */
  anyNewUpdateHasRunTags: (tags: Readonly<Record<string, string>>): AutomationCondition =>
    node('any_new_update_has_run_tags', { tags }),
  /** All updates since the previous tick were made by runs with these tags. */
  allNewUpdatesHaveRunTags: (tags: Readonly<Record<string, string>>): AutomationCondition =>
    node('all_new_updates_have_run_tags', { tags }),
  /** True of a check whose latest evaluation, of the latest materialization, passed; for `anyChecksMatch`. */
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
  /** Of a job: true when it is of any of its root assets, those that need none of its others. */
  anyJobRootAssetsMatch: (condition: AutomationCondition): AutomationCondition =>
    automation.anyDepsMatch(condition).withLabel('any_job_root_assets_match'),
  /** Of a job: true when it is of all its root assets. */
  allJobRootAssetsMatch: (condition: AutomationCondition): AutomationCondition =>
    automation.allDepsMatch(condition).withLabel('all_job_root_assets_match'),
  /** True where it is of one asset, upstream, downstream or anywhere. @example automation.assetMatches('raw/orders', automation.missing()) */
  assetMatches: (
    asset: string | { readonly key: string },
    condition: AutomationCondition,
  ): AutomationCondition =>
    node('asset_matches', {
      asset: typeof asset === 'string' ? asset : asset.key,
      operand: condition.toSpec(),
    }),
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
