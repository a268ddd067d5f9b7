import { builder } from '../builder';
import { AssetCheck } from './assets/asset-checks';
import { AssetNode } from './assets/asset-node';
import { StaleCauseType } from './assets/staleness';
import { AssetKeyType, PipelineTag } from './common';
import { AssetCheckEvaluationType } from './events/asset-check-events';
import { MaterializationEvent } from './events/asset-events';
import { LogsCapturedEvent } from './events/log-events';
import { ExpectationResult } from './events/never-logged-events';
import { AssetFreshnessInfo } from './freshness';
import { Instance, RunQueueConfig } from './instance';
import { Schedule } from './instigation/schedule';
import { Sensor } from './instigation/sensor';
import { RuntimeMismatchConfigError } from './launch/config-validation';
import { DefinitionOwner } from './repositories/definition-owner';
import { Job, Pipeline } from './repositories/job';
import { PipelineSnapshot } from './repositories/job-snapshots';
import { WorkspaceLocationEntry } from './repositories/workspace';
import { RunType } from './runs/run';
import { RunStatsSnapshot, RunStepStats } from './runs/run-stats';

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
  builder.objectField(ref, 'presets', (t) => t.field({ type: [PipelinePreset], resolve: () => [] }));
}
for (const ref of [Job, Pipeline, PipelineSnapshot]) {
  builder.objectField(ref as typeof Job, 'externalJobSource', (t) =>
    t.string({
      nullable: true,
      description: 'Null: jobs of other orchestrators are not shown as jobs here.',
      resolve: () => null,
    }),
  );
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

const LogRetrievalShellCommand = builder.objectRef<never>('LogRetrievalShellCommand');
LogRetrievalShellCommand.implement({
  fields: (t) => ({
    stdout: t.string({ nullable: true, resolve: () => null }),
    stderr: t.string({ nullable: true, resolve: () => null }),
  }),
});
builder.objectFields(LogsCapturedEvent, (t) => {
  const nullable = true;
  const description = 'Null: what steps print is read here, by `capturedLogs`.';
  const elsewhere = () => t.string({ nullable, description, resolve: () => null });
  return {
    externalUrl: elsewhere(),
    externalStdoutUrl: elsewhere(),
    externalStderrUrl: elsewhere(),
    shellCmd: t.field({ type: LogRetrievalShellCommand, nullable, description, resolve: () => null }),
  };
});

const RunLauncher = builder.objectRef<never>('RunLauncher');
RunLauncher.implement({ fields: (t) => ({ name: t.string({ resolve: () => '' }) }) });
builder.objectField(Instance, 'runLauncher', (t) =>
  t.field({
    type: RunLauncher,
    nullable: true,
    description: 'Null: which one carries a run is decided run by run.',
    resolve: () => null,
  }),
);
builder.objectField(RunQueueConfig, 'maxConcurrentRunsAllBranchDeployments', (t) =>
  t.int({ nullable: true, description: 'Null: there are no branch deployments.', resolve: () => null }),
);

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

const FreshnessPolicy = builder.objectRef<never>('FreshnessPolicy');
FreshnessPolicy.implement({
  fields: (t) => ({
    maximumLagMinutes: t.float({ resolve: () => 0 }),
    cronSchedule: t.string({ nullable: true, resolve: () => null }),
    cronScheduleTimezone: t.string({ nullable: true, resolve: () => null }),
    lastEvaluationTimestamp: t.string({ nullable: true, resolve: () => null }),
  }),
});
const AutoMaterializeRule = builder.objectRef<never>('AutoMaterializeRule');
AutoMaterializeRule.implement({
  fields: (t) => ({
    description: t.string({ resolve: () => '' }),
    className: t.string({ resolve: () => '' }),
    decisionType: t.field({
      type: builder.enumType('AutoMaterializeDecisionType', {
        values: ['MATERIALIZE', 'SKIP', 'DISCARD'] as const,
      }),
      resolve: () => 'SKIP' as const,
    }),
  }),
});
const AutoMaterializePolicy = builder.objectRef<never>('AutoMaterializePolicy');
AutoMaterializePolicy.implement({
  fields: (t) => ({
    policyType: t.field({
      type: builder.enumType('AutoMaterializePolicyType', { values: ['EAGER', 'LAZY'] as const }),
      resolve: () => 'LAZY' as const,
    }),
    maxMaterializationsPerMinute: t.int({ nullable: true, resolve: () => null }),
    rules: t.field({ type: [AutoMaterializeRule], resolve: () => [] }),
  }),
});
builder.objectFields(AssetNode, (t) => ({
  freshnessPolicy: t.field({
    type: FreshnessPolicy,
    nullable: true,
    description: 'Null: given up by Dagster too, for `internalFreshnessPolicy`.',
    resolve: () => null,
  }),
  autoMaterializePolicy: t.field({
    type: AutoMaterializePolicy,
    nullable: true,
    description: 'Null: given up by Dagster too, for `automationCondition`.',
    resolve: () => null,
  }),
}));
builder.objectField(AssetFreshnessInfo, 'latestMaterializationMinutesLate', (t) =>
  t.float({
    nullable: true,
    description: 'Null: it is not kept how late a materialization came.',
    resolve: () => null,
  }),
);

builder.objectField(RunStepStats, 'expectationResults', (t) =>
  t.field({
    type: [ExpectationResult],
    description: 'None: what is expected of data is said by asset checks.',
    resolve: () => [],
  }),
);
builder.objectField(RunStatsSnapshot, 'expectations', (t) => t.int({ resolve: () => 0 }));

builder.objectFields(StaleCauseType, (t) => {
  const ofWhole = () =>
    t.string({ nullable: true, description: 'Null: causes are of whole assets.', resolve: () => null });
  return { partitionKey: ofWhole(), dependencyPartitionKey: ofWhole() };
});

builder.objectField(RuntimeMismatchConfigError, 'valueRep', (t) =>
  t.string({
    nullable: true,
    description: 'Null: what was given is not repeated; it may be a secret.',
    resolve: () => null,
  }),
);

const TargetMaterialization = builder.objectRef<never>('AssetCheckEvaluationTargetMaterializationData');
TargetMaterialization.implement({
  fields: (t) => ({
    storageId: t.id({ resolve: () => '' }),
    runId: t.string({ resolve: () => '' }),
    timestamp: t.float({ resolve: () => 0 }),
  }),
});
builder.objectField(AssetCheckEvaluationType, 'targetMaterialization', (t) =>
  t.field({
    type: TargetMaterialization,
    nullable: true,
    description: 'Null: it is not kept which one a check looked at.',
    resolve: () => null,
  }),
);

const DefsKeyStateInfo = builder.objectRef<never>('DefsKeyStateInfo');
DefsKeyStateInfo.implement({
  fields: (t) => ({
    version: t.string({ resolve: () => '' }),
    createTimestamp: t.float({ resolve: () => 0 }),
    managementType: t.field({
      type: builder.enumType('DefsStateManagementType', {
        values: ['LEGACY_CODE_SERVER_SNAPSHOTS', 'LOCAL_FILESYSTEM', 'VERSIONED_STATE_STORAGE'] as const,
      }),
      resolve: () => 'LOCAL_FILESYSTEM' as const,
    }),
  }),
});
const DefsStateInfoEntry = builder.objectRef<never>('DefsStateInfoEntry');
DefsStateInfoEntry.implement({
  fields: (t) => ({
    name: t.string({ resolve: () => '' }),
    info: t.field({ type: DefsKeyStateInfo, nullable: true, resolve: () => null }),
  }),
});
const DefsStateInfo = builder.objectRef<never>('DefsStateInfo');
DefsStateInfo.implement({
  description: 'Definitions always come from code: no state of them is kept.',
  fields: (t) => ({ keyStateInfo: t.field({ type: [DefsStateInfoEntry], resolve: () => [] }) }),
});
builder.objectField(WorkspaceLocationEntry, 'defsStateInfo', (t) =>
  t.field({ type: DefsStateInfo, nullable: true, resolve: () => null }),
);
builder.queryField('latestDefsStateInfo', (t) =>
  t.field({ type: DefsStateInfo, nullable: true, resolve: () => null }),
);
