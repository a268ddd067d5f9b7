import { compareStatus, runStatus, worstStatus } from '../../components/status';
import type { RunStatus, TimelineResult } from '../../graphql/generated';
import type { OverdueTick } from './overdue-ticks';
import { type TimelineItem, tickItem } from './timeline-marks';

type Timeline = Extract<TimelineResult['runTimelineOrError'], { readonly __typename: 'RunTimeline' }>;
export type RunRow = Timeline['rows'][number];

export interface TimelineRow {
  readonly location: string;
  readonly name: string;
  /** Of its runs; of a row with ticks only the job's, if one describes it. */
  readonly jobName: string;
  /** How often it is due, in words. */
  readonly detail: string;
  readonly counts: readonly { readonly status: RunStatus; readonly count: number }[];
  /** By start. */
  readonly items: readonly TimelineItem[];
}

export interface ExpectedTicks {
  readonly rowName: string;
  readonly jobName: string;
  readonly location: string;
  readonly detail: string;
  /** Epoch ms. */
  readonly at: readonly number[];
}

const idOf = (location: string, name: string): string => `${location}\n${name}`;

/** One line per job or asset, with its runs of the window and its ticks; by location and name. */
export function timelineRows(
  runs: readonly RunRow[],
  expected: readonly ExpectedTicks[],
  { now, to }: { readonly now: number; readonly to: number },
  overdue: readonly OverdueTick[] = [],
): TimelineRow[] {
  const rows = new Map<
    string,
    { -readonly [Key in keyof TimelineRow]: TimelineRow[Key] } & { items: TimelineItem[] }
  >();
  const rowOf = (location: string, name: string, jobName: string) => {
    const id = idOf(location, name);
    const row = rows.get(id) ?? { location, name, jobName, detail: '', counts: [], items: [] };
    rows.set(id, row);
    return row;
  };
  for (const { locationName, name, jobName, counts, marks } of runs) {
    const row = rowOf(locationName, name, jobName);
    row.counts = counts;
    row.items = marks ? runItems(marks) : [];
  }
  for (const { location, rowName, jobName, detail, at } of expected) {
    const ticks = at.filter((each) => each > now && each <= to).map((each) => tickItem('expected', each));
    // A job that is idle in the window has no row.
    if (ticks.length === 0 && !rows.has(idOf(location, rowName))) continue;
    const row = rowOf(location, rowName, jobName);
    row.detail = detail;
    row.items.push(...ticks);
  }
  for (const { location, rowName, at, kind, reason } of overdue)
    rowOf(location, rowName, rowName).items.push(tickItem(kind, at, reason));
  for (const row of rows.values()) row.items.sort((a, b) => a.from - b.from);
  return [...rows.values()].sort(
    (a, b) => a.location.localeCompare(b.location) || a.name.localeCompare(b.name),
  );
}

function runItems(marks: NonNullable<RunRow['marks']>): TimelineItem[] {
  return marks.startTime.map((start, index) => {
    const status = marks.status[index] ?? 'SUCCESS';
    const runId = marks.runId[index];
    return {
      from: start * 1_000,
      to: (marks.endTime[index] ?? start) * 1_000,
      kind: runStatus(status).kind,
      runs: {
        status,
        count: marks.count[index] ?? 1,
        ...(runId ? { runId } : {}),
        created: [
          (marks.firstCreationTime[index] ?? start) * 1_000,
          (marks.lastCreationTime[index] ?? start) * 1_000,
        ],
      },
    };
  });
}

/**
 * So many rows that say most, in their order: those with the worst status, and of them those with the latest run. One
 * whose only marks are ticks to come says least.
 */
export function busiestRows(rows: readonly TimelineRow[], most: number): readonly TimelineRow[] {
  if (rows.length <= most) return rows;
  const weighed = rows.map((row) => {
    const past = row.items.filter((item) => item.kind !== 'expected');
    return {
      row,
      status: past.length === 0 ? ('none' as const) : worstStatus(past.map((item) => item.kind)),
      latest: past.at(-1)?.from ?? 0,
    };
  });
  const idleLast = (each: (typeof weighed)[number]) => Number(each.latest === 0);
  weighed.sort(
    (a, b) => idleLast(a) - idleLast(b) || compareStatus(a.status, b.status) || b.latest - a.latest,
  );
  const chosen = new Set(weighed.slice(0, most).map(({ row }) => row));
  return rows.filter((row) => chosen.has(row));
}

/** A line of the chart: a row, or the head of a code location's rows. */
export type TimelineLine =
  | { readonly kind: 'row'; readonly row: TimelineRow; readonly items: readonly TimelineItem[] }
  | {
      readonly kind: 'group';
      readonly location: string;
      readonly rows: readonly TimelineRow[];
      readonly isClosed: boolean;
      /** Of all its rows while it is closed. */
      readonly items: readonly TimelineItem[];
    };

/** The lines of the rows: under the heads of their code locations where there are several. */
export function timelineLines(
  rows: readonly TimelineRow[],
  closed: ReadonlySet<string>,
): readonly TimelineLine[] {
  const groups = Map.groupBy(rows, ({ location }) => location);
  const lineOf = (row: TimelineRow): TimelineLine => ({ kind: 'row', row, items: row.items });
  if (groups.size < 2) return rows.map(lineOf);
  return [...groups].flatMap(([location, members]) => {
    const isClosed = closed.has(location);
    const items = isClosed ? members.flatMap((row) => row.items).sort((a, b) => a.from - b.from) : [];
    const head: TimelineLine = { kind: 'group', location, rows: members, isClosed, items };
    return isClosed ? [head] : [head, ...members.map(lineOf)];
  });
}
