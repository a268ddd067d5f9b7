import { z } from 'zod';
import { PlanError } from '../../../engine/errors';
import { toMetadata } from '../../../model/metadata';
import { requireAsset, requirePartition } from '../../report-asset-event';
import { answerReport, reportedSchema } from '../answer-report';
import { operation, param } from '../operation';
import { metadataInputSchema, named } from '../schemas';

export const assetCheckReportSchema = z
  .strictObject({
    passed: z.boolean(),
    severity: z.enum(['ERROR', 'WARN']).default('ERROR').describe('Of a failure; default ERROR.'),
    description: z.string().max(10_000).optional(),
    metadata: metadataInputSchema.default({}),
    partition: z.string().min(1).optional(),
  })
  .register(named, { id: 'ReportAssetCheck' });

/** `POST /api/assets/{key}/checks/{name}` */
export const reportAssetCheck = operation({
  summary: 'Report what a check of an asset found elsewhere.',
  body: assetCheckReportSchema,
  answers: { 201: reportedSchema },
  async handle(input, context) {
    const asset = requireAsset(param(input, 'key'), context);
    const { key } = asset.definition;
    const name = param(input, 'name');
    const checks = context.workspace.checks(key).map(({ definition }) => definition);
    const check = checks.find((candidate) => candidate.name === name);
    if (check === undefined) {
      throw new PlanError('unknown-check', name, `There is no check '${name}' of asset '${key}'.`, {
        known: checks.map((candidate) => candidate.name),
      });
    }
    const { passed, severity, description, metadata, partition } = input.body;
    await requirePartition(asset, partition, { needed: false }, context);
    return answerReport(
      {
        type: 'ASSET_CHECK_EVALUATION',
        data: {
          asset: key,
          name,
          passed,
          severity,
          metadata: toMetadata(metadata),
          blocking: check.blocking,
          ...(description === undefined ? {} : { description }),
          ...(partition === undefined ? {} : { partition }),
        },
      },
      { assetKey: key, partition },
      context,
    );
  },
});
