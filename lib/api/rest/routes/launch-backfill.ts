import { z } from 'zod';
import type { BackfillPartitions } from '../../../engine/backfills/backfill-targets';
import { findBackfill } from '../../../engine/change-backfill';
import {
  type LaunchBackfillRequest,
  launchBackfill as launch,
  previewBackfill as preview,
} from '../../../engine/launch-backfill';
import { TAG } from '../../../model/tags';
import type { Workspace } from '../../workspace-index';
import { backfillSchema, backfillView } from '../backfill-view';
import { locationOfJob } from '../location-of-job';
import { operation } from '../operation';
import { jobLocationSchema, jsonValueSchema, named, tagsSchema } from '../schemas';

const rangeSchema = z.strictObject({ start: z.string().min(1), end: z.string().min(1) });

export const launchBackfillBodySchema = z
  .strictObject({
    job: z.string().min(1).optional().describe('Name of a partitioned job; exclusive with `assets`.'),
    location: jobLocationSchema,
    assets: z
      .array(z.string().trim().min(1))
      .min(1)
      .max(1_000)
      .optional()
      .describe('Asset selections, e.g. `raw/earthquakes+`; they may span code locations.'),
    partitions: z
      .union([
        z.enum(['all', 'missing']),
        z.array(z.string().min(1)).min(1).max(100_000),
        rangeSchema,
        z.strictObject({
          byAsset: z
            .array(
              z.strictObject({
                asset: z.string().min(1),
                ranges: z.array(rangeSchema).max(1_000).optional(),
              }),
            )
            .max(1_000),
        }),
      ])
      .describe(
        'Keys, or the two ends of a range, of the assets that come first (what depends on these follows); `all`; `missing`: never made, or failed the last time; or ranges of each asset.',
      ),
    fromFailure: z
      .boolean()
      .optional()
      .describe(
        'Jobs only: go on from the last run of each partition where that failed; leave the others out.',
      ),
    config: z.record(z.string(), jsonValueSchema).optional().describe("Run config; default: the job's own."),
    tags: tagsSchema.optional().describe('Of its runs.'),
    priority: z.int().min(-1_000_000).max(1_000_000).optional().describe('Higher first; default 0.'),
    title: z.string().max(200).optional(),
    description: z.string().max(10_000).optional(),
  })
  .refine(({ job, assets }) => (job === undefined) !== (assets === undefined), {
    message: 'say either a job or assets',
  })
  .register(named, { id: 'LaunchBackfill' });

export const launchedBackfillSchema = z
  .object({
    backfill: backfillSchema,
    runIds: z.array(z.string()).describe('Those that could be requested at once; the others follow.'),
  })
  .register(named, { id: 'LaunchedBackfill' });

export const backfillPreviewSchema = z
  .object({
    runCount: z.int().describe('Runs that it would make if all goes well.'),
    targets: z.array(
      z.object({
        asset: z.string().nullable().describe('Null = of a job.'),
        partitions: z.array(z.string()).describe('The partition of an asset that has none is empty.'),
      }),
    ),
  })
  .register(named, { id: 'BackfillPreview' });

/** `POST /api/backfills` */
export const launchBackfill = operation({
  summary: 'Launch a backfill: runs for many partitions of a job, or of a selection of assets.',
  body: launchBackfillBodySchema,
  answers: { 201: launchedBackfillSchema },
  async handle({ body }, { instance, options, identity, workspace, now }) {
    const { backfillId, runIds } = await launch(instance, options.engine, {
      ...targetOf(body, workspace),
      config: body.config ?? null,
      tags: {
        ...body.tags,
        ...(body.priority === undefined ? {} : { [TAG.priority]: String(body.priority) }),
        [TAG.user]: identity.user,
      },
      title: body.title ?? null,
      description: body.description ?? null,
    });
    return {
      status: 201,
      body: { backfill: backfillView(await findBackfill(instance, backfillId), now), runIds: [...runIds] },
      headers: { location: `/api/backfills/${backfillId}` },
    };
  },
});

/** `POST /api/backfills/preview` */
export const previewBackfill = operation({
  summary: 'What a backfill would make, and by how many runs; it changes nothing.',
  body: launchBackfillBodySchema,
  answers: { 200: backfillPreviewSchema },
  async handle({ body }, { instance, workspace }) {
    const { targets, runCount } = await preview(instance, targetOf(body, workspace));
    return {
      status: 200,
      body: {
        runCount,
        targets: targets.map(({ asset, partitions }) => ({ asset, partitions: [...partitions] })),
      },
    };
  },
});

function targetOf(
  body: z.output<typeof launchBackfillBodySchema>,
  workspace: Workspace,
): Pick<LaunchBackfillRequest, 'location' | 'jobName' | 'assets' | 'partitions' | 'fromFailure'> {
  const { job, location, assets } = body;
  return {
    location: location ?? (job === undefined ? null : locationOfJob(job, workspace)),
    jobName: job ?? null,
    assets: assets ?? null,
    partitions: partitionsOf(body.partitions),
    fromFailure: body.fromFailure ?? false,
  };
}

function partitionsOf(asked: z.output<typeof launchBackfillBodySchema>['partitions']): BackfillPartitions {
  if (typeof asked === 'string' || Array.isArray(asked)) return asked;
  if ('start' in asked) return { range: asked };
  return { byAsset: asked.byAsset.map(({ asset, ranges }) => ({ asset, ranges: ranges ?? null })) };
}
