import type { OpInputManifest, OpManifest, OpOutputManifest } from '../../../model/manifest';
import type { Tags } from '../../../model/tags';
import { builder } from '../../builder';
import { ConfigType } from '../config-types';
import { MetadataEntry, type MetadataEntryValue } from '../metadata';
import { ResourceRequirement } from './resource-requirement';

/** Inputs and outputs are not typed at run time: a value is anything, and an input that only orders has none. */
export const TYPE_NAMES = ['Any', 'Nothing'] as const;
export type TypeName = (typeof TYPE_NAMES)[number];

export const DagsterType = builder.interfaceRef<TypeName>('DagsterType');
DagsterType.implement({
  resolveType: () => 'RegularDagsterType',
  fields: (t) => ({
    key: t.string({ resolve: (name) => name }),
    name: t.string({ nullable: true, resolve: (name) => name }),
    displayName: t.string({ resolve: (name) => name }),
    description: t.string({ nullable: true, resolve: () => null }),
    isNullable: t.boolean({ resolve: () => false }),
    isList: t.boolean({ resolve: () => false }),
    isBuiltin: t.boolean({ resolve: () => true }),
    isNothing: t.boolean({ resolve: (name) => name === 'Nothing' }),
    inputSchemaType: t.field({ type: ConfigType, nullable: true, resolve: () => null }),
    outputSchemaType: t.field({ type: ConfigType, nullable: true, resolve: () => null }),
    innerTypes: t.field({ type: [DagsterType], resolve: (): TypeName[] => [] }),
    metadataEntries: t.field({ type: [MetadataEntry], resolve: (): MetadataEntryValue[] => [] }),
  }),
});
export const RegularDagsterType = builder.objectRef<TypeName>('RegularDagsterType');
RegularDagsterType.implement({ interfaces: [DagsterType], fields: () => ({}) });

export const InputDefinition = builder.objectRef<OpInputManifest>('InputDefinition');
InputDefinition.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    type: t.field({ type: DagsterType, resolve: ({ hasValue }) => (hasValue ? 'Any' : 'Nothing') }),
    metadataEntries: t.field({ type: [MetadataEntry], resolve: (): MetadataEntryValue[] => [] }),
  }),
});
export const OutputDefinition = builder.objectRef<OpOutputManifest>('OutputDefinition');
OutputDefinition.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    description: t.exposeString('description', { nullable: true }),
    isDynamic: t.exposeBoolean('isDynamic', { nullable: true }),
    type: t.field({ type: DagsterType, resolve: (): TypeName => 'Any' }),
    metadataEntries: t.field({ type: [MetadataEntry], resolve: (): MetadataEntryValue[] => [] }),
  }),
});

export const MetadataItemDefinition = builder.objectRef<{ readonly key: string; readonly value: string }>(
  'MetadataItemDefinition',
);
MetadataItemDefinition.implement({
  fields: (t) => ({ key: t.exposeString('key'), value: t.exposeString('value') }),
});

export const metadataItems = (tags: Tags): { key: string; value: string }[] =>
  Object.entries(tags).map(([key, value]) => ({ key, value }));

/** An op together with the location that holds it. */
export interface OpValue {
  readonly location: string;
  readonly op: OpManifest;
}

export const ISolidDefinition = builder.interfaceRef<OpValue>('ISolidDefinition').implement({
  resolveType: () => 'SolidDefinition',
  fields: (t) => ({
    name: t.string({ resolve: ({ op }) => op.name }),
    description: t.string({ nullable: true, resolve: ({ op }) => op.description }),
    metadata: t.field({
      type: [MetadataItemDefinition],
      description: 'Tags of the op, as Dagster answers here.',
      resolve: ({ op }) => metadataItems(op.tags),
    }),
    inputDefinitions: t.field({ type: [InputDefinition], resolve: ({ op }) => [...op.inputs] }),
    outputDefinitions: t.field({ type: [OutputDefinition], resolve: ({ op }) => [...op.outputs] }),
    pools: t.stringList({ resolve: ({ op }) => (op.pool === null ? [] : [op.pool]) }),
  }),
});
export const SolidDefinition = builder.objectRef<OpValue>('SolidDefinition');
SolidDefinition.implement({
  interfaces: [ISolidDefinition],
  fields: (t) => ({
    pool: t.string({ nullable: true, resolve: ({ op }) => op.pool }),
    requiredResources: t.field({ type: [ResourceRequirement], resolve: ({ op }) => [...op.resources] }),
  }),
});
