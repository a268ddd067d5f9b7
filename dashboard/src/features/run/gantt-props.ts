import type { GanttLayout, GanttOrder } from './gantt-layout';

export const stepWords: Readonly<Record<string, string>> = {
  success: 'success',
  failure: 'failed',
  running: 'running',
  skipped: 'skipped',
  queued: 'queued',
  none: 'not started',
};

export interface GanttProps {
  readonly layout: GanttLayout;
  readonly live: boolean;
  readonly selected: string | undefined;
  readonly onSelect: (stepKey: string | undefined) => void;
  readonly order: GanttOrder;
  readonly onOrder: (order: GanttOrder) => void;
  readonly selection: string;
  readonly onSelection: (selection: string) => void;
  /** Why the selection names nothing; undefined when it does. */
  readonly selectionProblem: string | undefined;
  /** Steps that the selection names; undefined is all. */
  readonly chosen: ReadonlySet<string> | undefined;
  /** Whether the steps that it does not name are there, but pale. */
  readonly showsOthers: boolean;
  readonly onShowsOthers: (shows: boolean) => void;
  /** Part of the axis in view, as fractions; undefined is all. */
  readonly zoom: readonly [number, number] | undefined;
  readonly onZoom: (zoom: readonly [number, number] | undefined) => void;
  readonly asTable: boolean;
  readonly onAsTable: (asTable: boolean) => void;
}
