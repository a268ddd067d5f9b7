import { z } from 'zod';
import { REEXECUTION_STRATEGIES } from '../../../engine/build-reexecution';
import { reexecuteRun as reexecute } from '../../../engine/reexecute-run';
import { TAG } from '../../../model/tags';
import { operation, param } from '../operation';
import { loadRunView } from '../run-view';
import { named, tagsSchema } from '../schemas';
import { launchRunAnswerSchema } from './launch-run';

export const reexecuteRunBodySchema = z
  .strictObject({
    strategy: z
      .enum(REEXECUTION_STRATEGIES)
      .optional()
      .describe(
        'ALL_STEPS; FROM_FAILURE (default): steps that failed or did not run; FROM_ASSET_FAILURE: assets that were not materialized and checks that were not evaluated.',
      ),
    steps: z
      .array(z.string().min(1))
      .min(1)
      .max(1_000)
      .optional()
      .describe(
        'Only these steps, instead of a strategy. `+load`: with the steps right before it, `load*`: with all that follow.',
      ),
    tags: tagsSchema.optional().describe('Beside those of the run.'),
    parentTags: z.boolean().optional().describe("Whether it gets the run's own tags; default true."),
  })
  .refine(({ strategy, steps }) => strategy === undefined || steps === undefined, {
    message: 'say either a strategy or steps',
  })
  .register(named, { id: 'ReexecuteRun' });

/** `POST /api/runs/{id}/reexecute` */
export const reexecuteRun = operation({
  summary: "Launch an ended run again with today's code: all of it, what failed, or chosen steps.",
  body: reexecuteRunBodySchema.prefault({}),
  answers: { 201: launchRunAnswerSchema },
  async handle(input, context) {
    const { instance, options, identity } = context;
    const { strategy = 'FROM_FAILURE', steps, tags, parentTags } = input.body;
    const created = await reexecute(instance, options.engine, {
      parentRunId: param(input, 'id'),
      strategy,
      stepKeys: steps ?? null,
      extraTags: { ...tags, [TAG.user]: identity.user },
      useParentRunTags: parentTags ?? true,
    });
    const { status } = await loadRunView(created.runId, context);
    return {
      status: 201,
      body: { runId: created.runId, status, created: created.created },
      headers: { location: `/api/runs/${created.runId}` },
    };
  },
});
