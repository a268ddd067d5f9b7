import { runTag, tagValue } from '../../components/run-tags';
import type { StatusKind } from '../../components/status';
import { stepStatuses } from './op-boxes';

interface MatrixRun {
  readonly runId: string;
  readonly tags: readonly { readonly key: string; readonly value: string }[];
  readonly stepStats: readonly { readonly stepKey: string; readonly status: string | null }[];
}

export interface MatrixCell {
  readonly kind: StatusKind;
  /** The run that took the step last. */
  readonly runId: string;
}

export interface StepMatrix {
  /** Oldest first. */
  readonly partitions: readonly string[];
  readonly rows: readonly {
    readonly step: string;
    /** One for each partition; undefined where no run took the step. */
    readonly cells: readonly (MatrixCell | undefined)[];
  }[];
}

/**
 * How each step fared in each partition, by the last run that took it there: a run of some steps leaves the others as
 * they were.
 *
 * @param steps in the order of the job
 * @param keys of the partitions, oldest first
 * @param runs newest first
 * @param most partitions at most: the last of those that have runs
 */
export function stepMatrix(
  steps: readonly string[],
  keys: readonly string[],
  runs: readonly MatrixRun[],
  most: number,
): StepMatrix {
  const cells = new Map<string, Map<string, MatrixCell>>();
  for (const { runId, tags, stepStats } of runs) {
    const partition = tagValue(tags, runTag.partition);
    if (partition === undefined) continue;
    const own = cells.get(partition) ?? new Map<string, MatrixCell>();
    cells.set(partition, own);
    for (const [step, kind] of stepStatuses(stepStats)) {
      if (!own.has(step) && kind !== 'none') own.set(step, { kind, runId });
    }
  }
  const partitions = keys.filter((key) => cells.has(key)).slice(-most);
  return {
    partitions,
    rows: steps.map((step) => ({ step, cells: partitions.map((key) => cells.get(key)?.get(step)) })),
  };
}
