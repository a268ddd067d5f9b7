import { ticksBackFrom, ticksFrom } from '../../model/cron';
import type { Run } from '../../model/run';
import { ASSET_JOB } from '../../model/run';
import type { DynamicPartitionsRequest } from '../../model/run-request';
import { TAG } from '../../model/tags';
import type { Tick } from '../../model/tick';
import type { ApiContext } from '../api-context';
import { builder, byTypename, type Tagged, tag } from '../builder';
import { ClientFacingError } from '../client-facing-error';
import { Asset } from './assets/asset';
import { AssetsOrError } from './assets/asset-queries';
import { AssetCheckHandle, AssetKeyType, assetKey } from './common';
import { orError, PythonError } from './errors';
import {
  DryRunInstigationTick,
  InstigationState,
  InstigationTick,
  instigatorId,
  RunRequestType,
  Schedule,
  Sensor,
  stateValue,
  TickEvaluation,
} from './instigation';
import { SchedulerNotDefinedError } from './never-answered';
import { pageSize } from './paging';

const DynamicPartitionsRequestType = builder.enumType('DynamicPartitionsRequestType', {
  values: ['ADD_PARTITIONS', 'DELETE_PARTITIONS'] as const,
});
const DynamicPartitionRequest = builder.objectRef<DynamicPartitionsRequest>('DynamicPartitionRequest');
DynamicPartitionRequest.implement({
  fields: (t) => ({
    partitionKeys: t.stringList({ nullable: true, resolve: ({ keys }) => [...keys] }),
    partitionsDefName: t.exposeString('name'),
    type: t.field({
      type: DynamicPartitionsRequestType,
      resolve: ({ kind }) => (kind === 'add' ? 'ADD_PARTITIONS' : 'DELETE_PARTITIONS'),
    }),
  }),
});
builder.objectField(TickEvaluation, 'dynamicPartitionsRequests', (t) =>
  t.field({
    type: [DynamicPartitionRequest],
    nullable: true,
    resolve: ({ result }) => (result === null ? null : [...result.dynamicPartitionsRequests]),
  }),
);
builder.objectField(RunRequestType, 'assetChecks', (t) =>
  t.field({
    type: [AssetCheckHandle],
    nullable: true,
    resolve: ({ assetCheckSelection }) => (assetCheckSelection === null ? null : [...assetCheckSelection]),
  }),
);

/** Runs that a tick asked for, as far as they are still there. */
async function runsOf({ runIds }: Tick, { loaders }: ApiContext): Promise<Run[]> {
  return (await Promise.all(runIds.map(loaders.run.load))).flatMap((run) => run ?? []);
}
const isOfAssets = ({ assetSelection, jobName }: Run): boolean =>
  assetSelection !== null || jobName === ASSET_JOB;

/** Things that runs are for, each with its partitions. */
interface Requested {
  readonly name: string;
  readonly partitions: readonly string[];
}
function groupPartitions(runs: readonly Run[], namesOf: (run: Run) => readonly string[]): Requested[] {
  const pairs = runs.flatMap((run) =>
    namesOf(run).map((name) => ({ name, partition: run.tags[TAG.partition] })),
  );
  return [...Map.groupBy(pairs, ({ name }) => name)].map(([name, of]) => ({
    name,
    partitions: of.flatMap(({ partition }) => partition ?? []),
  }));
}
const requestedAssets = async (tick: Tick, context: ApiContext) =>
  groupPartitions(await runsOf(tick, context), ({ assetSelection }) => assetSelection ?? []);

const RequestedMaterializations = builder.objectRef<Requested>('RequestedMaterializationsForAsset');
RequestedMaterializations.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: ({ name }) => assetKey(name) }),
    partitionKeys: t.stringList({ resolve: ({ partitions }) => [...partitions] }),
  }),
});
const RequestedRuns = builder.objectRef<Requested>('RequestedRunsForJob');
RequestedRuns.implement({
  fields: (t) => ({
    jobName: t.exposeString('name'),
    partitionKeys: t.stringList({ resolve: ({ partitions }) => [...partitions] }),
  }),
});

/** What a tick asked for, as its runs say it. */
builder.objectFields(InstigationTick, (t) => ({
  requestedAssetKeys: t.field({
    type: [AssetKeyType],
    resolve: async (tick, _args, context) =>
      (await requestedAssets(tick, context)).map(({ name }) => assetKey(name)),
  }),
  requestedAssetMaterializationCount: t.int({
    description: 'Partitions of assets; one of an asset without any.',
    resolve: async (tick, _args, context) =>
      (await requestedAssets(tick, context)).reduce(
        (sum, { partitions }) => sum + Math.max(1, partitions.length),
        0,
      ),
  }),
  requestedMaterializationsForAssets: t.field({
    type: [RequestedMaterializations],
    resolve: (tick, _args, context) => requestedAssets(tick, context),
  }),
  requestedJobRunCount: t.int({
    resolve: async (tick, _args, context) =>
      (await runsOf(tick, context)).filter((run) => !isOfAssets(run)).length,
  }),
  requestedRunsForJobs: t.field({
    type: [RequestedRuns],
    resolve: async (tick, _args, context) => {
      const runs = (await runsOf(tick, context)).filter((run) => !isOfAssets(run));
      return groupPartitions(runs, ({ jobName }) => [jobName]);
    },
  }),
  autoMaterializeAssetEvaluationId: t.id({
    nullable: true,
    description: 'By which evaluations of automation conditions are asked for: the id of the tick.',
    resolve: ({ tickId, instigator: { location, kind, name } }, _args, { workspace }) =>
      kind === 'sensor' && workspace.sensor(location, name)?.kind === 'AUTOMATION' ? String(tickId) : null,
  }),
}));

builder.objectField(InstigationState, 'tick', (t) =>
  t.field({
    type: InstigationTick,
    args: { tickId: t.arg.id({ required: true }) },
    resolve: async ({ instigator }, { tickId }, { instance }) => {
      const id = Number(tickId);
      const [tick] = Number.isSafeInteger(id)
        ? await instance.storage.listTicks({ instigator: instigatorId(instigator), before: id + 1, limit: 1 })
        : [];
      if (tick?.tickId !== id)
        throw new ClientFacingError(
          `'${instigator.definition.name}' has no tick ${tickId}; ticks are not kept for ever.`,
        );
      return tick;
    },
  }),
);

interface SelectionValue {
  readonly location: string;
  readonly keys: readonly string[];
}
const AssetSelection = builder.objectRef<SelectionValue>('AssetSelection');
AssetSelection.implement({
  fields: (t) => ({
    assetSelectionString: t.string({
      nullable: true,
      description: 'In the syntax of selections.',
      resolve: ({ keys }) => keys.map((key) => `key:"${key}"`).join(' or '),
    }),
    assetKeys: t.field({ type: [AssetKeyType], resolve: ({ keys }) => keys.map(assetKey) }),
    assetChecks: t.field({
      type: [AssetCheckHandle],
      resolve: ({ keys }, _args, { workspace }) =>
        keys.flatMap((key) => workspace.checks(key).map(({ definition }) => definition)),
    }),
    assets: t.field({ type: [Asset], resolve: ({ keys }) => keys.map((key) => tag('Asset', { key })) }),
    assetsOrError: t.field({
      type: AssetsOrError,
      resolve: ({ keys }) => tag('AssetConnection', { keys }),
    }),
  }),
});

builder.objectFields(Schedule, (t) => ({
  assetSelection: t.field({
    type: AssetSelection,
    nullable: true,
    description: 'Of its job; null of a job that is a graph of ops.',
    resolve: ({ location, definition }, _args, { workspace }) => {
      const keys = workspace.job(location, definition.jobName)?.assets ?? null;
      return keys === null ? null : { location, keys };
    },
  }),
  futureTick: t.field({
    type: DryRunInstigationTick,
    description: 'At an instant, in seconds; `scheduleDryRun` tells what it would do.',
    args: { tickTimestamp: t.arg.int({ required: true }) },
    resolve: (_schedule, { tickTimestamp }) =>
      tag('DryRunInstigationTick', { at: tickTimestamp * 1000, evaluation: null }),
  }),
  potentialTickTimestamps: t.floatList({
    description: 'Instants of its cron around one, in seconds: so many after it, and so many before it.',
    args: { startTimestamp: t.arg.float(), upperLimit: t.arg.int(), lowerLimit: t.arg.int() },
    resolve: ({ definition: { cron, timezone } }, { startTimestamp, upperLimit, lowerLimit }, { now }) => {
      const start = startTimestamp == null ? now : startTimestamp * 1000;
      const before = take(ticksBackFrom(cron, timezone, start - 1), pageSize(lowerLimit, 10));
      const after = take(ticksFrom(cron, timezone, start), pageSize(upperLimit, 10));
      return [...before.reverse(), ...after].map((at) => at / 1000);
    },
  }),
}));

function take(ticks: Iterable<number>, count: number): number[] {
  const taken: number[] = [];
  if (count === 0) return taken;
  for (const at of ticks) {
    taken.push(at);
    if (taken.length === count) break;
  }
  return taken;
}

builder.objectField(Sensor, 'assetSelection', (t) =>
  t.field({
    type: AssetSelection,
    nullable: true,
    description: 'Of a sensor of automation conditions: the assets that have one.',
    resolve: ({ location, definition: { kind } }, _args, { workspace }) => {
      if (kind !== 'AUTOMATION') return null;
      const assets = workspace.location(location)?.manifest?.assets ?? [];
      return {
        location,
        keys: assets.filter((each) => each.automationCondition !== null).map(({ key }) => key),
      };
    },
  }),
);

type StatesValue = Tagged<
  'InstigationStates',
  { readonly results: readonly ReturnType<typeof stateValue>[] }
>;
const InstigationStates = builder.objectRef<StatesValue>('InstigationStates');
InstigationStates.implement({
  fields: (t) => ({ results: t.field({ type: [InstigationState], resolve: ({ results }) => [...results] }) }),
});
const InstigationStatesOrError = builder.unionType('InstigationStatesOrError', {
  types: [InstigationStates, PythonError],
  resolveType: byTypename,
});

const Scheduler = builder.objectRef<Tagged<'Scheduler', object>>('Scheduler');
Scheduler.implement({
  fields: (t) => ({ schedulerClass: t.string({ nullable: true, resolve: () => 'Scheduler' }) }),
});
const SchedulerOrError = builder.unionType('SchedulerOrError', {
  types: [Scheduler, SchedulerNotDefinedError, PythonError],
  resolveType: byTypename,
});

builder.queryFields((t) => ({
  instigationStatesOrError: t.field({
    type: InstigationStatesOrError,
    description: 'Of every schedule and sensor of a repository, by its id.',
    args: { repositoryID: t.arg.string({ required: true }) },
    resolve: (_root, { repositoryID: location }, { workspace }) =>
      orError(() => {
        const manifest = workspace.location(location)?.manifest;
        const schedules = manifest?.schedules ?? [];
        const sensors = manifest?.sensors ?? [];
        return tag('InstigationStates', {
          results: [
            ...schedules.map((definition) => stateValue({ kind: 'schedule', location, definition })),
            ...sensors.map((definition) => stateValue({ kind: 'sensor', location, definition })),
          ],
        });
      }),
  }),
  scheduler: t.field({
    type: SchedulerOrError,
    description: 'Schedules always have one.',
    resolve: () => tag('Scheduler', {}),
  }),
}));
