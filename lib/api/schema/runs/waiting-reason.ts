import { explainWaiting } from '../../../engine/explain-waiting';
import type { Run } from '../../../model/run';
import type { ApiContext } from '../../api-context';
import { type BatchLoader, batchLoader } from '../../batch-loader';

/** Why a run waits, all runs of one page asked about together. */
const waiting = new WeakMap<ApiContext, BatchLoader<Run, string | null>>();
export function waitingReason(run: Run, context: ApiContext): Promise<string | null> {
  let loader = waiting.get(context);
  if (loader === undefined) {
    loader = batchLoader(
      async (runs) => {
        const reasons = await explainWaiting(context.instance, context.options.engine, runs);
        return runs.map(({ runId }) => reasons.get(runId)?.join('; ') || null);
      },
      ({ runId }) => runId,
    );
    waiting.set(context, loader);
  }
  return loader.load(run);
}
