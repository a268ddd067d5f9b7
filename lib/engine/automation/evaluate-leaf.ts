import { checkId } from '../../model/asset-check';
import { isMaterializable } from '../../model/asset-execution';
import type { TickContext } from '../../model/automation-state';
import { ticksBackFrom } from '../../model/cron';
import { freshnessState } from '../../model/freshness';
import type { Tags } from '../../model/tags';
import { type CheckFacts, lastUpdate, type RunFacts } from './automation-facts';
import type { AutomationView, Entity } from './automation-view';
import type { Condition } from './compile-condition';
import { byNewUpdates, dataVersionChanged, type LeafResult, NOWHERE, newlyUpdated } from './evaluate-updates';
import { isJobKey } from './job-node';
import { difference, EMPTY, filter, intersection, type Subset, UNPARTITIONED, WHOLE } from './subset';

const SECOND_MS = 1_000;

/** What leaves look at beside the entity itself. */
export interface LeafContext {
  readonly view: AutomationView;
  /** The asset whose condition is evaluated. */
  readonly root: Entity;
  /** Up to where `root` was evaluated before; null = never. */
  readonly previous: TickContext | null;
  /** Whether `root` has never been evaluated, or not with such partitions. */
  readonly isInitial: boolean;
  /** What this tick has asked for so far. */
  requestedNow(entity: Entity): Subset;
  /** What the previous tick asked for. */
  requestedBefore(entity: Entity): Subset;
}

/** Whether an operand without conditions below it is true of an entity, and where. */
export function evaluateLeaf(
  { op, spec }: Condition,
  entity: Entity,
  candidates: Subset,
  context: LeafContext,
): LeafResult {
  const { view, previous, root } = context;
  if (candidates.size === 0) return NOWHERE;
  switch (op) {
    case 'newly_updated':
      return previous === null ? NOWHERE : newlyUpdated(entity, previous, view);
    case 'newly_requested': {
      const truth = context.requestedBefore(entity);
      if (truth.size === 0 || previous === null) return { truth, timing: null };
      return { truth, timing: new Map([[previous.time, truth]]) };
    }
    case 'cron_tick_passed': {
      const tick = lastTick(String(spec.cron), String(spec.timezone ?? 'UTC'), view.facts.now);
      if (previous === null || tick === null || tick <= previous.time) return NOWHERE;
      return { truth: candidates, timing: new Map([[tick, candidates]]) };
    }
    default:
      return { truth: untimed(), timing: null };
  }

  function untimed(): Subset {
    switch (op) {
      case 'missing':
        return difference(candidates, presentPartitions(entity, view));
      case 'run_in_progress':
      case 'backfill_in_progress':
      case 'execution_failed':
        return inState(op, entity, view);
      case 'initial_evaluation':
        return context.isInitial ? candidates : EMPTY;
      case 'in_latest_time_window': {
        const seconds = spec.lookbackSeconds;
        return view.latestWindow(entity, typeof seconds === 'number' ? seconds * SECOND_MS : null);
      }
      case 'will_be_requested':
        return canRunTogether(root, entity) ? context.requestedNow(entity) : EMPTY;
      case 'executed_with_root_target':
        if (entity === root) return EMPTY;
        return byLatestRun(entity, candidates, view, (run) =>
          // A run of all the root assets of a job is as good as one of the job.
          isJobKey(root.asset.key)
            ? root.asset.parents.every((key) => run.assets.has(key))
            : run.assets.has(root.asset.key),
        );
      case 'executed_with_tags':
        return byLatestRun(entity, candidates, view, hasTags(spec.tags));
      case 'any_new_update_has_run_tags':
      case 'all_new_updates_have_run_tags':
        return byNewUpdates(entity, context, op === 'any_new_update_has_run_tags', hasTags(spec.tags));
      case 'data_version_changed':
        return previous === null ? EMPTY : dataVersionChanged(entity, previous, view);
      case 'check_passed':
      case 'check_failed':
        return checkStatus(entity, view) === (op === 'check_passed' ? 'SUCCEEDED' : 'FAILED') ? WHOLE : EMPTY;
      case 'freshness_passed':
      case 'freshness_warned':
      case 'freshness_failed':
        return isFresh(op, entity, view) ? view.whole(entity) : EMPTY;
      default:
        return EMPTY;
    }
  }
}

function presentPartitions(entity: Entity, view: AutomationView): Subset {
  if (entity.check !== null) return checkStatus(entity, view) === null ? EMPTY : WHOLE;
  const facts = view.factsOf(entity);
  if (entity.partitions !== null) return facts.materialized;
  return lastUpdate(facts) === null ? EMPTY : WHOLE;
}

function inState(
  op: 'run_in_progress' | 'backfill_in_progress' | 'execution_failed',
  entity: Entity,
  view: AutomationView,
): Subset {
  if (entity.check !== null) {
    const wanted = { run_in_progress: 'IN_PROGRESS', execution_failed: 'EXECUTION_FAILED' } as const;
    return op !== 'backfill_in_progress' && checkStatus(entity, view) === wanted[op] ? WHOLE : EMPTY;
  }
  const facts = view.factsOf(entity);
  const [whole, partitions] = {
    run_in_progress: [facts.runInProgress, facts.partitionsInRuns] as const,
    backfill_in_progress: [facts.backfillInProgress, facts.partitionsInBackfills] as const,
    execution_failed: [facts.executionFailed, facts.partitionsFailed] as const,
  }[op];
  if (entity.partitions === null) return whole ? WHOLE : EMPTY;
  return intersection(partitions, view.whole(entity));
}

/** Null when it was never executed, or not for the latest materialization of its asset. */
function checkStatus(entity: Entity, view: AutomationView): CheckFacts['status'] | null {
  if (entity.check === null) return null;
  const found = view.facts.checks.get(checkId(entity.check));
  if (found === undefined) return null;
  const made = view.factsOf(entity).lastMaterialization;
  const isLatest = made === null || found.storageId > made.storageId || found.runId === made.runId;
  return isLatest ? found.status : null;
}

/** Whether one run can make both, so that a request for the one is worth a request for the other. */
function canRunTogether(child: Entity, parent: Entity): boolean {
  if (isJobKey(child.asset.key)) return false;
  // An observation may find nothing new.
  if (child.asset.location !== parent.asset.location || !isMaterializable(parent.asset.manifest))
    return false;
  const [mine, theirs] = [child.asset.manifest.partitions, parent.asset.manifest.partitions];
  if (mine === null || theirs === null) return mine === theirs;
  if (JSON.stringify(mine) !== JSON.stringify(theirs)) return false;
  const dependency = child.asset.manifest.dependencies.find(({ key }) => key === parent.asset.key);
  const mapping = dependency?.mapping?.type ?? null;
  return mapping === null || mapping === 'identity' || mapping === 'time_window';
}

/** Where the run of the latest materialization passes; of older partitions than this tick's only the latest one is known. */
function byLatestRun(
  entity: Entity,
  candidates: Subset,
  view: AutomationView,
  passes: (run: RunFacts) => boolean,
): Subset {
  const runPasses = (runId: string | null | undefined): boolean => {
    const run = runId == null ? undefined : view.facts.runs.get(runId);
    return run !== undefined && passes(run);
  };
  if (entity.check !== null) {
    return runPasses(view.facts.checks.get(entity.id)?.runId) ? candidates : EMPTY;
  }
  const facts = view.factsOf(entity);
  const last = lastUpdate(facts);
  const runs = new Map<string, string | null>();
  for (const update of facts.updates) runs.set(update.partition ?? UNPARTITIONED, update.runId);
  if (last !== null) runs.set(last.partition ?? UNPARTITIONED, last.runId);
  return filter(candidates, (partition) => runPasses(runs.get(partition)));
}

function isFresh(
  op: 'freshness_passed' | 'freshness_warned' | 'freshness_failed',
  entity: Entity,
  view: AutomationView,
): boolean {
  const policy = entity.asset.manifest.freshnessPolicy;
  if (policy === null) return false;
  const made = view.factsOf(entity).lastMaterialization?.timestamp ?? null;
  const wanted = { freshness_passed: 'PASS', freshness_warned: 'WARN', freshness_failed: 'FAIL' } as const;
  return freshnessState(policy, made, view.facts.now) === wanted[op];
}

function hasTags(tags: unknown): (run: RunFacts) => boolean {
  const wanted = Object.entries((tags ?? {}) as Tags);
  return (run) => wanted.every(([key, value]) => run.tags[key] === value);
}

function lastTick(cron: string, timezone: string, now: number): number | null {
  for (const tick of ticksBackFrom(cron, timezone, now)) return tick;
  return null;
}
