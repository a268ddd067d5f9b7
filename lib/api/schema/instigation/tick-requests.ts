import type { Run } from '../../../model/run';
import { ASSET_JOB } from '../../../model/run';
import { TAG } from '../../../model/tags';
import type { Tick } from '../../../model/tick';
import type { ApiContext } from '../../api-context';
import { builder } from '../../builder';
import { AssetKeyType, assetKey } from '../common';
import { InstigationTick } from './instigation-tick';

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
