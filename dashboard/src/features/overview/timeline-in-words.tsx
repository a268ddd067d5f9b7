import { plural } from '../../components/format/number';
import { runStatus } from '../../components/status';
import { Time } from '../../components/time';
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
          const last = row.items.findLast(({ run }) => run !== undefined);
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
function runsText({ items }: TimelineRow): string {
  const words = items.flatMap(({ run }) => (run ? [runStatus(run.status).word] : []));
  return words.length === 0 ? 'none' : `${plural(words.length, 'run')}: ${counted(words)}`;
}

/** `3 expected, 1 missed` */
function ticksText({ items }: TimelineRow): string {
  return counted(items.flatMap(({ run, kind }) => (run ? [] : [kind]))) || 'none';
}

function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}
