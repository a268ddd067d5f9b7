import type { LegendEntry } from '../../components/legend-entry';
import { runTargetText } from '../../components/run-target-text';
import { compareStatus, runStatus, type StatusKind, worstStatus } from '../../components/status';
import { mergeClose } from '../../components/time-scale';
import type { TimelineRun } from './attention';
import type { OverdueTick } from './overdue-ticks';

export interface TimelineItem {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly kind: StatusKind;
  readonly run: TimelineRun | undefined;
  /** Why a tick is late or missed. */
  readonly note?: string;
}

export interface TimelineMark {
  readonly from: number;
  readonly to: number;
  readonly kind: StatusKind;
  readonly items: readonly TimelineItem[];
}

export interface TimelineRow {
  readonly name: string;
  readonly detail: string;
  readonly location: string;
  readonly items: readonly TimelineItem[];
}

export interface ExpectedTicks {
  readonly jobName: string;
  readonly location: string;
  readonly detail: string;
  /** Epoch ms. */
  readonly at: readonly number[];
}

/** One line per job or asset, with its runs of the window and its expected ticks; by location and name. */
export function timelineRows(
  runs: readonly TimelineRun[],
  expected: readonly ExpectedTicks[],
  now: number,
  overdue: readonly OverdueTick[] = [],
): TimelineRow[] {
  const rows = new Map<string, { name: string; detail: string; location: string; items: TimelineItem[] }>();
  const rowOf = (location: string, name: string) => {
    const id = `${location}\n${name}`;
    let row = rows.get(id);
    if (!row) {
      row = { name, detail: '', location, items: [] };
      rows.set(id, row);
    }
    return row;
  };
  for (const run of runs) {
    const { name } = runTargetText(run);
    const from = (run.startTime ?? run.creationTime) * 1_000;
    const to = run.endTime === null ? now : run.endTime * 1_000;
    rowOf(run.repositoryOrigin?.repositoryLocationName ?? '', name).items.push({
      from,
      to: Math.max(from, to),
      kind: runStatus(run.status).kind,
      run,
    });
  }
  for (const each of expected) {
    const row = rowOf(each.location, each.jobName);
    row.detail = each.detail;
    for (const at of each.at)
      if (at > now) row.items.push({ from: at, to: at, kind: 'expected', run: undefined });
  }
  for (const { location, rowName, at, kind, reason } of overdue)
    rowOf(location, rowName).items.push({ from: at, to: at, kind, run: undefined, note: reason });
  for (const row of rows.values()) row.items.sort((a, b) => a.from - b.from);
  return [...rows.values()].sort(
    (a, b) => a.location.localeCompare(b.location) || a.name.localeCompare(b.name),
  );
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

const legend: readonly LegendEntry[] = [
  { kind: 'success', word: 'Success' },
  { kind: 'failure', word: 'Failed' },
  { kind: 'running', word: 'Running' },
  { kind: 'starting', word: 'Starting' },
  { kind: 'queued', word: 'Queued' },
  { kind: 'waiting', word: 'Waiting' },
  { kind: 'canceled', word: 'Canceled' },
  { kind: 'canceling', word: 'Canceling' },
  { kind: 'expected', word: 'Expected' },
  { kind: 'late', word: 'Late' },
  { kind: 'missed', word: 'Missed' },
];

/** What the marks mean, for those that there are. */
export function timelineLegend(rows: readonly TimelineRow[]): LegendEntry[] {
  const kinds = new Set(rows.flatMap((row) => row.items.map((item) => item.kind)));
  return legend.filter((entry) => kinds.has(entry.kind));
}

/** Marks of a row: neighbours closer than `gap` ms become one with the worst status. Ticks without a run stay apart. */
export function timelineMarks(items: readonly TimelineItem[], gap: number): TimelineMark[] {
  const past = mergeClose(
    items.filter((item) => item.run !== undefined),
    gap,
  ).map((span) => ({ ...span, kind: worstStatus(span.items.map((item) => item.kind)) }));
  const future = items
    .filter((item) => item.run === undefined)
    .map((item) => ({ from: item.from, to: item.to, kind: item.kind, items: [item] }));
  return [...past, ...future];
}
