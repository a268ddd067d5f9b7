import { dimensionsOf } from '../../../model/multi-partitions';
import type { MultiPartitionsSpec, PartitionsSpec } from '../../../model/partitions';
import { builder } from '../../builder';

export const PartitionDefinitionType = builder.enumType('PartitionDefinitionType', {
  values: ['TIME_WINDOW', 'STATIC', 'MULTIPARTITIONED', 'DYNAMIC'] as const,
});
export const TYPE_OF_SPEC = {
  time_window: 'TIME_WINDOW',
  static: 'STATIC',
  multi: 'MULTIPARTITIONED',
  dynamic: 'DYNAMIC',
} as const;

export const PartitionDefinition = builder.objectRef<PartitionsSpec>('PartitionDefinition');
PartitionDefinition.implement({
  fields: (t) => ({
    type: t.field({ type: PartitionDefinitionType, resolve: (spec) => TYPE_OF_SPEC[spec.type] }),
    description: t.string({ resolve: describePartitions }),
    name: t.string({ nullable: true, resolve: (spec) => (spec.type === 'dynamic' ? spec.name : null) }),
    fmt: t.string({ nullable: true, resolve: (spec) => (spec.type === 'time_window' ? spec.format : null) }),
  }),
});

function describePartitions(spec: PartitionsSpec): string {
  switch (spec.type) {
    case 'time_window':
      return `${spec.cron} ${spec.timezone}, from ${spec.start}`;
    case 'static':
      return `${spec.keys.length} fixed keys`;
    case 'dynamic':
      return `keys of "${spec.name}"`;
    case 'multi':
      return Object.keys(spec.dimensions).sort().join(' × ');
  }
}

interface DimensionValue {
  readonly name: string;
  readonly spec: PartitionsSpec;
  readonly isPrimary: boolean;
}
export const DimensionDefinitionType = builder.objectRef<DimensionValue>('DimensionDefinitionType');
DimensionDefinitionType.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.string({ resolve: ({ spec }) => describePartitions(spec) }),
    type: t.field({ type: PartitionDefinitionType, resolve: ({ spec }) => TYPE_OF_SPEC[spec.type] }),
    isPrimaryDimension: t.exposeBoolean('isPrimary'),
    dynamicPartitionsDefinitionName: t.string({
      nullable: true,
      resolve: ({ spec }) => (spec.type === 'dynamic' ? spec.name : null),
    }),
  }),
});

/** The dimensions of a definition; one that has none is its own, under Dagster's name for the only one. */
export function dimensionDefinitions(spec: PartitionsSpec): DimensionValue[] {
  if (spec.type !== 'multi') return [{ name: 'default', spec, isPrimary: true }];
  const primary = nameOfPrimary(spec);
  return dimensionsOf(spec).map(([name, each]) => ({ name, spec: each, isPrimary: name === primary }));
}

/** The dimension of time, or the first: heat maps have it along their longer side. */
export function nameOfPrimary(spec: MultiPartitionsSpec): string {
  const dimensions = dimensionsOf(spec);
  return (dimensions.find(([, each]) => each.type === 'time_window') ?? dimensions[0])[0];
}
