import { z } from 'zod';
import { cancelRun as cancel } from '../../../engine/cancel-run';
import { RunStateError } from '../../../engine/errors';
import { canceledBy } from '../../canceled-by';
import { operation, param } from '../operation';
import { loadRunView } from '../run-view';
import { named, runSchema } from '../schemas';

const bodySchema = z
  .strictObject({
    force: z
      .boolean()
      .default(false)
      .describe('Ends the run at once, whatever its worker does; the default asks the worker to stop.'),
  })
  .register(named, { id: 'CancelRun' });

/** `POST /api/runs/{id}/cancel` */
export const cancelRun = operation({
  summary: 'Cancel a run.',
  description:
    'A queued run ends at once, a running one when its worker has stopped. Repeating it is harmless.',
  body: bodySchema.prefault({}),
  answers: { 200: runSchema },
  async handle(input, context) {
    const runId = param(input, 'id');
    const { instance, options } = context;
    const result = await cancel(instance, options.engine, runId, {
      force: input.body.force,
      cause: canceledBy(context),
    });
    const run = await loadRunView(runId, context);
    if (result === 'finished' && run.status !== 'CANCELED') {
      throw new RunStateError(
        runId,
        `Run '${runId}' has ended already: ${run.status}. There is nothing to cancel.`,
      );
    }
    return { status: 200, body: run };
  },
});
