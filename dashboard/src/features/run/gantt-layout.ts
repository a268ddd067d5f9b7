import type { StatusKind } from '../../components/status';
import type { PlanStep, StepStats } from './run-types';

export interface GanttBar {
  /** Epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly kind: StatusKind;
  /** A try that was not the last. */
  readonly outlined: boolean;
  readonly text: string;
}

export interface GanttRow {
  /** Undefined for the line of the queue. */
  readonly stepKey: string | undefined;
  readonly label: string;
  readonly kind: StatusKind;
  readonly bars: readonly GanttBar[];
  readonly tries: number;
  /** Ms from the first start to the end, or to now. */
  readonly duration: number | null;
}

export interface GanttInput {
  readonly steps: readonly Pick<PlanStep, 'key' | 'inputs'>[];
  readonly stats: readonly StepStats[];
  /** Epoch ms; null while it has not happened. */
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly now: number;
  readonly order: 'time' | 'plan';
}

export interface GanttLayout {
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

/** Every step's tries and the waits between them, on one axis that begins when the run was created. */
export function layoutGantt(input: GanttInput): GanttLayout {
  const until = input.endedAt ?? input.now;
  const stats = new Map(input.stats.map((each) => [each.stepKey, each]));
  const known = new Set(input.steps.map((step) => step.key));
  const keys = [
    ...input.steps.map((step) => step.key),
    ...input.stats.map((each) => each.stepKey).filter((key) => !known.has(key)),
  ];
  const rows = keys.map((key) => stepRow(key, stats.get(key), input));
  if (input.order === 'time') {
    const start = (row: GanttRow) => row.bars[0]?.from ?? Number.POSITIVE_INFINITY;
    rows.sort((a, b) => start(a) - start(b) || keys.indexOf(a.label) - keys.indexOf(b.label));
  }
  const queuedUntil = input.startedAt ?? until;
  const queue: GanttRow = {
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
  };
  const ends = rows.flatMap((row) => row.bars.map((bar) => bar.to));
  return {
    from: input.createdAt,
    to: Math.max(until, input.createdAt + 1_000, ...ends),
    rows: [queue, ...rows],
  };
}

function stepRow(key: string, stats: StepStats | undefined, input: GanttInput): GanttRow {
  const open = input.endedAt ?? input.now;
  const kind = stats?.status ? (kinds[stats.status] ?? 'none') : 'none';
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
  };
}

/**
 * Keys of the steps that a selection names: a part of a key, with `+` before for everything upstream and after
 * for everything downstream. Empty selects all.
 */
export function selectSteps(
  selection: string,
  steps: readonly Pick<PlanStep, 'key' | 'inputs'>[],
): ReadonlySet<string> | undefined {
  const text = selection.trim();
  if (!text) return undefined;
  const up = text.startsWith('+');
  const down = text.endsWith('+');
  const name = text.replace(/^\+|\+$/g, '').toLowerCase();
  const chosen = new Set(
    steps.filter((step) => step.key.toLowerCase().includes(name)).map((step) => step.key),
  );
  const parents = new Map(
    steps.map((step) => [
      step.key,
      step.inputs.flatMap((each) => each.dependsOn.map((parent) => parent.key)),
    ]),
  );
  const children = new Map<string, string[]>();
  for (const [key, list] of parents) {
    for (const parent of list) children.set(parent, [...(children.get(parent) ?? []), key]);
  }
  const result = new Set(chosen);
  const walk = (edges: ReadonlyMap<string, readonly string[]>) => {
    const stack = [...chosen];
    for (let key = stack.pop(); key !== undefined; key = stack.pop()) {
      for (const next of edges.get(key) ?? []) {
        if (result.has(next)) continue;
        result.add(next);
        stack.push(next);
      }
    }
  };
  if (up) walk(parents);
  if (down) walk(children);
  return result;
}
