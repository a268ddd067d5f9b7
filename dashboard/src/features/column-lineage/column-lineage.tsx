import { Link } from '@tanstack/react-router';
import { useEffect, useMemo, useRef } from 'react';
import { keyToUrl } from '../../components/format/asset-key';
import { plural } from '../../components/format/number';
import { Note, QueryPanel } from '../../components/panel-states';
import { ScrollRegion } from '../../components/scroll-region';
import { Section } from '../../components/section';
import { Segmented } from '../../components/segmented';
import { SimpleTable } from '../../components/simple-table';
import { useUrlState } from '../../components/use-url-state';
import { TraversalSteppers } from '../lineage/traversal-steppers';
import { everything } from '../lineage/traversal-token';
import styles from './column-lineage.module.css';
import { columnBox, placeColumns } from './place-columns';
import { type ColumnGraph, type ColumnRef, columnId, type TracedColumn } from './trace-columns';
import { useColumnLineage } from './use-column-lineage';

const usualSteps = 3;

/** Steps as the address has them. */
function readSteps(text: string | undefined): number {
  if (text === 'all') return everything;
  return text !== undefined && /^\d$/.test(text) ? Number(text) : usualSteps;
}

const writeSteps = (steps: number): string | undefined =>
  steps === usualSteps ? undefined : steps >= everything ? 'all' : String(steps);

/** Where a column comes from and what is made from it, across assets; a table says the same. */
export function ColumnLineage({ start }: { readonly start: ColumnRef }) {
  const [search, patch] = useUrlState();
  const up = readSteps(search.up);
  const down = readSteps(search.down);
  const query = useColumnLineage(start, { up, down });
  const asTable = search.as === 'table';
  return (
    <Section
      title={`Lineage of ${start.column}`}
      detail={query.data && sizeText(query.data)}
      actions={
        <>
          <TraversalSteppers
            traversal={{ key: start.column, up, down }}
            onChange={(next) => patch({ up: writeSteps(next.up), down: writeSteps(next.down) })}
          />
          <Segmented
            label="Lineage as"
            value={asTable ? 'table' : 'graph'}
            options={[
              { value: 'graph', text: 'Graph' },
              { value: 'table', text: 'Table' },
            ]}
            onChange={(as) => patch({ as: as === 'table' ? 'table' : undefined })}
          />
        </>
      }
    >
      <QueryPanel query={query} title="The column’s lineage could not be loaded">
        {(graph) =>
          graph.columns.length === 1 ? (
            <p className={styles.alone}>
              Nothing says what {start.column} comes from, or what is made from it. A materialization does as
              metadata: <code className="mono">'dagster/column_lineage': columnLineage(…)</code>
            </p>
          ) : (
            <>
              {asTable ? (
                <Table graph={graph} />
              ) : (
                <Drawing graph={graph} start={start} isStale={query.isPlaceholderData} />
              )}
              {(graph.more.up || graph.more.down) && (
                <Note kind="none">
                  There is more{' '}
                  {[graph.more.up && 'upstream', graph.more.down && 'downstream']
                    .filter(Boolean)
                    .join(' and ')}
                  : take more steps to see it.
                </Note>
              )}
            </>
          )
        }
      </QueryPanel>
    </Section>
  );
}

function sizeText({ columns }: ColumnGraph): string {
  const assets = new Set(columns.map(({ asset }) => asset)).size;
  return `${plural(columns.length, 'column')} of ${plural(assets, 'asset')}`;
}

function Drawing({
  graph,
  start,
  isStale,
}: {
  readonly graph: ColumnGraph;
  readonly start: ColumnRef;
  readonly isStale: boolean;
}) {
  const { boxes, lines, width, height } = useMemo(() => placeColumns(graph), [graph]);
  const drawing = useRef<HTMLDivElement>(null);
  const own = boxes.find(({ asset }) => asset === start.asset);
  const middle = (own?.x ?? 0) + columnBox.width / 2;
  useEffect(() => {
    const region = drawing.current?.parentElement;
    if (region) region.scrollLeft = middle - region.clientWidth / 2;
  }, [middle]);
  return (
    <ScrollRegion label="Lineage of the column" className={styles.scroll}>
      <div
        ref={drawing}
        className={styles.drawing}
        style={{ width, height }}
        data-stale={isStale || undefined}
      >
        <svg width={width} height={height} aria-hidden="true">
          {lines.map((line) => (
            <path key={line.id} d={line.path} />
          ))}
        </svg>
        {boxes.map((box) => (
          <section
            key={box.asset}
            className={styles.box}
            aria-label={box.asset}
            style={{ left: box.x, top: box.y, width: columnBox.width, height: box.height }}
          >
            <AssetLink asset={box.asset} className={styles.head} />
            <ul>
              {box.columns.map((column) => (
                <li key={column.column}>
                  <ColumnLink
                    to={column}
                    className={styles.row}
                    current={columnId(column) === columnId(start)}
                  />
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
    </ScrollRegion>
  );
}

function Table({ graph }: { readonly graph: ColumnGraph }) {
  const sources = Map.groupBy(graph.edges, ({ to }) => columnId(to));
  const rows = graph.columns.toSorted(
    (a, b) => a.step - b.step || a.asset.localeCompare(b.asset) || a.column.localeCompare(b.column),
  );
  return (
    <SimpleTable
      label="Lineage of the column"
      columns={[{ header: 'Step' }, { header: 'Asset' }, { header: 'Column' }, { header: 'Comes from' }]}
      rows={rows.map((column) => ({
        id: columnId(column),
        cells: [
          stepText(column),
          <AssetLink key="asset" asset={column.asset} className="link" />,
          <ColumnLink key="column" to={column} className="link mono" current={column.step === 0} />,
          (sources.get(columnId(column)) ?? [])
            .map(({ from }) => (from.asset === column.asset ? from.column : `${from.asset}.${from.column}`))
            .join(', ') || '—',
        ],
      }))}
    />
  );
}

function stepText({ step }: TracedColumn): string {
  if (step === 0) return 'this';
  return `${Math.abs(step)} ${step < 0 ? 'up' : 'down'}`;
}

function AssetLink({ asset, className }: { readonly asset: string; readonly className: string | undefined }) {
  const path = asset.split('/');
  return (
    <Link
      to="/assets/$"
      params={{ _splat: keyToUrl({ path }) }}
      search={{ tab: 'columns' }}
      className={className}
      title={asset}
    >
      {path.length > 1 && <span className="t3">{path.slice(0, -1).join('/')}/</span>}
      {path.at(-1)}
    </Link>
  );
}

/** Puts another column in the middle; the steps and the kind of view stay. */
function ColumnLink({
  to,
  className,
  current,
}: {
  readonly to: ColumnRef;
  readonly className: string | undefined;
  readonly current: boolean;
}) {
  return (
    <Link
      to="/assets/$"
      params={{ _splat: keyToUrl({ path: to.asset.split('/') }) }}
      search={(old: Record<string, string | undefined>) => ({ ...old, tab: 'columns', column: to.column })}
      className={className}
      aria-current={current || undefined}
      activeProps={{}}
    >
      {to.column}
    </Link>
  );
}
