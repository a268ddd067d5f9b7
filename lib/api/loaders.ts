import { instigatorKey } from '../engine/ticks/next-wake-up';
import type { AssetKey } from '../model/asset-key';
import type { StoredEvent } from '../model/event';
import type { ExecutionPlan } from '../model/execution-plan';
import type { ExpectedTick } from '../model/expected-tick';
import type { Run } from '../model/run';
import type { InstigatorId, InstigatorState, Tick } from '../model/tick';
import type { AssetRecord, AssetVersions, CheckRecord, PartitionState } from '../ports/asset-storage';
import type { BackfillTargets } from '../ports/backfill-storage';
import type { StepStats } from '../ports/event-log-storage';
import type { RunsByTag } from '../ports/run-storage';
import type { Storage } from '../ports/storage';
import { type ArgumentsLoader, argumentsLoader, type BatchLoader, batchLoader } from './batch-loader';

/** Which of a schedule's expected or missed ticks. */
export type ExpectedTicksPage = Omit<Parameters<Storage['expectedTicks']>[0], 'schedules'>;

/** Which of an asset's newest events. */
export type NewestEvents = Omit<Parameters<Storage['newestAssetEvents']>[0], 'keys'>;

/** Rows by key, each kind in one statement a request however many resolvers ask. */
export interface Loaders {
  readonly run: BatchLoader<string, Run | undefined>;
  /** Newest runs of a value of a tag. */
  readonly runsByTag: ArgumentsLoader<string, Omit<RunsByTag, 'values'>, readonly Run[]>;
  readonly assetRecord: BatchLoader<AssetKey, AssetRecord | undefined>;
  readonly assetVersions: BatchLoader<AssetKey, AssetVersions | undefined>;
  /** Newest events of an asset. */
  readonly assetEvents: ArgumentsLoader<AssetKey, NewestEvents, readonly StoredEvent[]>;
  readonly checks: BatchLoader<AssetKey, readonly CheckRecord[]>;
  readonly partitionStates: BatchLoader<AssetKey, readonly PartitionState[]>;
  /** Of a run. */
  readonly stepStats: BatchLoader<string, readonly StepStats[]>;
  /** Of a run, as far as it is kept. */
  readonly runPlan: BatchLoader<string, ExecutionPlan | undefined>;
  readonly backfillTargets: BatchLoader<string, readonly BackfillTargets[]>;
  /** Of one dynamic partitions definition, which many assets may share. */
  readonly dynamicPartitionKeys: (location: string, name: string) => Promise<readonly string[]>;
  readonly instigatorState: (id: InstigatorId) => Promise<InstigatorState | undefined>;
  /** Newest ticks of a schedule or sensor. */
  readonly latestTicks: (id: InstigatorId) => Promise<readonly Tick[]>;
  /** Of a schedule; schedules that are asked alike are asked together. */
  readonly expectedTicks: ArgumentsLoader<InstigatorId, ExpectedTicksPage, readonly ExpectedTick[]>;
  /** Newest runs of a job of a location. */
  readonly latestRuns: (location: string, job: string) => Promise<readonly Run[]>;
}

/** Runs that a job's row shows at most; asking for more makes a query of its own. */
export const LATEST_RUNS_PER_JOB = 50;

/** The same for the ticks of a schedule or sensor. */
export const LATEST_TICKS_PER_INSTIGATOR = 25;

export function createLoaders(storage: Storage): Loaders {
  const states = once(
    async () => new Map((await storage.instigatorStates()).map((s) => [instigatorKey(s.instigator), s])),
  );
  const ticks = once(async () =>
    Map.groupBy(await storage.latestTicks(LATEST_TICKS_PER_INSTIGATOR), (tick) =>
      instigatorKey(tick.instigator),
    ),
  );
  const latest = once(async () =>
    Map.groupBy(
      await storage.latestRunsByJob(LATEST_RUNS_PER_JOB),
      (run) => `${run.location}\0${run.jobName}`,
    ),
  );
  const dynamicKeys = batchLoader(async (definitions: readonly DynamicPartitions[]) => {
    const byId = new Map(
      (await storage.dynamicPartitions(definitions)).map((found) => [definitionKey(found), found.keys]),
    );
    return definitions.map((each) => byId.get(definitionKey(each)) ?? []);
  }, definitionKey);
  return {
    dynamicPartitionKeys: (location, name) => dynamicKeys.load({ location, name }),
    run: batchLoader(async (ids) => {
      const runs = await storage.listRuns({ filter: { runIds: ids }, limit: ids.length });
      const byId = new Map(runs.map((run) => [run.runId, run]));
      return ids.map((id) => byId.get(id));
    }),
    runsByTag: argumentsLoader(async (values, args) => {
      const byValue = Map.groupBy(
        await storage.runsByTag({ ...args, values }),
        (run) => run.tags[args.key] ?? '',
      );
      return values.map((value) => byValue.get(value) ?? []);
    }),
    assetRecord: batchLoader(async (keys) => {
      const byKey = new Map((await storage.assetRecords(keys)).map((record) => [record.key, record]));
      return keys.map((key) => byKey.get(key));
    }),
    assetVersions: batchLoader(async (keys) => {
      const byKey = new Map((await storage.assetVersions(keys)).map((found) => [found.key, found]));
      return keys.map((key) => byKey.get(key));
    }),
    assetEvents: argumentsLoader(async (keys, args) => {
      const byKey = Map.groupBy(
        await storage.newestAssetEvents({ ...args, keys }),
        ({ assetKey }) => assetKey,
      );
      return keys.map((key) => byKey.get(key) ?? []);
    }),
    checks: batchLoader(async (keys) => {
      const byKey = Map.groupBy(await storage.checkRecords(keys), (record) => record.check.asset);
      return keys.map((key) => byKey.get(key) ?? []);
    }),
    partitionStates: batchLoader(async (keys) => {
      const byKey = Map.groupBy(await storage.partitionStates(keys), (state) => state.key);
      return keys.map((key) => byKey.get(key) ?? []);
    }),
    stepStats: batchLoader(async (ids) => {
      const byRun = Map.groupBy(await storage.stepStatsOfRuns(ids), ({ runId }) => runId);
      return ids.map((id) => byRun.get(id) ?? []);
    }),
    backfillTargets: batchLoader(async (ids) => {
      const byBackfill = Map.groupBy(await storage.targetsOfBackfills(ids), ({ backfillId }) => backfillId);
      return ids.map((id) => byBackfill.get(id) ?? []);
    }),
    runPlan: batchLoader(async (ids) => {
      const byRun = new Map((await storage.runPlans(ids)).map(({ runId, plan }) => [runId, plan]));
      return ids.map((id) => byRun.get(id));
    }),
    instigatorState: async (id) => (await states()).get(instigatorKey(id)),
    latestTicks: async (id) => (await ticks()).get(instigatorKey(id)) ?? [],
    expectedTicks: argumentsLoader(async (schedules, page) => {
      const found = await storage.expectedTicks({ schedules, ...page });
      const byKey = Map.groupBy(found, ({ instigator }) => instigatorKey(instigator));
      return schedules.map((id) => byKey.get(instigatorKey(id)) ?? []);
    }, instigatorKey),
    latestRuns: async (location, job) => (await latest()).get(`${location}\0${job}`) ?? [],
  };
}

/** A dynamic partitions definition of a location. */
interface DynamicPartitions {
  readonly location: string;
  readonly name: string;
}
const definitionKey = ({ location, name }: DynamicPartitions): string => `${location}\0${name}`;

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
