import { z } from 'zod';
import { forceFailRun } from '../../../engine/force-fail-run';
import { operation, param } from '../operation';
import { loadRunView } from '../run-view';
import { named, runSchema } from '../schemas';

const bodySchema = z
  .strictObject({ reason: z.string().min(1).max(1_000).describe('Why, for the run’s page.') })
  .register(named, { id: 'FailRun' });

const failedRunSchema = z
  .object({
    run: runSchema,
    stopped: z
      .boolean()
      .describe('Whether its worker is known to have stopped; what it says is refused anyway.'),
  })
  .register(named, { id: 'FailedRun' });

/** `POST /api/runs/{id}/fail` */
export const failRun = operation({
  summary: 'Mark a run as failed, whatever its worker does, and stop the worker.',
  description: 'For a run that hangs in a way that nothing else ends. No automatic retry is made of it.',
  body: bodySchema,
  answers: {
    200: failedRunSchema,
  },
  async handle(input, context) {
    const runId = param(input, 'id');
    const { instance, options, identity, via } = context;
    const cause = `Marked as failed by ${identity.user} from ${via}: ${input.body.reason}`;
    const { stopped } = await forceFailRun(instance, options.engine, runId, cause);
    return { status: 200, body: { run: await loadRunView(runId, context), stopped } };
  },
});
