import type { StatusKind } from '../../components/status';
import type { PlanStep, StepStats } from './run-types';

export interface GanttBar {
  /** Epoch ms; of levels their number. */
  readonly from: number;
  readonly to: number;
  readonly kind: StatusKind;
  /** A try that was not the last. */
  readonly outlined: boolean;
  readonly text: string;
}

export interface GanttRow {
  /** Undefined for what belongs to no step: the queue, resources. */
  readonly stepKey: string | undefined;
  readonly label: string;
  readonly kind: StatusKind;
  readonly bars: readonly GanttBar[];
  readonly tries: number;
  /** Ms from the first start to the end, or to now. */
  readonly duration: number | null;
  /** Epoch ms of the first start. */
  readonly startedAt: number | null;
}

/** By when steps started, as they are planned, or by what they wait for instead of by time. */
export type GanttOrder = 'time' | 'plan' | 'flat';

export interface GanttInput {
  readonly steps: readonly Pick<PlanStep, 'key' | 'inputs'>[];
  readonly stats: readonly StepStats[];
  /** Epoch ms; null while it has not happened. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly now: number;
  readonly order: GanttOrder;
  /** Preparations of resources, which steps share. */
  readonly resources?: readonly GanttBar[];
}

export interface GanttLayout {
  readonly axis: 'time' | 'levels';
  readonly from: number;
  readonly to: number;
  readonly rows: readonly GanttRow[];
}

const kinds: Readonly<Record<string, StatusKind>> = {
  SUCCESS: 'success',
  FAILURE: 'failure',
  SKIPPED: 'skipped',
  IN_PROGRESS: 'running',
};

/** How a step stands; one without a status has not started. */
export const stepKind = (stats: Pick<StepStats, 'status'> | undefined): StatusKind =>
  stats?.status ? (kinds[stats.status] ?? 'none') : 'none';

/** Every step's tries and the waits between them, on one axis that begins when the run was created. */
export function layoutGantt(input: GanttInput): GanttLayout {
  const until = input.endedAt ?? input.now;
  const stats = new Map(input.stats.map((each) => [each.stepKey, each]));
  const known = new Set(input.steps.map((step) => step.key));
  const keys = [
    ...input.steps.map((step) => step.key),
    ...input.stats.map((each) => each.stepKey).filter((key) => !known.has(key)),
  ];
  const steps = keys.map((key) => stepRow(key, stats.get(key), input));
  if (input.order === 'flat') return flatten(steps, input.steps);
  const start = (row: GanttRow) => row.startedAt ?? Number.POSITIVE_INFINITY;
  // Sorting is stable: steps that have not started stay as they are planned.
  const rows = input.order === 'plan' ? steps : steps.toSorted((a, b) => compare(start(a), start(b)));
  const resources = input.resources ?? [];
  const ends = rows.map((row) => row.bars.at(-1)?.to ?? 0);
  return {
    axis: 'time',
    from: input.createdAt,
    to: ends.reduce((a, b) => Math.max(a, b), Math.max(until, input.createdAt + 1_000)),
    rows: [queueRow(input, until), ...(resources.length > 0 ? [resourceRow(resources)] : []), ...rows],
  };
}

const compare = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function queueRow(input: GanttInput, until: number): GanttRow {
  const queuedUntil = input.startedAt ?? until;
  return {
    stepKey: undefined,
    label: 'queue and start',
    kind: input.startedAt === null ? (input.endedAt === null ? 'queued' : 'none') : 'success',
    bars: [
      {
        from: input.createdAt,
        to: queuedUntil,
        kind: 'queued',
        outlined: false,
        text: 'Waited in the queue and for its worker',
      },
    ],
    tries: 1,
    duration: queuedUntil - input.createdAt,
    startedAt: input.createdAt,
  };
}

function resourceRow(bars: readonly GanttBar[]): GanttRow {
  return {
    stepKey: undefined,
    label: 'resources',
    kind: bars.some(({ kind }) => kind === 'failure') ? 'failure' : 'success',
    bars,
    tries: 1,
    duration: bars.reduce((sum, { from, to }) => sum + to - from, 0),
    startedAt: bars[0]?.from ?? null,
  };
}

function stepRow(key: string, stats: StepStats | undefined, input: GanttInput): GanttRow {
  const open = input.endedAt ?? input.now;
  const kind = stepKind(stats);
  const attempts = (stats?.attempts ?? []).filter((each) => each.startTime !== null);
  const spans =
    attempts.length > 0
      ? attempts
      : stats?.startTime != null
        ? [{ startTime: stats.startTime, endTime: stats.endTime }]
        : [];
  const bars: GanttBar[] = [];
  spans.forEach((span, index) => {
    const last = index === spans.length - 1;
    const from = (span.startTime ?? 0) * 1_000;
    const to =
      span.endTime === null
        ? last && kind !== 'running'
          ? (stats?.endTime ?? 0) * 1_000 || open
          : open
        : span.endTime * 1_000;
    const before = bars.at(-1);
    if (before && from - before.to > 50) {
      bars.push({
        from: before.to,
        to: from,
        kind: 'retry',
        outlined: false,
        text: `Waited before try ${index + 1}`,
      });
    }
    bars.push({
      from,
      to: Math.max(from, to),
      kind: last ? kind : 'failure',
      outlined: !last,
      text: spans.length > 1 ? `Try ${index + 1} of ${spans.length}${last ? '' : ', failed'}` : '',
    });
  });
  const first = bars[0];
  const end = bars.at(-1);
  return {
    stepKey: key,
    label: key,
    kind,
    bars,
    tries: Math.max(1, spans.length),
    duration: first && end ? end.to - first.from : null,
    startedAt: first?.from ?? null,
  };
}

/** One bar for each step, as far to the right as the longest way to it from a step that waits for none. */
function flatten(rows: readonly GanttRow[], steps: GanttInput['steps']): GanttLayout {
  const levels = levelsOf(steps);
  const placed = rows.map((row): GanttRow => {
    const from = levels.get(row.stepKey ?? '') ?? 0;
    return { ...row, bars: [{ from, to: from + 0.94, kind: row.kind, outlined: false, text: '' }] };
  });
  const level = (row: GanttRow) => row.bars[0]?.from ?? 0;
  return {
    axis: 'levels',
    from: 0,
    to: rows.reduce((most, row) => Math.max(most, (levels.get(row.stepKey ?? '') ?? 0) + 1), 1),
    rows: placed.toSorted((a, b) => level(a) - level(b)),
  };
}

/** Steps from a first one, by the longest way. Steps of a plan stand after those that they wait for. */
function levelsOf(steps: GanttInput['steps']): ReadonlyMap<string, number> {
  const levels = new Map<string, number>();
  for (const { key, inputs } of steps) {
    let level = 0;
    for (const { dependsOn } of inputs) {
      for (const before of dependsOn) level = Math.max(level, (levels.get(before.key) ?? -1) + 1);
    }
    levels.set(key, level);
  }
  return levels;
}
