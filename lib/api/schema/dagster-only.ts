import { builder } from '../builder';
import { AssetCheck } from './assets/asset-checks';
import { AssetNode } from './assets/asset-node';
import { AssetKeyType, PipelineTag } from './common';
import { MaterializationEvent } from './events/asset-events';
import { Schedule } from './instigation/schedule';
import { Sensor } from './instigation/sensor';
import { DefinitionOwner } from './repositories/definition-owner';
import { Job, Pipeline } from './repositories/job';
import { WorkspaceLocationEntry } from './repositories/workspace';
import { RunType } from './runs/run';

/*
 * Fields of Dagster that its web pages ask of nearly everything, about features that there are not here: that there is
 * none of it is the whole answer. They stand together so that nobody looks for what is behind them.
 */

const PipelinePreset = builder.objectRef<never>('PipelinePreset');
PipelinePreset.implement({
  description: 'Dagster itself makes none any more: give config to the launch.',
  fields: (t) => ({
    name: t.string({ resolve: () => '' }),
    solidSelection: t.stringList({ nullable: true, resolve: () => null }),
    runConfigYaml: t.string({ resolve: () => '' }),
    mode: t.string({ resolve: () => '' }),
    tags: t.field({ type: [PipelineTag], resolve: () => [] }),
  }),
});
for (const ref of [Job, Pipeline]) {
  builder.objectFields(ref, (t) => ({
    presets: t.field({ type: [PipelinePreset], resolve: () => [] }),
    externalJobSource: t.string({
      nullable: true,
      description: 'Null: jobs of other orchestrators are not shown as jobs here.',
      resolve: () => null,
    }),
  }));
}

builder.objectFields(RunType, (t) => ({
  externalJobSource: t.string({ nullable: true, resolve: () => null }),
  parentPipelineSnapshotId: t.string({
    nullable: true,
    description: 'Null: a selection is made when a run is planned, and is no job of its own.',
    resolve: () => null,
  }),
  hasRunMetricsEnabled: t.boolean({
    description: 'Whether the CPU and memory of its steps are drawn in its page.',
    resolve: () => false,
  }),
}));

const FeatureFlag = builder.objectRef<never>('FeatureFlag');
FeatureFlag.implement({
  fields: (t) => ({ name: t.string({ resolve: () => '' }), enabled: t.boolean({ resolve: () => false }) }),
});
const DefinitionsSource = builder.enumType('DefinitionsSource', {
  values: ['CODE_SERVER', 'CONNECTION'] as const,
});
builder.objectFields(WorkspaceLocationEntry, (t) => ({
  featureFlags: t.field({ type: [FeatureFlag], resolve: () => [] }),
  definitionsSource: t.field({
    type: DefinitionsSource,
    description: 'Definitions always come from code.',
    resolve: () => 'CODE_SERVER' as const,
  }),
}));

const ChangeReason = builder.enumType('ChangeReason', {
  values: [
    'NEW',
    'CODE_VERSION',
    'DEPENDENCIES',
    'PARTITIONS_DEFINITION',
    'TAGS',
    'METADATA',
    'REMOVED',
  ] as const,
});
builder.objectFields(AssetNode, (t) => ({
  changedReasons: t.field({
    type: [ChangeReason],
    description: 'None: a deployment is not compared with another one, of a branch.',
    resolve: () => [],
  }),
  graphName: t.string({
    nullable: true,
    description: 'Null: an asset is made by one op, not by a graph of them.',
    resolve: () => null,
  }),
}));

const AssetLineageInfo = builder.objectRef<never>('AssetLineageInfo');
AssetLineageInfo.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: () => ({ path: [] }) }),
    partitions: t.stringList({ resolve: () => [] }),
  }),
});
builder.objectField(MaterializationEvent, 'assetLineage', (t) =>
  t.field({
    type: [AssetLineageInfo],
    description: 'Given up by Dagster too: the definitions say what an asset is made from.',
    resolve: () => [],
  }),
);

builder.objectField(AssetCheck, 'additionalAssetKeys', (t) =>
  t.field({
    type: [AssetKeyType],
    description: 'None: a check is of one asset.',
    resolve: () => [],
  }),
);

for (const ref of [Schedule, Sensor]) {
  builder.objectField(ref as typeof Schedule, 'owners', (t) =>
    t.field({
      type: [DefinitionOwner],
      description: 'None: assets and jobs have owners.',
      resolve: () => [],
    }),
  );
}
builder.objectField(Schedule, 'solidSelection', (t) =>
  t.stringList({
    nullable: { list: true, items: true },
    description: 'Null: a schedule runs the whole of its job.',
    resolve: () => null,
  }),
);
