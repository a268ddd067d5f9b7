import { isJobKey, locationOf } from '../engine/automation/job-node';
import type { AssetKey } from '../model/asset-key';
import type { Backfill } from '../model/backfill';
import type { NewEvent } from '../model/event';
import { INSTANCE_NAMESPACE } from '../model/instance-pause';
import { CODE_LOCATION_NAMESPACE } from '../model/pushed-code-location';
import type { Run } from '../model/run';
import type { RunFilter } from '../ports/run-storage';
import type { RunWindowFilter } from '../ports/run-timeline-storage';
import type { Storage } from '../ports/storage';
import { refusedMethods } from './refused-methods';
import { requireWrite, type Scope } from './scope';
import type { AssetOwners } from './scope-assets';

/** Runs that the tags of a limited caller are read from. */
const TAGGED_RUNS = 1_000;

/**
 * Storage as a limited caller may use it. Every method of storage is listed, here or as the engine's: rows of locations
 * that the caller does not see are not there, those without the needed role are refused by name and left out of lists,
 * and what concerns the deployment as a whole, or is the engine's, is refused.
 */
export function scopeStorage(storage: Storage, scope: Scope, owners: AssetOwners): Storage {
  const locations = scope.reach === 'everywhere' ? undefined : [...scope.reach];
  const known = new Map<string, string>();

  const notHere = (what: string) => async (): Promise<never> => {
    throw scope.refusal(`the deployment as a whole (${what})`);
  };
  const within = (filter: RunFilter): RunFilter => {
    if (locations === undefined) return filter;
    const wanted = filter.location === undefined ? locations : locations.filter((n) => n === filter.location);
    const also = filter.locations;
    return { ...filter, locations: also === undefined ? wanted : wanted.filter((n) => also.includes(n)) };
  };
  const withinWindow = (filter: RunWindowFilter): RunWindowFilter => ({
    ...filter,
    locations: within({ locations: filter.locations }).locations,
  });

  /** Whether a run is there; one that is seen only is refused. */
  async function mayReadRun(runId: string): Promise<boolean> {
    const location = known.get(runId) ?? (await storage.getRun(runId))?.location;
    if (location === undefined || !scope.sees(location)) return false;
    known.set(runId, location);
    if (!scope.reaches(location)) throw scope.refusal(`code location '${location}'`);
    return true;
  }
  async function ofRun<T>(runId: string, otherwise: T, read: () => Promise<T>): Promise<T> {
    return (await mayReadRun(runId)) ? read() : otherwise;
  }
  async function ownRuns(runIds: readonly string[]): Promise<readonly string[]> {
    const own = await storage.listRuns({ filter: within({ runIds }), limit: Math.max(1, runIds.length) });
    return own.map(({ runId }) => runId);
  }
  async function changeRun<T>(runId: string, otherwise: T, change: () => Promise<T>): Promise<T> {
    if (!(await mayReadRun(runId))) return otherwise;
    requireWrite(scope, known.get(runId) ?? '');
    return change();
  }
  const isOwn = ({ location }: { readonly location: string }): boolean => scope.reaches(location);

  const isOwnBackfill = (backfill: Backfill): boolean => backfill.locations.every(scope.reaches);
  async function findBackfill(backfillId: string): Promise<Backfill | undefined> {
    const [found] = await storage.listBackfills({ backfillIds: [backfillId], limit: 1 });
    if (found === undefined || !found.locations.every(scope.sees)) return undefined;
    if (!isOwnBackfill(found)) throw scope.refusal(`code locations ${found.locations.join(', ')}`);
    return found;
  }
  async function ofBackfill<T>(backfillId: string, otherwise: T, read: () => Promise<T>): Promise<T> {
    return (await findBackfill(backfillId)) === undefined ? otherwise : read();
  }
  async function changeBackfill<T>(backfillId: string, otherwise: T, change: () => Promise<T>): Promise<T> {
    const found = await findBackfill(backfillId);
    if (found === undefined) return otherwise;
    for (const location of found.locations) requireWrite(scope, location);
    return change();
  }

  const mayReadAsset = async (key: AssetKey): Promise<boolean> =>
    (await owners.definedIn(key)).some(scope.reaches);
  /** What has a condition: an asset, a check of one, or a job. */
  const mayReadEvaluated = async (key: string): Promise<boolean> =>
    isJobKey(key) ? scope.reaches(locationOf(key)) : mayReadAsset(key.split(':', 1)[0] ?? key);
  async function ownKeys(keys: readonly AssetKey[]): Promise<readonly AssetKey[]> {
    const own = await Promise.all(keys.map(mayReadAsset));
    return keys.filter((_, i) => own[i]);
  }
  async function requireAsset(key: AssetKey): Promise<void> {
    const owning = await owners.ownedBy(key);
    if (owning.length === 0) throw scope.refusal(`the deployment as a whole (asset '${key}' is in no code)`);
    for (const location of owning) requireWrite(scope, location);
  }

  return {
    close: () => storage.close(),

    // Runs.
    async createRuns(runs) {
      for (const { location } of runs) requireWrite(scope, location);
      return storage.createRuns(runs);
    },
    cancelRun: (runId, options) => changeRun(runId, 'not-found', () => storage.cancelRun(runId, options)),
    finalizeAttempt: (runId, attempt, decision) =>
      changeRun(runId, 'not-found', () => storage.finalizeAttempt(runId, attempt, decision)),
    addRunTags: (runId, tags) => changeRun(runId, false, () => storage.addRunTags(runId, tags)),
    async getRun(runId) {
      const run = await storage.getRun(runId);
      if (run !== undefined) known.set(runId, run.location);
      return (await mayReadRun(runId)) ? run : undefined;
    },
    runPlans: async (runIds) => storage.runPlans(await ownRuns(runIds)),
    getRunPlan: (runId) => ofRun(runId, undefined, () => storage.getRunPlan(runId)),
    listRuns: async (query) => storage.listRuns({ ...query, filter: within(query.filter) }),
    runsByTag: (query) =>
      storage.runsByTag({ ...query, locations: within({ locations: query.locations }).locations }),
    countRuns: async (filter, cap) => storage.countRuns(within(filter), cap),
    runTimeline: (query) => storage.runTimeline({ ...query, filter: withinWindow(query.filter) }),
    windowRuns: (query) => storage.windowRuns({ ...query, filter: withinWindow(query.filter) }),
    latestRunsByJob: async (perJob) => (await storage.latestRunsByJob(perJob)).filter(isOwn),
    async runTagKeys() {
      return [...new Set((await newestRuns()).flatMap(({ tags }) => Object.keys(tags)))].sort();
    },
    async runTagValues({ keys, prefix, limit }) {
      const tags = (await newestRuns()).flatMap((run) => Object.entries(run.tags));
      const wanted = keys ?? [...new Set(tags.map(([key]) => key))].sort();
      return wanted.map((key) => {
        const values = tags.filter((tag) => tag[0] === key && tag[1].startsWith(prefix));
        return { key, values: [...new Set(values.map(([, value]) => value))].sort().slice(0, limit) };
      });
    },
    async deleteRuns(runIds) {
      const deletable: string[] = [];
      for (const runId of runIds) {
        if (await changeRun(runId, false, async () => true)) deletable.push(runId);
      }
      return storage.deleteRuns(deletable);
    },
    async runWaits(runIds, maxRetries, granularity) {
      return storage.runWaits(await ownRuns(runIds), maxRetries, granularity);
    },
    queuePlaces: async (runIds) => storage.queuePlaces(await ownRuns(runIds)),
    runEvents: (query) => ofRun(query.runId, [], () => storage.runEvents(query)),
    stepStatsOfRuns: async (runIds) => storage.stepStatsOfRuns(await ownRuns(runIds)),
    stepStats: (runId) => ofRun(runId, [], () => storage.stepStats(runId)),
    async appendSystemEvents(runId, events) {
      if (runId !== null) return changeRun(runId, undefined, () => storage.appendSystemEvents(runId, events));
      for (const event of events) await requireAsset(assetOf(event));
      return storage.appendSystemEvents(runId, events);
    },

    // Backfills.
    async createBackfill(backfill) {
      for (const location of [backfill.location, ...backfill.locations]) requireWrite(scope, location);
      return storage.createBackfill(backfill);
    },
    async listBackfills(query) {
      const own: Backfill[] = [];
      let { cursor } = query;
      for (;;) {
        const page = await storage.listBackfills({ ...query, cursor });
        own.push(...page.filter(isOwnBackfill));
        cursor = page.at(-1)?.backfillId;
        if (own.length >= query.limit || page.length < query.limit) return own.slice(0, query.limit);
      }
    },
    async targetsOfBackfills(backfillIds) {
      const limit = Math.max(1, backfillIds.length);
      const own = (await storage.listBackfills({ backfillIds, limit })).filter(isOwnBackfill);
      return storage.targetsOfBackfills(own.map(({ backfillId }) => backfillId));
    },
    backfillTargets: (id) => ofBackfill(id, [], () => storage.backfillTargets(id)),
    isBackfillRunning: (id) => ofBackfill(id, false, () => storage.isBackfillRunning(id)),
    backfillEvents: (id, after, limit) => ofBackfill(id, [], () => storage.backfillEvents(id, after, limit)),
    changeBackfill: (id, change) => changeBackfill(id, undefined, () => storage.changeBackfill(id, change)),
    cancelBackfillRuns: (id, limit, cause) =>
      changeBackfill(id, 0, () => storage.cancelBackfillRuns(id, limit, cause)),

    // Schedules and sensors.
    instigatorStates: async () =>
      (await storage.instigatorStates()).filter(({ instigator }) => isOwn(instigator)),
    async setInstigatorStatus(id, status, now) {
      requireWrite(scope, id.location);
      return storage.setInstigatorStatus(id, status, now);
    },
    async setSensorCursor(id, cursor) {
      requireWrite(scope, id.location);
      return storage.setSensorCursor(id, cursor);
    },
    latestTicks: async (perInstigator) =>
      (await storage.latestTicks(perInstigator)).filter(({ instigator }) => isOwn(instigator)),
    listTicks: async (query) => (isOwn(query.instigator) ? storage.listTicks(query) : []),
    expectedTicks: (query) => storage.expectedTicks({ ...query, schedules: query.schedules.filter(isOwn) }),
    expectedSchedules: async () => (await storage.expectedSchedules()).filter(isOwn),
    overdueTicks: async (now, limit) => (await storage.overdueTicks(now, limit)).filter(isOwn),
    async receiveSensorEvent(event) {
      requireWrite(scope, event.location);
      return storage.receiveSensorEvent(event);
    },
    pendingSensorEvents: async () => (await storage.pendingSensorEvents()).filter(isOwn),
    async listSensorEvents(query) {
      if (!scope.reaches(query.location)) throw scope.refusal(`code location '${query.location}'`);
      return storage.listSensorEvents(query);
    },
    async replaySensorEvents(id, eventIds, now) {
      requireWrite(scope, id.location);
      return storage.replaySensorEvents(id, eventIds, now);
    },

    // Assets.
    assetRecords: async (keys) => storage.assetRecords(await ownKeys(keys ?? (await owners.keys()))),
    assetStates: async (keys) => storage.assetStates(await ownKeys(keys ?? (await owners.keys()))),
    assetVersions: async (keys) => storage.assetVersions(await ownKeys(keys ?? (await owners.keys()))),
    assetHistory: async (key, limit) => ((await mayReadAsset(key)) ? storage.assetHistory(key, limit) : []),
    newestAssetEvents: async (query) =>
      storage.newestAssetEvents({ ...query, keys: await ownKeys(query.keys) }),
    assetEvents: async (query) => ((await mayReadAsset(query.key)) ? storage.assetEvents(query) : []),
    latestMaterializations: async (key, partitions) =>
      (await mayReadAsset(key)) ? storage.latestMaterializations(key, partitions) : [],
    partitionStates: async (keys) => storage.partitionStates(await ownKeys(keys)),
    checkRecords: async (keys) => storage.checkRecords(await ownKeys(keys)),
    checkHistory: async (key, limit, before, partition) =>
      (await mayReadAsset(key.asset)) ? storage.checkHistory(key, limit, before, partition) : [],
    freshnessRecords: async (keys) => storage.freshnessRecords(await ownKeys(keys)),
    dynamicPartitionKeys: async (location, name) =>
      scope.sees(location) ? storage.dynamicPartitionKeys(location, name) : [],
    dynamicPartitions: async (definitions) =>
      storage.dynamicPartitions(definitions.filter(({ location }) => scope.sees(location))),
    async changeDynamicPartitions(location, kind, name, keys) {
      requireWrite(scope, location);
      return storage.changeDynamicPartitions(location, kind, name, keys);
    },
    async wipeAsset(key, partitions) {
      await requireAsset(key);
      return storage.wipeAsset(key, partitions);
    },
    automationStates: async (location) => (scope.reaches(location) ? storage.automationStates(location) : []),
    async automationEvaluations(query) {
      const found = await storage.automationEvaluations(query);
      const own = await Promise.all(found.map(({ key }) => mayReadEvaluated(key)));
      return found.filter((_, i) => own[i]);
    },

    // The deployment as a whole.
    // Whether it is paused is for everybody; what was pushed for a code location, for who sees it.
    async getValue(namespace, key) {
      if (namespace === CODE_LOCATION_NAMESPACE && !scope.sees(key)) return undefined;
      if (namespace === CODE_LOCATION_NAMESPACE || namespace === INSTANCE_NAMESPACE)
        return storage.getValue(namespace, key);
      return notHere('its values')();
    },
    async listValues(namespace) {
      if (namespace !== CODE_LOCATION_NAMESPACE) return notHere('its values')();
      return (await storage.listValues(namespace)).filter(({ key }) => scope.sees(key));
    },
    putValue: notHere('its values'),
    async insertValue(namespace, key, value) {
      if (namespace !== CODE_LOCATION_NAMESPACE) return notHere('its values')();
      requireWrite(scope, key);
      return storage.insertValue(namespace, key, value);
    },
    async replaceValue(namespace, key, expected, value) {
      if (namespace !== CODE_LOCATION_NAMESPACE) return notHere('its values')();
      requireWrite(scope, key);
      return storage.replaceValue(namespace, key, expected, value);
    },
    deleteValue: notHere('its values'),
    poolStates: notHere('pools'),
    setPoolLimit: notHere('pools'),
    freePoolSlots: notHere('pools'),
    appendAudit: notHere('the audit log'),
    listAudit: notHere('the audit log'),
    upkeepDueAt: notHere('upkeep'),
    findLateAttempts: notHere('late attempts'),

    ...refusedMethods(notHere('the engine')),
  };

  function newestRuns(): Promise<readonly Run[]> {
    return storage.listRuns({ filter: within({}), limit: TAGGED_RUNS });
  }
}

/** The asset that an event is about. */
function assetOf(event: NewEvent): AssetKey {
  const { asset } = event.data as { readonly asset?: AssetKey };
  return event.assetKey ?? asset ?? '';
}
