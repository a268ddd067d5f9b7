import { isObservable } from '../../model/asset-execution';
import type { TickContext } from '../../model/automation-state';
import { type AssetUpdateFact, lastUpdate, type RunFacts } from './automation-facts';
import type { AutomationView, Entity } from './automation-view';
import { isJobKey } from './job-node';
import { EMPTY, intersection, type Subset, subsetOf, UNPARTITIONED, WHOLE } from './subset';
import type { Timing } from './timing';

/** More updated partitions than this are taken to have been updated just now, as Dagster does. */
const MAX_TIMED_PARTITIONS = 100;

/** Where a leaf is true, and since when. */
export interface LeafResult {
  readonly truth: Subset;
  readonly timing: Timing | null;
}

export const NOWHERE: LeafResult = { truth: EMPTY, timing: null };

/** Where an entity was updated since it was last looked at: made, evaluated, succeeded, or observed to have changed. */
export function newlyUpdated(entity: Entity, previous: TickContext, view: AutomationView): LeafResult {
  if (entity.check !== null) {
    const found = view.facts.checks.get(entity.id);
    const isNew = found !== undefined && found.status !== 'IN_PROGRESS' && found.timestamp >= previous.time;
    return { truth: isNew ? WHOLE : EMPTY, timing: null };
  }
  if (isJobKey(entity.asset.key)) return newlySucceeded(entity, previous, view);
  // To observe an asset is no update of it, unless its data version is another one than before.
  const latest = isObservable(entity.asset.manifest)
    ? changedUpdates(entity, previous, view)
    : latestUpdates(entity, previous, view);
  const truth = subsetOf(latest.keys());
  if (truth.size === 0) return NOWHERE;
  if (entity.partitions === null) {
    const made = lastUpdate(view.factsOf(entity));
    return { truth, timing: made === null ? null : new Map([[made.timestamp, truth]]) };
  }
  if (truth.size > MAX_TIMED_PARTITIONS) return { truth, timing: new Map([[view.facts.now, truth]]) };
  return { truth, timing: byTime([...latest].map(([partition, { timestamp }]) => [partition, timestamp])) };
}

function newlySucceeded(entity: Entity, previous: TickContext, view: AutomationView): LeafResult {
  const whole = view.whole(entity);
  const ended = [...(view.factsOf(entity).lastSuccesses ?? [])].filter(
    ([partition, at]) => at >= previous.time && whole.has(partition),
  );
  return ended.length === 0
    ? NOWHERE
    : { truth: subsetOf(ended.map(([partition]) => partition)), timing: byTime(ended) };
}

function byTime(partitions: readonly (readonly [partition: string, at: number])[]): Timing {
  const timing = new Map<number, Set<string>>();
  for (const [partition, at] of partitions) timing.set(at, (timing.get(at) ?? new Set()).add(partition));
  return timing;
}

/** The latest update of each partition that exists, as far as the condition has not seen it. */
function latestUpdates(
  entity: Entity,
  { eventId }: TickContext,
  view: AutomationView,
): ReadonlyMap<string, AssetUpdateFact> {
  const { updates } = view.factsOf(entity);
  const latest = new Map<string, AssetUpdateFact>();
  if (updates.length === 0) return latest;
  const whole = view.whole(entity);
  for (const update of updates) {
    const partition = update.partition ?? UNPARTITIONED;
    if (update.storageId > eventId && whole.has(partition)) latest.set(partition, update);
  }
  return latest;
}

/** Where any, or all, of the updates since the last look were made by runs that pass. */
export function byNewUpdates(
  entity: Entity,
  { previous, view }: { readonly previous: TickContext | null; readonly view: AutomationView },
  isAny: boolean,
  passes: (run: RunFacts) => boolean,
): Subset {
  if (previous === null) return EMPTY;
  const made = view.factsOf(entity).updates.filter(({ storageId }) => storageId > previous.eventId);
  const byPartition = Map.groupBy(made, ({ partition }) => partition ?? UNPARTITIONED);
  const matches = ({ runId }: AssetUpdateFact): boolean => {
    const run = runId === null ? undefined : view.facts.runs.get(runId);
    return run !== undefined && passes(run);
  };
  const passing = [...byPartition].filter(([, updates]) =>
    isAny ? updates.some(matches) : updates.every(matches),
  );
  return intersection(subsetOf(passing.map(([partition]) => partition)), view.whole(entity));
}

/** Where the data version is another one than at the last look. */
export const dataVersionChanged = (entity: Entity, previous: TickContext, view: AutomationView): Subset =>
  subsetOf(changedUpdates(entity, previous, view).keys());

/** Of the latest updates those that came with another data version than what was there before the first of them. */
function changedUpdates(
  entity: Entity,
  previous: TickContext,
  view: AutomationView,
): ReadonlyMap<string, AssetUpdateFact> {
  const first = new Map<string, string | null>();
  for (const update of view.factsOf(entity).updates) {
    const partition = update.partition ?? UNPARTITIONED;
    if (update.storageId > previous.eventId && !first.has(partition)) {
      first.set(partition, update.previousVersion);
    }
  }
  const changed = [...latestUpdates(entity, previous, view)].filter(
    ([partition, { version }]) => version !== first.get(partition),
  );
  return new Map(changed);
}
