/** A run between two instants, in epoch ms. */
export interface PlacedRun<Run> {
  readonly run: Run;
  readonly from: number;
  readonly to: number;
  /** From the top; runs of one lane do not overlap. */
  readonly lane: number;
}

interface Timed {
  readonly startTime: number | null;
  readonly endTime: number | null;
}

/**
 * Runs that have begun, each on the first lane that is free when it begins: there are as many lanes as ran side by side.
 *
 * @param now where those end that still run, in epoch ms
 */
export function placeRuns<Run extends Timed>(runs: readonly Run[], now: number): readonly PlacedRun<Run>[] {
  const freeAt: number[] = [];
  return runs
    .flatMap((run) =>
      run.startTime === null
        ? []
        : [{ run, from: run.startTime * 1_000, to: run.endTime === null ? now : run.endTime * 1_000 }],
    )
    .sort((a, b) => a.from - b.from)
    .map((placed) => {
      const free = freeAt.findIndex((at) => at <= placed.from);
      const lane = free < 0 ? freeAt.length : free;
      freeAt[lane] = placed.to;
      return { ...placed, lane };
    });
}
