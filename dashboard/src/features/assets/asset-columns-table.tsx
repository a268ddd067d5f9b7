import { Link } from '@tanstack/react-router';
import { cx } from '../../components/cx';
import { keyToUrl } from '../../components/format/asset-key';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { TwoLines } from '../../components/two-lines';
import { useUrlState } from '../../components/use-url-state';
import { ColumnLineage } from '../column-lineage/column-lineage';
import styles from './asset-page.module.css';
import type { Node } from './asset-types';
import { columnType } from './column-type';
import type { Materialization } from './metadata-series';

/** The columns that the latest materialization named, else the definition, and what each comes from. */
export function latestColumns(
  latest: Pick<Materialization, 'metadataEntries'> | undefined,
  defined: Pick<Node, 'metadataEntries'>,
) {
  const entries = [...(latest?.metadataEntries ?? []), ...defined.metadataEntries];
  const schema = entries.find((entry) => entry.__typename === 'TableSchemaMetadataEntry');
  const lineage = entries.find((entry) => entry.__typename === 'TableColumnLineageMetadataEntry');
  const sources = new Map(lineage?.lineage.map((each) => [each.columnName, each.columnDeps]));
  const known = schema?.schema.columns ?? [];
  const others = [...sources.keys()].filter((name) => !known.some((column) => column.name === name));
  return [
    ...known.map((column) => ({
      ...column,
      type: columnType(column.type),
      sources: sources.get(column.name) ?? [],
    })),
    ...others.map((name) => ({
      name,
      type: undefined,
      description: null,
      constraints: { nullable: true, unique: false, other: [] as readonly string[] },
      sources: sources.get(name) ?? [],
    })),
  ];
}

type Column = ReturnType<typeof latestColumns>[number];
type Source = Column['sources'][number];

/** The columns; one at a time opens its lineage above them. */
export function Columns({ asset, columns }: { readonly asset: string; readonly columns: readonly Column[] }) {
  const [search] = useUrlState();
  const chosen = columns.find(({ name }) => name === search.column);
  return (
    <>
      {chosen && <ColumnLineage start={{ asset, column: chosen.name }} />}
      {chosen ? (
        <Section title="Columns" detail={columns.length}>
          <ColumnsTable columns={columns} chosen={chosen.name} />
        </Section>
      ) : (
        <ColumnsTable columns={columns} chosen={undefined} />
      )}
    </>
  );
}

function ColumnsTable({
  columns,
  chosen,
}: {
  readonly columns: readonly Column[];
  readonly chosen: string | undefined;
}) {
  const hasLineage = columns.some((column) => column.sources.length > 0);
  const hasTypes = columns.some((column) => column.type !== undefined);
  const hasConstraints = columns.some((column) => constraintsOf(column) !== '');
  return (
    <SimpleTable
      label="Columns"
      columns={[
        { header: 'Column' },
        ...(hasTypes ? [{ header: 'Type' }] : []),
        ...(hasConstraints ? [{ header: 'Constraints' }] : []),
        ...(hasLineage ? [{ header: 'Comes from' }] : []),
        { header: 'Description' },
      ]}
      rows={columns.map((column) => ({
        id: column.name,
        narrow: (
          <span className="grow">
            <TwoLines
              first={<ColumnLink name={column.name} chosen={column.name === chosen} />}
              second={[
                column.type,
                constraintsOf(column),
                column.sources.length > 0 && `from ${column.sources.map(nameOf).join(', ')}`,
                column.description,
              ]
                .filter(Boolean)
                .join(' · ')}
            />
          </span>
        ),
        cells: [
          <ColumnLink key="name" name={column.name} chosen={column.name === chosen} />,
          ...(hasTypes ? [column.type ?? '—'] : []),
          ...(hasConstraints ? [constraintsOf(column) || '—'] : []),
          ...(hasLineage ? [<Sources key="sources" sources={column.sources} />] : []),
          column.description ?? '—',
        ],
      }))}
    />
  );
}

const constraintsOf = ({ constraints }: Column): string =>
  [constraints.unique && 'unique', !constraints.nullable && 'not null', ...constraints.other]
    .filter(Boolean)
    .join(', ');

const nameOf = ({ assetKey, columnName }: Source): string => `${assetKey.path.join('/')}.${columnName}`;

/** Opens a column's lineage, or closes it. */
function ColumnLink({ name, chosen }: { readonly name: string; readonly chosen: boolean }) {
  return (
    <Link
      to="."
      search={(old: Record<string, string | undefined>) => ({ ...old, column: chosen ? undefined : name })}
      className={cx('link mono', chosen && 'strong')}
      title={chosen ? 'Close its lineage' : 'Show its lineage'}
      activeProps={{}}
    >
      {name}
    </Link>
  );
}

function Sources({ sources }: { readonly sources: readonly Source[] }) {
  if (sources.length === 0) return '—';
  return (
    <span className={styles.lineage}>
      {sources.map((source) => (
        <Link
          key={nameOf(source)}
          to="/assets/$"
          params={{ _splat: keyToUrl(source.assetKey) }}
          search={{ tab: 'columns', column: source.columnName }}
          className="link"
        >
          {source.assetKey.path.join('/')}.<span className="mono">{source.columnName}</span>
        </Link>
      ))}
    </span>
  );
}
