import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import { Button } from '../../components/button';
import { formatCount, plural } from '../../components/format/number';
import { PanelBoundary } from '../../components/panel-boundary';
import { EmptyState, LoadingRows } from '../../components/panel-states';
import { Section } from '../../components/section';
import { SimpleTable } from '../../components/simple-table';
import { Time } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import styles from './asset-page.module.css';
import { type Materialization, metadataSeries, numericLabels } from './metadata-series';

export const MetadataPlot = lazy(() => import('./metadata-plot'));

export function PlotSection({ materializations }: { readonly materializations: readonly Materialization[] }) {
  const [search, patch] = useUrlState();
  const labels = useMemo(() => numericLabels(materializations), [materializations]);
  const label = labels.find((each) => each === search.metric) ?? labels[0];
  const points = useMemo(
    () => (label ? metadataSeries(materializations, label) : []),
    [materializations, label],
  );
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
      title={label}
      detail={`last ${plural(points.length, 'materialization')} · band: expected from the 28 before`}
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
                <option key={each}>{each}</option>
              ))}
            </select>
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
          label={label}
          columns={[
            { header: 'When' },
            { header: 'Partition' },
            { header: label, right: true },
            { header: 'Run' },
          ]}
          rows={points.toReversed().map((point) => ({
            id: `${point.at}-${point.partition}`,
            cells: [
              <Time key="at" at={point.at} seconds />,
              point.partition ?? '—',
              formatCount(point.value),
              <Link key="run" to="/runs/$runId" params={{ runId: point.runId }} className="link mono">
                {point.runId.slice(0, 8)}
              </Link>,
            ],
          }))}
        />
      ) : (
        <div className={styles.plotBox}>
          <PanelBoundary title="The plot could not be drawn">
            <Suspense fallback={<LoadingRows rows={4} />}>
              <MetadataPlot points={points} label={label} />
            </Suspense>
          </PanelBoundary>
        </div>
      )}
    </Section>
  );
}
