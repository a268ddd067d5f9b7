import { z } from 'zod';
import {
  BACKFILL_STATUSES,
  type Backfill,
  backfillProgress,
  estimateBackfillEnd,
} from '../../model/backfill';
import { shownTags } from '../../model/tags';
import { named } from './schemas';

const epochMs = z.int().describe('Epoch milliseconds.');

const progressFields = {
  targeted: z.int().describe('Partitions that are to be made.'),
  inProgress: z.int(),
  completed: z.int(),
  failed: z.int().describe('With what was canceled, left out, or held back by such a one.'),
};

export const backfillSchema = z
  .object({
    backfillId: z.string().describe('Eight letters.'),
    status: z.enum(BACKFILL_STATUSES),
    paused: z.boolean().describe('Whether its runs are held back until it is resumed.'),
    job: z.string().nullable().describe('Null = of assets.'),
    assets: z.array(z.string()).nullable().describe('Null = of a job.'),
    locations: z.array(z.string()).describe('Code locations of what it makes.'),
    title: z.string().nullable(),
    description: z.string().nullable(),
    tags: z.record(z.string(), z.string()).describe('Of its runs.'),
    parentBackfillId: z.string().nullable().describe('The backfill that it does again.'),
    ...progressFields,
    byAsset: z.array(z.object({ asset: z.string(), ...progressFields })).describe('Empty: of a job.'),
    cause: z.string().nullable().describe('Who canceled it, or why it failed.'),
    createdAt: epochMs,
    endedAt: epochMs.nullable(),
    estimatedEndAt: epochMs.nullable().describe('If it goes on as so far; null while nothing can be said.'),
  })
  .register(named, { id: 'Backfill' });

export type BackfillView = z.output<typeof backfillSchema>;

/** A backfill as the REST API shows it. */
export function backfillView(backfill: Backfill, now: number): BackfillView {
  return {
    backfillId: backfill.backfillId,
    status: backfill.status,
    paused: backfill.pausedAt !== null,
    job: backfill.assetSelection === null ? backfill.jobName : null,
    assets: backfill.assetSelection === null ? null : [...backfill.assetSelection],
    locations: [...backfill.locations],
    title: backfill.title,
    description: backfill.description,
    tags: shownTags(backfill.tags),
    parentBackfillId: backfill.parentBackfillId,
    ...backfillProgress(backfill),
    byAsset: (backfill.assetSelection ?? []).map((asset) => ({
      asset,
      ...backfillProgress(backfill, asset),
    })),
    cause: backfill.cause,
    createdAt: backfill.createdAt,
    endedAt: backfill.endedAt,
    estimatedEndAt: estimateBackfillEnd(backfill, now),
  };
}
