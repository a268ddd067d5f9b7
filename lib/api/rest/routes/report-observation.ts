import { z } from 'zod';
import { toMetadata } from '../../../model/metadata';
import { requireAsset, requirePartition } from '../../report-asset-event';
import { answerReport, reportedSchema } from '../answer-report';
import { operation, param } from '../operation';
import { metadataInputSchema, named, tagsSchema } from '../schemas';

export const observationReportSchema = z
  .strictObject({
    partition: z.string().min(1).optional(),
    metadata: metadataInputSchema.default({}),
    tags: tagsSchema.default({}),
    dataVersion: z.string().min(1).max(500).optional(),
  })
  .register(named, { id: 'ReportObservation' });

/** `POST /api/assets/{key}/observations` */
export const reportObservation = operation({
  summary: 'Report what was observed of an asset, without having materialized it.',
  body: observationReportSchema.prefault({}),
  answers: { 201: reportedSchema },
  async handle(input, context) {
    const asset = requireAsset(param(input, 'key'), context);
    const { partition, metadata, tags, dataVersion } = input.body;
    await requirePartition(asset, partition, { needed: false }, context);
    return answerReport(
      {
        type: 'ASSET_OBSERVATION',
        data: { metadata: toMetadata(metadata), tags, ...(dataVersion === undefined ? {} : { dataVersion }) },
      },
      { assetKey: asset.definition.key, partition },
      context,
    );
  },
});
