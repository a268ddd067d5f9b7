import type { LegendEntry } from '../../components/legend-entry';
import type { GanttLayout } from './gantt-layout';

const entries: readonly LegendEntry[] = [
  { kind: 'queued', word: 'Queued' },
  { kind: 'retry', word: 'Waiting' },
  { kind: 'running', word: 'Running' },
  { kind: 'success', word: 'Success' },
  { kind: 'failure', word: 'Failed try', outlined: true },
  { kind: 'failure', word: 'Failed' },
  { kind: 'skipped', word: 'Skipped' },
];

/** What the bars of a run's steps mean, for those that there are. */
export function ganttLegend({ rows }: GanttLayout): LegendEntry[] {
  const bars = rows.flatMap((row) => row.bars);
  return entries.filter((entry) =>
    bars.some((bar) => bar.kind === entry.kind && bar.outlined === (entry.outlined ?? false)),
  );
}
