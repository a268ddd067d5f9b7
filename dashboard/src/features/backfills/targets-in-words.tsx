import { targetStatuses } from './backfill-progress';
import type { TargetLine } from './target-lines';

/** Stretches of partitions that are told; the table of runs has every one. */
const TOLD = 200;

/** The map's twin for those who do not see it: stretches of partitions of one status, line by line. */
export function TargetsInWords({ lines }: { readonly lines: readonly TargetLine[] }) {
  return (
    <ul className="hidden-visually" aria-label="Partitions of the backfill in words">
      {lines
        .flatMap(stretchesOf)
        .slice(0, TOLD)
        .map((text) => (
          <li key={text}>{text}</li>
        ))}
    </ul>
  );
}

function stretchesOf({ label, cells }: TargetLine): string[] {
  const texts: string[] = [];
  let at = 0;
  while (at < cells.length) {
    const first = cells[at];
    let end = at;
    while (end + 1 < cells.length && cells[end + 1]?.status === first?.status) end += 1;
    if (first) {
      const last = cells[end]?.partition;
      const span = end === at ? first.partition : `${first.partition} to ${last}`;
      texts.push(`${[label, span].filter(Boolean).join(', ')}: ${targetStatuses[first.status].word}`);
    }
    at = end + 1;
  }
  return texts;
}
