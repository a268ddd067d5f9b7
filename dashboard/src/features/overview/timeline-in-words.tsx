import { plural } from '../../components/format/number';
import { Time } from '../../components/time';
import { statusText } from './timeline-marks';
import type { TimelineRow } from './timeline-rows';

/** The timeline's twin for those who do not see it: each line with its runs by status, its last run and its ticks. */
export function TimelineInWords({ rows }: { readonly rows: readonly TimelineRow[] }) {
  return (
    <table className="hidden-visually" aria-label="Timeline in words">
      <thead>
        <tr>
          <th scope="col">Job or asset</th>
          <th scope="col">Runs</th>
          <th scope="col">Last run</th>
          <th scope="col">Ticks</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const last = row.items.findLast(({ runs }) => runs !== undefined);
          return (
            <tr key={`${row.location}/${row.name}`}>
              <th scope="row">{row.name}</th>
              <td>{runsText(row)}</td>
              <td>{last && <Time at={last.from} />}</td>
              <td>{ticksText(row)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** `12 runs: 11 Success, 1 Failed` */
function runsText({ counts }: TimelineRow): string {
  const count = counts.reduce((sum, each) => sum + each.count, 0);
  return count === 0 ? 'none' : `${plural(count, 'run')}: ${statusText(counts)}`;
}

/** `3 expected, 1 missed` */
function ticksText({ items }: TimelineRow): string {
  const counts = new Map<string, number>();
  for (const { runs, kind } of items) if (!runs) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none';
}
