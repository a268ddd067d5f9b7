import { metadataLabel } from '../../components/format/metadata-label';
import { QueryPanel } from '../../components/panel-states';
import { SimpleTable } from '../../components/simple-table';
import { checkStatus } from '../../components/status';
import { StatusText } from '../../components/status-text';
import { TickStrip } from '../../components/tick-strip';
import { Time } from '../../components/time';
import { TwoLines } from '../../components/two-lines';
import { pollInterval, useLiveQuery } from '../../graphql/use-live-query';
import { checkHistoryDocument } from './asset.graphql';
import styles from './asset-page.module.css';
import { MetadataValue } from './metadata-value';
import { RunReference } from './run-reference';

const kept = 50;

/** What a check said of the last materializations, oldest at the left of the strip, newest first in the table. */
export function CheckHistory({
  path,
  name,
  description,
}: {
  readonly path: readonly string[];
  readonly name: string;
  /** What it checks. */
  readonly description: string | null;
}) {
  const query = useLiveQuery(
    checkHistoryDocument,
    { assetKey: { path }, checkName: name, limit: kept },
    { interval: pollInterval.slow, select: (answer) => answer.assetCheckExecutions },
  );
  return (
    <div className={styles.history}>
      {description && <p className={styles.checkDescription}>{description}</p>}
      <QueryPanel query={query} title="The history could not be loaded" rows={3}>
        {(executions) => {
          const results = executions.map((each) => ({
            ...each,
            result: checkStatus(each.status, each.evaluation?.severity),
          }));
          const failed = results.filter((each) => each.result.kind !== 'success').length;
          return (
            <>
              <TickStrip
                ticks={results.map((each) => each.result.kind).reverse()}
                slots={Math.max(10, results.length)}
                label={`${results.length} results, ${failed} of them no success`}
              />
              <SimpleTable
                label={`History of ${name}`}
                empty="This check has not run yet."
                columns={[
                  { header: 'When' },
                  { header: 'Result' },
                  { header: 'Partition' },
                  { header: 'Run' },
                  { header: 'Says' },
                ]}
                rows={results.map((each) => ({
                  id: each.id,
                  narrow: (
                    <>
                      <span className="grow">
                        <TwoLines
                          first={<Time at={each.timestamp * 1_000} seconds />}
                          second={
                            [each.partition, each.evaluation?.description].filter(Boolean).join(' · ') || '—'
                          }
                        />
                      </span>
                      <StatusText status={each.result} />
                      <RunReference runId={each.runId} />
                    </>
                  ),
                  cells: [
                    <Time key="at" at={each.timestamp * 1_000} seconds />,
                    <StatusText key="status" status={each.result} />,
                    each.partition ?? '—',
                    <RunReference key="run" runId={each.runId} />,
                    <span key="text" className={styles.metadata}>
                      {each.evaluation?.description && (
                        <span className="t2">{each.evaluation.description}</span>
                      )}
                      {each.evaluation?.metadataEntries.map((entry) => (
                        <span key={entry.label}>
                          <span className="t3">{metadataLabel(entry.label)}</span>{' '}
                          <MetadataValue entry={entry} />
                        </span>
                      ))}
                    </span>,
                  ],
                }))}
              />
            </>
          );
        }}
      </QueryPanel>
    </div>
  );
}
