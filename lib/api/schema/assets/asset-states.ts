import type { AssetKey } from '../../../model/asset-key';
import type { AssetState } from '../../../ports/asset-storage';
import { builder } from '../../builder';
import { AssetKeyInput, fromKeyInput, toSeconds } from '../common';
import { RunStatusEnum } from '../runs/run-status';

/** Of assets without plan and event there is no state. */
interface AssetStatesValue {
  readonly keys: readonly AssetKey[];
  readonly states: readonly (AssetState | undefined)[];
}
/** Columns for the same reason as `AssetCatalog`'s. */
const AssetStates = builder.objectRef<AssetStatesValue>('AssetStates');
AssetStates.implement({
  description:
    'What happened last to assets, by columns: one entry for each asset, in the order of `key`. Not in Dagster.',
  fields: (t) => ({
    key: t.stringList({
      description: "The parts of the asset's key, joined by `/`.",
      resolve: ({ keys }) => [...keys],
    }),
    materializationTime: t.floatList({
      nullable: { list: false, items: true },
      description: 'Of the latest materialization, in seconds.',
      resolve: ({ states }) => states.map((state) => toSeconds(state?.materializedAt ?? null)),
    }),
    materializationRunId: t.stringList({
      nullable: { list: false, items: true },
      resolve: ({ states }) => states.map((state) => state?.materializationRunId ?? null),
    }),
    latestRunId: t.stringList({
      nullable: { list: false, items: true },
      description: 'Of the latest run that planned to materialize it.',
      resolve: ({ states }) => states.map((state) => state?.lastRunId ?? null),
    }),
    latestRunStatus: t.field({
      type: [RunStatusEnum],
      nullable: { list: false, items: true },
      resolve: ({ states }) => states.map((state) => state?.lastRunStatus ?? null),
    }),
    latestRunStartTime: t.floatList({
      nullable: { list: false, items: true },
      resolve: ({ states }) => states.map((state) => toSeconds(state?.lastRunStartedAt ?? null)),
    }),
    latestRunEndTime: t.floatList({
      nullable: { list: false, items: true },
      resolve: ({ states }) => states.map((state) => toSeconds(state?.lastRunEndedAt ?? null)),
    }),
    unstartedRunIds: t.field({
      type: t.listRef(t.listRef('String')),
      description: 'Runs that are starting, and the latest one if it is still queued.',
      resolve: ({ states }) => states.map(unstartedRunIds),
    }),
    inProgressRunIds: t.field({
      type: t.listRef(t.listRef('String')),
      resolve: ({ states }) => states.map(inProgressRunIds),
    }),
  }),
});

function unstartedRunIds(state: AssetState | undefined): readonly string[] {
  if (state === undefined) return [];
  const starting = state.liveRuns.filter(({ status }) => status === 'STARTING').map(({ runId }) => runId);
  const isQueued = state.lastRunId !== null && state.lastRunStatus === 'QUEUED';
  return isQueued ? [state.lastRunId, ...starting] : starting;
}

function inProgressRunIds(state: AssetState | undefined): readonly string[] {
  return (state?.liveRuns ?? [])
    .filter(({ status }) => status === 'STARTED' || status === 'CANCELING')
    .map(({ runId }) => runId);
}

builder.queryField('assetStates', (t) =>
  t.field({
    type: AssetStates,
    args: {
      assetKeys: t.arg({ type: [AssetKeyInput], description: 'Default: all assets that are defined.' }),
    },
    description: 'What happened last to assets; made to be polled for thousands. Not in Dagster.',
    resolve: async (_root, { assetKeys }, { workspace, instance }) => {
      const asked = assetKeys?.map(fromKeyInput);
      const found = new Map((await instance.storage.assetStates(asked)).map((state) => [state.key, state]));
      const keys = asked ?? workspace.assets().map(({ definition }) => definition.key);
      return { keys, states: keys.map((key) => found.get(key)) };
    },
  }),
);
