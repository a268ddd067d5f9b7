import { Link } from '@tanstack/react-router';
import { keyToUrl } from '../../components/format/asset-key';
import { SimpleTable } from '../../components/simple-table';
import styles from './asset-page.module.css';
import type { Materialization } from './metadata-series';

/** The columns that the latest materialization named, and what each comes from. */
export function latestColumns(latest: Materialization | undefined) {
  const entries = latest?.metadataEntries ?? [];
  const schema = entries.find((entry) => entry.__typename === 'TableSchemaMetadataEntry');
  const lineage = entries.find((entry) => entry.__typename === 'TableColumnLineageMetadataEntry');
  const sources = new Map(lineage?.lineage.map((each) => [each.columnName, each.columnDeps]));
  const known = schema?.schema.columns ?? [];
  const others = [...sources.keys()].filter((name) => !known.some((column) => column.name === name));
  return [
    ...known.map((column) => ({ ...column, sources: sources.get(column.name) ?? [] })),
    ...others.map((name) => ({
      name,
      type: '—',
      description: null,
      constraints: { nullable: true, unique: false, other: [] as readonly string[] },
      sources: sources.get(name) ?? [],
    })),
  ];
}

export function ColumnsTable({ columns }: { readonly columns: ReturnType<typeof latestColumns> }) {
  const hasLineage = columns.some((column) => column.sources.length > 0);
  return (
    <SimpleTable
      label="Columns"
      columns={[
        { header: 'Column' },
        { header: 'Type' },
        { header: 'Constraints' },
        ...(hasLineage ? [{ header: 'Comes from' }] : []),
        { header: 'Description' },
      ]}
      rows={columns.map((column) => ({
        id: column.name,
        cells: [
          <span key="name" className="mono">
            {column.name}
          </span>,
          column.type,
          [
            column.constraints.unique && 'unique',
            !column.constraints.nullable && 'not null',
            ...column.constraints.other,
          ]
            .filter(Boolean)
            .join(', ') || '—',
          ...(hasLineage ? [<Sources key="sources" sources={column.sources} />] : []),
          column.description ?? '—',
        ],
      }))}
    />
  );
}

function Sources({
  sources,
}: {
  readonly sources: readonly {
    readonly assetKey: { readonly path: readonly string[] };
    readonly columnName: string;
  }[];
}) {
  if (sources.length === 0) return '—';
  return (
    <span className={styles.lineage}>
      {sources.map((source) => (
        <Link
          key={`${source.assetKey.path.join('/')}.${source.columnName}`}
          to="/assets/$"
          params={{ _splat: keyToUrl(source.assetKey) }}
          search={{ tab: 'columns' }}
          className="link"
        >
          {source.assetKey.path.join('/')}.<span className="mono">{source.columnName}</span>
        </Link>
      ))}
    </span>
  );
}
