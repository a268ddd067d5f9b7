import type { RunRow } from './run-rows';

/** Requests under way at once. */
const atOnce = 4;

export interface EachRunResult {
  /** How many it was done to. */
  readonly done: number;
  /** Why it was not done to the others, in their order. */
  readonly refused: readonly string[];
}

/** Does something to each run, a few at a time; one that fails keeps no other from it. */
export async function eachRun(
  runs: readonly Pick<RunRow, 'runId'>[],
  act: (runId: string) => Promise<unknown>,
): Promise<EachRunResult> {
  const waiting = runs.map(({ runId }) => runId);
  const refused: string[] = [];
  const work = async () => {
    for (let runId = waiting.shift(); runId !== undefined; runId = waiting.shift()) {
      try {
        await act(runId);
      } catch (error) {
        refused.push(`${runId.slice(0, 8)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, runs.length) }, work));
  return { done: runs.length - refused.length, refused };
}
