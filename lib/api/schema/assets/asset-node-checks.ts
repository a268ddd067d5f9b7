import { builder, tag } from '../../builder';
import { PipelineSelector } from '../repositories/job';
import { AssetCheckOrError, AssetChecksOrError } from './asset-checks';
import { AssetNode } from './asset-node';

builder.objectFields(AssetNode, (t) => ({
  assetChecksOrError: t.field({
    type: AssetChecksOrError,
    args: { limit: t.arg.int(), pipeline: t.arg({ type: PipelineSelector }) },
    resolve: ({ definition }, { limit, pipeline }, { workspace }) => {
      const job = pipeline && workspace.job(pipeline.repositoryLocationName, pipeline.pipelineName);
      const inJob = new Set(
        (job?.assetChecks ?? []).filter(({ asset }) => asset === definition.key).map(({ name }) => name),
      );
      const checks = workspace
        .checks(definition.key)
        .filter((check) => !job?.assetChecks || inJob.has(check.definition.name));
      return tag('AssetChecks', { checks: checks.slice(0, limit ?? undefined) });
    },
  }),
  assetCheckOrError: t.field({
    type: AssetCheckOrError,
    args: { checkName: t.arg.string({ required: true }) },
    resolve: ({ definition: { key } }, { checkName }, { workspace }) =>
      workspace.checks(key).find(({ definition }) => definition.name === checkName) ??
      tag('AssetCheckNotFoundError', { message: `Asset '${key}' has no check '${checkName}'.` }),
  }),
}));
