import type { Run } from '../../../model/run';
import type { QueuePlace } from '../../../ports/run-storage';
import type { ApiContext } from '../../api-context';
import { type BatchLoader, batchLoader } from '../../batch-loader';
import { builder } from '../../builder';

export const QueuePlaceType = builder.objectRef<QueuePlace>('QueuePlace');
QueuePlaceType.implement({
  description: 'Where a run stands in the queue, by priority and then first in, first out. Not in Dagster.',
  fields: (t) => ({
    place: t.exposeInt('place', { description: 'From 1, which is taken first as far as limits let it.' }),
    of: t.exposeInt('of', { description: 'Runs in the queue.' }),
  }),
});

/** Where a run stands in the queue, all runs of one page asked about together; null when it is not queued. */
const places = new WeakMap<ApiContext, BatchLoader<Run, QueuePlace | null>>();
export function queuePlace(run: Run, context: ApiContext): Promise<QueuePlace | null> {
  let loader = places.get(context);
  if (loader === undefined) {
    loader = batchLoader(
      async (runs) => {
        const found = await context.instance.storage.queuePlaces(runs.map(({ runId }) => runId));
        const byRun = new Map(found.map((each) => [each.runId, each]));
        return runs.map(({ runId }) => byRun.get(runId) ?? null);
      },
      ({ runId }) => runId,
    );
    places.set(context, loader);
  }
  return loader.load(run);
}
