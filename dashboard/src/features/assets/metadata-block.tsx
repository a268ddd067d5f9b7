import { lazy, Suspense } from 'react';
import { CodeBlock } from '../../components/code-block';
import { metadataLabel } from '../../components/format/metadata-label';
import { formatCount, plural } from '../../components/format/number';
import { SimpleTable } from '../../components/simple-table';
import type { MetadataEntry } from './asset-types';
import { columnType } from './column-type';

/** The reader of Markdown weighs as much as a page, and few texts need it. */
const MarkdownView = lazy(() => import('./markdown-view'));

/** Lines of a table that are drawn. */
const most = 200;

/** What a button to an entry that needs room says; undefined of one that fits on a line. */
export function blockSummary(entry: MetadataEntry): string | undefined {
  switch (entry.__typename) {
    case 'MarkdownMetadataEntry':
      return 'Show text';
    case 'JsonMetadataEntry':
      return plainList(entry.jsonString) ? undefined : 'Show JSON';
    case 'TableMetadataEntry':
      return `Show ${plural(entry.table.records.length, 'row')}`;
    case 'TableSchemaMetadataEntry':
      return `Show ${plural(entry.schema.columns.length, 'column')}`;
    case 'TableColumnLineageMetadataEntry':
      return `Show ${plural(entry.lineage.length, 'column')}`;
    default:
      return undefined;
  }
}

/** The values of a JSON array of plain values, each once; undefined of any other JSON. */
export function plainList(json: string): readonly string[] | undefined {
  const value = parseJson(json);
  if (!Array.isArray(value) || value.some((item) => typeof item === 'object')) return undefined;
  return [...new Set(value.map(String))];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An entry that needs room. */
export function MetadataBlock({ entry }: { readonly entry: MetadataEntry }) {
  const label = metadataLabel(entry.label);
  switch (entry.__typename) {
    case 'MarkdownMetadataEntry':
      return (
        <Suspense fallback={<p>{entry.mdStr}</p>}>
          <MarkdownView text={entry.mdStr} />
        </Suspense>
      );
    case 'JsonMetadataEntry':
      return <CodeBlock label={label} text={prettyJson(entry.jsonString)} />;
    case 'TableMetadataEntry':
      return <RecordsTable label={label} table={entry.table} />;
    case 'TableSchemaMetadataEntry':
      return (
        <SimpleTable
          label={label}
          columns={[{ header: 'Column' }, { header: 'Type' }, { header: 'Description' }]}
          rows={entry.schema.columns.map((column) => ({
            id: column.name,
            cells: [
              <Mono key="name" text={column.name} />,
              columnType(column.type) ?? '—',
              column.description ?? '—',
            ],
          }))}
        />
      );
    case 'TableColumnLineageMetadataEntry':
      return (
        <SimpleTable
          label={label}
          columns={[{ header: 'Column' }, { header: 'Comes from' }]}
          rows={entry.lineage.map(({ columnName, columnDeps }) => ({
            id: columnName,
            cells: [
              <Mono key="name" text={columnName} />,
              columnDeps.map((from) => `${from.assetKey.path.join('/')}.${from.columnName}`).join(', ') ||
                '—',
            ],
          }))}
        />
      );
    default:
      return null;
  }
}

const Mono = ({ text }: { readonly text: string }) => <span className="mono">{text}</span>;

function prettyJson(text: string): string {
  const value = parseJson(text);
  return value === undefined ? text : JSON.stringify(value, null, 2);
}

type Table = Extract<MetadataEntry, { readonly __typename: 'TableMetadataEntry' }>['table'];

function RecordsTable({ label, table }: { readonly label: string; readonly table: Table }) {
  const { columns } = table.schema;
  const records = table.records.slice(0, most).map(parseJson) as readonly (
    | Readonly<Record<string, unknown>>
    | undefined
  )[];
  const isNumeric = (name: string) => records.every((record) => typeof record?.[name] === 'number');
  return (
    <>
      <SimpleTable
        label={label}
        empty="No rows."
        columns={columns.map(({ name }) => ({ header: name, right: isNumeric(name) }))}
        rows={records.map((record, index) => ({
          id: String(index),
          cells: columns.map(({ name }) => cellText(record?.[name])),
        }))}
      />
      {table.records.length > most && (
        <p className="t3 small">and {plural(table.records.length - most, 'more row')}</p>
      )}
    </>
  );
}

function cellText(value: unknown): string {
  if (value === undefined || value === null) return '—';
  if (typeof value === 'number') return formatCount(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
