import type { PlannedStep } from '../model/execution-plan';
import type { NewRun, Run, RunOrigin } from '../model/run';
import { TAG, type Tags } from '../model/tags';
import type { StepStats } from '../ports/event-log-storage';
import type { Instance } from '../ports/instance';
import { buildRun } from './build-run';
import type { EngineSettings } from './engine-settings';
import { RunNotFoundError, RunStateError } from './errors';
import { findJob, findLocation } from './find-definitions';
import { selectSteps } from './plan/select-steps';
import { subsetSteps } from './plan/subset-steps';
import { type UnfinishedAssets, unfinishedAssets } from './unfinished-assets';
import { validateRunConfig } from './validate-run-config';

export const REEXECUTION_STRATEGIES = ['ALL_STEPS', 'FROM_FAILURE', 'FROM_ASSET_FAILURE'] as const;
export type ReexecutionStrategy = (typeof REEXECUTION_STRATEGIES)[number];

export interface ReexecutionRequest {
  /**
   * FROM_FAILURE: steps that failed or did not run. FROM_ASSET_FAILURE: assets that were not materialized and checks
   * that were not evaluated, also where their step went on to do a part. Ignored when `stepKeys` are given.
   */
  readonly strategy: ReexecutionStrategy;
  /** Keys, or selections such as `*load+`: see `selectSteps`. */
  readonly stepKeys?: readonly string[] | null;
  readonly extraTags?: Tags;
  /** Default true. */
  readonly useParentRunTags?: boolean;
  readonly idempotencyKey?: string | null;
  readonly origin: RunOrigin;
}

/** Tags that say what happened to the parent, not what its children are. */
const NOT_INHERITED: readonly string[] = [
  TAG.willRetry,
  TAG.autoRetryRunId,
  TAG.failureReason,
  TAG.retryNumber,
  TAG.isResumeRetry,
  TAG.stepSelection,
  TAG.runKey,
  TAG.idempotentRequest,
];

/**
 * A new run of what a finished run did, with today's code; not stored yet.
 *
 * @throws {RunStateError} when the run is still in progress, or nothing of it failed
 * @throws {PlanError} when today's code no longer has what it needs
 */
export async function buildReexecution(
  instance: Instance,
  settings: EngineSettings,
  parent: Run,
  request: ReexecutionRequest,
): Promise<NewRun> {
  if (parent.endedAt === null) {
    throw new RunStateError(
      parent.runId,
      `Run '${parent.runId}' is ${parent.status}: wait until it has ended, or cancel it.`,
    );
  }
  const location = await findLocation(instance, parent.location);
  const job = findJob(location.manifest, parent.jobName);
  const rootRunId = parent.rootRunId ?? parent.runId;
  const byAsset = request.strategy === 'FROM_ASSET_FAILURE' && !request.stepKeys;
  const left = byAsset ? await unfinishedOf(instance, parent) : null;
  const run = await buildRun(
    {
      runId: instance.ids.uuid(),
      job,
      assetSelection: left?.assets ?? parent.assetSelection,
      assetCheckSelection: left?.checks ?? parent.assetCheckSelection,
      config: await validateRunConfig(instance, location, job, parent.config),
      tags: {
        ...(request.useParentRunTags === false ? partitionTags(parent.tags) : inheritedTags(parent.tags)),
        ...request.extraTags,
        ...(byAsset ? { [TAG.isResumeRetry]: 'true' } : {}),
        [TAG.parentRunId]: parent.runId,
        [TAG.rootRunId]: rootRunId,
      },
      origin: request.origin,
      idempotencyKey: request.idempotencyKey ?? null,
      parentRunId: parent.runId,
      rootRunId,
    },
    {
      settings,
      location,
      now: instance.clock.now(),
      dynamicKeys: (name) => instance.storage.dynamicPartitionKeys(parent.location, name),
    },
  );
  if (byAsset) return run;
  if (request.stepKeys) return withSteps(run, parent, selectSteps(run.plan.steps, request.stepKeys));
  const stepKeys = parent.stepKeys;
  if (request.strategy === 'ALL_STEPS') {
    return stepKeys === null ? run : withSteps(run, parent, stepKeys);
  }
  return fromFailure(instance, run, parent);
}

/** @throws {RunStateError} when there is nothing left */
async function unfinishedOf(instance: Instance, parent: Run): Promise<UnfinishedAssets> {
  const left = await unfinishedAssets(instance, parent.runId);
  if (left.assets.length > 0 || left.checks.length > 0) return left;
  throw new RunStateError(
    parent.runId,
    `Run '${parent.runId}' left no asset unmaterialized and no check unevaluated (a run of ops has none). Re-execute from the failed steps, or all of it.`,
  );
}

function inheritedTags(tags: Tags): Tags {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !NOT_INHERITED.includes(key)));
}

/** Without these the run would be another one. */
function partitionTags(tags: Tags): Tags {
  const kept: readonly string[] = [TAG.partition, TAG.partitionRangeStart, TAG.partitionRangeEnd];
  return Object.fromEntries(Object.entries(tags).filter(([key]) => kept.includes(key)));
}

function withSteps(run: NewRun, parent: Run, stepKeys: readonly string[]): NewRun {
  const steps = subsetSteps(run.plan.steps, stepKeys, () => parent.runId);
  return {
    ...run,
    stepKeys,
    tags: { ...run.tags, [TAG.stepSelection]: stepKeys.join(',') },
    plan: { ...run.plan, steps },
  };
}

/**
 * Asset steps that succeeded are left out: their assets are stored. A graph's plan stays whole: the worker is told
 * what earlier runs of the lineage finished, down to single steps of a dynamic output, and skips it.
 */
async function fromFailure(instance: Instance, run: NewRun, parent: Run): Promise<NewRun> {
  if (parent.status === 'SUCCESS') throw nothingFailed(parent);
  const plan = await instance.storage.getRunPlan(parent.runId);
  if (plan === undefined) throw new RunNotFoundError(parent.runId);
  const isResumed = { [TAG.isResumeRetry]: 'true' };
  if (plan.steps.every(isOfGraph)) {
    const steps = subsetSteps(
      run.plan.steps,
      plan.steps.map((step) => step.key),
      () => parent.runId,
    );
    return {
      ...run,
      stepKeys: parent.stepKeys,
      tags: { ...run.tags, ...isResumed },
      plan: { ...run.plan, steps },
    };
  }
  const completed = completedSteps(plan.steps, await instance.storage.stepStats(parent.runId));
  const unfinished = plan.steps.map((step) => step.key).filter((key) => !completed.has(key));
  if (unfinished.length === 0) throw nothingFailed(parent);
  const today = new Set(run.plan.steps.map((step) => step.key));
  const stillThere = unfinished.filter((key) => today.has(key));
  const resumed = withSteps(run, parent, stillThere.length > 0 ? stillThere : unfinished);
  return { ...resumed, tags: { ...resumed.tags, ...isResumed } };
}

const isOfGraph = ({ assets, checks, observes = [] }: PlannedStep): boolean =>
  assets.length === 0 && checks.length === 0 && observes.length === 0;

/** A step that was skipped because something before it failed gets another chance; one skipped by choice does not. */
function completedSteps(steps: readonly PlannedStep[], stats: readonly StepStats[]): ReadonlySet<string> {
  const statusOf = new Map(stats.map(({ stepKey, status }) => [stepKey, status]));
  const completed = new Set<string>();
  for (const { key, dependsOn } of steps) {
    const status = statusOf.get(key);
    const isSkippedByChoice = status === 'SKIPPED' && dependsOn.every((other) => completed.has(other));
    if (status === 'SUCCESS' || isSkippedByChoice) completed.add(key);
  }
  return completed;
}

function nothingFailed(parent: Run): RunStateError {
  return new RunStateError(
    parent.runId,
    `Every step of run '${parent.runId}' succeeded: there is no failure to start from. Re-execute all steps instead.`,
  );
}
