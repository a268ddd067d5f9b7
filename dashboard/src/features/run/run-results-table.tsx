import { Link } from '@tanstack/react-router';
import { keyToUrl } from '../../components/format/asset-key';
import { formatDuration } from '../../components/format/duration';
import { SimpleTable } from '../../components/simple-table';
import { StatusIcon } from '../../components/status-icon';
import { StatusText } from '../../components/status-text';
import { TwoLines } from '../../components/two-lines';
import styles from './run-page.module.css';
import type { RunResult } from './run-results';

/** Assets or checks of a run with what came of them; each leads to its event. */
export function RunResultsTable({
  label,
  results,
  empty,
}: {
  readonly label: 'Assets' | 'Checks';
  readonly results: readonly RunResult[];
  readonly empty: string;
}) {
  const isChecks = label === 'Checks';
  return (
    <SimpleTable
      label={label}
      columns={[
        { header: 'Asset' },
        { header: isChecks ? 'Check' : 'Partition' },
        { header: 'Result', width: '130px' },
        { header: isChecks ? 'What it says' : 'Metadata' },
        { header: 'Event', width: '90px' },
      ]}
      rows={results.map((result) => ({
        id: result.id,
        cells: [
          <AssetLink key="asset" result={result} />,
          isChecks ? result.check : (result.partition ?? '—'),
          <StatusText key="status" status={result.status} />,
          <span key="text" className={styles.said}>
            {result.text}
          </span>,
          <EventLink key="event" event={result.event} />,
        ],
        narrow: (
          <>
            <StatusIcon kind={result.status.kind} label={result.status.word} />
            <span className="grow">
              <TwoLines
                first={<AssetLink result={result} />}
                second={[result.check, result.partition, result.status.word, result.text]
                  .filter(Boolean)
                  .join(' · ')}
              />
            </span>
            <EventLink event={result.event} />
          </>
        ),
      }))}
      empty={empty}
    />
  );
}

/** What dbt did, node by node. */
export function DbtNodesTable({ results }: { readonly results: readonly RunResult[] }) {
  return (
    <SimpleTable
      label="dbt nodes"
      columns={[
        { header: 'Node' },
        { header: 'Kind', width: '90px' },
        { header: 'Status', width: '130px' },
        { header: 'Asset' },
        { header: 'Took', width: '90px', right: true },
        { header: 'Event', width: '90px' },
      ]}
      rows={results.map((result) => ({
        id: result.id,
        cells: [
          <span key="node" className="mono">
            {result.dbt?.uniqueId}
          </span>,
          result.dbt?.type,
          <StatusText key="status" status={{ ...result.status, word: result.dbt?.status ?? '' }} />,
          <AssetLink key="asset" result={result} />,
          formatDuration(result.dbt?.seconds === undefined ? null : result.dbt.seconds * 1_000),
          <EventLink key="event" event={result.event} />,
        ],
        narrow: (
          <>
            <StatusIcon kind={result.status.kind} label={result.status.word} />
            <span className="grow">
              <TwoLines
                first={<span className="mono">{result.dbt?.uniqueId}</span>}
                second={[
                  result.dbt?.status,
                  result.dbt?.type,
                  result.dbt?.seconds === undefined ? '' : formatDuration(result.dbt.seconds * 1_000),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              />
            </span>
            <EventLink event={result.event} />
          </>
        ),
      }))}
    />
  );
}

function AssetLink({ result }: { readonly result: RunResult }) {
  return (
    <Link to="/assets/$" params={{ _splat: keyToUrl({ path: result.path }) }} className="link">
      {result.asset}
    </Link>
  );
}

function EventLink({ event }: { readonly event: number | undefined }) {
  if (event === undefined) return <span className="t3">—</span>;
  return (
    <Link
      to="."
      search={(old: Record<string, string | undefined>) => ({ ...old, tab: undefined, event: String(event) })}
      className="link nowrap"
      activeProps={{ 'aria-current': undefined }}
    >
      Show event
    </Link>
  );
}
