import { lazy, Suspense, useMemo } from 'react';
import { Button } from '../../components/button';
import { metadataLabel } from '../../components/format/metadata-label';
import { formatCount, plural } from '../../components/format/number';
import { PanelBoundary } from '../../components/panel-boundary';
import { EmptyState, LoadingRows } from '../../components/panel-states';
import { Section } from '../../components/section';
import { Segmented } from '../../components/segmented';
import { SimpleTable } from '../../components/simple-table';
import { Time } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import styles from './asset-page.module.css';
import { byPartition, type Materialization, metadataSeries, numericLabels } from './metadata-series';
import { RunReference } from './run-reference';

export const MetadataPlot = lazy(() => import('./metadata-plot'));

export function PlotSection({ materializations }: { readonly materializations: readonly Materialization[] }) {
  const [search, patch] = useUrlState();
  const labels = useMemo(() => numericLabels(materializations), [materializations]);
  const label = labels.find((each) => each === search.metric) ?? labels[0];
  const overTime = useMemo(
    () => (label ? metadataSeries(materializations, label) : []),
    [materializations, label],
  );
  const partitioned = useMemo(() => byPartition(overTime), [overTime]);
  const isByPartition = partitioned.length > 1 && search.by !== 'time';
  const points = isByPartition ? partitioned : overTime;
  const asTable = search.plot === 'table';
  if (!label) {
    return (
      <EmptyState icon="assets" title="No numbers to plot yet">
        Numbers that a materialization returns as metadata, such as row counts, are drawn here over time.
      </EmptyState>
    );
  }
  return (
    <Section
      title={labels.length > 1 ? 'Metadata' : metadataLabel(label)}
      detail={`last ${plural(points.length, isByPartition ? 'partition' : 'materialization')}${points.length > 5 ? ' · band: expected from the 28 before' : ''}`}
      actions={
        <>
          {labels.length > 1 && (
            <select
              className={styles.metric}
              aria-label="Metadata"
              value={label}
              onChange={(event) => patch({ metric: event.target.value })}
            >
              {labels.map((each) => (
                <option key={each} value={each}>
                  {metadataLabel(each)}
                </option>
              ))}
            </select>
          )}
          {partitioned.length > 1 && (
            <Segmented
              label="Order"
              value={isByPartition ? 'partition' : 'time'}
              options={[
                { value: 'partition', text: 'By partition' },
                { value: 'time', text: 'Over time' },
              ]}
              onChange={(by) => patch({ by: by === 'time' ? 'time' : undefined })}
            />
          )}
          <Button
            look="ghost"
            small
            icon="table"
            aria-pressed={asTable}
            onClick={() => patch({ plot: asTable ? undefined : 'table' })}
          >
            {asTable ? 'Chart' : 'Table'}
          </Button>
        </>
      }
    >
      {asTable ? (
        <SimpleTable
          label={metadataLabel(label)}
          columns={[
            { header: 'When' },
            { header: 'Partition' },
            { header: metadataLabel(label), right: true },
            { header: 'Run' },
          ]}
          rows={points.toReversed().map((point) => ({
            id: `${point.at}-${point.partition}`,
            cells: [
              <Time key="at" at={point.at} seconds />,
              point.partition ?? '—',
              formatCount(point.value),
              <RunReference key="run" runId={point.runId} />,
            ],
          }))}
        />
      ) : points.length < 2 ? (
        <p className={styles.single}>
          <b className={styles.singleValue}>{formatCount(points[0]?.value ?? 0)}</b>
          <span className="t2 small">The only value so far; the next one begins a plot.</span>
        </p>
      ) : (
        <div className={styles.plotBox}>
          <PanelBoundary title="The plot could not be drawn">
            <Suspense fallback={<LoadingRows rows={4} />}>
              <MetadataPlot points={points} label={metadataLabel(label)} isByPartition={isByPartition} />
            </Suspense>
          </PanelBoundary>
        </div>
      )}
    </Section>
  );
}
