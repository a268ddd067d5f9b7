import { type EachResult, eachOf } from '../../components/each-of';
import type { RunRow } from './run-rows';

/** Does something to each run, a few at a time; one that fails keeps no other from it. */
export const eachRun = (
  runs: readonly Pick<RunRow, 'runId'>[],
  act: (runId: string) => Promise<unknown>,
): Promise<EachResult> =>
  eachOf(
    runs,
    ({ runId }) => runId.slice(0, 8),
    ({ runId }) => act(runId),
  );
