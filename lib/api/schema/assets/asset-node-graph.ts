import type { AssetManifest, AssetDependency as Dependency } from '../../../model/manifest';
import { builder, byTypename } from '../../builder';
import type { Located, Workspace } from '../../workspace-index';
import { DefinitionTag, tagPairs } from '../common';
import { Schedule, taggedSchedule } from '../instigation/schedule';
import { Sensor, taggedSensor } from '../instigation/sensor';
import { Pipeline, pipelineValue } from '../repositories/job';
import { SolidDefinition } from '../repositories/op-definitions';
import { ResourceRequirement } from '../repositories/resource-requirement';
import { AssetNode, assetNodeValue } from './asset-node';

interface Edge {
  readonly other: Located<AssetManifest>;
  readonly mapping: Dependency['mapping'];
}

const PartitionMapping = builder.objectRef<NonNullable<Dependency['mapping']>>('PartitionMapping');
PartitionMapping.implement({
  fields: (t) => ({
    className: t.exposeString('type'),
    description: t.string({ resolve: (mapping) => JSON.stringify(mapping) }),
  }),
});
const AssetDependency = builder.objectRef<Edge>('AssetDependency');
AssetDependency.implement({
  fields: (t) => ({
    asset: t.field({ type: AssetNode, resolve: ({ other }) => assetNodeValue(other) }),
    partitionMapping: t.field({
      type: PartitionMapping,
      nullable: true,
      description: 'Null = inferred from the two definitions of partitions.',
      resolve: ({ mapping }) => mapping,
    }),
  }),
});

type Policy = NonNullable<AssetManifest['backfillPolicy']>;
const BackfillPolicyType = builder.enumType('BackfillPolicyType', {
  values: ['SINGLE_RUN', 'MULTI_RUN'] as const,
});
const BackfillPolicy = builder.objectRef<Policy>('BackfillPolicy');
BackfillPolicy.implement({
  fields: (t) => ({
    maxPartitionsPerRun: t.exposeInt('maxPartitionsPerRun', { nullable: true }),
    policyType: t.field({
      type: BackfillPolicyType,
      resolve: ({ maxPartitionsPerRun }) => (maxPartitionsPerRun === null ? 'SINGLE_RUN' : 'MULTI_RUN'),
    }),
    description: t.string({
      resolve: ({ maxPartitionsPerRun }) =>
        maxPartitionsPerRun === null
          ? 'Backfills all partitions in a single run'
          : `Backfills in multiple runs, with a maximum of ${maxPartitionsPerRun} partitions per run`,
    }),
  }),
});

const Instigator = builder.unionType('Instigator', { types: [Schedule, Sensor], resolveType: byTypename });

/** Schedules and sensors whose jobs make an asset, and the sensors that follow its automation condition. */
function instigatorsOf({ location, definition }: Located<AssetManifest>, workspace: Workspace) {
  const jobs = new Set(workspace.jobsOfAsset(location, definition.key));
  const manifest = workspace.location(location)?.manifest;
  const automated = definition.automationCondition !== null;
  return [
    ...(manifest?.schedules ?? [])
      .filter(({ jobName }) => jobs.has(jobName))
      .map((schedule) => taggedSchedule(location, schedule)),
    ...(manifest?.sensors ?? [])
      .filter(({ kind, jobNames }) => (kind === 'AUTOMATION' ? automated : jobNames.some((n) => jobs.has(n))))
      .map((sensor) => taggedSensor(location, sensor)),
  ];
}

/** What an asset has to do with other definitions: read from the manifests alone. */
builder.objectFields(AssetNode, (t) => ({
  backfillPolicy: t.field({
    type: BackfillPolicy,
    nullable: true,
    resolve: ({ definition }) => definition.backfillPolicy,
  }),
  dependencies: t.field({
    type: [AssetDependency],
    resolve: ({ definition }, _args, { workspace }) =>
      definition.dependencies.flatMap(({ key, mapping }) => {
        const other = workspace.asset(key);
        return other === undefined ? [] : [{ other, mapping }];
      }),
  }),
  dependedBy: t.field({
    type: [AssetDependency],
    resolve: ({ definition }, _args, { workspace }) =>
      workspace.dependents(definition.key).flatMap((key) => {
        const other = workspace.asset(key);
        const edge = other?.definition.dependencies.find((each) => each.key === definition.key);
        return other === undefined ? [] : [{ other, mapping: edge?.mapping ?? null }];
      }),
  }),
  jobs: t.field({
    type: [Pipeline],
    resolve: ({ location, definition }, _args, { workspace }) =>
      workspace
        .jobsOfAsset(location, definition.key)
        .flatMap((name) => pipelineValue(location, workspace.job(location, name)) ?? []),
  }),
  op: t.field({
    type: SolidDefinition,
    nullable: true,
    resolve: ({ location, definition }, _args, { workspace }) => {
      const op = definition.op === null ? undefined : workspace.op(location, definition.op);
      return op === undefined ? null : { location, op };
    },
  }),
  opTags: t.field({
    type: [DefinitionTag],
    resolve: ({ location, definition }, _args, { workspace }) =>
      tagPairs((definition.op === null ? undefined : workspace.op(location, definition.op))?.tags ?? {}),
  }),
  requiredResources: t.field({
    type: [ResourceRequirement],
    resolve: ({ location, definition }, _args, { workspace }) => [
      ...((definition.op === null ? undefined : workspace.op(location, definition.op))?.resources ?? []),
    ],
  }),
  targetingInstigators: t.field({
    type: [Instigator],
    resolve: (node, _args, { workspace }) => instigatorsOf(node, workspace),
  }),
}));
