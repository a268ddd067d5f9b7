import type { LegendEntry } from '../../components/legend-entry';
import { runStatus, type StatusKind, worstStatus } from '../../components/status';
import { mergeClose } from '../../components/time-scale';
import type { RunStatus } from '../../graphql/generated';

/** A run or a tick, or several runs of one status that began at about the same time. */
export interface TimelineItem {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly kind: StatusKind;
  /** Undefined of a tick. */
  readonly runs?: {
    readonly status: RunStatus;
    readonly count: number;
    /** Of the only one. */
    readonly runId?: string;
    /** When the first and the last of them was created, epoch ms. */
    readonly created: readonly [number, number];
  };
  /** Why a tick is late or missed. */
  readonly note?: string;
}

/** Items that are drawn as one. */
export interface TimelineMark {
  readonly from: number;
  readonly to: number;
  readonly kind: StatusKind;
  readonly items: readonly TimelineItem[];
}

export const tickItem = (kind: StatusKind, at: number, note?: string): TimelineItem => ({
  from: at,
  to: at,
  kind,
  ...(note === undefined ? {} : { note }),
});

/** Widths of a chart, in ms of its scale. */
export interface MarkScale {
  /** Runs that are closer become one mark. */
  readonly gap: number;
  /** Wide enough for a number: such a mark takes no more runs, so that a busy row still shows when it was what. */
  readonly batch: number;
  /** Expected ticks that are closer become one. */
  readonly tick: number;
}

/** Marks of a line by start: what is close becomes one with the worst status; late and missed ticks stay apart. */
export function timelineMarks(
  items: readonly TimelineItem[],
  { gap, batch, tick }: MarkScale,
): TimelineMark[] {
  const spans = mergeClose(
    items.filter((item) => item.runs !== undefined),
    gap,
    batch,
  );
  const runs = spans.map((span, index) => {
    const next = spans[index + 1];
    // One of several ends where the next begins; a single run is as long as it was.
    const to =
      span.items.length > 1 && next && next.from < span.to + gap
        ? Math.max(span.from, next.from - gap)
        : span.to;
    return { ...span, to, kind: worstStatus(span.items.map((item) => item.kind)) };
  });
  const expected = mergeClose(
    items.filter((item) => item.kind === 'expected'),
    tick,
    tick,
  ).map((span) => ({ ...span, kind: 'expected' as const }));
  const overdue = items
    .filter((item) => item.runs === undefined && item.kind !== 'expected')
    .map((item) => ({ from: item.from, to: item.to, kind: item.kind, items: [item] }));
  return [...runs, ...expected, ...overdue];
}

/** How many runs a mark stands for. */
export function runCount({ items }: Pick<TimelineMark, 'items'>): number {
  return items.reduce((sum, { runs }) => sum + (runs?.count ?? 0), 0);
}

/** The only run of a mark. */
export function onlyRun(mark: TimelineMark): string | undefined {
  return runCount(mark) === 1 ? mark.items.find(({ runs }) => runs)?.runs?.runId : undefined;
}

/** Between which instants the runs of a mark were created, epoch ms. */
export function createdBetween(mark: TimelineMark): readonly [number, number] | undefined {
  const spans = mark.items.flatMap(({ runs }) => (runs ? [runs.created] : []));
  if (spans.length === 0) return undefined;
  return [Math.min(...spans.map(([first]) => first)), Math.max(...spans.map(([, last]) => last))];
}

/** `11 Success, 1 Failed` */
export function statusText(counts: readonly { readonly status: string; readonly count: number }[]): string {
  const words = new Map<string, number>();
  for (const { status, count } of counts) {
    const { word } = runStatus(status);
    words.set(word, (words.get(word) ?? 0) + count);
  }
  return [...words].map(([word, count]) => `${count.toLocaleString('en')} ${word}`).join(', ');
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
export function timelineLegend(lines: readonly { readonly items: readonly TimelineItem[] }[]): LegendEntry[] {
  const kinds = new Set(lines.flatMap((line) => line.items.map((item) => item.kind)));
  return legend.filter((entry) => kinds.has(entry.kind));
}
