import { z } from 'zod';
import { type ReportedData, reportAssetEvent } from '../report-asset-event';
import type { Answer } from './operation';
import type { RestContext } from './rest-context';
import { named } from './schemas';

/** Answer of every report. */
export const reportedSchema = z
  .object({
    asset: z.string(),
    partition: z.string().nullable(),
    timestamp: z.int().describe('Epoch milliseconds.'),
  })
  .register(named, { id: 'Reported' });

/** Stores what is reported, and says so. */
export async function answerReport(
  reported: ReportedData,
  { assetKey, partition }: { readonly assetKey: string; readonly partition: string | undefined },
  context: RestContext,
): Promise<Answer> {
  await reportAssetEvent(reported, { assetKey, partitions: [partition] }, context);
  return { status: 201, body: { asset: assetKey, partition: partition ?? null, timestamp: context.now } };
}
