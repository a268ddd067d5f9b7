import type { GanttLayout } from './gantt-layout';

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
  readonly order: 'time' | 'plan';
  readonly onOrder: (order: 'time' | 'plan') => void;
  readonly selection: string;
  readonly onSelection: (selection: string) => void;
  /** Part of the axis in view, as fractions; undefined is all. */
  readonly zoom: readonly [number, number] | undefined;
  readonly onZoom: (zoom: readonly [number, number] | undefined) => void;
  readonly asTable: boolean;
  readonly onAsTable: (asTable: boolean) => void;
}
