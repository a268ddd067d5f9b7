import { z } from 'zod';
import { toMetadata } from '../../../model/metadata';
import { requireAsset, requirePartition } from '../../report-asset-event';
import { answerReport, reportedSchema } from '../answer-report';
import { operation, param } from '../operation';
import { metadataInputSchema, named, tagsSchema } from '../schemas';

export const materializationReportSchema = z
  .strictObject({
    partition: z.string().min(1).optional().describe('Needed when the asset is partitioned.'),
    metadata: metadataInputSchema.default({}),
    tags: tagsSchema.default({}),
    description: z.string().max(10_000).optional(),
    dataVersion: z.string().min(1).max(500).optional(),
  })
  .register(named, { id: 'ReportMaterialization' });

/** `POST /api/assets/{key}/materializations` */
export const reportMaterialization = operation({
  summary: 'Report that an asset was materialized elsewhere.',
  body: materializationReportSchema.prefault({}),
  answers: { 201: reportedSchema },
  async handle(input, context) {
    const asset = requireAsset(param(input, 'key'), context);
    const { partition, metadata, tags, description, dataVersion } = input.body;
    await requirePartition(asset, partition, { needed: true }, context);
    return answerReport(
      {
        type: 'ASSET_MATERIALIZATION',
        data: {
          metadata: toMetadata(metadata),
          tags,
          inputDataVersions: {},
          ...(description === undefined ? {} : { description }),
          ...(dataVersion === undefined ? {} : { dataVersion }),
        },
      },
      { assetKey: asset.definition.key, partition },
      context,
    );
  },
});
