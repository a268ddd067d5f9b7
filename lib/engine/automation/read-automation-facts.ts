import { checkId } from '../../model/asset-check';
import { isObservable } from '../../model/asset-execution';
import type { AssetKey } from '../../model/asset-key';
import { type DynamicPartitionKeys, dynamicNames } from '../../model/partitions';
import type { AutomationJobPartition, AutomationUpdate } from '../../ports/automation-storage';
import type { Instance } from '../../ports/instance';
import { type AssetFacts, type AutomationFacts, NO_FACTS } from './automation-facts';
import type { AutomationGraph } from './automation-graph';
import { conditionInputs } from './condition-inputs';
import { isJobKey, jobKey, jobNameOf, locationOf } from './job-node';
import { UNPARTITIONED } from './subset';

/** More updates than this are seen by several ticks, oldest first. */
const MAX_UPDATES = 50_000;

export interface FactsQuery {
  readonly graph: AutomationGraph;
  /** Assets whose conditions are to be evaluated, and ids of such checks. */
  readonly keys: readonly string[];
  /** Position of the log up to which an asset's condition has seen everything; null = it never did. */
  seenThrough(key: string): number | null;
}

/** Reads all that one tick is decided from, in a few statements however many assets there are. */
export async function readAutomationFacts(
  { storage, clock }: Pick<Instance, 'storage' | 'clock'>,
  { graph, keys, seenThrough }: FactsQuery,
): Promise<AutomationFacts> {
  const inputs = conditionInputs(graph, keys);
  const all = [...inputs.keys];
  const partitioned = all.filter((key) => (graph.assets.get(key)?.manifest.partitions ?? null) !== null);
  const observable = all.filter((key) => {
    const manifest = graph.assets.get(key)?.manifest;
    return manifest !== undefined && isObservable(manifest);
  });
  const safe = await storage.safeStorageId();
  const now = clock.now();
  const [rows, pages, checks, dynamicKeys] = await Promise.all([
    storage.automationAssets({ keys: all, partitioned, failures: [...inputs.failures], observable }),
    Promise.all(
      [...Map.groupBy(keys, seenThrough)].map(async ([after, roots]) => {
        if (after === null || after >= safe) return [];
        const isAll = roots.length === keys.length;
        const asked = isAll ? all : [...conditionInputs(graph, roots).keys];
        return storage.automationUpdates({
          keys: asked,
          after,
          through: safe,
          limit: MAX_UPDATES,
          observable,
        });
      }),
    ),
    inputs.checked.size === 0 ? [] : storage.checkRecords([...inputs.checked]),
    readDynamicKeys(storage, graph, all),
  ]);
  const throughId = pages.reduce(
    (through, page) =>
      page.length < MAX_UPDATES ? through : Math.min(through, page.at(-1)?.storageId ?? through),
    safe,
  );
  const updates = Map.groupBy(distinct(pages.flat(), throughId), ({ key }) => key);
  const runIds = new Set<string>();
  for (const update of updates.values())
    for (const { runId } of update) if (runId !== null) runIds.add(runId);
  if (inputs.needsLatestRuns) {
    for (const { lastMaterialization, lastObservation } of rows) {
      for (const last of [lastMaterialization, lastObservation])
        if (last?.runId != null) runIds.add(last.runId);
    }
    for (const { runId } of checks) if (runId !== '') runIds.add(runId);
  }
  const [runs, jobs] = await Promise.all([
    storage.automationRuns([...runIds]),
    readJobs(storage, graph, keys.filter(isJobKey)),
  ]);
  return {
    now,
    throughId,
    assets: new Map([
      ...jobs,
      ...rows.map((row): [AssetKey, AssetFacts] => [
        row.key,
        {
          ...row,
          materialized: new Set(row.materialized),
          partitionsInRuns: new Set(row.partitionsInRuns),
          partitionsInBackfills: new Set(row.partitionsInBackfills),
          partitionsFailed: new Set(row.partitionsFailed),
          updates: updates.get(row.key) ?? [],
        },
      ]),
    ]),
    checks: new Map(checks.map((record) => [checkId(record.check), record])),
    runs: new Map(runs.map(({ runId, tags, assets }) => [runId, { tags, assets: new Set(assets) }])),
    dynamicKeys,
  };
}

/** Pages of several ranges may overlap. */
function distinct(updates: readonly AutomationUpdate[], throughId: number): AutomationUpdate[] {
  const byId = new Map<number, AutomationUpdate>();
  for (const update of updates) if (update.storageId <= throughId) byId.set(update.storageId, update);
  return [...byId.values()].sort((a, b) => a.storageId - b.storageId);
}

async function readDynamicKeys(
  storage: Pick<Instance['storage'], 'dynamicPartitionKeys'>,
  graph: AutomationGraph,
  keys: readonly AssetKey[],
): Promise<ReadonlyMap<string, DynamicPartitionKeys>> {
  const names = new Map<string, Set<string>>();
  for (const key of keys) {
    const asset = graph.assets.get(key);
    for (const name of dynamicNames(asset?.manifest.partitions ?? null)) {
      const location = asset?.location ?? '';
      names.set(location, (names.get(location) ?? new Set()).add(name));
    }
  }
  const read = async (location: string, wanted: ReadonlySet<string>) => {
    const entries = [...wanted].map(
      async (name) => [name, await storage.dynamicPartitionKeys(location, name)] as const,
    );
    return [location, Object.fromEntries(await Promise.all(entries))] as const;
  };
  return new Map(await Promise.all([...names].map(([location, wanted]) => read(location, wanted))));
}

/** Runs of a job among which its latest success is looked for. */
const RECENT_RUNS = 10;

type JobFacts = readonly (readonly [string, AssetFacts])[];
type JobStorage = Pick<Instance['storage'], 'latestRunsByJob' | 'automationJobPartitions'>;

/** Jobs by their latest runs: one, or a partition of it, is missing while it has none, and updated by one that succeeds. */
async function readJobs(
  storage: JobStorage,
  graph: AutomationGraph,
  keys: readonly string[],
): Promise<JobFacts> {
  const isPartitioned = (key: string) => (graph.assets.get(key)?.manifest.partitions ?? null) !== null;
  const [partitioned, whole] = await Promise.all([
    readPartitionedJobs(storage, keys.filter(isPartitioned)),
    readWholeJobs(
      storage,
      keys.filter((key) => graph.assets.has(key) && !isPartitioned(key)),
    ),
  ]);
  return [...partitioned, ...whole];
}

async function readWholeJobs(storage: JobStorage, keys: readonly string[]): Promise<JobFacts> {
  if (keys.length === 0) return [];
  const latest = await storage.latestRunsByJob(RECENT_RUNS);
  const byJob = Map.groupBy(latest, ({ location, jobName }) => jobKey(location, jobName));
  return keys.flatMap((key) => {
    const recent = byJob.get(key) ?? [];
    const [run] = recent.toSorted((a, b) => b.createdAt - a.createdAt);
    if (run === undefined) return [];
    const { runId, createdAt, endedAt, status } = run;
    const successes = recent.flatMap((each) => (each.status === 'SUCCESS' ? [each.endedAt ?? 0] : []));
    const facts: AssetFacts = {
      ...NO_FACTS,
      lastMaterialization: { storageId: 0, timestamp: createdAt, partition: null, runId },
      runInProgress: endedAt === null,
      executionFailed: status === 'FAILURE',
      ...(successes.length === 0
        ? {}
        : { lastSuccesses: new Map([[UNPARTITIONED, Math.max(...successes)]]) }),
    };
    return [[key, facts] as const];
  });
}

async function readPartitionedJobs(storage: JobStorage, keys: readonly string[]): Promise<JobFacts> {
  if (keys.length === 0) return [];
  const rows = await storage.automationJobPartitions(
    keys.map((key) => ({ location: locationOf(key), jobName: jobNameOf(key) })),
  );
  const byJob = Map.groupBy(rows, ({ location, jobName }) => jobKey(location, jobName));
  return [...byJob].map(([key, partitions]) => {
    const where = (passes: (row: AutomationJobPartition) => boolean) =>
      new Set(partitions.filter(passes).map(({ partition }) => partition));
    const facts: AssetFacts = {
      ...NO_FACTS,
      materialized: where(() => true),
      partitionsInRuns: where(({ endedAt }) => endedAt === null),
      partitionsFailed: where(({ status }) => status === 'FAILURE'),
      lastSuccesses: new Map(
        partitions.flatMap(({ partition, lastSuccessAt }) =>
          lastSuccessAt === null ? [] : [[partition, lastSuccessAt] as const],
        ),
      ),
    };
    return [key, facts] as const;
  });
}
