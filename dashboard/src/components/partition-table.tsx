import { formatCount, plural } from './format/number';
import { type PartitionCell, partitionSpans, partitionWord } from './partition-grid';
import { SimpleTable } from './simple-table';
import { StatusIcon } from './status-icon';

/** Lines of the table at most; a map with more changes between neighbours says how many are left out. */
const most = 200;

/** The heat map in words: neighbours of one status as a line. */
export function PartitionTable({ cells }: { readonly cells: readonly PartitionCell[] }) {
  const spans = partitionSpans(cells);
  return (
    <>
      <SimpleTable
        label="Partitions in words"
        columns={[
          { header: 'From' },
          { header: 'To' },
          { header: 'Partitions', right: true },
          { header: 'Status' },
        ]}
        rows={spans.slice(0, most).map((span) => ({
          id: span.from,
          cells: [
            <span key="from" className="mono">
              {span.from}
            </span>,
            <span key="to" className="mono">
              {span.to}
            </span>,
            formatCount(span.count),
            <span key="status" className="row">
              <StatusIcon kind={span.kind} />
              {partitionWord[span.kind] ?? span.kind}
            </span>,
          ],
        }))}
      />
      {spans.length > most && <p className="t3 small">and {plural(spans.length - most, 'more line')}</p>}
    </>
  );
}
