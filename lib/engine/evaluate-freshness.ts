import type { AssetKey } from '../model/asset-key';
import type { CodeLocation } from '../model/code-location';
import { freshnessHeldSince, freshnessState, nextFreshnessChange } from '../model/freshness';
import type { FreshnessPolicySpec, Manifest } from '../model/manifest';
import type { FreshnessRecord } from '../ports/automation-storage';
import type { Instance } from '../ports/instance';

type Policies = ReadonlyMap<AssetKey, FreshnessPolicySpec>;

/**
 * Announces every change of freshness since the last time: what became old, and what was made anew.
 *
 * @returns how many assets changed
 */
export async function evaluateFreshness({
  storage,
  codeLocations,
  clock,
}: Pick<Instance, 'storage' | 'codeLocations' | 'clock'>): Promise<number> {
  const policies = policiesOf((await codeLocations.list()).flatMap(({ manifest }) => manifest ?? []));
  if (policies.size === 0) return 0;
  const now = clock.now();
  const changes = (await storage.freshnessRecords([...policies.keys()])).flatMap((record) => {
    const state = stateOf(record, policies, now);
    return state === record.state ? [] : [{ key: record.key, state, previousState: record.state, at: now }];
  });
  return storage.recordFreshness(changes);
}

export interface FreshnessDue {
  /** The earliest instant at which the freshness of an asset changes by itself, epoch ms; null = never. */
  readonly at: number | null;
  /** Whether any change is still to be announced. */
  readonly isOverdue: boolean;
}

/** When freshness has to be looked at. Asks storage only if any asset has a policy. */
export async function freshnessDue(
  storage: Pick<Instance['storage'], 'freshnessRecords'>,
  manifests: readonly Manifest[],
  now: number,
): Promise<FreshnessDue> {
  const policies = policiesOf(manifests);
  if (policies.size === 0) return { at: null, isOverdue: false };
  let at: number | null = null;
  let isOverdue = false;
  for (const record of await storage.freshnessRecords([...policies.keys()])) {
    isOverdue ||= stateOf(record, policies, now) !== record.state;
    const policy = policies.get(record.key);
    const next = policy === undefined ? null : nextFreshnessChange(policy, record.materializedAt, now);
    if (next !== null && (at === null || next < at)) at = next;
  }
  return { at, isOverdue };
}

/** Changes that should have been announced longer ago than `margin` ms, in words. */
export async function overdueFreshness(
  storage: Pick<Instance['storage'], 'freshnessRecords'>,
  locations: readonly CodeLocation[],
  now: number,
  margin: number,
): Promise<readonly string[]> {
  const policies = policiesOf(locations.flatMap(({ manifest }) => manifest ?? []));
  if (policies.size === 0) return [];
  // Before that there may have been other policies.
  const definedAt = Math.max(...locations.map(({ updatedAt }) => updatedAt));
  return (await storage.freshnessRecords([...policies.keys()])).flatMap((record) => {
    const policy = policies.get(record.key);
    const state = stateOf(record, policies, now);
    if (policy === undefined || state === record.state) return [];
    const since = Math.max(freshnessHeldSince(policy, record.materializedAt, now) ?? definedAt, definedAt);
    if (now - since <= margin) return [];
    return [
      `the freshness of '${record.key}' is ${state} since ${new Date(since).toISOString()} and not announced`,
    ];
  });
}

function stateOf({ key, materializedAt, state }: FreshnessRecord, policies: Policies, now: number) {
  const policy = policies.get(key);
  return policy === undefined ? state : freshnessState(policy, materializedAt, now);
}

function policiesOf(manifests: readonly Manifest[]): Policies {
  const found = new Map<AssetKey, FreshnessPolicySpec>();
  for (const { assets } of manifests) {
    for (const { key, freshnessPolicy } of assets) {
      if (freshnessPolicy !== null && !found.has(key)) found.set(key, freshnessPolicy);
    }
  }
  return found;
}
