import type { CodeReference, Metadata, MetadataValue, TableColumn } from '../../model/metadata';
import { builder } from '../builder';
import { REPOSITORY } from '../workspace-index';
import { AssetKeyType, assetKey, DefinitionTag, tagPairs } from './common';

/** One labelled fact. */
export interface MetadataEntryValue {
  readonly label: string;
  readonly value: MetadataValue;
}

export const metadataEntries = (metadata: Metadata): MetadataEntryValue[] =>
  Object.entries(metadata).map(([label, value]) => ({ label, value }));

/** Which concrete type shows each kind. */
const TYPE_OF_KIND: Record<MetadataValue['kind'], string> = {
  text: 'TextMetadataEntry',
  url: 'UrlMetadataEntry',
  path: 'PathMetadataEntry',
  notebook: 'NotebookMetadataEntry',
  md: 'MarkdownMetadataEntry',
  json: 'JsonMetadataEntry',
  int: 'IntMetadataEntry',
  float: 'FloatMetadataEntry',
  bool: 'BoolMetadataEntry',
  timestamp: 'TimestampMetadataEntry',
  run: 'PipelineRunMetadataEntry',
  job: 'JobMetadataEntry',
  asset: 'AssetMetadataEntry',
  pool: 'PoolMetadataEntry',
  table: 'TableMetadataEntry',
  table_schema: 'TableSchemaMetadataEntry',
  column_lineage: 'TableColumnLineageMetadataEntry',
  code_references: 'CodeReferencesMetadataEntry',
  null: 'NullMetadataEntry',
};

export const MetadataEntry = builder.interfaceRef<MetadataEntryValue>('MetadataEntry');
MetadataEntry.implement({
  resolveType: (entry) => TYPE_OF_KIND[entry.value.kind],
  fields: (t) => ({
    label: t.exposeString('label'),
    description: t.string({ nullable: true, resolve: () => null }),
  }),
});

type ValueOf<K extends MetadataValue['kind']> = Extract<MetadataValue, { kind: K }>;

/** Entries whose concrete type adds one text or number made from the value. */
function entry<K extends MetadataValue['kind']>(kind: K) {
  const ref = builder.objectRef<MetadataEntryValue>(TYPE_OF_KIND[kind]);
  const value = (item: MetadataEntryValue): ValueOf<K> => item.value as ValueOf<K>;
  return { ref, value };
}

function stringEntry<K extends 'text' | 'url' | 'path' | 'notebook' | 'md' | 'run' | 'pool'>(
  kind: K,
  field: string,
): void {
  const { ref, value } = entry(kind);
  ref.implement({
    interfaces: [MetadataEntry],
    fields: (t) => ({ [field]: t.string({ resolve: (item) => (value(item) as { value: string }).value }) }),
  });
}

stringEntry('text', 'text');
stringEntry('url', 'url');
stringEntry('path', 'path');
stringEntry('notebook', 'path');
stringEntry('md', 'mdStr');
stringEntry('run', 'runId');
stringEntry('pool', 'pool');

const int = entry('int');
int.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({
    // GraphQL's Int holds 32 bits: bigger counts come as text in `intRepr`.
    intValue: t.int({
      nullable: true,
      resolve: (item) => (Math.abs(int.value(item).value) < 2 ** 31 ? int.value(item).value : null),
    }),
    intRepr: t.string({ resolve: (item) => String(int.value(item).value) }),
  }),
});

const float = entry('float');
float.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({
    floatValue: t.float({ nullable: true, resolve: (item) => float.value(item).value }),
    floatRepr: t.string({ resolve: (item) => String(float.value(item).value) }),
  }),
});

const bool = entry('bool');
bool.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({ boolValue: t.boolean({ nullable: true, resolve: (item) => bool.value(item).value }) }),
});

const json = entry('json');
json.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({ jsonString: t.string({ resolve: (item) => JSON.stringify(json.value(item).value) }) }),
});

const timestamp = entry('timestamp');
timestamp.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({ timestamp: t.float({ resolve: (item) => timestamp.value(item).value }) }),
});

const job = entry('job');
job.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({
    jobName: t.string({ resolve: (item) => job.value(item).value }),
    locationName: t.string({ resolve: (item) => job.value(item).location ?? '' }),
    repositoryName: t.string({ nullable: true, resolve: () => REPOSITORY }),
  }),
});

const asset = entry('asset');
asset.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: (item) => assetKey(asset.value(item).value) }),
  }),
});

const TableColumnConstraints = builder.objectRef<TableColumn>('TableColumnConstraints');
TableColumnConstraints.implement({
  fields: (t) => ({
    nullable: t.boolean({ resolve: ({ constraints }) => constraints?.nullable ?? true }),
    unique: t.boolean({ resolve: ({ constraints }) => constraints?.unique ?? false }),
    other: t.stringList({ resolve: ({ constraints }) => [...(constraints?.other ?? [])] }),
  }),
});
const TableColumnType = builder.objectRef<TableColumn>('TableColumn');
TableColumnType.implement({
  fields: (t) => ({
    name: t.exposeString('name'),
    type: t.exposeString('type'),
    description: t.string({ nullable: true, resolve: (column) => column.description ?? null }),
    constraints: t.field({ type: TableColumnConstraints, resolve: (column) => column }),
    tags: t.field({ type: [DefinitionTag], resolve: (column) => tagPairs(column.tags ?? {}) }),
  }),
});
const TableConstraints = builder.objectRef<readonly string[]>('TableConstraints');
TableConstraints.implement({
  fields: (t) => ({ other: t.stringList({ resolve: (constraints) => [...constraints] }) }),
});
const TableSchema = builder.objectRef<ValueOf<'table' | 'table_schema'>>('TableSchema');
TableSchema.implement({
  fields: (t) => ({
    constraints: t.field({
      type: TableConstraints,
      nullable: true,
      description: 'Of the table as a whole.',
      resolve: ({ constraints }) => constraints ?? null,
    }),
    columns: t.field({ type: [TableColumnType], resolve: (schema) => [...schema.columns] }),
  }),
});

const tableSchema = entry('table_schema');
tableSchema.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({ schema: t.field({ type: TableSchema, resolve: (item) => tableSchema.value(item) }) }),
});

const Table = builder.objectRef<ValueOf<'table'>>('Table');
Table.implement({
  fields: (t) => ({
    schema: t.field({ type: TableSchema, resolve: (table) => table }),
    records: t.stringList({ resolve: (table) => table.records.map((record) => JSON.stringify(record)) }),
  }),
});
const table = entry('table');
table.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({ table: t.field({ type: Table, resolve: (item) => table.value(item) }) }),
});

const ColumnDependency = builder.objectRef<{ asset: string; column: string }>('TableColumnDep');
ColumnDependency.implement({
  fields: (t) => ({
    assetKey: t.field({ type: AssetKeyType, resolve: (dependency) => assetKey(dependency.asset) }),
    columnName: t.exposeString('column'),
  }),
});
const LineageEntry = builder.objectRef<{
  column: string;
  deps: readonly { asset: string; column: string }[];
}>('TableColumnLineageEntry');
LineageEntry.implement({
  fields: (t) => ({
    columnName: t.exposeString('column'),
    columnDeps: t.field({ type: [ColumnDependency], resolve: (line) => [...line.deps] }),
  }),
});
const lineage = entry('column_lineage');
lineage.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({
    lineage: t.field({
      type: [LineageEntry],
      resolve: (item) =>
        Object.entries(lineage.value(item).value).map(([column, deps]) => ({ column, deps })),
    }),
  }),
});

type FileReference = Extract<CodeReference, { readonly file: string }>;
const LocalFileCodeReference = builder.objectRef<FileReference>('LocalFileCodeReference');
LocalFileCodeReference.implement({
  fields: (t) => ({
    filePath: t.exposeString('file'),
    lineNumber: t.exposeInt('line', { nullable: true }),
    label: t.string({ nullable: true, resolve: ({ label }) => label ?? null }),
  }),
});
const UrlCodeReference =
  builder.objectRef<Extract<CodeReference, { readonly url: string }>>('UrlCodeReference');
UrlCodeReference.implement({
  fields: (t) => ({
    url: t.exposeString('url'),
    label: t.string({ nullable: true, resolve: ({ label }) => label ?? null }),
  }),
});
const SourceLocation = builder.unionType('SourceLocation', {
  types: [LocalFileCodeReference, UrlCodeReference],
  resolveType: (reference) => ('url' in reference ? 'UrlCodeReference' : 'LocalFileCodeReference'),
});
const codeReferences = entry('code_references');
codeReferences.ref.implement({
  interfaces: [MetadataEntry],
  fields: (t) => ({
    codeReferences: t.field({
      type: [SourceLocation],
      resolve: (item) => [...codeReferences.value(item).value],
    }),
  }),
});

entry('null').ref.implement({ interfaces: [MetadataEntry], fields: () => ({}) });
