import { Button } from '../../components/button';
import { metadataLabel } from '../../components/format/metadata-label';
import { SimpleTable } from '../../components/simple-table';
import { StatusText } from '../../components/status-text';
import { Tag } from '../../components/tag';
import { Time } from '../../components/time';
import { useUrlState } from '../../components/use-url-state';
import { resolveCheck } from './asset-health';
import styles from './asset-page.module.css';
import type { Check } from './asset-types';
import { CheckHistory } from './check-history';
import type { Materialization } from './metadata-series';
import { MetadataValue } from './metadata-value';
import { RunReference } from './run-reference';

/** The checks with their last result; one at a time opens its history. */
export function Checks({
  path,
  checks,
}: {
  readonly path: readonly string[];
  readonly checks: readonly Check[];
}) {
  const [search, patch] = useUrlState();
  return (
    <SimpleTable
      label="Checks"
      columns={[
        { header: 'Check' },
        { header: 'Result' },
        { header: 'Ran' },
        { header: 'Says' },
        { header: 'History', right: true },
      ]}
      empty="No checks. A check tests the data after each materialization; declare one beside the asset."
      rows={checks.map((check) => {
        const execution = check.executionForLatestMaterialization;
        return {
          id: check.name,
          cells: [
            <span key="name" className="row">
              <span className="strong" title={check.description ?? undefined}>
                {check.name}
              </span>
              {check.blocking && <Tag value="blocking" />}
            </span>,
            <StatusText key="status" status={resolveCheck(check)} />,
            <Time key="at" at={execution ? execution.timestamp * 1_000 : null} />,
            <span key="text" className="t2">
              {execution?.evaluation?.description ?? '—'}
            </span>,
            <Button
              key="history"
              look="ghost"
              small
              aria-expanded={search.check === check.name}
              aria-label={`History of ${check.name}`}
              icon="schedules"
              onClick={() => patch({ check: search.check === check.name ? undefined : check.name })}
            />,
          ],
          below: search.check === check.name && <CheckHistory path={path} name={check.name} />,
        };
      })}
    />
  );
}

export function Materializations({
  materializations,
}: {
  readonly materializations: readonly Materialization[];
}) {
  return (
    <SimpleTable
      label="Materializations"
      columns={[{ header: 'When' }, { header: 'Partition' }, { header: 'Run' }, { header: 'Metadata' }]}
      empty="Never materialized."
      rows={materializations.map((each) => ({
        id: `${each.timestamp}-${each.partition}`,
        cells: [
          <Time key="at" at={Number(each.timestamp)} seconds />,
          each.partition ?? '—',
          <RunReference key="run" runId={each.runId} />,
          <span key="metadata" className={styles.metadata}>
            {each.metadataEntries.slice(0, 5).map((entry) => (
              <span key={entry.label}>
                <span className="t3">{metadataLabel(entry.label)}</span> <MetadataValue entry={entry} />
              </span>
            ))}
          </span>,
        ],
      }))}
    />
  );
}
