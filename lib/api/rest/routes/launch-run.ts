import { z } from 'zod';
import { launchRun as launch, orFirstLaunch } from '../../../engine/launch-run';
import type { PartitionChoice } from '../../../engine/run-partitions';
import { TAG } from '../../../model/tags';
import { locationOfJob } from '../location-of-job';
import { operation } from '../operation';
import { requestFingerprint } from '../request-fingerprint';
import { loadRunView } from '../run-view';
import { jobLocationSchema, jsonValueSchema, named, runStatusSchema, tagsSchema } from '../schemas';

export const launchRunBodySchema = z
  .strictObject({
    job: z.string().min(1).optional().describe('Name of a job; exclusive with `assets`.'),
    location: jobLocationSchema,
    assets: z
      .array(z.string().trim().min(1))
      .min(1)
      .max(1_000)
      .optional()
      .describe('Asset selections, e.g. `raw/earthquakes+`; their union is materialized.'),
    partition: z
      .string()
      .min(1)
      .optional()
      .describe('Partition key, or `first...last`; needed when what runs is partitioned.'),
    config: z.record(z.string(), jsonValueSchema).optional().describe("Run config; default: the job's own."),
    tags: tagsSchema.optional(),
    after: z
      .strictObject({
        runs: z.array(z.string().min(8)).max(100).optional().describe('Ids of runs, or their beginnings.'),
        jobs: z
          .array(z.string().min(1))
          .max(100)
          .optional()
          .describe(
            'Jobs: the newest run of each, or its first to come; `location/job` where a name is not unique.',
          ),
        on: z.enum(['success', 'end']).optional().describe('What they must come to; default `success`.'),
        mode: z.enum(['all', 'any']).optional().describe('Whether all of them must, or one; default `all`.'),
      })
      .optional()
      .describe('What the run starts after. When that can no longer be, the run is canceled with the cause.'),
    priority: z.int().min(-1_000_000).max(1_000_000).optional().describe('Higher first; default 0.'),
  })
  .refine(({ job, assets }) => (job === undefined) !== (assets === undefined), {
    message: 'say either a job or assets',
  })
  .register(named, { id: 'LaunchRun' });

export const launchRunAnswerSchema = z
  .object({
    runId: z.string(),
    status: runStatusSchema,
    created: z.boolean().describe('False when the idempotency key had its run already.'),
  })
  .register(named, { id: 'LaunchedRun' });

/** `POST /api/runs` */
export const launchRun = operation({
  summary: 'Launch a run of a job, or of a selection of assets.',
  description:
    'With an `Idempotency-Key` the same request can be sent again: it never makes a second run. The key with another body is refused (422).',
  headers: z.object({
    'idempotency-key': z
      .string()
      .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
      .optional()
      .describe('Unique for ever; 1 to 255 visible ASCII characters.'),
  }),
  body: launchRunBodySchema,
  answers: { 201: launchRunAnswerSchema, 200: launchRunAnswerSchema },
  async handle({ body, headers }, context) {
    const { instance, options, identity, workspace } = context;
    const idempotency =
      headers['idempotency-key'] === undefined
        ? {}
        : { idempotencyKey: headers['idempotency-key'], fingerprint: await requestFingerprint(body) };
    const start = async () =>
      launch(instance, options.engine, {
        ...(body.job === undefined
          ? { location: body.location ?? null, assets: body.assets ?? null }
          : { location: body.location ?? locationOfJob(body.job, workspace), jobName: body.job }),
        partition: partitionOf(body.partition),
        config: body.config ?? null,
        after:
          body.after === undefined
            ? null
            : {
                runs: body.after.runs,
                jobs: body.after.jobs,
                requires: body.after.on,
                mode: body.after.mode,
              },
        tags: {
          ...body.tags,
          ...(body.priority === undefined ? {} : { [TAG.priority]: String(body.priority) }),
          [TAG.user]: identity.user,
        },
        ...idempotency,
      });
    const created = await orFirstLaunch(instance, idempotency, start);
    const { status } = await loadRunView(created.runId, context);
    return {
      status: created.created ? 201 : 200,
      body: { runId: created.runId, status, created: created.created },
      headers: { location: `/api/runs/${created.runId}` },
    };
  },
});

/** `...` is in no partition key. */
function partitionOf(asked: string | undefined): PartitionChoice {
  if (asked === undefined) return null;
  const [start = '', end] = asked.split('...');
  return end === undefined ? { kind: 'key', key: asked } : { kind: 'range', start, end };
}
